"""How many writes a plan comes to, said once: the table, the question and what is then done agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from installer.domain.finding import Finding, Severity
from installer.planning.outcome import OutcomeKind
from installer.planning.planner import OUTCOME_UNKNOWN
from installer.planning.record import JobRecord
from installer.planning.steps import Plan

if TYPE_CHECKING:
    from installer.session.run import JobRun

_NOT_MADE = frozenset({OutcomeKind.SKIPPED, OutcomeKind.UNKNOWN})


def promised(record: JobRecord, plan: Plan, writes: int) -> str:
    """`writes`, and how many more may follow from creates that have to be looked up first."""
    said = f"{writes or 'no'} {_counted(writes, 'write')}"
    waiting = [later.port for later in plan.deferred if later.code == OUTCOME_UNKNOWN]
    if not waiting:
        return said
    drafts = [draft for each, draft in record.job.drafts() if each.port in waiting]
    more = sum(1 + len(set(draft.inbound_numbers)) for draft in drafts)
    creates = "an earlier create is" if len(waiting) == 1 else f"{len(waiting)} earlier creates are"
    return f"{said}, and up to {more} more once {creates} looked up"


def still_to_do(run: JobRun) -> Iterator[Finding]:
    """How far the run came with its plan, where it was cut short; nothing where there was no plan yet."""
    if run.plan is None or not run.plan.steps:
        return
    last = {(each.subject, each.action, each.number): each.kind for each in run.outcomes}
    kinds = [last.get((step.port, step.action, step.number)) for step in run.plan.steps]
    unknown = kinds.count(OutcomeKind.UNKNOWN)
    open_ = sum(kind is None or kind in _NOT_MADE for kind in kinds) - unknown
    message = f"of {len(kinds)} planned {_counted(len(kinds), 'write')} {open_} are still to be made"
    if unknown:
        message += f"; of {unknown} it is not known yet whether it was made"
    yield Finding(Severity.INFO, "still-to-do", message, f"`punchdown resume {run.record.job.id}`")


def _counted(count: int, what: str) -> str:
    return what if count == 1 else f"{what}s"
