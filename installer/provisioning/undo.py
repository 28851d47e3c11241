"""Taking back what this job's journal did, newest first, and nothing else (protocol R7, R10)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from installer.alianza.compare import differences
from installer.domain.gateway import FxsPort
from installer.domain.line import SpecialtyLine
from installer.domain.numbers import SPECIALTY_LINE, Reference
from installer.errors import Certainty, PlatformFailure, PunchdownError
from installer.journal.events import UndoDone, UndoIntended, UndoRefused, UndoUnknown
from installer.journal.store import Entry
from installer.planning.outcome import Outcome, OutcomeKind, StepState
from installer.planning.record import StepRecord
from installer.planning.snapshot import Snapshot
from installer.planning.steps import Action, StepKey
from installer.provisioning.attempt import CANCELLED, keep_failure
from installer.provisioning.changing import prior_of, reference_of
from installer.provisioning.observe import look_again, observe
from installer.provisioning.reconcile import (
    Reconciliation,
    mark_interrupted,
    open_creates,
    settle_changes,
)
from installer.provisioning.visit import Moment, Visit
from installer.text import safe

_ATTEMPTS = 3
_ORDER = (Action.ROUTE_NUMBER, Action.UNROUTE_NUMBER, Action.UPDATE_LINE, Action.CREATE_LINE)
_UNDOABLE = frozenset({StepState.DONE, StepState.UNDO_INTENT, StepState.UNDO_UNKNOWN})


async def undo(visit: Visit, confirmed: frozenset[str], wanted: Callable[[FxsPort], bool]) -> None:
    """Restore what stood before each change of the ports that are `wanted`; outcomes gather on `visit`.

    `confirmed` holds line names that were typed: only those are taken off although registered, or rung by
    numbers that this job did not route.
    """
    mark_interrupted(visit)
    at = visit.clock.monotonic()
    snapshot = await observe(visit)
    Reconciliation(visit).look(snapshot, at)
    settle_changes(visit, snapshot)
    _say_open(visit, wanted)
    for action in _ORDER:
        steps = [step for step in visit.record.steps.values() if step.key.action is action]
        for step in reversed(steps):
            subject = step.key.subject
            if step.state not in _UNDOABLE or (isinstance(subject, FxsPort) and not wanted(subject)):
                continue
            if visit.halted:
                visit.settle(_outcome(step, OutcomeKind.SKIPPED, "halted", visit.halted), step.key)
                continue
            await _undo_step(visit, step, snapshot, confirmed)
        snapshot = await look_again(visit, snapshot, numbers=True)
    _say_kept(visit, wanted)


def _say_kept(visit: Visit, wanted: Callable[[FxsPort], bool]) -> None:
    """Lines that stay because no step of this journal is known to have made them."""
    for port, held in visit.record.lines.items():
        step = visit.record.latest(port, Action.CREATE_LINE)
        if wanted(port) and (step is None or step.state not in _UNDOABLE):
            message = "the line was found, not known to be made here: it stays"
            create, skipped = Action.CREATE_LINE, OutcomeKind.SKIPPED
            visit.settle(Outcome(create, port, skipped, None, held.line_id, "not-made-here", message))


def _say_open(visit: Visit, wanted: Callable[[FxsPort], bool]) -> None:
    """Creates that may still take effect cannot be taken back yet."""
    for step in open_creates(visit):
        if isinstance(step.key.subject, FxsPort) and wanted(step.key.subject):
            message = "whether the line was made is not known yet: apply settles it, then undo it again"
            visit.settle(_outcome(step, OutcomeKind.UNKNOWN, "outcome-unknown", message), step.key)


async def yield_doubles(visit: Visit, snapshot: Snapshot) -> bool:
    """Take back our own line where a colleague's stands on the same port; whether any was (protocol R7).

    Then a random part of the quiet window passes, so that two kits do not collide again. A line that is
    registered or rung stays: then both are shown, and people decide.
    """
    yielded = False
    for port, held in list(visit.record.lines.items()):
        step = visit.record.latest(port, Action.CREATE_LINE)
        line = snapshot.line(held.line_id)
        if step is None or step.state is not StepState.DONE or line is None or line.mac is None:
            continue
        if line.fxs_port is None or len(snapshot.at(line.mac, line.fxs_port)) == 1:
            continue
        if await in_service(visit, line, snapshot) is None:
            await _delete(visit, step, line.id)
            visit.tried.discard((port, Action.CREATE_LINE, None))
            yielded = True
    if yielded:
        await visit.clock.sleep(visit.quiet_window * visit.randbelow(1000) / 1000)
    return yielded


async def _undo_step(visit: Visit, step: StepRecord, snapshot: Snapshot, confirmed: frozenset[str]) -> None:
    match step.key.action:
        case Action.CREATE_LINE:
            await _undo_create(visit, step, snapshot, confirmed)
        case Action.UPDATE_LINE:
            await _undo_update(visit, step)
        case _:
            await _undo_reference(visit, step)


async def _undo_create(visit: Visit, step: StepRecord, snapshot: Snapshot, confirmed: frozenset[str]) -> None:
    line = snapshot.line(step.line_id) if step.line_id else None
    if line is not None and line.name not in confirmed:
        reason = await in_service(visit, line, snapshot)
        if reason is not None:
            message = f"“{safe(line.name, 60)}” is {reason}: give its name to take it off all the same"
            visit.settle(_outcome(step, OutcomeKind.REFUSED, "line-in-service", message), step.key)
            return
    await _delete(visit, step, step.line_id or "")


async def in_service(visit: Visit, line: SpecialtyLine, snapshot: Snapshot) -> str | None:
    """Why the line must not be taken off on our own, None where nothing hangs on it."""
    ringing = [held for held in snapshot.numbers if held.rings(line.id)]
    if ringing:
        return f"rung by {', '.join(held.number.national for held in ringing)}"
    if line.device_id is None:
        return None
    try:
        registered = await visit.platform.lines.registered(visit.account_id, line.device_id)
    except PlatformFailure as failure:
        visit.failures.append(failure)
        return "perhaps registered, the platform did not say"
    return "registered" if registered else None


async def _delete(visit: Visit, step: StepRecord, line_id: str) -> None:
    lines = visit.platform.lines

    async def gone() -> bool:
        return all(line.id != line_id for line in await lines.list(visit.account_id))

    path = lines.line_path(visit.account_id, line_id)
    await _take_back(
        visit, step, ("DELETE", path, b""), lambda: lines.delete(visit.account_id, line_id), gone
    )


async def _undo_update(visit: Visit, step: StepRecord) -> None:
    lines, line_id = visit.platform.lines, step.line_id or ""
    changes = prior_of(step.prior or "{}")
    credential = visit.logbook.credential(step.key.subject) if isinstance(step.key.subject, FxsPort) else None
    try:
        fetched = await lines.get(visit.account_id, line_id)
        body = lines.encode_changed(fetched, changes, credential.password if credential else None)
    except PunchdownError as failure:
        _unread(visit, step, failure)
        return
    if step.state is StepState.UNDO_UNKNOWN and not differences(body, fetched.line):
        _undone(visit, step)
        return
    if differences(visit.logbook.body(step), fetched.line):
        message = "somebody changed the line since: it is left as it is"
        visit.settle(_outcome(step, OutcomeKind.REFUSED, "changed-since", message), step.key)
        return

    async def restored() -> bool:
        return not differences(body, (await lines.get(visit.account_id, line_id)).line)

    path = lines.line_path(visit.account_id, line_id)
    await _take_back(
        visit, step, ("PUT", path, body), lambda: lines.replace(visit.account_id, line_id, body), restored
    )


async def _undo_reference(visit: Visit, step: StepRecord) -> None:
    numbers, number = visit.platform.numbers, step.key.number
    assert number is not None  # noqa: S101 - routing steps name their number
    prior = reference_of(step.prior or "null")
    set_by_us = Reference(SPECIALTY_LINE, step.line_id) if step.line_id else None
    try:
        held = (await numbers.get(visit.account_id, number)).number
    except PlatformFailure as failure:
        _unread(visit, step, failure)
        return
    if held.reference not in {set_by_us, prior}:
        message = f"{number.national} rings something else since: it is left as it is"
        visit.settle(_outcome(step, OutcomeKind.REFUSED, "changed-since", message), step.key)
        return
    body = numbers.encode_reference(prior)

    async def restored() -> bool:
        return (await numbers.get(visit.account_id, number)).number.reference == prior

    path = numbers.number_path(visit.account_id, number)
    await _take_back(
        visit, step, ("PATCH", path, body), lambda: numbers.patch(visit.account_id, number, body), restored
    )


async def _take_back(
    visit: Visit,
    step: StepRecord,
    call: tuple[str, str, bytes],
    send: Callable[[], Awaitable[object]],
    restored: Callable[[], Awaitable[bool]],
) -> None:
    """Send an undo, durable as intended first, and read it back where its outcome is not known."""
    method, path, body = call
    key = step.key
    for _ in range(_ATTEMPTS):
        intended = UndoIntended(key, method, path, visit.logbook.body_mac(body))
        visit.logbook.note(Entry(intended, body))
        visit.tell(Moment.INTENDED, key)
        failure = await _sent(visit, key, send)
        if failure is None:
            _undone(visit, step)
            return
        if failure.certainty is not Certainty.UNKNOWN:
            visit.settle(_outcome(step, OutcomeKind.REFUSED, failure.code, failure.message), key)
            return
        try:
            if await restored():
                _undone(visit, step)
                return
        except PlatformFailure as unreadable:
            visit.failures.append(unreadable)
            visit.settle(_outcome(step, OutcomeKind.UNKNOWN, failure.code, failure.message), key)
            return
    message = "the platform took the call, yet nothing changed"
    visit.settle(_outcome(step, OutcomeKind.UNKNOWN, "not-restored", message), key)


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
    visit.logbook.note(Entry(UndoDone(step.key)))
    visit.settle(_outcome(step, OutcomeKind.UNDONE), step.key)


def _unread(visit: Visit, step: StepRecord, failure: PunchdownError) -> None:
    """Nothing is taken back blindly."""
    if isinstance(failure, PlatformFailure):
        visit.failures.append(failure)
    visit.settle(_outcome(step, OutcomeKind.SKIPPED, failure.code, failure.message), step.key)


def _outcome(step: StepRecord, kind: OutcomeKind, code: str | None = None, message: str = "") -> Outcome:
    return Outcome(step.key.action, step.key.subject, kind, step.key.number, step.line_id, code, message)
