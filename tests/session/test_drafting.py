"""Drafts of a home: begun, kept, taken in as the sheets they are, and what a kill or a full disk leaves."""

import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from installer.domain.credential import CredentialSource
from installer.domain.job import PortState
from installer.domain.line import Account
from installer.domain.mac import parse_mac
from installer.errors import Busy, DiskUnusable, SheetFaults, UsageFault
from installer.journal.locks import FileLock
from installer.journal.scratch import ScratchJournal
from installer.planning.record import JobRecord
from installer.provisioning.logbook import Records
from installer.rehearsal import seed
from installer.session import Session, Settings
from installer.session.drafting import Draft, Drafting, editing, filling
from installer.session.intake import take_in
from installer.sheets import CredentialSheet
from installer.sheets.draft import draft_of, read_draft, staying
from tests.session.office import MACS, PROFILES, Hours, Technician, Town, codes, fxs, number, row, rows
from tests.sheets.samples import NOW
from tests.sheets.test_round_trip import sheets

TOWER = Account(seed.TOWER.id, seed.TOWER.number, seed.TOWER.name)
HERE = Path(__file__).parents[2]


def written(drafting: Drafting, count: int = 2, model: str = "4") -> Draft:
    """A visit as somebody writes it: one gateway, lines in series."""
    draft = editing.add_gateway(drafting.begin(TOWER, "Tower"), drafting.models[model])
    draft = filling.fill(draft, range(count), "line_name", "Elevator 1")
    draft = filling.fill(draft, range(count), "line_use", "elevator")
    for column in ("caller_id", "e911_callback", "inbound_number"):
        draft = filling.fill(draft, range(count), column, number(0))
    return draft


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


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this run grows."""
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


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
        fresh = drafting.begin(TOWER)
        assert (fresh.account, fresh.site, fresh.rows) == (TOWER.id, TOWER.name, ())
        drafting.keep(fresh)
        assert drafting.begin(TOWER, f" {TOWER.name.upper()} ") == fresh
        assert drafting.begin(TOWER, "Annex").id != fresh.id
    await ada.prepare(rows(2, mac=""))
    async with ada.session() as session:
        (record,) = session.kept.jobs()
        begun = session.drafting.begin(TOWER, "tower")
        assert begun == session.drafting.of_job(record)
        assert session.drafting.standing(begun) is not None
        assert session.drafting.standing(replace(begun, account="another")) is None


async def test_a_job_of_another_platform_is_not_continued(
    ada: Technician, elsewhere: Town, folder: Path
) -> None:
    await ada.prepare(rows(2, mac=""))
    there = Technician(elsewhere, folder)
    async with there.session() as session:
        assert session.drafting.begin(TOWER, "Tower").rows == ()
        (record,) = session.kept.jobs()
        assert session.drafting.standing(session.drafting.of_job(record)) is None


async def test_what_a_locked_home_holds_is_seen_and_seen_anew_once_it_changed(ada: Technician) -> None:
    async with ada.session(passphrase=None) as locked:
        assert locked.drafting.begin(TOWER, "Tower").rows == ()
        await ada.prepare(rows(2, mac=""))
        assert len(locked.drafting.begin(TOWER, "Tower").rows) == 4
        assert locked.kept.records is locked.kept.records
        await ada.prepare([row(1, mac="", line_name="Freight"), row(2, mac="")])
        assert locked.drafting.begin(TOWER, "Tower").rows[0]["line_name"] == "Freight"


async def test_drafts_are_kept_private_newest_first_and_dropped(ada: Technician) -> None:
    async with ada.session() as session:
        drafting = session.drafting
        assert drafting.drafts() == ((), ())
        one = written(drafting)
        other = drafting.begin(Account("another", "1", "Another"))
        drafting.keep(one)
        drafting.keep(other)
        drafting.keep(edited := filling.set_cell(one, 0, "notes", "last"))
        assert drafting.drafts() == ((edited, other), ())
        path = drafting.path(edited)
        assert path.parent == ada.home / "drafts"
        assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
        drafting.drop(edited.id)
        drafting.drop(edited.id)
        path.symlink_to(path.with_name("dropped-by-another-run"))
        assert drafting.drafts() == ((other,), ())


async def test_a_draft_that_is_none_any_more_is_named_and_the_others_are_there(ada: Technician) -> None:
    async with ada.session() as session:
        draft = written(session.drafting)
        session.drafting.keep(draft)
        planted = session.drafting.path(draft).with_name("\x1b[31mD2.csv")
        planted.write_text("account,site\n\x1b[0m,\n")
        kept, (finding,) = session.drafting.drafts()
        assert kept == (draft,)
        assert finding.code == "draft-damaged"
        assert finding.message.isprintable()


async def test_hostile_cells_are_kept_as_they_are_and_the_reader_judges_them(ada: Technician) -> None:
    hostile = "=cmd|' /C calc'!A0\x1b]0;pwned\x07\u202e[/foo]\n\x00"
    async with ada.session() as session:
        draft = filling.set_cell(written(session.drafting), 0, "line_name", hostile)
        draft = filling.set_cell(draft, 1, "notes", hostile)
        session.drafting.keep(draft)
        assert session.drafting.drafts() == ((draft,), ())
        shown = session.drafting.faults(draft)
        assert codes(shown.cells[0, "line_name"]) == ["invalid-line-name"]
        assert codes(shown.cells[1, "notes"]) == ["cleaned-cell"]
        assert all(each.message.isprintable() and (each.value or "").isprintable() for each in shown.findings)
        stored = session.drafting.path(draft).read_text(encoding="utf-8-sig")
        assert '"=cmd' not in stored


async def test_a_full_disk_leaves_the_draft_as_it_was(ada: Technician) -> None:
    async with ada.session() as session:
        draft = written(session.drafting)
        session.drafting.keep(draft)
        with full_disk(), pytest.raises(DiskUnusable) as raised:
            session.drafting.keep(filling.set_cell(draft, 0, "notes", "lost"))
        assert raised.value.code == "disk-full"
        assert session.drafting.drafts() == ((draft,), ())
        assert [path.name for path in (ada.home / "drafts").iterdir()] == [f"{draft.id}.csv"]


async def test_a_folder_that_cannot_be_used_is_said(ada: Technician) -> None:
    async with ada.session() as session:
        draft = written(session.drafting)
        (ada.home / "drafts").write_text("in the way")
        with pytest.raises(DiskUnusable):
            session.drafting.keep(draft)


async def test_another_run_that_writes_drafts_is_waited_for_but_not_for_ever(
    ada: Technician, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("installer.session.rewritten._PATIENCE", 0.02)
    async with ada.session() as session:
        draft = written(session.drafting)
        with (
            FileLock(ada.home / "locks" / "drafts.lock", "bob").held(0),
            pytest.raises(Busy, match="held by bob"),
        ):
            session.drafting.keep(draft)
        session.drafting.keep(draft)


_KEEPS = """
import sys
from pathlib import Path
from installer.session import Session, Settings
from installer.session.drafting import Draft, editing, filling
drafting = Session(Settings(home=Path(sys.argv[1]), base_url="http://127.0.0.1:9")).drafting
draft = editing.add_gateway(Draft("DKILLED", "acc", "Tower"), drafting.models["50"])
for count in range(100_000):
    draft = filling.fill(draft, range(50), "line_name", f"Edit {count} line 1")
    drafting.keep(draft)
    print(count, flush=True)
"""


@pytest.mark.parametrize("edits", [1, 7, 20])
def test_a_kill_between_edits_loses_none_that_was_kept(folder: Path, edits: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _KEEPS, str(folder / "home")], cwd=HERE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(edits)]
        child.kill()
        lines += child.stdout.readlines()
    last = int([line for line in lines if line.endswith("\n")][-1])
    drafting = Session(Settings(home=folder / "home", base_url="http://127.0.0.1:9")).drafting
    (draft,), damaged = drafting.drafts()
    assert not damaged
    assert draft.rows[0]["line_name"] in {f"Edit {last} line 1", f"Edit {last + 1} line 1"}
    assert draft.rows[49]["line_name"] == draft.rows[0]["line_name"].replace("line 1", "line 50")
    drafting.keep(draft)
    assert [path.name for path in (folder / "home" / "drafts").iterdir()] == ["DKILLED.csv"]


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
