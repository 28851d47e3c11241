"""Taking one step back: durable as intended first, read before each further try, never sent blindly."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from installer.errors import Certainty, PlatformFailure, PunchdownError
from installer.journal.events import UndoDone, UndoIntended, UndoRefused, UndoUnknown
from installer.journal.store import Entry
from installer.planning.outcome import Outcome, OutcomeKind, StepState
from installer.planning.record import StepRecord
from installer.planning.steps import StepKey
from installer.provisioning.attempt import CANCELLED, NOT_SENT, STOPPED, keep, keep_failure
from installer.provisioning.visit import Moment, Visit

LINE_GONE = "line-gone"
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Undo:
    """A call that takes a step back."""

    method: str
    path: str
    body: bytes
    send: Callable[[], Awaitable[object]]


Ready = Callable[[], Awaitable[Undo | None]]
"""Reads how things stand and gives the call to make; None where it settled the step without one."""


async def take_back(visit: Visit, step: StepRecord, ready: Ready) -> None:
    """Send an undo, durable as intended first; look again before each further try."""
    key, failure = step.key, None
    for _ in range(_ATTEMPTS):
        try:
            call = await ready()
        except PunchdownError as unreadable:
            skip_unread(visit, step, unreadable)
            return
        if call is None:
            return
        await _intend(visit, key, call)
        failure = await _sent(visit, key, call.send)
        if failure is None:
            undone = outcome_of(step, OutcomeKind.UNDONE)
            visit.settle(await keep(visit, key, undone, Entry(UndoDone(key))), key)
            return
        if failure.certainty is not Certainty.UNKNOWN:
            visit.settle(outcome_of(step, OutcomeKind.REFUSED, failure.code, failure.message), key)
            return


async def _intend(visit: Visit, key: StepKey, call: Undo) -> None:
    """Make the undo durable first. Cancelled meanwhile, it is said not to be sent, if none was before."""
    was = visit.record.steps[key].state
    intended = UndoIntended(key, call.method, call.path, visit.logbook.body_mac(call.body))
    try:
        await visit.logbook.commit(Entry(intended, call.body))
    except asyncio.CancelledError:
        ended = UndoRefused if was is StepState.DONE else UndoUnknown
        visit.logbook.note(Entry(ended(key, NOT_SENT, STOPPED)))
        raise
    visit.tell(Moment.INTENDED, key)


async def _sent(visit: Visit, key: StepKey, send: Callable[[], Awaitable[object]]) -> PlatformFailure | None:
    """Send once; a failure is journalled and returned. Cancelled, the undo is marked unknown first."""
    try:
        await send()
    except asyncio.CancelledError:
        visit.logbook.note(Entry(UndoUnknown(key, CANCELLED, "cancelled while the call was under way")))
        raise
    except PlatformFailure as failure:
        visit.tell(Moment.ANSWERED, key)
        failed = UndoUnknown if failure.certainty is Certainty.UNKNOWN else UndoRefused
        visit.logbook.note(Entry(failed(key, failure.code, failure.message)))
        keep_failure(visit, failure)
        return failure
    visit.tell(Moment.ANSWERED, key)
    return None


def mark_gone(visit: Visit, step: StepRecord) -> None:
    """Journal that the line is off the platform: nothing is left to take back, perhaps by an undo of ours."""
    if visit.record.steps[step.key].state is StepState.DONE:
        message = "the line is gone: nothing is left to take back"
        mark_undone(visit, step, outcome_of(step, OutcomeKind.ALREADY_DONE, LINE_GONE, message))
    else:
        mark_undone(visit, step)


def mark_undone(visit: Visit, step: StepRecord, outcome: Outcome | None = None) -> None:
    """Journal that it is as it was before: no call is made."""
    entries = [Entry(UndoDone(step.key))]
    if visit.record.steps[step.key].state is StepState.DONE:
        entries.insert(0, Entry(UndoIntended(step.key, "", "", visit.logbook.body_mac(b"")), b""))
    visit.logbook.note(*entries)
    visit.settle(outcome or outcome_of(step, OutcomeKind.UNDONE), step.key)


def leave(visit: Visit, step: StepRecord, kind: OutcomeKind, code: str, message: str) -> None:
    """The step's effect stays, and why is said."""
    if visit.record.steps[step.key].state is not StepState.DONE:
        visit.logbook.note(Entry(UndoRefused(step.key, code, message)))
    visit.settle(outcome_of(step, kind, code, message), step.key)


def skip_unread(visit: Visit, step: StepRecord, failure: PunchdownError) -> None:
    """Nothing is taken back blindly."""
    if isinstance(failure, PlatformFailure):
        visit.failures.append(failure)
    if visit.record.steps[step.key].state is StepState.DONE:
        visit.settle(outcome_of(step, OutcomeKind.SKIPPED, failure.code, failure.message), step.key)


def outcome_of(step: StepRecord, kind: OutcomeKind, code: str | None = None, message: str = "") -> Outcome:
    """What became of taking `step` back."""
    return Outcome(step.key.action, step.key.subject, kind, step.key.number, step.line_id, code, message)
