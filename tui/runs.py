"""A run of the engine on the visit that is open: one at a time, and it goes on whatever step is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from installer.errors import PunchdownError
from installer.session import Answers, Settings
from tui.open_visit import RUN, OpenVisit
from tui.screens import Stop
from tui.screens.dialog import Question
from tui.words import Tone, counted

if TYPE_CHECKING:
    from installer.domain.gateway import FxsPort
    from installer.planning.record import StepRecord
    from installer.planning.steps import Plan
    from installer.planning.steps import Step as PlanStep
    from installer.session import Happening
    from installer.session.drafting import Draft
    from installer.session.run import JobRun
    from installer.session.visits import Visits
    from tui.progress import Progress

Act = Callable[["Visits"], Awaitable[object]]
Told = Callable[[Sequence["JobRun"]], None]


class Runs(OpenVisit):
    """`progress` is what the run that is under way, or was last, came to; `agreed` the writes it may make."""

    def __init__(self, settings: Settings, steps: tuple[Stop, ...]) -> None:
        self.agreed: tuple[PlanStep, ...] = ()
        self._plan: Plan | None = None
        self._runs: Sequence[JobRun] = ()
        super().__init__(settings, steps)

    @cached_property
    def progress(self) -> Progress:
        """Of the run that is under way, or was last, in the visit that is open."""
        return self._progress()

    def visit_left(self) -> None:
        """What was agreed to, and what a run came to, are this visit's as well."""
        super().visit_left()
        self.agreed = ()
        self.progress = self._progress()

    def provision(self, agreed: tuple[PlanStep, ...]) -> None:
        """Make the plan true; what came up since it was agreed to is asked."""
        source, self.agreed = self.source, agreed
        handed = self.draft if isinstance(source, Path) else None
        answers = Answers(ask=self._asked, taken_on=frozenset(self.taken), agreed=agreed)
        self.write("provision", lambda visits: visits.apply(source, answers), handed=handed)
        self.go("Provision")

    def resume(self) -> None:
        """Go on with what a run left: look up what is not known, then write what is missing."""
        job_id = self.job_id
        answers = Answers(ask=self._asked, taken_on=frozenset(self.taken), agreed=self.agreed)
        self.write("go on", lambda visits: visits.resume(job_id, answers))
        self.go("Provision")

    def take_back(self, confirmed: frozenset[str]) -> None:
        """Undo what the visit did; lines in service only where their names were typed."""
        job_id, answers = self.job_id, Answers(yes=True, ask=self._asked, confirm=confirmed)
        self.write("take back", lambda visits: visits.undo(job_id, answers, None))
        self.go("Provision")

    def settle(self, port: FxsPort, verdict: Literal["adopt", "abandon"]) -> None:
        """A person's decision on a create whose outcome nobody knows."""
        job_id = self.job_id
        self.write("decide", lambda visits: visits.resolve(job_id, port, verdict))

    def cancel_run(self) -> None:
        """Stop it at once; what is on its way is not known, and nothing is called failed."""
        if self.is_writing:
            self.progress.cancelled = True
            self.stop(RUN)
            open_now = len(self.progress.interrupted())
            self.say(f"cancelled; {counted(open_now, 'step')} on the way: not known yet", Tone.WARN)
            self._shown()

    def write(self, what: str, act: Act, told: Told | None = None, *, handed: Draft | None = None) -> None:
        """Carry out `act` as the run; `told` is called with what it came to, unless that was raised.

        A draft that was `handed` to it is the job's once it ends.
        """
        if self.is_writing:
            self.say("a run is under way: cancel it, or wait for its end", Tone.WARN)
            return
        self._plan = None
        self.progress = self._progress(what, self.session.rooms.clock.monotonic())
        self.start(RUN, self._carried(act, handed), told, sealed=True)

    async def _carried(self, act: Act, handed: Draft | None) -> Sequence[JobRun]:
        visits = self.session.new_visits()
        visits.show_plan, visits.show_undo = self._planned, self._undo_planned
        self._runs = visits.runs
        progress = self.progress
        try:
            await act(visits)
        except asyncio.CancelledError:
            self.say("cancelled; the visit is kept: F5 looks up what is not known", Tone.WARN)
            raise
        except PunchdownError:
            progress.failed = True
            raise
        finally:
            progress.failed |= any(run.error is not None for run in visits.runs)
            progress.ended = self.session.rooms.clock.monotonic()
            self.concluded(visits.runs, handed)
        return visits.runs

    def work_ended(self, group: str) -> None:
        """A run that ended is shown as such, on every step; what it did not come to see stands as it was."""
        super().work_ended(group)
        if group != RUN:
            return
        if not self.progress.stands and (record := self.record) is not None:
            self.progress.recorded(record)
        if (step := self.step) is not None and step.is_mounted:
            step.call_later(step.renew)

    def _planned(self, plan: Plan) -> None:
        self._plan = plan
        self.progress.planned(plan)
        self._shown()

    def _undo_planned(self, steps: Sequence[StepRecord]) -> None:
        self.progress.taken_back(steps)
        self._shown()

    def happened(self, happening: Happening) -> None:
        """A moment of a run, told by the session."""
        match happening.moment:
            case "begun" | "intended" if happening.key is not None:
                self.progress.begun(happening.key)
            case "waiting":
                self.progress.waits = happening.seconds
            case "settled" if happening.outcome is not None:
                self.progress.settled(happening.outcome)
        self._shown()

    def _shown(self) -> None:
        """The step that shows it draws at its next turn, once for all that happened until then."""
        step = self.step
        if step is not None and step.is_mounted and step.NAME == "Provision":
            step.call_later(step.renew)

    def _progress(self, what: str = "", began: float = 0.0) -> Progress:
        from tui.progress import Progress  # noqa: PLC0415 - the first frame needs nothing of a run

        return Progress(what, began)

    async def _asked(self, question: str) -> bool:
        """Put by a run; where it would write what nobody agreed to yet, that is shown."""
        from tui.plan_words import VERBS, Behind, told  # noqa: PLC0415 - as above
        from tui.progress import in_words  # noqa: PLC0415

        plan, lines = self._plan, [] if self._plan else [in_words(of) for of in self.progress.stands]
        if plan is not None and any(step not in self.agreed for step in plan.steps):
            of_plan = told(plan, self._runs[-1].record.job, Behind())
            lines = [line for each in of_plan if each.what in VERBS for line in each.lines]
        return await self.ask(Question("Before it goes on", "\n".join([question, *lines]), "Yes, go on"))
