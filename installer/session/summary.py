"""How far a visit has come, as the journal knows it: port by port, what is open, and who has to act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort
from installer.domain.job import PortPlan, PortState
from installer.domain.line import LineUse
from installer.outputs.visit import OpenItem, Owner, PortFacts, Stage, VisitSummary
from installer.outputs.written import WrittenFile
from installer.planning.outcome import StepState
from installer.planning.preflight import is_life_safety
from installer.planning.record import JobRecord
from installer.planning.steps import Action


def visit_summary(
    record: JobRecord, uses: Mapping[str, LineUse], operator: str, at: datetime
) -> VisitSummary:
    """The visit as `operator` reports it `at` that time."""
    rows = tuple(_facts(record, plan, uses) for plan in record.job.ports)
    used = [row for row in rows if row.state is PortState.USE]
    files = tuple(WrittenFile(each.kind, Path(each.path), each.sha256) for each in record.artifacts.values())
    acknowledged = tuple(
        Finding(Severity.WARNING, code, message) for code, message in sorted(record.acknowledged)
    )
    counts = {
        "lines planned": len(used),
        "on the platform": sum(row.created is True for row in used),
        "registered": sum(row.registered is True for row in used),
        "spare or off": len(rows) - len(used),
    }
    if unknown := sum(row.created is None for row in used):
        counts["not known yet"] = unknown
    items = tuple(_open_items(record, rows))
    return VisitSummary(record.job, rows, items, acknowledged, files, counts, operator, at)


def created(record: JobRecord, port: FxsPort) -> bool | None:
    """Whether the port's line is on the platform; None where its create is not settled."""
    if port in record.lines:
        return True
    step = record.latest(port, Action.CREATE_LINE)
    return None if step is not None and step.is_open else False


def routed(record: JobRecord, plan: PortPlan) -> bool | None:
    """Whether every number of the line rings it, as far as this job knows; None where it cannot tell."""
    if plan.draft is None or not plan.draft.inbound_numbers:
        return False
    if record.finished and plan.port not in record.taken_back:
        return True
    steps = [record.latest(plan.port, Action.ROUTE_NUMBER, number) for number in plan.draft.inbound_numbers]
    if all(step is not None and step.state is StepState.DONE for step in steps):
        return True
    return None if any(step is not None and step.is_open for step in steps) else False


def _facts(record: JobRecord, plan: PortPlan, uses: Mapping[str, LineUse]) -> PortFacts:
    draft = plan.draft
    if draft is None:
        return PortFacts(plan.port, plan.state)
    seen = record.registrations.get(plan.port)
    return PortFacts(
        plan.port,
        plan.state,
        draft.name,
        draft.use,
        is_life_safety(draft, uses),
        draft.inbound_numbers,
        created(record, plan.port),
        routed(record, plan),
        seen.registered if seen else None,
        seen.since if seen else None,
        record.looked_at,
    )


def _open_items(record: JobRecord, rows: tuple[PortFacts, ...]) -> list[OpenItem]:
    items = [
        OpenItem(Owner.TECHNICIAN, f"bind hardware to {gateway.place}", Stage.GATEWAYS)
        for gateway in record.job.gateways
        if gateway.mac is None and gateway.place in record.wanted
    ]
    used = [row for row in rows if row.state is PortState.USE and row.port not in record.taken_back]
    items += [OpenItem(*what, row.port) for row in used if (what := _left_over(row)) is not None]
    if record.wanted and not record.finished and all(row.created for row in used):
        differs = "the closing audit is not clean: audit names what differs"
        items.append(OpenItem(Owner.OFFICE, differs, Stage.REVIEW))
    return items


def _left_over(row: PortFacts) -> tuple[Owner, str, Stage] | None:
    if row.created is None:
        return Owner.TECHNICIAN, "it is not known whether the line was made: resume", Stage.PROVISION
    if not row.created:
        return Owner.TECHNICIAN, "the line is not made yet: apply", Stage.REVIEW
    if row.inbound and row.routed is not True:
        return Owner.TECHNICIAN, "its numbers do not ring it yet: resume", Stage.PROVISION
    if row.registered is not True:
        return Owner.PARTNER, "not registered yet: load the sheet, enable it", Stage.REGISTRATION
    return None
