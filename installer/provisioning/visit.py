"""What every act of a run shares: the platform, the logbook, time, chance, and who watches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from installer.alianza.client import Alianza
from installer.clock import Clock
from installer.domain.credential import RandBelow
from installer.domain.gateway import GatewayPlace
from installer.domain.line import LineUse
from installer.domain.numbers import TelephoneNumber
from installer.errors import PlatformFailure
from installer.planning.outcome import Outcome
from installer.planning.record import JobRecord
from installer.planning.steps import Action, Step, StepKey, Subject
from installer.provisioning.logbook import Logbook


class Moment(StrEnum):
    """The boundaries of a step, where a watcher is told and a crash may come."""

    PLANNED = "planned"
    BEGUN = "begun"
    INTENDED = "intended"
    ANSWERED = "answered"
    SETTLED = "settled"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Happening:
    """One moment of a run: the step it concerns, the outcome once settled, seconds where it waits."""

    moment: Moment
    key: StepKey | None = None
    outcome: Outcome | None = None
    seconds: float = 0.0
    steps: int = 0


Watcher = Callable[[Happening], None]
Identity = tuple[Subject, Action, TelephoneNumber | None]


def identity(step: Step) -> Identity:
    """What makes two plans' steps the same step."""
    return step.port, step.action, step.number


@dataclass(slots=True)
class Visit:
    """One run on one job.

    `outcomes` grows as steps settle, `failures` with each call that failed; `halted` says why no further step
    is begun, None while all goes on. `tried` steps are not repeated in this run; `left_out` gateways have
    faults that a person agreed to leave for later; `remakes_lost` is whether a person agreed that lines which
    were deleted behind our back are made anew. `at_once` acts run side by side.
    """

    platform: Alianza
    logbook: Logbook
    uses: Mapping[str, LineUse]
    clock: Clock
    randbelow: RandBelow
    quiet_window: float
    watcher: Watcher
    outcomes: list[Outcome] = field(default_factory=list)
    failures: list[PlatformFailure] = field(default_factory=list)
    halted: str | None = None
    tried: set[Identity] = field(default_factory=set)
    left_out: set[GatewayPlace] = field(default_factory=set)
    remakes_lost: bool = False
    at_once: int = 4

    @property
    def record(self) -> JobRecord:
        """The job as of the last row of its journal."""
        return self.logbook.record

    @property
    def account_id(self) -> str:
        """The platform's id of the job's account."""
        return self.record.job.account.id

    def tell(
        self, moment: Moment, key: StepKey | None = None, *, seconds: float = 0.0, steps: int = 0
    ) -> None:
        """Let the watcher know."""
        self.watcher(Happening(moment, key, None, seconds, steps))

    def settle(self, outcome: Outcome, key: StepKey | None = None) -> Outcome:
        """Keep an outcome and let the watcher know."""
        self.outcomes.append(outcome)
        self.watcher(Happening(Moment.SETTLED, key, outcome))
        return outcome

    async def together(self, acts: Iterable[Coroutine[object, object, object]]) -> None:
        """Run the acts, `at_once` of them at a time; the first failure cancels the others, and is raised.

        More of them at once would be intended long before they can be sent, and sent although a 403 came.
        Cancelled, it ends as that, whatever failed then: the failure is the cause.
        """
        places = asyncio.Semaphore(self.at_once)
        tasks = [asyncio.ensure_future(_in_turn(act, places)) for act in acts]
        cancelled: asyncio.CancelledError | None = None
        waits_for = asyncio.FIRST_EXCEPTION
        while left := [task for task in tasks if not task.done()]:
            try:
                await asyncio.wait(left, return_when=waits_for)
            except asyncio.CancelledError as stop:
                cancelled = stop
            if waits_for is asyncio.FIRST_EXCEPTION:
                for task in left:
                    task.cancel()
            waits_for = asyncio.ALL_COMPLETED  # once told to end, each may take the time that it needs
        failed = [task.exception() for task in tasks if not task.cancelled()]
        failure = next((each for each in failed if each is not None), None)
        if cancelled is not None:
            raise cancelled from failure
        if failure is not None:
            raise failure


async def _in_turn(act: Coroutine[object, object, object], places: asyncio.Semaphore) -> None:
    try:
        async with places:
            await act
    finally:
        act.close()
