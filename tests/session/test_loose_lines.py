"""Lines that no job of this home made."""

import pytest

from installer.domain.line import LineChanges
from installer.errors import Conflict, UsageFault
from installer.planning.outcome import OutcomeKind
from installer.planning.steps import LineRef
from installer.rehearsal.faults import Kind
from tests.session.office import MACS, TOWER, YES, Technician, Town, fxs, read_back, rows
from tests.session.standing import act, loose_line, slot


async def test_a_loose_line_is_set_moved_and_deleted_by_itself(ada: Technician, town: Town) -> None:
    line = loose_line(town)
    await act(ada, lambda session: session.lines.set(TOWER, "Old alarm", LineChanges(name="New alarm"), YES))
    run = await act(ada, lambda session: session.lines.move(TOWER, "New alarm", slot(3), YES))
    assert [each.subject for each in run.outcomes] == [LineRef(line.id)]
    now = town.at(3, MACS[5])
    assert (now.id, now.name, now.sip_username) == (line.id, "New alarm", line.sip_username)
    await act(ada, lambda session: session.lines.delete(TOWER, "New alarm", YES))
    assert not town.lines
    assert [entry.operation for entry in town.writes()] == ["update-line", "update-line", "delete-line"]


async def test_a_loose_line_cannot_be_moved_onto_a_jobs_port(ada: Technician, town: Town) -> None:
    loose_line(town)
    with pytest.raises(UsageFault) as raised:
        await act(ada, lambda session: session.lines.move(TOWER, "Old alarm", fxs(1), YES))
    assert raised.value.code == "move-loose"


async def test_loose_lines_are_no_job_that_a_verb_takes_by_itself(ada: Technician, town: Town) -> None:
    (run,) = await ada.apply(rows(1))
    loose_line(town)
    await act(ada, lambda session: session.lines.set(TOWER, "Old alarm", LineChanges(name="New"), YES))
    assert (await ada.record()).job.id == run.record.job.id
    async with ada.session() as session:
        assert not await session.visits.resume(None, YES)


async def test_a_loose_line_gets_a_new_password_on_a_sheet_of_its_own(ada: Technician, town: Town) -> None:
    loose_line(town, port=2)
    run = await act(ada, lambda session: session.lines.reissue(TOWER, "Old alarm", YES))
    (sheet,) = (each.path for each in run.artifacts)
    (port, said) = next((port, said) for port, said in read_back(sheet).items() if said.credential)
    assert port.number == 2
    assert said.credential is not None
    assert said.credential.password.reveal() == town.at(2, MACS[5]).sip_password
    assert sheet.stat().st_mode & 0o777 == 0o600


async def test_a_loose_line_that_no_sheet_can_carry_keeps_its_password(ada: Technician, town: Town) -> None:
    line = loose_line(town, name="Old\talarm")
    run = await act(ada, lambda session: session.lines.reissue(TOWER, line.id, YES))
    assert isinstance(run.error, Conflict)
    assert town.lines == (line,)
    assert not town.requests


async def test_a_refused_new_password_is_on_no_sheet(ada: Technician, town: Town) -> None:
    loose_line(town)
    town.fault(Kind.STATUS, "PUT", status=422, count=None)
    run = await act(ada, lambda session: session.lines.reissue(TOWER, "Old alarm", YES))
    assert run.outcomes[-1].kind is OutcomeKind.REFUSED
    assert not run.artifacts


async def test_a_line_without_device_has_no_credential_to_reissue(ada: Technician, town: Town) -> None:
    loose_line(town, port=None)
    with pytest.raises(Conflict) as raised:
        await act(ada, lambda session: session.lines.reissue(TOWER, "Old alarm", YES))
    assert raised.value.code == "no-credential"
