"""The planner: what is wanted, compared with what was seen and what the journal knows (protocol R12).

`plan` and `apply` are this one function, so a dry run cannot promise otherwise than a run does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from installer.domain.finding import Acceptable, Finding, Severity
from installer.domain.gateway import FxsPort, GatewayPlace
from installer.domain.job import PortPlan
from installer.domain.line import CallingPlan, DeviceSlot, LineChanges, LineDraft, LineUse, SpecialtyLine
from installer.domain.mac import MacAddress
from installer.domain.numbers import AccountNumber, TelephoneNumber
from installer.planning.match import Fit, match
from installer.planning.preflight import gateway_obstacle, preflight
from installer.planning.record import JobRecord
from installer.planning.snapshot import Snapshot
from installer.planning.steps import (
    Action,
    Blocked,
    CreateLine,
    Deferral,
    Plan,
    RouteNumber,
    Standing,
    Step,
    UpdateLine,
)
from installer.text import safe

LINE_GONE = Acceptable.LINE_GONE
OUTCOME_UNKNOWN = "outcome-unknown"


def plan(
    record: JobRecord, snapshot: Snapshot, uses: Mapping[str, LineUse], only: GatewayPlace | None = None
) -> Plan:
    """What shall happen to the job, or to the gateway at `only`; writes nothing and asks nobody.

    Nothing shall at a port that was taken back.
    """
    bare = replan(record, snapshot, only)
    findings = (*preflight(record.job, snapshot, uses), *bare.findings)
    kept = tuple(finding for finding in findings if only is None or finding.gateway in {None, only})
    return replace(bare, findings=kept)


def replan(record: JobRecord, snapshot: Snapshot, only: GatewayPlace | None = None) -> Plan:
    """The same plan without the findings on the job as a whole, for a look in the middle of a run."""
    draft = _Draft(record, snapshot)
    for port_plan, line_draft in record.wanted_drafts():
        if only is None or port_plan.port.gateway == only:
            draft.consider(port_plan, line_draft)
    return Plan(
        record.job.id,
        snapshot.taken_at,
        tuple(draft.steps),
        tuple(draft.standing),
        tuple(draft.deferred),
        tuple(draft.blocked),
        tuple(draft.findings),
    )


def calling_plan_ids(written: tuple[str, ...], offered: tuple[CallingPlan, ...]) -> tuple[str, ...] | None:
    """The ids of the plans as written, None where one cannot be told.

    A plan is named by id or by exact, unique name; none written takes the only plan or the default one.
    """
    if not written:
        default = [each for each in offered if each.default] if len(offered) != 1 else list(offered)
        return (default[0].id,) if len(default) == 1 else None
    found: list[str] = []
    for text in written:
        named = [each.id for each in offered if each.id == text] or [
            each.id for each in offered if each.name == text
        ]
        if len(named) != 1:
            return None
        found.append(named[0])
    return tuple(dict.fromkeys(found))


@dataclass(slots=True)
class _Draft:
    """A plan in the making."""

    record: JobRecord
    snapshot: Snapshot
    steps: list[Step] = field(default_factory=list)
    standing: list[Standing] = field(default_factory=list)
    deferred: list[Deferral] = field(default_factory=list)
    blocked: list[Blocked] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    obstacles: dict[GatewayPlace, tuple[str, str] | None] = field(default_factory=dict)
    gateways: dict[GatewayPlace, tuple[MacAddress | None, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.gateways = {
            gateway.place: (gateway.mac, gateway.model.device_type) for gateway in self.record.job.gateways
        }
        self.obstacles = {
            gateway.place: gateway_obstacle(gateway, self.snapshot) for gateway in self.record.job.gateways
        }

    def consider(self, port_plan: PortPlan, draft: LineDraft) -> None:
        port = port_plan.port
        mac, device_type = self.gateways[port.gateway]
        create = self.record.latest(port, Action.CREATE_LINE)
        if create is not None and create.is_open:
            self.defer(port, OUTCOME_UNKNOWN, "an earlier create is not settled yet: that is looked up first")
            return
        missing = sorted(number for number in draft.numbers if self.snapshot.number(number) is None)
        if missing:
            names = ", ".join(number.national for number in missing)
            message = (
                f"not on the account: {names}; check the digits, or order it or port it in, then apply again"
            )
            self.defer(port, "number-not-on-account", message)
            return
        plans = calling_plan_ids(draft.calling_plans, self.snapshot.calling_plans)
        if plans is None:
            self.findings.append(_no_plan(port, draft, self.snapshot.calling_plans))
            return
        if mac is None:
            self.defer(port, "gateway-unbound", f"no hardware is bound to {port.gateway} yet")
            return
        self.place(port_plan, draft, DeviceSlot(mac, port.number, device_type), plans)

    def place(self, port_plan: PortPlan, draft: LineDraft, slot: DeviceSlot, plans: tuple[str, ...]) -> None:
        """Decide between create, update and nothing, then route."""
        port = port_plan.port
        credential = self.record.credentials.get(port)
        username = credential.username if credential else None
        found = match(self.snapshot, slot, username)
        held = self.record.lines.get(port)
        if found.fit is Fit.OURS and found.line is not None and (username is not None or held is not None):
            self.keep(port, draft, plans, found.line)
        elif found.fit is Fit.NOTHING and held is not None:
            self.gone(port, draft, slot, plans, held.line_id)
        elif found.fit is Fit.NOTHING:
            obstacle = self.obstacles[port.gateway]
            if obstacle is not None:
                self.blocked.append(Blocked(port, *obstacle))
                return
            source = credential.source if credential else port_plan.source
            self.steps.append(CreateLine(port, slot, draft, plans, source))
            self.route(port, draft, None)
        else:
            fit = Fit.TAKEN if found.fit is Fit.OURS else found.fit
            self.blocked.append(
                Blocked(port, fit, found.sentence, line_id=found.line.id if found.line else None)
            )

    def keep(self, port: FxsPort, draft: LineDraft, plans: tuple[str, ...], line: SpecialtyLine) -> None:
        held = self.record.lines.get(port)
        adopted = held is None or held.line_id != line.id
        self.standing.append(Standing(port, line.id, line.device_id, adopted))
        step = changed(port, draft, plans, line)
        if step is not None:
            self.steps.append(step)
        self.route(port, draft, line.id)

    def gone(
        self, port: FxsPort, draft: LineDraft, slot: DeviceSlot, plans: tuple[str, ...], line_id: str
    ) -> None:
        """A held line not at its port: on our own hardware it is moved there, elsewhere people decide."""
        moved = self.snapshot.line(line_id)
        if moved is None:
            self.defer(port, LINE_GONE, "the line was deleted behind our back")
            return
        place = f"{moved.mac} port {moved.fxs_port}" if moved.mac else "no device"
        if moved.mac not in {mac for mac, _ in self.gateways.values()}:
            message = f"the line was moved to {place} behind our back"
            self.blocked.append(Blocked(port, "line-moved", message, line_id=line_id))
            return
        step = changed(port, draft, plans, moved)
        changes = replace(step.changes if step else LineChanges(), slot=slot)
        before = (*(step.before if step else ()), place)
        after = (*(step.after if step else ()), f"{slot.mac} port {slot.fxs_port}")
        self.steps.append(UpdateLine(port, line_id, changes, before, after))
        self.route(port, draft, line_id)

    def route(self, port: FxsPort, draft: LineDraft, line_id: str | None) -> None:
        for number in dict.fromkeys(draft.inbound_numbers):
            held = self.snapshot.number(number)
            if held is None or (line_id is not None and held.rings(line_id)):
                continue
            if held.reference is None or self.released(port, number, held):
                self.steps.append(RouteNumber(port, number, line_id, held.reference))
            else:
                message = f"{number.national} already rings {safe(held.reference.kind, 40)}"
                rung = self.snapshot.line(held.reference.id)
                if rung is not None:
                    message += f" “{safe(rung.name, 60)}”"
                self.blocked.append(Blocked(port, "number-routed-elsewhere", message, number, line_id))

    def released(self, port: FxsPort, number: TelephoneNumber, held: AccountNumber) -> bool:
        """Whether the number rings a line of this job that no longer wants it."""
        for other, line in self.record.lines.items():
            if other != port and held.rings(line.line_id):
                draft = next((draft for plan, draft in self.record.job.drafts() if plan.port == other), None)
                return draft is None or number not in draft.inbound_numbers
        return False

    def defer(self, port: FxsPort, code: str, message: str) -> None:
        self.deferred.append(Deferral(port, code, message))


def changed(
    port: FxsPort, draft: LineDraft, plans: tuple[str, ...], line: SpecialtyLine
) -> UpdateLine | None:
    """The update that makes `line` what `draft` wants, None where it already is."""
    differs = dict(_differences(draft, plans, line))
    if not differs:
        return None
    changes = LineChanges(
        name=draft.name if "name" in differs else None,
        caller_id=draft.caller_id if "caller id" in differs else None,
        e911_callback=draft.e911_callback if "E911 callback" in differs else None,
        calling_plan_ids=plans if "calling plans" in differs else None,
    )
    before = tuple(f"{name} {old}" for name, (old, _) in differs.items())
    after = tuple(f"{name} {new}" for name, (_, new) in differs.items())
    return UpdateLine(port, line.id, changes, before, after)


def _differences(
    draft: LineDraft, plans: tuple[str, ...], line: SpecialtyLine
) -> Iterator[tuple[str, tuple[str, str]]]:
    if draft.name != line.name:
        yield "name", (f"“{safe(line.name, 60)}”", f"“{draft.name}”")
    if str(draft.caller_id) != line.caller_id:
        yield "caller id", (safe(line.caller_id or "none", 30), str(draft.caller_id))
    if str(draft.e911_callback) != line.e911_callback:
        yield "E911 callback", (safe(line.e911_callback or "none", 30), str(draft.e911_callback))
    if set(plans) != set(line.calling_plan_ids):
        yield "calling plans", (safe(";".join(line.calling_plan_ids)), ";".join(plans))


def _no_plan(port: FxsPort, draft: LineDraft, offered: tuple[CallingPlan, ...]) -> Finding:
    names = ", ".join(safe(each.name, 40) for each in offered[:8]) or "none"
    written = "; ".join(draft.calling_plans)
    what = f"“{written}” names no single calling plan" if written else "no calling plan is marked default"
    return Finding(
        Severity.ERROR,
        "calling-plan",
        what,
        f"name one of: {names}",
        column="calling_plan",
        value=written,
        gateway=port.gateway,
        fxs_port=port.number,
    )
