"""Visit summaries that the report tests share."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort, GatewayPlace
from installer.domain.job import PortPlan, PortState, SiteJob
from installer.outputs.visit import OpenItem, Owner, PortFacts, Stage, VisitSummary
from installer.outputs.written import WrittenFile
from tests.outputs.jobs import NOW, USES, site_job


def facts(plan: PortPlan) -> PortFacts:
    """Port 2 waits for routing and has lost its registration, port 4 was never looked at."""
    if plan.draft is None:
        return PortFacts(plan.port, plan.state)
    use = USES.get(plan.draft.use)
    number = plan.port.number
    return PortFacts(
        port=plan.port,
        state=PortState.USE,
        line_name=plan.draft.name,
        use=use.name if use else plan.draft.use,
        life_safety=use is None or use.life_safety,
        inbound=() if number == 3 else plan.draft.inbound_numbers * (2 if number == 5 else 1),
        created=True,
        routed=None if number == 4 else number != 2,
        registered=None if number == 4 else number != 2,
        registered_since=None if number == 4 else NOW - timedelta(minutes=17 * number * number * number),
        checked_at=None if number == 4 else NOW - timedelta(minutes=1),
    )


def visit(job: SiteJob | None = None, *, word: str = "", done: bool = False) -> VisitSummary:
    """A visit with something open for everybody, or `done`; `word` stands for every word from outside."""
    job = job or site_job(8)
    place = GatewayPlace("GW-1")
    said = (
        (Owner.PARTNER, "load revision 2 of the sheet", Stage.SHEET, None),
        (Owner.TECHNICIAN, "registration was lost 2 h ago: check power", Stage.REGISTRATION, 2),
        (Owner.OFFICE, "name the use of this line", Stage.PORTS, 6),
        (Owner.PLATFORM, "the number 1 260 468 0002 is not active yet", Stage.REVIEW, 2),
    )
    items = tuple(
        OpenItem(owner, word or what, stage, FxsPort(place, port) if port else None)
        for owner, what, stage, port in said
    )
    return VisitSummary(
        job=job,
        rows=tuple(facts(plan) for plan in job.ports),
        open_items=() if done else items,
        acknowledged=(
            Finding(
                Severity.WARNING, word or "other-vendor", word or "the MAC is not Sangoma's", gateway=place
            ),
        ),
        artifacts=(
            WrittenFile("credential-sheet", Path("/somewhere/else") / "sheet-r2.xlsx", "ab" * 32),
            WrittenFile("labels", Path("/somewhere/else") / "labels.pdf", "cd" * 32),
        ),
        counts={"lines": 6, "created": 6, "routed": 4, "registered": 4, "open": 0 if done else 4},
        operator=word or "Sam Rivera",
        at=NOW,
    )
