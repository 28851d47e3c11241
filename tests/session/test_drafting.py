"""Drafts of a home: begun, and taken in as the sheets they are."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from installer.domain.credential import CredentialSource
from installer.domain.job import PortState
from installer.domain.mac import parse_mac
from installer.errors import SheetFaults, UsageFault
from installer.journal.scratch import ScratchJournal
from installer.planning.record import JobRecord
from installer.provisioning.logbook import Records
from installer.session.drafting import editing, filling
from installer.session.intake import take_in
from installer.sheets import CredentialSheet
from installer.sheets.draft import draft_of, read_draft, staying
from tests.session.office import (
    ACCOUNT,
    MACS,
    PROFILES,
    Hours,
    Technician,
    Town,
    codes,
    fxs,
    number,
    row,
    rows,
    written,
)
from tests.sheets.samples import NOW
from tests.sheets.test_round_trip import sheets

HERE = Path(__file__).parents[2]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sheets())
def test_any_jobs_draft_read_as_a_sheet_is_that_job(whole: CredentialSheet) -> None:
    draft = draft_of(whole.job)
    reading = read_draft(draft, PROFILES, {(draft.account, draft.site): whole.job})
    assert set(codes(reading.findings)) <= {"unknown-column"}
    (job,) = reading.sound
    record = JobRecord(whole.job, NOW)
    records = Records(ScratchJournal(None, Hours().clock), None, PROFILES.gateways)
    taken = take_in(job, frozenset(), record, records, lambda _: 0)
    assert (taken.entries, taken.changes, taken.findings) == ([], [], [])
    assert list(staying(draft, whole.job)) == []


async def again(ada: Technician) -> Path:
    """The file of the draft of the one job that stands."""
    async with ada.session() as session:
        (record,) = session.kept.jobs()
        return session.drafting.path(session.drafting.of_job(record))


async def test_a_visit_written_on_the_screen_becomes_lines(ada: Technician, town: Town) -> None:
    async with ada.session() as session:
        draft = editing.bind_gateway(written(session.drafting), "GW-1", parse_mac(MACS[0]), "SN1")
        assert not session.drafting.faults(draft).stop
        path = session.drafting.path(draft)
    (run,) = await ada.apply(path)
    assert run.error is None
    assert run.record.finished
    assert [line.name for line in town.lines] == ["Elevator 1", "Elevator 2"]
    assert town.rings(number(1)) == town.at(2).id
    binding = run.record.job.gateways[0].binding
    assert binding is not None
    assert binding.serial == "SN1"


OWN = dict.fromkeys(("caller_id", "e911_callback"), number(8))
MIXED = [
    row(1, location="Pit", jack="7A", notes="[x] old", riser="R1", calling_plan="Specialty Metered"),
    row(2, sip_username="platform"),
    row(3, sip_username="own-username-3", sip_password="own-password-of-24-chars"),
    row(4, port_state="off", line_name="", caller_id="", e911_callback="", inbound_number="", line_use=""),
    row(1, gateway="B2 closet", mac=MACS[1], model="8", line_use="", inbound_number="", **OWN),
]
SPARE = {"port_state": "spare", "line_name": "", "location": "Roof", "riser": "=1+1"}
MIXED.append({**row(2, gateway="B2 closet", mac=MACS[1], model="8"), **SPARE})


async def test_the_draft_of_a_prepared_job_taken_in_again_changes_nothing(
    ada: Technician, town: Town
) -> None:
    cells = [{**each, "mac": ""} for each in MIXED]
    (first,) = await ada.prepare(cells)
    assert first.error is None
    kept, path = await ada.rows(), await again(ada)
    (run,) = await ada.prepare(path)
    assert run.error is None
    assert run.sheet is not None
    assert (run.sheet.entries, run.sheet.changes) == ((), ())
    assert run.record.job == first.record.job
    assert run.record.job.port(fxs(2)).source is CredentialSource.PLATFORM
    assert await ada.rows() == kept
    assert not town.requests


async def test_the_draft_of_a_job_that_was_applied_changes_nothing_either(
    ada: Technician, town: Town
) -> None:
    (first,) = await ada.apply(MIXED)
    assert first.error is None
    before, kept, path = town.requests, await ada.rows(), await again(ada)
    (run,) = await ada.apply(path)
    assert run.error is None
    assert run.sheet is not None
    told = [code for code in codes(first.findings) if code != "registrar-not-set"]  # with the first sheet
    assert (run.sheet.entries, run.sheet.changes, codes(run.findings)) == ((), (), told)
    assert run.record.job == first.record.job
    assert await ada.rows() == kept
    assert town.requests == before
    async with ada.session() as session:
        faults = session.drafting.faults(session.drafting.of_job(run.record))
        assert set(codes(faults.findings)) <= {"unknown-column"}


async def test_no_secret_is_in_a_draft_of_a_job_that_has_them(ada: Technician, town: Town) -> None:
    await ada.apply(MIXED)
    octets = (await again(ada)).read_bytes()
    for line in town.lines:
        assert line.sip_password.encode() not in octets
        assert line.sip_username.encode() not in octets
    assert b"sip_" not in octets


async def test_an_edited_draft_of_a_job_changes_what_was_edited(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2))
    async with ada.session() as session:
        (record,) = session.kept.jobs()
        draft = filling.set_cell(session.drafting.of_job(record), 1, "line_name", "Freight")
        draft = filling.fill(draft, (2, 3), "line_name", "Fax 1")
        for column in ("caller_id", "e911_callback", "inbound_number"):
            draft = filling.fill(draft, (2, 3), column, number(2))
        path = session.drafting.path(draft)
    (run,) = await ada.apply(path)
    assert run.error is None
    assert [town.at(port).name for port in range(1, 5)] == ["Elevator 1", "Freight", "Fax 1", "Fax 2"]
    assert run.record.job.id == record.job.id


async def test_a_line_that_moved_keeps_credentials_with_their_ports(ada: Technician) -> None:
    await ada.prepare(rows(2, mac=""))
    async with ada.session() as session:
        (before,) = session.kept.jobs()
        draft = filling.move_line(session.drafting.of_job(before), 0, 3)
        path = session.drafting.path(draft)
    (run,) = await ada.prepare(path)
    assert run.error is None
    after = run.record
    assert after.credentials[fxs(1)] == before.credentials[fxs(1)]
    assert after.credentials[fxs(4)].username not in {each.username for each in before.credentials.values()}
    assert after.job.port(fxs(1)).state is PortState.SPARE
    assert after.job.port(fxs(4)).draft == before.job.port(fxs(1)).draft
    assert after.job.port(fxs(4)).label_id == before.job.port(fxs(4)).label_id


async def test_the_commands_refuse_what_the_grid_shows_as_faulty(ada: Technician, town: Town) -> None:
    async with ada.session() as session:
        draft = filling.set_cell(written(session.drafting), 1, "caller_id", "12")
        draft = filling.set_cell(draft, 0, "line_use", "trebuchet")
        shown = session.drafting.faults(draft)
        path = session.drafting.path(draft)
    assert {cell: codes(found) for cell, found in shown.cells.items()} == {
        (0, "line_use"): ["unknown-use"],
        (1, "caller_id"): ["invalid-number"],
    }
    with pytest.raises(SheetFaults) as raised:
        await ada.apply(path)
    assert raised.value.findings == shown.findings
    assert not town.requests


async def test_faults_show_what_the_job_that_stands_will_not_have(ada: Technician) -> None:
    await ada.apply(rows(2))
    async with ada.session() as session:
        (record,) = session.kept.jobs()
        drafting, draft = session.drafting, session.drafting.of_job(record)
        larger = drafting.faults(editing.change_model(draft, "GW-1", drafting.models["8"]))
        assert ("model-changed", True) in {(each.code, larger.stop) for each in larger.findings}
        swapped = drafting.faults(editing.bind_gateway(draft, "GW-1", parse_mac(MACS[3])))
        assert "swap-needed" in codes(swapped.cells[0, "mac"])
        cleared = drafting.faults(filling.clear(draft, [1]))
        assert codes(cleared.cells[1, "port_state"]) == ["line-kept"]
        blank = drafting.faults(filling.set_cell(draft, 1, "inbound_number", ""))
        assert codes(blank.cells[1, "inbound_number"]) == ["blank-stays"]
        renamed = drafting.faults(editing.rename_gateway(draft, "GW-1", "Closet"))
        assert {"mac-bound", "row-gone"} <= set(codes(renamed.findings))


async def test_a_site_is_begun_once(ada: Technician) -> None:
    async with ada.session() as session:
        drafting = session.drafting
        fresh = drafting.begin(ACCOUNT)
        assert (fresh.account, fresh.site, fresh.rows) == (ACCOUNT.id, ACCOUNT.name, ())
        drafting.keep(fresh)
        assert drafting.begin(ACCOUNT, f" {ACCOUNT.name.upper()} ") == fresh
        assert drafting.begin(ACCOUNT, "Annex").id != fresh.id
    await ada.prepare(rows(2, mac=""))
    async with ada.session() as session:
        (record,) = session.kept.jobs()
        begun = session.drafting.begin(ACCOUNT, "tower")
        assert begun == session.drafting.of_job(record)
        assert session.drafting.standing(begun) is not None
        assert session.drafting.standing(replace(begun, account="another")) is None


async def test_a_job_of_another_platform_is_not_continued(
    ada: Technician, elsewhere: Town, folder: Path
) -> None:
    await ada.prepare(rows(2, mac=""))
    there = Technician(elsewhere, folder)
    async with there.session() as session:
        assert session.drafting.begin(ACCOUNT, "Tower").rows == ()
        (record,) = session.kept.jobs()
        assert session.drafting.standing(session.drafting.of_job(record)) is None


async def test_without_a_platform_a_draft_of_a_home_with_jobs_is_not_judged(ada: Technician) -> None:
    await ada.prepare(rows(2, mac=""))
    async with ada.session(base_url=None) as session:
        (record,) = session.kept.jobs()
        with pytest.raises(UsageFault) as raised:
            session.drafting.faults(session.drafting.of_job(record))
        assert raised.value.code == "no-platform"


async def test_a_draft_works_signed_out(ada: Technician) -> None:
    await ada.prepare(rows(2, mac=""))
    async with ada.session(username=None, password=None) as session:
        (record,) = session.kept.jobs()
        draft = filling.set_cell(session.drafting.of_job(record), 0, "notes", "offline")
        session.drafting.keep(draft)
        assert not session.drafting.faults(draft).stop
        assert session.drafting.uses["elevator"].life_safety


async def test_a_sheet_without_credential_columns_leaves_the_platforms_credential_the_platforms(
    ada: Technician,
) -> None:
    await ada.prepare(rows(2, mac="", sip_username="platform"))
    (run,) = await ada.prepare(rows(2, mac=""))
    assert {plan.source for plan, _ in run.record.job.drafts()} == {CredentialSource.PLATFORM}
    assert not run.record.credentials
