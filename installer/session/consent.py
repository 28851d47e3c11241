"""Who agreed to what: a plan and its warnings, by answers given beforehand or asked for (contract §5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from installer.domain.finding import Acceptable, Finding, Severity
from installer.domain.gateway import GatewayPlace
from installer.errors import AnswerNeeded, SheetFaults
from installer.journal.events import Acknowledged, UserFixed
from installer.journal.store import Entry
from installer.planning.record import JobRecord, StepRecord
from installer.planning.steps import Plan, RouteNumber, Step
from installer.provisioning.apply import Agree
from installer.provisioning.undoable import takes_back
from installer.provisioning.visit import Visit
from installer.session.promise import promised
from installer.session.settings import Answers

_LATE = timedelta(hours=24)

ShowPlan = Callable[[Plan], None]
ShowUndo = Callable[[tuple[StepRecord, ...]], None]
"""Is told of the writes that an undo takes back, the first to go first."""


def agreement(visit: Visit, answers: Answers, show: ShowPlan) -> Agree:
    """What `apply` calls before it writes: shows the plan, settles its warnings, fixes the platform user."""

    async def agree(plan: Plan) -> None:
        plan = replace(plan, findings=(*_of_the_run(visit), *plan.findings))
        _leave_out_faulty(visit, plan, partial=answers.partial)
        show(plan)
        steps = [step for step in plan.steps if step.port.gateway not in visit.left_out]
        if not steps and not any(visit.record.unknown_steps()):
            return
        for finding in plan.findings:
            if finding.severity is Severity.WARNING:
                await _acknowledge(visit, answers, finding)
        agreed = [_apart_from_its_line(step) for step in answers.agreed]
        if not answers.yes and any(_apart_from_its_line(step) not in agreed for step in steps):
            question = f"Make {promised(visit.record, plan, len(steps))}?"
            await ask(answers, question, "confirmation", "--yes")
        _fix_user(visit)

    return agree


async def take_over(visit: Visit, answers: Answers) -> None:
    """Before a write that no plan shows: a job written as somebody else is taken over only when agreed to."""
    for finding in _other_user(visit):
        await _acknowledge(visit, answers, finding)
    _fix_user(visit)


def _fix_user(visit: Visit) -> None:
    user = visit.platform.signed_in.username
    if visit.record.user != user:
        visit.logbook.note(Entry(UserFixed(user)))


def _leave_out_faulty(visit: Visit, plan: Plan, *, partial: bool) -> None:
    errors = [finding for finding in plan.findings if finding.severity is Severity.ERROR]
    if errors and not (partial and all(finding.gateway for finding in errors)):
        raise SheetFaults("plan", errors)
    visit.left_out.update(finding.gateway for finding in errors if finding.gateway)


def _other_user(visit: Visit) -> Iterator[Finding]:
    record, user = visit.record, visit.platform.signed_in.username
    if record.user is not None and record.user != user:
        yield Finding(
            Severity.WARNING,
            Acceptable.OTHER_USER,
            f"this job was written as {record.user}; {user} would take it over",
            "sign in as before, or take it over",
            life_safety=True,
        )


def _of_the_run(visit: Visit) -> Iterator[Finding]:
    yield from _other_user(visit)
    last = visit.record.last_write_at
    age = visit.clock.now() - last if last else timedelta()
    if age > _LATE:
        yield Finding(
            Severity.WARNING,
            Acceptable.RESUMED_LATE,
            f"the last write of this job is {age.days * 24 + age.seconds // 3600} hours old: "
            "the platform was read anew, and the plan shows what is to be done from there",
        )


async def _acknowledge(visit: Visit, answers: Answers, finding: Finding) -> None:
    """Accepted by name, earlier, or by a general yes where no life hangs on it; else somebody is asked.

    Who takes a job over is asked each time: it may have been taken back meanwhile.
    """
    if (finding.code, finding.message) in lasting(visit.record):
        return
    by_name = finding.code in answers.accept or (finding.code, finding.message) in answers.taken_on
    if not by_name and not (answers.yes and not finding.life_safety):
        option = f"--accept {finding.code}"
        await ask(answers, f"{finding.message}. Accept this?", finding.code, option)
    visit.logbook.note(Entry(Acknowledged(finding.code, finding.message)))


def lasting(record: JobRecord) -> frozenset[tuple[str, str]]:
    """The warnings, by code and sentence, that were taken on for good: nobody is asked again."""
    return frozenset(each for each in record.acknowledged if each[0] != Acceptable.OTHER_USER)


async def agree_to_undo(visit: Visit, answers: Answers, only: GatewayPlace | None, show: ShowUndo) -> None:
    """A general yes, or a person's, to taking back what the job did, once it was shown."""
    steps = takes_back(visit.record, only)
    show(steps)
    if steps and not answers.yes:
        await ask(answers, f"Take back {_writes(len(steps))}?", "confirmation", "--yes")


def _apart_from_its_line(step: Step) -> Step:
    """A route is the same write before and after its line was made."""
    return replace(step, line_id=None) if isinstance(step, RouteNumber) else step


def _writes(count: int) -> str:
    return "this write" if count == 1 else f"these {count} writes"


async def ask(answers: Answers, question: str, code: str, option: str) -> None:
    """Returns once a person said yes. Raises AnswerNeeded, with the option that says it beforehand."""
    if answers.ask is None:
        raise AnswerNeeded(question, code=code, option=option)
    if not await answers.ask(question):
        raise AnswerNeeded("not agreed to; nothing was written", code=code, option=option)
