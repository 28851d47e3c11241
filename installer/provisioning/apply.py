"""Applying a plan: settle what is open, agree, write gateway by gateway, reconcile once, audit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from installer.domain.finding import Finding
from installer.domain.gateway import FxsPort, GatewayPlace
from installer.journal.events import Acknowledged, LineAdopted, LineLost
from installer.journal.store import Entry
from installer.planning.outcome import Outcome, OutcomeKind
from installer.planning.planner import LINE_GONE, OUTCOME_UNKNOWN, replan
from installer.planning.planner import plan as make_plan
from installer.planning.snapshot import Snapshot
from installer.planning.steps import Action, CreateLine, Plan, RouteNumber, Step, UpdateLine
from installer.provisioning.audit import closing_audit
from installer.provisioning.changing import route, update
from installer.provisioning.creating import create
from installer.provisioning.observe import look_again, observe
from installer.provisioning.reconcile import Reconciliation, mark_interrupted, say_unsettled, settle_changes
from installer.provisioning.service import line_by_id
from installer.provisioning.visit import Moment, Visit, identity
from installer.provisioning.yielding import yield_doubles

Agree = Callable[[Plan], Awaitable[None]]
"""Shows a plan and returns once it is agreed to; raises to stop. Called again where the writes moved."""

NO_LINE = "no-line"
NOT_NEEDED = "not-needed"
_ROUNDS = 3


async def preview(visit: Visit, only: GatewayPlace | None = None) -> Plan:
    """What an apply would plan at this moment; nothing is written, nor settled."""
    return make_plan(visit.record.anew(), await observe(visit, only), visit.uses, only)


async def apply(
    visit: Visit, agree: Agree, only: GatewayPlace | None = None, *, wants: bool = True
) -> tuple[Finding, ...]:
    """Bring the job to what its plan says; gives what the closing audit found different from it.

    `wants` is whether what was taken back is wanted again: then it is to be, once `agree` returns.
    Outcomes gather on `visit` as they settle. Cancelled, or failing on the journal or the disk, it leaves a
    journal from which a next run goes on.
    """
    mark_interrupted(visit)
    try:
        snapshot = await _rounds(visit, agree, only, wants=wants)
        return await closing_audit(visit, snapshot, only)
    finally:
        say_unsettled(visit)


async def _rounds(visit: Visit, agree: Agree, only: GatewayPlace | None, *, wants: bool) -> Snapshot:
    """Plan, agree and write, until nothing follows from what was written; gives the newest snapshot."""
    reconciliation = Reconciliation(visit)
    await settle_changes(visit)
    at = visit.clock.monotonic()
    snapshot = await observe(visit, only)
    reconciliation.look(snapshot, at)
    await _let_go_lost(visit, snapshot, only)
    record = visit.record.anew() if wants else visit.record
    plan = make_plan(record, snapshot, visit.uses, only)
    await agree(plan)
    plan = _untried(visit, plan)
    _say_left_over(visit, plan)
    for left in reversed(range(_ROUNDS)):
        wrote = bool(plan.steps) or reconciliation.is_open
        snapshot = await _carry_out(visit, plan, snapshot, agree)
        snapshot = await reconciliation.finish(snapshot)
        if visit.halted or not wrote:
            break
        await settle_changes(visit, again=left > 0)
        snapshot = await look_again(visit, snapshot, numbers=True)
        if await yield_doubles(visit, snapshot, only):
            snapshot = await look_again(visit, snapshot, numbers=True)
        before, plan = plan, _untried(visit, replan(visit.record, snapshot, only))
        came = tuple(block for block in plan.blocked if block not in before.blocked)
        _say_left_over(visit, replace(plan, standing=(), deferred=(), blocked=came))
        if not plan.steps:
            break
    return snapshot


async def _carry_out(visit: Visit, plan: Plan, snapshot: Snapshot, agree: Agree) -> Snapshot:
    """Write the plan, one gateway after the other, its ports at once; gives the newest snapshot."""
    _adopt(visit, plan)
    if plan.steps:
        visit.tell(Moment.PLANNED, steps=len(plan.steps))
    for place in dict.fromkeys(step.port.gateway for step in plan.steps):
        if visit.halted:
            _skip(visit, [step for step in plan.steps if step.port.gateway == place])
            continue
        snapshot = await _gateway(visit, place, plan, snapshot, agree)
    return snapshot


async def _gateway(
    visit: Visit, place: GatewayPlace, plan: Plan, snapshot: Snapshot, agree: Agree
) -> Snapshot:
    """One gateway: look (R7), lines at once, look again, numbers at once."""
    snapshot = await look_again(visit, snapshot, numbers=False)
    fresh = _untried(visit, replan(visit.record, snapshot, place))
    steps = tuple(step for step in plan.steps if step.port.gateway == place)
    if fresh.steps != steps:
        whole = make_plan(visit.record, snapshot, visit.uses, place)
        await agree(replace(fresh, findings=whole.findings))
        fresh = _untried(visit, fresh)
        _adopt(visit, fresh)
        _say_dropped(visit, steps, fresh)
        _say_left_over(visit, replace(fresh, standing=()))
        steps = fresh.steps
    await visit.together(_line(visit, step) for step in steps if isinstance(step, CreateLine | UpdateLine))
    routes = [step for step in steps if isinstance(step, RouteNumber)]
    if not routes:
        return snapshot
    if visit.halted:
        _skip(visit, routes)
        return snapshot
    snapshot = await look_again(visit, snapshot, numbers=True)
    await yield_doubles(visit, snapshot, place)
    by_port: dict[FxsPort, list[RouteNumber]] = {}
    for step in routes:
        by_port.setdefault(step.port, []).append(step)
    await visit.together(_routes(visit, port, mine, snapshot) for port, mine in by_port.items())
    return snapshot


async def _line(visit: Visit, step: CreateLine | UpdateLine) -> None:
    visit.tried.add(identity(step))
    if visit.halted:
        _skip(visit, [step])
    elif isinstance(step, CreateLine):
        await create(visit, step)
    else:
        await change_line(visit, step)


async def change_line(visit: Visit, step: UpdateLine) -> Outcome:
    """Set the line's fields; a line that moves to another port takes that port's credential."""
    credential = visit.logbook.credential(step.port)
    changes = step.changes
    if changes.slot is not None and credential is not None:
        changes = replace(changes, credential=credential)
    return await update(visit, step.port, step.line_id, changes, credential.password if credential else None)


async def _routes(visit: Visit, port: FxsPort, steps: list[RouteNumber], snapshot: Snapshot) -> None:
    """The numbers of one port, one after the other, to the line that stands there by now."""
    for step in steps:
        held = visit.record.lines.get(port)
        if held is None:
            visit.settle(_outcome(step, OutcomeKind.SKIPPED, NO_LINE, f"{port} has no line it could ring"))
            continue
        line_id = held.line_id
        visit.tried.add(identity(step))
        now = snapshot.number(step.number)
        if visit.halted:
            _skip(visit, [step])
        elif now is not None and now.rings(line_id):
            visit.settle(_outcome(step, OutcomeKind.ALREADY_DONE, line_id=line_id))
        elif now is None or now.reference != step.prior:
            message = f"{step.number.national} came to ring something else since the plan was made"
            visit.settle(
                _outcome(step, OutcomeKind.CONFLICT, "number-routed-elsewhere", message, line_id=line_id)
            )
        else:
            await route(visit, step, line_id)


async def _let_go_lost(visit: Visit, snapshot: Snapshot, only: GatewayPlace | None) -> None:
    """Lines that were deleted behind our back are the journal's no more, where a person agreed."""
    if not visit.remakes_lost:
        return
    for each in [
        each for each in replan(visit.record.anew(), snapshot, only).deferred if each.code == LINE_GONE
    ]:
        line_id = visit.record.lines[each.port].line_id
        if await line_by_id(visit, line_id) is None:
            taken_on = Acknowledged(each.code, f"{each.port}: {each.message}")
            visit.logbook.note(Entry(taken_on), Entry(LineLost(each.port, line_id)))


def _adopt(visit: Visit, plan: Plan) -> None:
    """Lines that stand as wanted and that the journal did not know become the job's, without a write."""
    found = [each for each in plan.standing if each.adopted]
    if found:
        visit.logbook.note(*(Entry(LineAdopted(each.port, each.line_id, each.device_id)) for each in found))


def _say_left_over(visit: Visit, plan: Plan) -> None:
    """Outcomes of what the plan does not write: standing, deferred, and what something else blocks."""
    create = Action.CREATE_LINE
    for each in plan.standing:
        visit.settle(Outcome(create, each.port, OutcomeKind.ALREADY_DONE, line_id=each.line_id))
    for later in plan.deferred:
        if later.code != OUTCOME_UNKNOWN:
            kind = OutcomeKind.DEFERRED
            visit.settle(Outcome(create, later.port, kind, code=later.code, message=later.message))
    for block in plan.blocked:
        action = create if block.number is None else Action.ROUTE_NUMBER
        in_the_way = OutcomeKind.CONFLICT, block.number, block.line_id, block.code, block.message
        visit.settle(Outcome(action, block.port, *in_the_way))


def _say_dropped(visit: Visit, steps: Iterable[Step], fresh: Plan) -> None:
    """Outcomes of planned steps that a newer plan has no more: what is left over of it is said after them."""
    kept = {identity(step) for step in fresh.steps}
    message = "the platform moved since the plan was made: there is nothing to write here any more"
    for step in steps:
        if identity(step) not in kept:
            visit.settle(_outcome(step, OutcomeKind.SKIPPED, NOT_NEEDED, message))


def _skip(visit: Visit, steps: Iterable[Step]) -> None:
    for step in steps:
        visit.settle(_outcome(step, OutcomeKind.SKIPPED, "halted", visit.halted or ""))


def _outcome(
    step: Step, kind: OutcomeKind, code: str | None = None, message: str = "", line_id: str | None = None
) -> Outcome:
    return Outcome(step.action, step.port, kind, step.number, line_id, code, message)


def _untried(visit: Visit, plan: Plan) -> Plan:
    """`plan` without the steps that this run tried already, or leaves out: a person decides on those.

    A number is left, too, where the line that it should ring was tried in vain.
    """

    def is_open(step: Step) -> bool:
        made = step.port in visit.record.lines or (step.port, Action.CREATE_LINE, None) not in visit.tried
        return made and identity(step) not in visit.tried and step.port.gateway not in visit.left_out

    return replace(plan, steps=tuple(filter(is_open, plan.steps)))
