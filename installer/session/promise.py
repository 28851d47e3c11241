"""How many writes a plan comes to, said once: the table, the question and what is then done agree."""

from __future__ import annotations

from installer.planning.planner import OUTCOME_UNKNOWN
from installer.planning.record import JobRecord
from installer.planning.steps import Plan


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


def _counted(count: int, what: str) -> str:
    return what if count == 1 else f"{what}s"
