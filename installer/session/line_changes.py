"""What a change of one standing line is made of: its new plan, a person's yes, its removal."""

from __future__ import annotations

from dataclasses import replace

from installer.domain.job import PortPlan
from installer.domain.line import LineChanges, LineDraft, SpecialtyLine
from installer.journal.events import PortPlanned
from installer.planning.outcome import Outcome, OutcomeKind
from installer.planning.snapshot import Snapshot
from installer.planning.steps import Subject
from installer.provisioning.changing import delete, set_reference
from installer.provisioning.visit import Visit
from installer.session.consent import ask
from installer.session.settings import Answers
from installer.text import safe


def planned(plan: PortPlan) -> PortPlanned:
    """The event by which the job wants `plan`."""
    return PortPlanned(plan.port, plan.state, plan.label_id, plan.draft, plan.source, plan.extra)


def changed(draft: LineDraft, changes: LineChanges) -> LineDraft:
    """The line that is wanted once `changes` are made."""
    return replace(
        draft,
        name=changes.name or draft.name,
        caller_id=changes.caller_id or draft.caller_id,
        e911_callback=changes.e911_callback or draft.e911_callback,
        calling_plans=changes.calling_plan_ids or draft.calling_plans,
    )


async def agree_to(line: SpecialtyLine, answers: Answers, act: str) -> None:
    """Returns once a person agreed to `act` on the line. Raises AnswerNeeded."""
    if not answers.yes:
        question = f"{act} “{safe(line.name, 60)}” on {line.mac or 'no device'}?"
        await ask(answers, question, "confirmation", "--yes")


async def take_off(visit: Visit, subject: Subject, line_id: str, snapshot: Snapshot) -> Outcome:
    """Silence the line's numbers, then delete it; the outcome that ended it."""
    for held in snapshot.numbers:
        if held.rings(line_id):
            done = await set_reference(visit, subject, held.number, None, held.reference)
            if done.kind is not OutcomeKind.DONE:
                return done
    return await delete(visit, subject, line_id)
