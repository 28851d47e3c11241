"""An undo that was cut short is finished by a resume; what was taken back stays so until an apply."""

import pytest

from installer.domain.gateway import GatewayPlace
from installer.errors import DiskUnusable, UsageFault
from installer.planning.outcome import OutcomeKind
from installer.planning.steps import Action, Subject
from installer.provisioning.visit import Happening, Moment
from installer.rehearsal.faults import Kind
from installer.session import Answers, Session
from installer.session.run import JobRun
from tests.session.office import MACS, TOWER, YES, Killed, Technician, Town, codes, fxs, row, rows

TWO = [row(1), row(2), row(3, gateway="GW-2", mac=MACS[1]), row(4, gateway="GW-2", mac=MACS[1])]


async def undo(who: Technician, only: str | None = None) -> JobRun:
    async with who.session() as session:
        await session.visits.undo(None, YES, GatewayPlace(only) if only else None)
        return session.visits.runs[-1]


async def audit(who: Technician, only: str | None = None) -> list[str]:
    async with who.session() as session:
        await session.visits.audit(None, YES, GatewayPlace(only) if only else None)
        return codes(session.visits.runs[-1].differences)


async def resume(who: Technician, text: str | None = None) -> tuple[bool, Session]:
    async with who.session() as session:
        return await session.visits.resume(text, YES), session


def names(town: Town) -> set[str]:
    return {line.name for line in town.lines}


async def test_what_was_taken_back_stays_so_until_an_apply(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2))
    assert (await undo(ada)).error is None
    before = town.requests
    assert not (await resume(ada))[0]
    went_on, session = await resume(ada, "Tower")
    assert (went_on, codes(session.visits.findings)) == (False, ["taken-back"])
    await ada.prepare(rows(2))
    assert not (await resume(ada))[0]
    assert town.requests == before
    (run,) = await ada.apply(None)
    assert run.record.finished
    assert len(town.lines) == 2
    assert not run.record.taken_back


async def test_an_apply_that_nobody_agreed_to_lifts_nothing(ada: Technician) -> None:
    await ada.apply(rows(2))
    await undo(ada)
    (run,) = await ada.apply(None, Answers())
    assert isinstance(run.error, UsageFault)
    assert not (await resume(ada))[0]


@pytest.mark.parametrize("answered", [1, 2, 3, 4])
async def test_an_undo_that_was_killed_is_finished_by_a_resume(
    ada: Technician, town: Town, answered: int
) -> None:
    await ada.apply(rows(2))
    seen = 0

    def kills(happening: Happening) -> bool:
        nonlocal seen
        seen += happening.moment is Moment.ANSWERED
        return seen == answered

    ada.kills = kills
    with pytest.raises(Killed):
        await undo(ada)
    ada.kills = lambda _: False
    went_on, session = await resume(ada)
    assert went_on
    assert session.visits.runs[0].error is None
    assert not town.lines
    assert not (await resume(ada))[0]
    assert len(town.writes("create-line")) == 2


async def test_an_undo_that_the_network_ended_is_finished_by_a_resume(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2))
    town.fault(Kind.DROP_BEFORE_COMMIT, "DELETE", count=None)
    await undo(ada)
    assert len(town.lines) == 2
    town.heal()
    went_on, session = await resume(ada)
    assert went_on
    assert {each.kind for each in session.visits.runs[0].outcomes} == {OutcomeKind.UNDONE}
    assert not town.lines


async def test_an_undo_of_one_gateway_goes_on_there_alone(ada: Technician, town: Town) -> None:
    await ada.apply(TWO)
    ada.kills = lambda happening: happening.moment is Moment.ANSWERED
    with pytest.raises(Killed):
        await undo(ada, "GW-2")
    ada.kills = lambda _: False
    assert (await resume(ada))[0]
    assert names(town) == {"Elevator 1", "Elevator 2"}
    await resume(ada)
    assert names(town) == {"Elevator 1", "Elevator 2"}
    (run,) = await ada.apply(None)
    assert run.record.finished
    assert len(town.lines) == 4


async def test_what_was_taken_back_on_purpose_is_no_difference(ada: Technician, town: Town) -> None:
    await ada.apply(TWO)
    await undo(ada, "GW-2")
    assert await audit(ada) == []
    (record,) = [await ada.record()]
    assert (record.finished, record.is_unfinished) == (True, False)
    async with ada.session() as session:
        summary = session.outputs.summary(record)
        routed = {str(row.port): row.routed for row in summary.rows if row.inbound}
    assert routed == {"GW-1:1": True, "GW-1:2": True, "GW-2:3": False, "GW-2:4": False}
    assert {item.port and item.port.gateway.name for item in summary.open_items} == {"GW-1"}
    town.delete(town.at(1))
    assert await audit(ada) == ["line-gone"]
    assert await audit(ada, "GW-2") == []


async def test_a_resume_leaves_out_what_was_taken_back_and_ends_well(ada: Technician, town: Town) -> None:
    await ada.apply(TWO)
    await undo(ada, "GW-2")
    assert not (await resume(ada))[0]
    went_on, session = await resume(ada, "Tower")
    (run,) = session.visits.runs
    assert (went_on, run.error, run.differences) == (True, None, ())
    assert run.record.finished
    assert names(town) == {"Elevator 1", "Elevator 2"}


async def test_a_line_that_stays_for_its_service_leaves_the_others_taken_back(
    ada: Technician, town: Town
) -> None:
    await ada.apply([row(1), row(2), row(3)])
    for port in (1, 2):
        town.register(town.at(port))
    async with ada.session() as session:
        answers = Answers(yes=True, confirm=frozenset({"Elevator 2"}))
        await session.visits.undo(None, answers, None)
        (run,) = session.visits.runs
        assert (run.error, run.differences) == (None, ())
    assert names(town) == {"Elevator 1"}
    record = await ada.record()
    assert record.taken_back == {fxs(2), fxs(3), fxs(4)}
    assert (record.finished, record.is_unfinished, record.is_taken_back) == (True, False, False)
    assert await audit(ada) == []
    before = town.requests
    assert not (await resume(ada))[0]
    assert (await resume(ada, "Tower"))[0]
    assert town.requests == before
    async with ada.session() as session:
        items = session.outputs.summary(record).open_items
        assert {item.port for item in items} == {fxs(1)}
        await session.visits.plan(None, YES, None)
        (run,) = session.visits.runs
        assert run.plan is not None
        assert {step.port for step in run.plan.steps} == {fxs(2), fxs(3)}
        (said,) = [each for each in run.findings if each.code == "taken-back"]
        assert said.message.startswith("GW-1:2, GW-1:3 were taken back, and stay")
    (run,) = await ada.apply(None)
    assert run.record.finished
    assert names(town) == {"Elevator 1", "Elevator 2", "Elevator 3"}


async def test_a_line_that_was_deleted_on_purpose_is_not_in_the_way_of_an_undo(
    ada: Technician, town: Town
) -> None:
    await ada.apply(rows(2))
    await ada.apply([row(1, line_name="Lobby"), row(2)])
    async with ada.session() as session:
        await session.lines.delete(TOWER, "Lobby", Answers(yes=True, confirm=frozenset({"Lobby"})))
    shown: list[tuple[Subject, Action]] = []
    async with ada.session() as session:
        session.visits.show_undo = lambda steps: shown.extend((s.key.subject, s.key.action) for s in steps)
        await session.visits.undo(None, YES, None)
        (run,) = session.visits.runs
    assert shown == [(fxs(2), Action.ROUTE_NUMBER), (fxs(2), Action.CREATE_LINE)]
    assert {each.kind for each in run.outcomes} == {OutcomeKind.UNDONE, OutcomeKind.ALREADY_DONE}
    assert run.visit.failures == []
    assert not town.lines
    record = await ada.record()
    assert (record.is_taken_back, record.is_unfinished) == (True, False)
    assert not (await resume(ada))[0]


async def test_an_audit_of_a_job_that_was_taken_back_does_not_finish_it(ada: Technician) -> None:
    await ada.apply(rows(2))
    await undo(ada)
    assert await audit(ada) == []
    record = await ada.record()
    assert (record.finished, record.is_taken_back) == (False, True)


async def test_an_apply_takes_the_place_of_an_undo_that_did_not_end(ada: Technician, town: Town) -> None:
    await ada.apply(TWO)
    ada.kills = lambda happening: happening.moment is Moment.ANSWERED
    with pytest.raises(Killed):
        await undo(ada)
    ada.kills = lambda _: False
    (run,) = await ada.apply(None, only="GW-1")
    assert run.record.undoing == {GatewayPlace("GW-2")}
    assert (await resume(ada))[0]
    assert names(town) == {"Elevator 1", "Elevator 2"}


async def test_undo_of_a_job_that_nothing_was_written_for_leaves_it_wanted(
    ada: Technician, town: Town
) -> None:
    await ada.prepare(rows(1))
    await undo(ada)
    assert (await resume(ada))[0]
    assert len(town.lines) == 1


async def test_a_finished_job_without_its_sheet_gets_it_by_a_resume(ada: Technician) -> None:
    stick = ada.folder / "stick"
    stick.write_text("in the way")
    async with ada.session(out=stick) as session:
        with pytest.raises(DiskUnusable):
            await session.visits.apply(ada.sheet(rows(2)), YES)
        assert session.visits.runs[0].record.finished
    went_on, session = await resume(ada)
    assert went_on
    ((_, written),) = session.visits.late
    assert [each.kind for each in written] == ["credential-sheet", "handover"]
    assert not (await resume(ada))[0]


async def test_a_home_without_jobs_makes_no_vault_to_say_so(ada: Technician) -> None:
    async with ada.session(home=ada.folder / "new", passphrase=None) as session:
        assert not await session.visits.resume(None, YES)
        with pytest.raises(UsageFault) as raised:
            await session.visits.undo(None, YES, None)
        assert raised.value.code == "no-job"
        with pytest.raises(UsageFault) as raised:
            await session.visits.watch(None, None, 0.0, lambda _record, _seen: None)
        assert raised.value.code == "no-job"
    assert not (ada.folder / "new" / "vault.json").exists()
