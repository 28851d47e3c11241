"""What a record remembers of a job's steps."""

from installer.planning.outcome import StepState
from installer.planning.steps import Action, LineRef
from tests.planning.jobs import (
    draft,
    job,
    port,
    record,
    step,
)


def test_a_line_of_no_port_names_itself() -> None:
    assert str(LineRef("L7")) == "line L7"


def test_a_record_tells_generations_and_what_is_open() -> None:
    first, second = step(StepState.REFUSED, port(1)), step(StepState.UNKNOWN, port(1), generation=2)
    known = record(job(draft(1)), steps=[first, second])
    assert list(known.generations(port(1), Action.CREATE_LINE)) == [first, second]
    assert known.latest(port(1), Action.CREATE_LINE) == second
    assert known.latest(port(2), Action.CREATE_LINE) is None
    assert known.next_key(port(1), Action.CREATE_LINE).generation == 3
    assert known.next_key(port(2), Action.CREATE_LINE).generation == 1
    assert list(known.unknown_steps()) == [second]
    assert known.create_was_sent(port(1))
    assert not known.create_was_sent(port(2))


def test_an_intent_alone_is_open_and_fixes_the_username() -> None:
    alone = step(StepState.INTENT, port(1))
    known = record(job(draft(1)), steps=[alone])
    assert list(known.unknown_steps()) == [alone]
    assert known.create_was_sent(port(1))
