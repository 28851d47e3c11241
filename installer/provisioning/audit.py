"""The audit: what stands, held against the job (protocol R8). It writes to the journal only."""

from __future__ import annotations

from collections.abc import Iterator

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import GatewayPlace
from installer.journal.events import Audited, LinesBlocked
from installer.journal.store import Entry
from installer.planning.drift import differences
from installer.planning.outcome import OutcomeKind
from installer.planning.planner import LINE_GONE, replan
from installer.planning.snapshot import Snapshot
from installer.planning.steps import Plan
from installer.provisioning.observe import look_again, observe
from installer.provisioning.visit import Moment, Visit


async def audit(visit: Visit, only: GatewayPlace | None = None) -> tuple[Finding, ...]:
    """What differs from the job at this moment, taken-back gateways aside.

    The result is journalled where it covers all that the job wants.
    """
    return _conclude(visit, await observe(visit, only), only)


async def closing_audit(visit: Visit, snapshot: Snapshot, only: GatewayPlace | None) -> tuple[Finding, ...]:
    """The audit that ends a run, on the last snapshot; one more look where listings seem to lag behind.

    A run that was halted is not audited: what it left undone is said already.
    """
    if visit.halted:
        return ()
    plan = replan(visit.record, snapshot, only)
    wrote = any(outcome.kind is OutcomeKind.DONE for outcome in visit.outcomes)
    if wrote and any(each.code == LINE_GONE for each in plan.deferred):
        visit.tell(Moment.WAITING, seconds=visit.quiet_window)
        await visit.clock.sleep(visit.quiet_window)
        snapshot = await look_again(visit, snapshot, numbers=True)
    return _conclude(visit, snapshot, only)


def _conclude(visit: Visit, snapshot: Snapshot, only: GatewayPlace | None) -> tuple[Finding, ...]:
    plan = replan(visit.record, snapshot, only)
    note_blocked(visit, plan, only)
    found = (
        *differences(visit.record, plan, snapshot),
        *_passwords(visit, snapshot, only),
    )
    errors = sum(finding.severity is Severity.ERROR for finding in found)
    record = visit.record
    if only is None and not record.is_taken_back and (errors or not record.finished):
        visit.logbook.note(Entry(Audited(clean=not errors, differences=len(found))))
    return found


def note_blocked(visit: Visit, plan: Plan, only: GatewayPlace | None) -> None:
    """Keep which lines something else keeps off, where that is news."""
    ports = {block.port for block in plan.blocked if block.number is None}
    if ports != {port for port in visit.record.blocked if only in {None, port.gateway}}:
        visit.logbook.note(Entry(LinesBlocked(only, tuple(sorted(ports)))))


def _passwords(visit: Visit, snapshot: Snapshot, only: GatewayPlace | None) -> Iterator[Finding]:
    """Lines whose password, where the platform shows it, is not the sheet's: they cannot register."""
    for port, held in visit.record.lines.items():
        line = snapshot.line(held.line_id)
        if line is None or line.sip_password is None or only not in {None, port.gateway}:
            continue
        ours = visit.logbook.credential(port)
        if ours is not None and ours.password != line.sip_password:
            yield Finding(
                Severity.ERROR,
                "credential-differs",
                "the platform has another SIP password than the sheet: the line cannot register",
                "`lines reissue` gives both a new one",
                gateway=port.gateway,
                fxs_port=port.number,
            )
