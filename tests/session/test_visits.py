"""Acts on jobs: what is left for later, what is in the way, what ends a run, and taking it all back."""

import asyncio
from typing import ClassVar

import pytest

from installer.domain.credential import Secret
from installer.domain.finding import Severity
from installer.domain.gateway import GatewayPlace
from installer.domain.mac import parse_mac
from installer.errors import AnswerNeeded, Busy, DiskUnusable, NetworkFailure, UsageFault, VaultUnusable
from installer.planning.outcome import OutcomeKind
from installer.provisioning.visit import Moment
from installer.rehearsal import seed
from installer.rehearsal.faults import Kind
from installer.session import Answers
from tests.session.office import (
    MACS,
    YES,
    Killed,
    Technician,
    Town,
    codes,
    fxs,
    number,
    read_back,
    row,
    rows,
)


async def test_a_plan_is_what_an_apply_does_and_keeps_nothing(ada: Technician, town: Town) -> None:
    async with ada.session() as session:
        await session.visits.plan(ada.sheet(rows(2)), Answers(), None)
        (run,) = session.visits.runs
        assert run.plan is not None
        assert [(str(step.action), step.port.number) for step in run.plan.steps] == [
            ("create-line", 1),
            ("route-number", 1),
            ("create-line", 2),
            ("route-number", 2),
        ]
        assert not session.rooms.records.all()
    assert not town.requests


async def test_a_number_not_on_the_account_defers_its_line_alone(ada: Technician, town: Town) -> None:
    away = "12125550100"
    (run,) = await ada.apply([row(1), row(2, inbound_number=away)])
    assert [(each.kind, each.code) for each in run.outcomes if each.kind is OutcomeKind.DEFERRED] == [
        (OutcomeKind.DEFERRED, "number-not-on-account")
    ]
    assert [line.name for line in town.lines] == ["Elevator 1"]
    assert not run.record.finished
    states = {port.number: said.written["row_state"] for port, said in read_back(ada.exported(run)).items()}
    assert (states[1], states[2]) == ("final", "prepared")


async def test_an_unbound_gateway_is_left_out_and_named(ada: Technician, town: Town) -> None:
    (run,) = await ada.apply([row(1), row(2, gateway="GW-2", mac="")])
    assert [each.code for each in run.outcomes if each.kind is OutcomeKind.DEFERRED] == ["gateway-unbound"]
    assert len(town.lines) == 1
    async with ada.session() as session:
        assert await session.visits.resume(None, YES)
    assert len(town.writes()) == 2


async def test_only_one_gateway_is_written_where_it_is_named(ada: Technician, town: Town) -> None:
    cells = [row(1), row(2, gateway="GW-2", mac=MACS[1])]
    (run,) = await ada.apply(cells, only="GW-2")
    assert [line.name for line in town.lines] == ["Elevator 2"]
    assert not run.record.finished
    (run,) = await ada.apply(None)
    assert run.record.finished


async def test_a_line_deleted_behind_our_back_is_made_anew_only_by_consent(
    ada: Technician, town: Town
) -> None:
    await ada.apply(rows(2))
    credential = town.at(2).sip_username
    town.delete(town.at(2))
    (run,) = await ada.apply("Tower")
    assert "line-gone" in [each.code for each in run.outcomes]
    assert len(town.lines) == 1
    (run,) = await ada.apply(None, Answers(yes=True, accept=frozenset({"line-gone"})))
    assert run.record.finished
    assert town.at(2).sip_username == credential
    assert town.rings(number(1)) == town.at(2).id


async def test_a_job_is_not_written_on_another_platform(ada: Technician, town: Town, elsewhere: Town) -> None:
    (first,) = await ada.apply(rows(1))
    await ada.prepare(rows(2))
    before = town.requests
    async with ada.session(base_url=elsewhere.thread.platform.url) as session:
        await session.visits.apply(first.record.job.id, YES)
        await session.visits.undo(first.record.job.id, YES, None)
        for run in session.visits.runs:
            assert isinstance(run.error, UsageFault)
            assert run.error.code == "wrong-platform"
    assert (town.requests, elsewhere.requests) == (before, [])


async def test_a_sheet_on_another_platform_is_another_job(ada: Technician, elsewhere: Town) -> None:
    (first,) = await ada.prepare(rows(1))
    async with ada.session(base_url=elsewhere.thread.platform.url) as session:
        await session.visits.prepare(ada.sheet(rows(1)), YES)
        (other,) = session.visits.runs
    assert other.record.job.id != first.record.job.id


async def test_the_same_platform_under_another_spelling_has_the_same_job(ada: Technician, town: Town) -> None:
    (run,) = await ada.apply(rows(2))
    spelled = town.thread.platform.url.replace("127.0.0.1", "LOCALHOST") + "/"
    async with ada.session(base_url=spelled) as session:
        await session.visits.apply(ada.sheet(rows(2)), YES)
        (again,) = session.visits.runs
        assert again.error is None
        assert again.record.job.id == run.record.job.id
    async with ada.session(platform="production") as session:
        await session.visits.apply(None, YES)
        assert session.visits.runs[0].error is None
    assert len(town.writes("create-line")) == 2


async def test_a_second_run_on_held_hardware_is_busy(ada: Technician, town: Town) -> None:
    (first,) = await ada.prepare(rows(2))
    async with ada.session() as holder:
        await holder.rooms.platform()
        with holder.rooms.hold_gateways(first.record.job):
            (second,) = await ada.apply(None)
    assert isinstance(second.error, Busy)
    assert "ada" in second.error.message
    assert not town.requests
    (third,) = await ada.apply(None)
    assert third.record.finished


@pytest.mark.parametrize("passphrase", [None, Secret("not it")])
async def test_a_locked_vault_stops_every_write_before_it_is_made(
    ada: Technician, town: Town, passphrase: Secret | None
) -> None:
    await ada.prepare(rows(1))
    async with ada.session(passphrase=passphrase) as session:
        with pytest.raises(VaultUnusable):
            await session.visits.apply(ada.sheet(rows(1)), YES)
        with pytest.raises(VaultUnusable):
            await session.visits.apply(None, YES)
    assert not town.requests


async def test_without_passphrase_and_keyring_a_new_home_has_no_vault(
    ada: Technician, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("installer.journal.vault.system_keyring", lambda: None)
    async with ada.session(home=ada.folder / "new", passphrase=None) as session:
        with pytest.raises(VaultUnusable):
            await session.visits.prepare(ada.sheet(rows(1)), YES)
    assert not (ada.folder / "new" / "vault.json").exists()
    assert not town.requests


async def test_a_home_that_cannot_be_made_is_said_before_anything_else(ada: Technician, town: Town) -> None:
    blocked = ada.folder / "file"
    blocked.write_text("in the way")
    async with ada.session(home=blocked / "home") as session:
        with pytest.raises(DiskUnusable):
            await session.visits.prepare(ada.sheet(rows(1)), YES)
    assert not town.requests


async def test_a_run_names_what_a_person_has_to_give(ada: Technician) -> None:
    async with ada.session(base_url=None) as session:
        with pytest.raises(UsageFault) as nowhere:
            await session.visits.plan(ada.sheet(rows(1)), YES, None)
    async with ada.session(username=None) as session:
        with pytest.raises(AnswerNeeded) as nobody:
            await session.visits.plan(ada.sheet(rows(1)), YES, None)
    async with ada.session(platform="nowhere", base_url=None) as session:
        with pytest.raises(UsageFault, match="nowhere"):
            await session.visits.plan(ada.sheet(rows(1)), YES, None)
    assert (nowhere.value.code, nobody.value.code) == ("no-platform", "no-login")


async def test_a_job_is_found_by_id_prefix_or_site_and_several_are_listed(ada: Technician) -> None:
    async with ada.session() as session:
        with pytest.raises(UsageFault) as none:
            await session.visits.apply(None, YES)
        assert not await session.visits.resume(None, YES)
    tower, garage = await ada.prepare([row(1), row(2, site="Garage", mac=MACS[1])])
    job = tower.record.job.id
    for text in (job, job.lower(), job[:5], "tower", " Tower "):
        assert (await ada.record(text)).job.id == job
    for none_or_several in (None, "J", "nothing", ""):
        with pytest.raises(UsageFault) as several:
            await ada.record(none_or_several)
        assert several.value.code == "which-job"
        assert garage.record.job.id in several.value.message
    assert none.value.code == "no-job"
    await ada.apply("Tower")
    assert (await ada.record()).job.site == "Garage"
    await ada.apply("Garage")
    async with ada.session() as session:
        assert not await session.visits.resume(None, YES)


@pytest.mark.parametrize("moment", list(Moment)[:5])
async def test_a_run_that_ends_anywhere_is_made_whole_by_one_resume(
    ada: Technician, town: Town, moment: Moment
) -> None:
    await ada.prepare(rows(2))
    ada.kills = lambda happening: happening.moment is moment
    with pytest.raises(Killed):
        await ada.apply(None)
    ada.kills = lambda _: False
    async with ada.session() as session:
        assert await session.visits.resume(None, YES)
        (run,) = session.visits.runs
    assert run.record.finished
    assert len(town.writes()) == 4


async def test_where_the_network_ends_a_run_the_sheet_still_says_what_stands(
    ada: Technician, town: Town
) -> None:
    await ada.prepare(rows(2))
    town.fault(Kind.DROP_BEFORE_COMMIT, "GET", "*/telephonenumber*", first=2, count=None)
    town.fault(Kind.DROP_BEFORE_COMMIT, "GET", "*/specialty-line", first=3, count=None)
    (run,) = await ada.apply(None)
    assert isinstance(run.error, NetworkFailure)
    assert len(town.lines) == 2
    states = [said.written["row_state"] for said in read_back(ada.exported(run)).values()]
    assert states[:2] == ["final", "final"]
    town.heal()
    (run,) = await ada.apply(None)
    assert run.record.finished
    assert len(town.writes()) == 4


async def test_an_unknown_create_waits_for_a_person_where_it_cannot_be_told(
    ada: Technician, town: Town
) -> None:
    town.fault(Kind.DROP_AFTER_COMMIT, "POST", "*/specialty-line")
    town.fault(Kind.DROP_BEFORE_COMMIT, "GET", "*/specialty-line", first=4, count=None)
    await ada.apply(rows(1, sip_username="platform", inbound_number=""))
    town.heal()
    async with ada.session() as session:
        with pytest.raises(UsageFault) as raised:
            await session.visits.resolve(None, fxs(9), "adopt")
        assert raised.value.code == "no-port"
        await session.visits.resolve(None, fxs(1), "adopt")
        (run,) = session.visits.runs
    assert run.error is None
    (run,) = await ada.apply(None)
    assert run.record.finished
    assert len(town.writes("create-line")) == 1


async def test_undo_takes_everything_back_and_an_apply_makes_it_again(ada: Technician, town: Town) -> None:
    (first,) = await ada.apply(rows(2))
    usernames = {line.sip_username for line in town.lines}
    async with ada.session() as session:
        await session.visits.undo(None, YES, None)
        (run,) = session.visits.runs
    assert run.error is None
    assert {each.kind for each in run.outcomes} == {OutcomeKind.UNDONE}
    assert not town.lines
    assert town.rings(number(0)) is None
    sheet = read_back(ada.exported(run))
    assert {said.written["row_state"] for said in sheet.values()} == {"prepared"}
    (again,) = await ada.apply(None)
    assert again.record.finished
    assert {line.sip_username for line in town.lines} == usernames
    assert again.record.job.id == first.record.job.id


async def test_undo_of_one_gateway_leaves_the_others(ada: Technician, town: Town) -> None:
    await ada.apply([row(1), row(2, gateway="GW-2", mac=MACS[1])])
    async with ada.session() as session:
        await session.visits.undo(None, YES, GatewayPlace("GW-2"))
    assert [line.name for line in town.lines] == ["Elevator 1"]


async def test_an_audit_of_the_job_finds_what_was_done_behind_our_back(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2))
    town.delete(town.at(2))
    async with ada.session() as session:
        await session.visits.audit(None, YES, None)
        (run,) = session.visits.runs
    assert codes(run.differences) == ["line-gone"]
    assert not run.record.finished


async def test_an_audit_of_a_sheet_compares_all_three_and_keeps_nothing(ada: Technician, town: Town) -> None:
    (first,) = await ada.apply(rows(2))
    kept = await ada.rows()
    async with ada.session() as session:
        await session.visits.audit(ada.exported(first), YES, None)
        assert not session.visits.runs[0].differences
    async with ada.session() as session:
        await session.visits.audit(ada.sheet([row(1), row(2, line_name="Freight", jack="9")]), YES, None)
        (run,) = session.visits.runs
    *ahead, differs = run.differences
    assert [(each.code, each.row, each.column) for each in ahead] == [
        ("sheet-ahead", 3, "line_name"), ("sheet-ahead", 3, "jack"),
    ]  # fmt: skip
    assert (differs.code, differs.severity, differs.fxs_port) == ("line-differs", Severity.ERROR, 2)
    assert await ada.rows() == kept
    assert len(town.writes()) == 4


async def test_two_technicians_at_one_gateway_make_each_line_once(
    ada: Technician, bob: Technician, town: Town
) -> None:
    (mine,), (theirs,) = await asyncio.gather(ada.apply(rows(4)), bob.apply(rows(4)))
    assert mine.error is None
    assert theirs.error is None
    assert sorted(line.port_number or 0 for line in town.lines) == [1, 2, 3, 4]
    ours = {held.line_id for run in (mine, theirs) for held in run.record.lines.values()}
    assert ours == {line.id for line in town.lines}


async def test_a_colleague_with_the_same_sheet_of_credentials_adopts(
    ada: Technician, bob: Technician, town: Town
) -> None:
    (mine,) = await ada.apply(rows(2))
    (theirs,) = await bob.apply(ada.exported(mine))
    assert theirs.record.finished
    assert [held.made_here for held in theirs.record.lines.values()] == [False, False]
    async with bob.session() as session:
        await session.visits.undo(None, YES, None)
    assert len(town.lines) == 2
    assert seed.USERS[1].username not in {entry.user for entry in town.requests}


async def test_a_gateway_that_no_job_has_is_named_before_anything_is_done(
    ada: Technician, town: Town
) -> None:
    await ada.apply(rows(1))
    before, nowhere = town.requests, GatewayPlace("GW-7")
    async with ada.session() as session:
        visits, sheet = session.visits, ada.sheet(rows(2))
        acts = (
            visits.plan(sheet, YES, nowhere),
            visits.apply(sheet, YES, nowhere),
            visits.apply(None, YES, nowhere),
            visits.resume("Tower", YES, nowhere),
            visits.undo(None, YES, nowhere),
            visits.audit(None, YES, nowhere),
            visits.watch(None, nowhere, 0.0, lambda _record, _seen: None),
        )
        for act in acts:
            with pytest.raises(UsageFault) as raised:
                await act
            assert raised.value.code == "no-gateway"
    assert town.requests == before


async def test_what_a_run_is_acting_on_is_not_changed_under_it(ada: Technician) -> None:
    (run,) = await ada.prepare(rows(1))
    async with ada.session() as holder:
        await holder.rooms.platform()
        with holder.rooms.hold_gateways(run.record.job):
            async with ada.session() as session:
                with pytest.raises(Busy):
                    session.visits.bind(None, GatewayPlace("GW-1"), parse_mac(MACS[1]), "", "scan")
                with pytest.raises(Busy):
                    await session.visits.apply(ada.sheet(rows(2)), YES)
    assert (await ada.record()).job == run.record.job


async def test_a_vault_in_the_systems_keyring_opens_for_a_sheet_with_credentials(
    ada: Technician, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ring:
        kept: ClassVar[dict[str, str]] = {}

        def get(self, name: str) -> str | None:
            return self.kept.get(name)

        def set(self, name: str, value: str) -> None:
            self.kept[name] = value

    monkeypatch.setattr("installer.journal.vault.system_keyring", Ring)
    changes = {"home": ada.folder / "new", "passphrase": None}
    async with ada.session(**changes) as session:
        await session.visits.apply(ada.sheet(rows(1)), YES)
        sheet = ada.exported(session.visits.runs[0])
    for verb in ("plan", "audit", "apply"):
        async with ada.session(**changes) as session:
            if verb == "apply":
                await session.visits.apply(sheet, YES)
            else:
                await getattr(session.visits, verb)(sheet, YES, None)
            (run,) = session.visits.runs
            assert run.error is None
            assert not run.differences
            assert not session.visits.findings
    assert len(town.writes()) == 2


async def test_what_a_run_has_said_is_not_said_again_by_its_audit(ada: Technician) -> None:
    cells = [row(1), row(2, mac="", gateway="GW-2"), row(3, inbound_number="12065550100")]
    (run,) = await ada.apply(cells)
    deferred = [each for each in run.outcomes if each.kind is OutcomeKind.DEFERRED]
    assert len(deferred) == 2
    assert not run.differences
    assert not run.record.finished
    async with ada.session() as session:
        await session.visits.audit(None, YES, None)
        assert len(session.visits.runs[0].differences) == 2
