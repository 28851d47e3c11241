"""Which lines a job has: made, adopted, moved, lost, deleted and undone, and when it is finished."""

import pytest

from installer.errors import JournalUnusable
from installer.journal import events
from installer.planning.outcome import Mark
from installer.planning.record import (
    LineRecord,
)
from installer.planning.steps import Action, LineRef
from tests.journal.homes import (
    PORT,
    done,
    intended,
    key,
)
from tests.journal.stories import CREATED, SENT, after, moved


def test_a_conflicting_line_never_becomes_the_steps_own() -> None:
    record = after(*SENT, moved(Mark.UNKNOWN, key()), moved(Mark.CONFLICT, key()))
    assert record.steps[key()].line_id is None
    assert dict(record.lines) == {}


def test_a_created_line_is_ours_and_an_undone_one_is_gone() -> None:
    record = after(*CREATED)
    assert record.lines == {PORT: LineRecord("L1", "D1", made_here=True)}
    assert after(*CREATED, moved(Mark.UNDO_INTENT, key()), moved(Mark.UNDO_DONE, key())).lines == {}


def test_a_line_without_a_port_is_only_a_step() -> None:
    step = key(subject=LineRef("L9"))
    undone = (moved(Mark.UNDO_INTENT, step), moved(Mark.UNDO_DONE, step))
    for happened in ((), undone):
        record = after(intended(step), events.StepSent(step, 1), done(step), *happened)
        assert dict(record.lines) == {}


def test_a_create_done_without_a_line_id_is_damage() -> None:
    with pytest.raises(JournalUnusable):
        after(*SENT, done(key(), None))


@pytest.mark.parametrize("sent, made_here", [(True, True), (False, False)])
def test_an_adopted_line_is_ours_only_where_a_create_was_sent(sent: bool, made_here: bool) -> None:
    adopted = events.LineAdopted(PORT, "L1", None)
    record = after(*(SENT if sent else (intended(key()),)), adopted)
    assert record.lines == {PORT: LineRecord("L1", None, made_here=made_here)}


@pytest.mark.parametrize("lost, stays", [("L1", False), ("L2", True)])
def test_a_lost_line_goes_and_only_that_one(lost: str, stays: bool) -> None:
    record = after(*CREATED, events.Audited(clean=True, differences=0), events.LineLost(PORT, lost))
    assert (PORT in record.lines) == stays
    assert not record.finished


@pytest.mark.parametrize("deleted, stays", [("L1", False), ("L2", True)])
def test_a_deleted_line_goes_and_only_that_one(deleted: str, stays: bool) -> None:
    step = key(Action.DELETE_LINE)
    record = after(*CREATED, intended(step, deleted), events.StepSent(step, 1), done(step, None, None))
    assert (PORT in record.lines) == stays


def test_an_update_can_move_a_line_to_another_device() -> None:
    step = key(Action.UPDATE_LINE)
    updated = (intended(step, "L1"), events.StepSent(step, 1))
    assert after(*CREATED, *updated, done(step, "L1", "D2")).lines[PORT].device_id == "D2"
    assert after(*CREATED, *updated, done(step, "L1", None)).lines[PORT].device_id == "D1"
    assert after(*CREATED, *updated, done(step, "L7", "D2")).lines[PORT].device_id == "D1"
    assert after(*updated, done(step, "L1", "D2")).lines == {}


def test_an_undone_route_leaves_the_line() -> None:
    step = key(Action.ROUTE_NUMBER)
    routed = (intended(step, "L1"), events.StepSent(step, 1), done(step))
    record = after(*CREATED, *routed, moved(Mark.UNDO_INTENT, step), moved(Mark.UNDO_DONE, step))
    assert PORT in record.lines
