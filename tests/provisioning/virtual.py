"""Time that costs none: a loop that jumps to its next deadline as soon as nothing is left to do now."""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from datetime import UTC, datetime, timedelta

from installer.clock import Clock

THREAD = 0.002
"""Seconds of virtual time that work on a thread takes: a calm disk's sync."""
MEANWHILE = THREAD / 2
"""While work that began just before is under way."""
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


class _JumpingSelector(selectors.DefaultSelector):
    """Waits for nothing but real traffic, and for that no longer than `patience` real seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0.0
        self.patience = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        wait = timeout if timeout is None else min(timeout, self.patience)
        ready: list[tuple[selectors.SelectorKey, int]] = super().select(wait)
        if not ready and timeout is not None:
            self.ahead += max(timeout, 0.0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """`asyncio.sleep` and `asyncio.timeout` pass at once, in order; `patience` where sockets are real."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.ahead

    def run_in_executor(  # type: ignore[override] # one answer, not a coroutine's
        self, executor: Executor | None, func: Callable[..., object], *args: object
    ) -> asyncio.Future[object]:
        """The work is done at once, on its thread; who waits for it hears of it later, by virtual time.

        Meanwhile others go on, as they would, and always the same way.
        """
        if executor is None:
            return super().run_in_executor(None, func, *args)
        work = executor.submit(func, *args)
        wait([work])
        heard = self.create_future()
        self.call_later(THREAD, _tell, work, heard)
        return heard

    def wait_for_traffic(self, patience: float) -> None:
        """Let packets on loopback arrive before time jumps."""
        self._jumping.patience = patience


def _tell(work: Future[object], heard: asyncio.Future[object]) -> None:
    if failure := work.exception():
        heard.set_exception(failure)
    else:
        heard.set_result(work.result())


class VirtualTime:
    """The clock of one loop, readable outside of it too."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.clock = Clock(now=self._now, monotonic=loop.time, sleep=asyncio.sleep)

    def _now(self) -> datetime:
        return START + timedelta(seconds=self._loop.time())
