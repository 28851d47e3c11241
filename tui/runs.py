"""A run of the engine on the visit that is open: one at a time, and it goes on whatever step is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from installer.errors import PunchdownError
from installer.session import Answers, Settings
from tui.open_visit import OpenVisit
from tui.screens import Stop
from tui.screens.dialog import Question
from tui.words import Tone, counted

if TYPE_CHECKING:
    from installer.domain.gateway import FxsPort
    from installer.planning.steps import Plan
    from installer.planning.steps import Step as PlanStep
    from installer.session import Happening
    from tui.progress import Progress

RUN = "run"


class Runs(OpenVisit):
    """`progress` is what the run that is under way, or was last, came to; `agreed` the writes it may make."""

    def __init__(self, settings: Settings, steps: tuple[Stop, ...]) -> None:
        self.agreed: tuple[PlanStep, ...] = ()
        self._plan: Plan | None = None
        super().__init__(settings, steps)

    @cached_property
    def progress(self) -> Progress:
        """Of the run that is under way, or was last."""
        return self._progress()

    @property
    def is_running(self) -> bool:
        """Whether something is being written."""
        return self.works(RUN)

    def provision(self, agreed: tuple[PlanStep, ...]) -> None:
        """Make the plan true; what came up since it was agreed to is asked."""
        visits, source, self.agreed = self.session.visits, self.source, agreed
        answers = Answers(ask=self._asked, taken_on=frozenset(self.taken), agreed=agreed)
        self._run("provision", lambda: visits.apply(source, answers))

    def resume(self) -> None:
        """Go on with what a run left: look up what is not known, then write what is missing."""
        visits, job_id = self.session.visits, self.job_id
        answers = Answers(ask=self._asked, taken_on=frozenset(self.taken), agreed=self.agreed)
        if job_id is not None:
            self._run("go on", lambda: visits.resume(job_id, answers))

    def take_back(self, confirmed: frozenset[str]) -> None:
        """Undo what the visit did; lines in service only where their names were typed."""
        visits, job_id = self.session.visits, self.job_id
        answers = Answers(yes=True, ask=self._asked, confirm=confirmed)
        self._run("take back", lambda: visits.undo(job_id, answers, None))

    def settle(self, port: FxsPort, verdict: Literal["adopt", "abandon"]) -> None:
        """A person's decision on a create whose outcome nobody knows."""
        visits, job_id = self.session.visits, self.job_id
        self._run("decide", lambda: visits.resolve(job_id, port, verdict))

    def cancel_run(self) -> None:
        """Stop it at once; what is on its way is not known, and nothing is called failed."""
        if self.is_running:
            self.progress.cancelled = True
            self.stop(RUN)
            open_now = len(self.progress.interrupted())
            self.say(f"cancelled; {counted(open_now, 'step')} on the way: not known yet", Tone.WARN)
            self._shown()

    def _run(self, what: str, work: Callable[[], Awaitable[object]]) -> None:
        if self.is_running:
            self.say("a run is under way: cancel it, or wait for its end", Tone.WARN)
            return
        self._plan = None
        self.progress = self._progress(what, self.session.rooms.clock.monotonic())
        self.start(RUN, self._carried(work), sealed=True)
        self.go("Provision")

    async def _carried(self, work: Callable[[], Awaitable[object]]) -> None:
        visits = self.session.visits
        visits.begin()
        visits.show_plan = self._planned
        try:
            await work()
        except asyncio.CancelledError:
            self.say("cancelled; the visit is kept: F5 looks up what is not known", Tone.WARN)
            raise
        except PunchdownError:
            self.progress.failed = True
            raise
        finally:
            self.progress.failed |= any(run.error is not None for run in visits.runs)
            self.progress.ended = self.session.rooms.clock.monotonic()
            self.concluded()
            if self.progress.failed and not self.progress.stands and (record := self.record) is not None:
                self.progress.recorded(record)  # what it did not come to see stands as it was
            self._shown()

    def work_ended(self, group: str) -> None:
        """A run that ended is shown as such."""
        super().work_ended(group)
        if group == RUN:
            self._shown()

    def _planned(self, plan: Plan) -> None:
        self._plan = plan
        self.progress.planned(plan)
        self._shown()

    def happened(self, happening: Happening) -> None:
        """A moment of a run, told by the session."""
        match happening.moment:
            case "begun" if happening.key is not None:
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
        from tui.plan_words import VERBS, told  # noqa: PLC0415 - as above

        plan, record = self._plan, self.record
        fresh = plan is not None and any(step not in self.agreed for step in plan.steps)
        lines = (
            [line for each in told(plan, record.job, {}) if each.what in VERBS for line in each.lines]
            if fresh and plan is not None and record is not None
            else []
        )
        return await self.ask(Question("Before it goes on", "\n".join([question, *lines]), "Yes, go on"))
