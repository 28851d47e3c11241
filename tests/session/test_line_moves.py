"""A line moved to another port: it keeps its numbers, and the port its credential."""

import pytest

from installer.domain.job import PortState
from installer.errors import AnswerNeeded, Conflict, UsageFault
from installer.planning.steps import Action
from installer.session import Answers
from tests.session.office import MACS, TOWER, YES, Technician, Town, fxs, number, read_back, rows
from tests.session.standing import act, agrees, loose_line, slot


async def test_a_move_keeps_credentials_with_ports_and_numbers_with_the_line(
    ada: Technician, town: Town
) -> None:
    (before,) = await ada.apply(rows(2))
    line, old = town.at(2), read_back(ada.exported(before))[fxs(2)].credential
    run = await act(ada, lambda session: session.lines.move(TOWER, "Elevator 2", fxs(4), YES))
    assert run.error is None
    assert [each.action for each in run.outcomes] == [Action.UPDATE_LINE]
    assert [entry.operation for entry in town.writes()[4:]] == ["update-line"]
    moved = town.at(4)
    assert moved.id == line.id
    assert moved.sip_username != line.sip_username
    assert town.rings(number(1)) == line.id
    job = run.record.job
    assert (job.port(fxs(2)).state, job.port(fxs(4)).state) == (PortState.SPARE, PortState.USE)
    assert read_back(ada.exported(run))[fxs(2)].credential == old
    await agrees(ada, town)
    run = await act(ada, lambda session: session.lines.move(TOWER, "Elevator 2", fxs(2), YES))
    assert (town.at(2).id, town.at(2).sip_username) == (line.id, line.sip_username)
    await agrees(ada, town)


async def test_a_move_within_a_job_needs_a_free_port_of_it(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2))
    for target in (fxs(1), fxs(9), fxs(1, "GW-9")):
        async with ada.session() as session:
            with pytest.raises(Conflict) as raised:
                await session.lines.move(TOWER, "Elevator 2", target, YES)
        assert raised.value.code == "port-not-free"
    with pytest.raises(UsageFault) as loose:
        await act(ada, lambda session: session.lines.move(TOWER, "Elevator 2", slot(1), YES))
    assert loose.value.code == "move-in-job"
    assert len(town.writes()) == 4


async def test_a_move_onto_a_port_where_somebody_elses_line_stands_changes_nothing(
    ada: Technician, town: Town
) -> None:
    (before,) = await ada.apply(rows(2))
    loose_line(town, port=4, mac=MACS[0])
    run = await act(ada, lambda session: session.lines.move(TOWER, "Elevator 2", fxs(4), YES))
    assert isinstance(run.error, Conflict)
    assert run.error.code == "port-taken"
    assert run.record.job == before.record.job
    assert len(town.writes()) == 4


async def test_a_moved_line_is_taken_back_by_undo_and_made_again(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2, inbound_number=""))
    await act(ada, lambda session: session.lines.move(TOWER, "Elevator 2", fxs(4), YES))
    async with ada.session() as session:
        await session.visits.undo(None, YES, None)
        (run,) = session.visits.runs
    assert not town.lines
    assert not run.record.lines
    (again,) = await ada.apply(None)
    assert again.record.finished
    assert [line.port_number for line in town.lines] == [1, 4]


async def test_a_move_does_not_warn_of_the_port_that_the_line_leaves(ada: Technician) -> None:
    await ada.apply(rows(2))
    run = await act(ada, lambda session: session.lines.move(TOWER, "Elevator 2", fxs(4), Answers()))
    assert isinstance(run.error, AnswerNeeded)
    assert (run.error.option, run.findings) == ("--yes", [])
