"""What happened to a small job, in few words, and what it folds to."""

from collections.abc import Callable

from installer.journal import events
from installer.journal.fold import fold
from installer.planning.outcome import Mark
from installer.planning.record import (
    JobRecord,
)
from installer.planning.steps import StepKey
from tests.journal.homes import (
    JOB,
    MODELS,
    done,
    intended,
    key,
    preparation,
    rows_of,
)

PREPARED: list[events.Event | events.Opaque] = [entry.event for entry in preparation()]


def after(*happened: events.Event | events.Opaque) -> JobRecord:
    return fold(rows_of([*PREPARED, *happened]), MODELS)[JOB]


MOVES: dict[Mark, Callable[[StepKey], events.Event]] = {
    Mark.INTENT: lambda step: intended(step, "L1"),
    Mark.SENT: lambda step: events.StepSent(step, 1),
    Mark.DONE: done,
    Mark.REFUSED: lambda step: events.StepRefused(step, "no", "No"),
    Mark.UNKNOWN: lambda step: events.StepUnknown(step, "http-500", "?", 500),
    Mark.CONFLICT: lambda step: events.StepConflicted(step, "port-taken", "!", "L-theirs"),
    Mark.UNDO_INTENT: lambda step: events.UndoIntended(step, "DELETE", "/v2/line", "00" * 32),
    Mark.UNDO_DONE: events.UndoDone,
    Mark.UNDO_REFUSED: lambda step: events.UndoRefused(step, "busy", "registered"),
    Mark.UNDO_UNKNOWN: lambda step: events.UndoUnknown(step, "cut", "?"),
}


def moved(mark: Mark, step: StepKey) -> events.Event:
    return MOVES[mark](step)


SENT = (intended(key()), events.StepSent(key(), 1))


CREATED = (*SENT, done(key()))
