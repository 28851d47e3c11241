"""Taking back what this job's journal did, newest first, and nothing else (protocol R7, R10)."""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable, Mapping

from installer.domain.gateway import FxsPort
from installer.domain.numbers import SPECIALTY_LINE, Reference
from installer.errors import PlatformFailure
from installer.planning.outcome import Outcome, OutcomeKind
from installer.planning.record import LineRecord, StepRecord
from installer.planning.snapshot import Snapshot
from installer.planning.steps import Action
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
from installer.provisioning.service import (
    fetched_line,
    in_service,
    line_by_id,
    may_be_registered,
    registration,
)
from installer.provisioning.taking_back import (
    Undo,
    leave,
    mark_gone,
    mark_undone,
    outcome_of,
    skip_unread,
    take_back,
)
from installer.provisioning.undoable import (
    UNDOABLE,
    gone_lines,
    line_concerned,
    made_here,
    newest_first,
    replaced_password,
)
from installer.provisioning.visit import Visit
from installer.text import safe

IN_SERVICE = "line-in-service"
CANNOT_RESTORE = "cannot-restore"


async def undo(visit: Visit, confirmed: frozenset[str], wanted: Callable[[FxsPort], bool]) -> None:
    """Restore what stood before each change of the ports that are `wanted`; outcomes gather on `visit`.

    `confirmed` holds line names that were typed: only those are touched although registered, or taken off
    although numbers ring them that this job did not route.
    """
    mark_interrupted(visit)
    try:
        await settle_changes(visit, again=False)
        at = visit.clock.monotonic()
        snapshot = await observe(visit)
        Reconciliation(visit).look(snapshot, at)
        sure = _named(visit, snapshot, confirmed)
        kept = await _registered(visit, snapshot, sure, wanted)
        await _newest_first(
            visit, wanted, lambda step: _undo_change(visit, step, snapshot, kept, sure), creates=False
        )
        after = await look_again(visit, snapshot, numbers=True)
        await _newest_first(visit, wanted, lambda step: _undo_create(visit, step, after, sure), creates=True)
        _say_kept(visit, wanted)
    finally:
        say_unsettled(visit)


async def _newest_first(
    visit: Visit,
    wanted: Callable[[FxsPort], bool],
    act: Callable[[StepRecord], Awaitable[None]],
    *,
    creates: bool,
) -> None:
    """Lines go last: what hangs on them is gone by then."""
    for step in newest_first(visit.record):
        subject = step.key.subject
        if (step.key.action is Action.CREATE_LINE) is not creates:
            continue
        if isinstance(subject, FxsPort) and not wanted(subject):
            continue
        if visit.halted:
            visit.settle(outcome_of(step, OutcomeKind.SKIPPED, "halted", visit.halted), step.key)
        else:
            await act(step)


def _say_kept(visit: Visit, wanted: Callable[[FxsPort], bool]) -> None:
    """Lines that stay because no step of this journal is known to have made them."""
    for port, held in visit.record.lines.items():
        step = visit.record.latest(port, Action.CREATE_LINE)
        if wanted(port) and (step is None or step.state not in UNDOABLE):
            found = "its create was given up, yet it stands" if held.made_here else "it was found here"
            message = f"{found}: it stays, `lines delete` takes it off"
            create, skipped = Action.CREATE_LINE, OutcomeKind.SKIPPED
            visit.settle(Outcome(create, port, skipped, None, held.line_id, "not-made-here", message))


def _named(visit: Visit, snapshot: Snapshot, confirmed: frozenset[str]) -> frozenset[str]:
    """The lines whose name was typed, by id: the job's or the platform's, before an undo restores one."""
    record = visit.record
    ours = {
        record.lines[plan.port].line_id
        for plan, draft in record.job.drafts()
        if plan.port in record.lines and draft.name in confirmed
    }
    return frozenset(ours | {line.id for line in snapshot.lines if line.name in confirmed})


async def _registered(
    visit: Visit, snapshot: Snapshot, sure: frozenset[str], wanted: Callable[[FxsPort], bool]
) -> Mapping[str, str]:
    """Names of the lines that may be in use and are not `sure`, by id: their numbers go on ringing."""
    names = {plan.port: draft.name for plan, draft in visit.record.job.drafts()}
    kept: dict[str, str] = {}

    async def ask(port: FxsPort, held: LineRecord) -> None:
        if held.line_id not in sure and await may_be_registered(visit, held.line_id, held.device_id):
            line = snapshot.line(held.line_id)
            kept[held.line_id] = line.name if line else names.get(port, held.line_id)

    await visit.together(ask(port, held) for port, held in visit.record.lines.items() if wanted(port))
    return kept


async def _undo_change(
    visit: Visit, step: StepRecord, snapshot: Snapshot, kept: Mapping[str, str], sure: frozenset[str]
) -> None:
    own = line_concerned(step) in gone_lines(visit.record) & made_here(visit.record)
    match step.key.action:
        case Action.DELETE_LINE | Action.UNROUTE_NUMBER | Action.UPDATE_LINE if own:
            mark_gone(visit, step)
        case Action.ROUTE_NUMBER if step.line_id is not None and step.line_id in kept:
            _leave_in_service(visit, step, kept[step.line_id], "perhaps in use")
        case Action.UPDATE_LINE if replaced_password(step):
            leave(visit, step, OutcomeKind.SKIPPED, CANNOT_RESTORE, "a password that was replaced is gone")
        case Action.UPDATE_LINE:
            await take_back(visit, step, lambda: _restored_line(visit, step, sure))
        case Action.DELETE_LINE:
            leave(visit, step, OutcomeKind.SKIPPED, CANNOT_RESTORE, "a line that was deleted is gone")
        case _:
            await take_back(visit, step, lambda: _restored_number(visit, step, snapshot))


def _leave_in_service(visit: Visit, step: StepRecord, line_name: str, reason: str) -> None:
    name = safe(line_name, 60)
    message = f"“{name}” is {reason}: --confirm {shlex.quote(name)} takes it back all the same"
    leave(visit, step, OutcomeKind.SKIPPED, IN_SERVICE, message)


async def _undo_create(visit: Visit, step: StepRecord, snapshot: Snapshot, sure: frozenset[str]) -> None:
    try:
        line = await line_by_id(visit, step.line_id or "")
    except PlatformFailure as failure:
        skip_unread(visit, step, failure)
        return
    if line is not None and line.id not in sure:
        reason = await in_service(visit, line, snapshot)
        if reason is not None:
            _leave_in_service(visit, step, line.name, reason)
            return
    # Only a name that was typed leads here with numbers that still ring; they cannot ring what is gone.
    for held in snapshot.numbers:
        if line is not None and held.rings(line.id):
            done = await set_reference(visit, step.key.subject, held.number, None, held.reference)
            if done.kind is not OutcomeKind.DONE:
                return
    await take_back(visit, step, lambda: deletion(visit, step))


async def deletion(visit: Visit, step: StepRecord) -> Undo | None:
    """The call that takes off the line of `step`; None where it is gone. Raises PlatformFailure."""
    lines, line_id = visit.platform.lines, step.line_id or ""
    if await line_by_id(visit, line_id) is None:
        mark_gone(visit, step)
        return None
    path = lines.line_path(visit.account_id, line_id)
    return Undo("DELETE", path, b"", lambda: lines.delete(visit.account_id, line_id))


async def _restored_line(visit: Visit, step: StepRecord, sure: frozenset[str]) -> Undo | None:
    lines, line_id, prior = visit.platform.lines, step.line_id or "", step.prior or "{}"
    fetched = await fetched_line(visit, line_id)
    if fetched is None:
        mark_gone(visit, step)
        return None
    effect = effect_of(visit.logbook.body(step), prior, fetched.line)
    if effect is Effect.BEFORE:
        mark_undone(visit, step)
        return None
    if effect is Effect.OTHERWISE:
        message = "somebody changed the line since: it stays so"
        leave(visit, step, OutcomeKind.CONFLICT, CHANGED_SINCE, message)
        return None
    credential = visit.logbook.credential(step.key.subject) if isinstance(step.key.subject, FxsPort) else None
    body = lines.encode_changed(fetched, prior_of(prior), credential.password if credential else None)
    reason = None if line_id in sure else await registration(visit, fetched.line)
    if reason is not None:
        _leave_in_service(visit, step, fetched.line.name, reason)
        return None
    path = lines.line_path(visit.account_id, line_id)
    return Undo("PUT", path, body, lambda: lines.replace(visit.account_id, line_id, body))


async def _restored_number(visit: Visit, step: StepRecord, snapshot: Snapshot) -> Undo | None:
    numbers, number = visit.platform.numbers, step.key.number
    assert number is not None  # noqa: S101 - routing steps name their number
    prior = reference_of(step.prior or "null")
    set_by_us = Reference(SPECIALTY_LINE, step.line_id) if step.line_id else None
    held = (await numbers.get(visit.account_id, number)).number
    if held.reference == prior:
        mark_undone(visit, step)
        return None
    if held.reference != set_by_us:
        message = f"{number.national} rings something else since: it stays so"
        leave(visit, step, OutcomeKind.CONFLICT, CHANGED_SINCE, message)
        return None
    if prior is not None and prior.kind == SPECIALTY_LINE and snapshot.line(prior.id) is None:
        message = f"the line that {number.national} rang before is gone"
        leave(visit, step, OutcomeKind.SKIPPED, CANNOT_RESTORE, message)
        return None
    body = numbers.encode_reference(prior)
    path = numbers.number_path(visit.account_id, number)
    return Undo("PATCH", path, body, lambda: numbers.patch(visit.account_id, number, body))
