"""How what stands differs from what the job wants, told from the plan an apply would make."""

from __future__ import annotations

from collections.abc import Iterator

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort
from installer.planning.record import JobRecord
from installer.planning.snapshot import Snapshot
from installer.planning.steps import CreateLine, Plan, RouteNumber, Step
from installer.text import safe


def differences(record: JobRecord, plan: Plan, snapshot: Snapshot) -> tuple[Finding, ...]:
    """The plan's own findings, and one per step it would make, obstacle, port left out, stray number.

    None is about a port that was taken back: nobody wants its line until an apply does.
    """
    found = (
        *(_missing(step) for step in plan.steps),
        *(_at(block.port, Severity.ERROR, block.code, block.message) for block in plan.blocked),
        *(_at(each.port, Severity.ERROR, each.code, each.message) for each in plan.deferred),
        *plan.findings,
        *_stray_numbers(record, snapshot),
    )
    return tuple(each for each in found if not _is_taken_back(record, each))


def _is_taken_back(record: JobRecord, finding: Finding) -> bool:
    place, number = finding.gateway, finding.fxs_port
    return place is not None and number is not None and FxsPort(place, number) in record.taken_back


def _missing(step: Step) -> Finding:
    if isinstance(step, CreateLine):
        message = f"“{step.draft.name}” is not on the platform"
        return _at(step.port, Severity.ERROR, "line-missing", message)
    if isinstance(step, RouteNumber):
        message = f"{step.number.national} does not ring this line"
        return _at(step.port, Severity.ERROR, "number-not-routed", message, str(step.number))
    message = f"the platform has {', '.join(step.before)}; wanted {', '.join(step.after)}"
    return _at(step.port, Severity.ERROR, "line-differs", message)


def _stray_numbers(record: JobRecord, snapshot: Snapshot) -> Iterator[Finding]:
    ports = {line.line_id: port for port, line in record.lines.items()}
    wanted = {plan.port: set(draft.inbound_numbers) for plan, draft in record.job.drafts()}
    for held in snapshot.numbers:
        port = ports.get(held.reference.id) if held.reference else None
        if port is not None and held.number not in wanted.get(port, set()):
            message = f"{held.number.national} rings this line, the job does not say so"
            yield _at(port, Severity.WARNING, "number-not-planned", safe(message), str(held.number))


def _at(port: FxsPort, severity: Severity, code: str, message: str, value: str | None = None) -> Finding:
    return Finding(severity, code, message, value=value, gateway=port.gateway, fxs_port=port.number)
