"""Taking back what this job's journal did, newest first, and nothing else (protocol R7, R10)."""

from __future__ import annotations

import asyncio
import json
import shlex
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from installer.domain.gateway import FxsPort
from installer.domain.numbers import SPECIALTY_LINE, Reference
from installer.errors import Certainty, PlatformFailure, PunchdownError
from installer.journal.events import UndoDone, UndoIntended, UndoRefused, UndoUnknown
from installer.journal.store import Entry
from installer.planning.outcome import Outcome, OutcomeKind, StepState
from installer.planning.record import LineRecord, StepRecord
from installer.planning.snapshot import Snapshot
from installer.planning.steps import Action, StepKey
from installer.provisioning.attempt import CANCELLED, NOT_SENT, STOPPED, keep, keep_failure
from installer.provisioning.changing import (
    CHANGED_SINCE,
    Effect,
    effect_of,
    prior_of,
    reference_of,
    set_reference,
)
from installer.provisioning.observe import look_again, observe
from installer.provisioning.reconcile import Reconciliation, mark_interrupted, say_unsettled, settle_changes
from installer.provisioning.service import in_service, is_registered, line_by_id
from installer.provisioning.visit import Moment, Visit
from installer.text import safe

IN_SERVICE = "line-in-service"
CANNOT_RESTORE = "cannot-restore"
_ATTEMPTS = 3
_UNDOABLE = frozenset({StepState.DONE, StepState.UNDO_INTENT, StepState.UNDO_UNKNOWN})


@dataclass(frozen=True, slots=True)
class _Undo:
    """A call that takes a step back."""

    method: str
    path: str
    body: bytes
    send: Callable[[], Awaitable[object]]


Ready = Callable[[], Awaitable[_Undo | None]]
"""Reads how things stand and gives the call to make; None where it settled the step without one."""


async def undo(visit: Visit, confirmed: frozenset[str], wanted: Callable[[FxsPort], bool]) -> None:
    """Restore what stood before each change of the ports that are `wanted`; outcomes gather on `visit`.

    `confirmed` holds line names that were typed: only those are taken off although registered, or rung by
    numbers that this job did not route.
    """
    mark_interrupted(visit)
    at = visit.clock.monotonic()
    try:
        snapshot = await observe(visit)
        Reconciliation(visit).look(snapshot, at)
        settle_changes(visit, snapshot, again=False)
        kept = await _registered(visit, confirmed, wanted)
        await _newest_first(
            visit, wanted, lambda step: _undo_change(visit, step, snapshot, kept), creates=False
        )
        after = await look_again(visit, snapshot, numbers=True)
        await _newest_first(
            visit, wanted, lambda step: _undo_create(visit, step, after, confirmed), creates=True
        )
        _say_kept(visit, wanted)
    finally:
        say_unsettled(visit)


async def _newest_first(
    visit: Visit,
    wanted: Callable[[FxsPort], bool],
    take_back: Callable[[StepRecord], Awaitable[None]],
    *,
    creates: bool,
) -> None:
    """Lines go last: what hangs on them is gone by then."""
    steps = sorted(visit.record.steps.values(), key=lambda step: step.intent_row, reverse=True)
    for step in steps:
        subject = step.key.subject
        if (step.key.action is Action.CREATE_LINE) is not creates or step.state not in _UNDOABLE:
            continue
        if isinstance(subject, FxsPort) and not wanted(subject):
            continue
        if visit.halted:
            visit.settle(_outcome(step, OutcomeKind.SKIPPED, "halted", visit.halted), step.key)
        else:
            await take_back(step)


def _say_kept(visit: Visit, wanted: Callable[[FxsPort], bool]) -> None:
    """Lines that stay because no step of this journal is known to have made them."""
    for port, held in visit.record.lines.items():
        step = visit.record.latest(port, Action.CREATE_LINE)
        if wanted(port) and (step is None or step.state not in _UNDOABLE):
            found = "its create was given up, yet it stands" if held.made_here else "it was found here"
            message = f"{found}: it stays, `lines delete` takes it off"
            create, skipped = Action.CREATE_LINE, OutcomeKind.SKIPPED
            visit.settle(Outcome(create, port, skipped, None, held.line_id, "not-made-here", message))


async def _registered(
    visit: Visit, confirmed: frozenset[str], wanted: Callable[[FxsPort], bool]
) -> Mapping[str, str]:
    """Lines that may be in use and whose names were not typed, by id: their numbers go on ringing."""
    names = {plan.port: draft.name for plan, draft in visit.record.job.drafts()}
    kept: dict[str, str] = {}

    async def ask(port: FxsPort, held: LineRecord) -> None:
        name = names.get(port, held.line_id)
        if name not in confirmed and await is_registered(visit, held.device_id) is not False:
            kept[held.line_id] = name

    await visit.together(ask(port, held) for port, held in visit.record.lines.items() if wanted(port))
    return kept


async def _undo_change(visit: Visit, step: StepRecord, snapshot: Snapshot, kept: Mapping[str, str]) -> None:
    match step.key.action:
        case Action.ROUTE_NUMBER if step.line_id is not None and step.line_id in kept:
            name = shlex.quote(kept[step.line_id])
            message = f"its line may be in use: --confirm {name} takes it back all the same"
            _left(visit, step, OutcomeKind.SKIPPED, IN_SERVICE, message)
        case Action.UPDATE_LINE if "credential" in json.loads(step.prior or "{}"):
            _left(visit, step, OutcomeKind.SKIPPED, CANNOT_RESTORE, "a password that was replaced is gone")
        case Action.UPDATE_LINE:
            await take_back(visit, step, lambda: _restored_line(visit, step))
        case Action.DELETE_LINE:
            _left(visit, step, OutcomeKind.SKIPPED, CANNOT_RESTORE, "a line that was deleted is gone")
        case _:
            await take_back(visit, step, lambda: _restored_number(visit, step, snapshot))


async def _undo_create(visit: Visit, step: StepRecord, snapshot: Snapshot, confirmed: frozenset[str]) -> None:
    try:
        line = await line_by_id(visit, step.line_id or "")
    except PlatformFailure as failure:
        _unread(visit, step, failure)
        return
    if line is not None and line.name not in confirmed:
        reason = await in_service(visit, line, snapshot)
        if reason is not None:
            name = safe(line.name, 60)
            message = f"“{name}” is {reason}: --confirm {shlex.quote(name)} takes it off all the same"
            _left(visit, step, OutcomeKind.SKIPPED, IN_SERVICE, message)
            return
    # Only a name that was typed leads here with numbers that still ring; they cannot ring what is gone.
    for held in snapshot.numbers:
        if line is not None and held.rings(line.id):
            done = await set_reference(visit, step.key.subject, held.number, None, held.reference)
            if done.kind is not OutcomeKind.DONE:
                return
    await take_back(visit, step, lambda: deletion(visit, step))


async def deletion(visit: Visit, step: StepRecord) -> _Undo | None:
    lines, line_id = visit.platform.lines, step.line_id or ""
    if await line_by_id(visit, line_id) is None:
        _undone(visit, step)
        return None
    path = lines.line_path(visit.account_id, line_id)
    return _Undo("DELETE", path, b"", lambda: lines.delete(visit.account_id, line_id))


async def _restored_line(visit: Visit, step: StepRecord) -> _Undo | None:
    lines, line_id, prior = visit.platform.lines, step.line_id or "", step.prior or "{}"
    fetched = await lines.get(visit.account_id, line_id)
    effect = effect_of(visit.logbook.body(step), prior, fetched.line)
    if effect is Effect.BEFORE:
        _undone(visit, step)
        return None
    if effect is Effect.OTHERWISE:
        message = "somebody changed the line since: it stays so"
        _left(visit, step, OutcomeKind.CONFLICT, CHANGED_SINCE, message)
        return None
    credential = visit.logbook.credential(step.key.subject) if isinstance(step.key.subject, FxsPort) else None
    body = lines.encode_changed(fetched, prior_of(prior), credential.password if credential else None)
    path = lines.line_path(visit.account_id, line_id)
    return _Undo("PUT", path, body, lambda: lines.replace(visit.account_id, line_id, body))


async def _restored_number(visit: Visit, step: StepRecord, snapshot: Snapshot) -> _Undo | None:
    numbers, number = visit.platform.numbers, step.key.number
    assert number is not None  # noqa: S101 - routing steps name their number
    prior = reference_of(step.prior or "null")
    set_by_us = Reference(SPECIALTY_LINE, step.line_id) if step.line_id else None
    held = (await numbers.get(visit.account_id, number)).number
    if held.reference == prior:
        _undone(visit, step)
        return None
    if held.reference != set_by_us:
        message = f"{number.national} rings something else since: it stays so"
        _left(visit, step, OutcomeKind.CONFLICT, CHANGED_SINCE, message)
        return None
    if prior is not None and prior.kind == SPECIALTY_LINE and snapshot.line(prior.id) is None:
        message = f"the line that {number.national} rang before is gone"
        _left(visit, step, OutcomeKind.SKIPPED, CANNOT_RESTORE, message)
        return None
    body = numbers.encode_reference(prior)
    path = numbers.number_path(visit.account_id, number)
    return _Undo("PATCH", path, body, lambda: numbers.patch(visit.account_id, number, body))


async def take_back(visit: Visit, step: StepRecord, ready: Ready) -> None:
    """Send an undo, durable as intended first; look again before each further try."""
    key, failure = step.key, None
    for _ in range(_ATTEMPTS):
        try:
            call = await ready()
        except PunchdownError as unreadable:
            _unread(visit, step, unreadable)
            return
        if call is None:
            return
        await _intend(visit, key, call)
        failure = await _sent(visit, key, call.send)
        if failure is None:
            undone = _outcome(step, OutcomeKind.UNDONE)
            visit.settle(await keep(visit, key, undone, Entry(UndoDone(key))), key)
            return
        if failure.certainty is not Certainty.UNKNOWN:
            visit.settle(_outcome(step, OutcomeKind.REFUSED, failure.code, failure.message), key)
            return


async def _intend(visit: Visit, key: StepKey, call: _Undo) -> None:
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


def _undone(visit: Visit, step: StepRecord) -> None:
    """Nothing is left to take back: no call is made."""
    entries = [Entry(UndoDone(step.key))]
    if visit.record.steps[step.key].state is StepState.DONE:
        entries.insert(0, Entry(UndoIntended(step.key, "", "", visit.logbook.body_mac(b"")), b""))
    visit.logbook.note(*entries)
    visit.settle(_outcome(step, OutcomeKind.UNDONE), step.key)


def _left(visit: Visit, step: StepRecord, kind: OutcomeKind, code: str, message: str) -> None:
    """The step's effect stays, and why is said."""
    if visit.record.steps[step.key].state is not StepState.DONE:
        visit.logbook.note(Entry(UndoRefused(step.key, code, message)))
    visit.settle(_outcome(step, kind, code, message), step.key)


def _unread(visit: Visit, step: StepRecord, failure: PunchdownError) -> None:
    """Nothing is taken back blindly."""
    if isinstance(failure, PlatformFailure):
        visit.failures.append(failure)
    if visit.record.steps[step.key].state is StepState.DONE:
        visit.settle(_outcome(step, OutcomeKind.SKIPPED, failure.code, failure.message), step.key)


def _outcome(step: StepRecord, kind: OutcomeKind, code: str | None = None, message: str = "") -> Outcome:
    return Outcome(step.key.action, step.key.subject, kind, step.key.number, step.line_id, code, message)
