"""Interruptions: a signal cancels what runs, so that it is marked before the command ends."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine
from types import FrameType
from typing import Self, TypeVar

from installer.cli.exits import Exit

T = TypeVar("T")
EXITS = {
    number: code
    for name, code in (("SIGINT", Exit.INTERRUPTED), ("SIGHUP", Exit.HUNG_UP), ("SIGTERM", Exit.TERMINATED))
    if (number := getattr(signal, name, None)) is not None  # Windows has no SIGHUP
}


class Interrupted(BaseException):
    """A signal ended the command; `exit` says which."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit = EXITS[signal.Signals(number)]

    @property
    def cause(self) -> BaseException | None:
        """What failed while the work was being ended, None where nothing did."""
        cause = self.__cause__
        return cause.__cause__ if isinstance(cause, asyncio.CancelledError) else cause


class Signals:
    """While entered, catches the three; a signal the parent had ignored (nohup) stays ignored."""

    def __init__(self) -> None:
        self._received: int | None = None
        self._heeded = False
        self._held = False
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[object]] | None = None

    def __enter__(self) -> Self:
        self._before = {}
        if threading.current_thread() is threading.main_thread():
            for number in EXITS:
                before = signal.getsignal(number)
                if before is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._caught)
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def run(self, work: Coroutine[object, object, T]) -> T:
        """What `work` returns, on a loop of its own.

        Raises Interrupted where a signal came, from what `work` failed by then; not where a signal is how it
        ends, and it has taken the cancellation back.
        """
        try:
            result = asyncio.run(self._watched(work))
        except BaseException as fault:
            if self._received is None:
                raise
            raise Interrupted(self._received) from fault
        if self._received is not None and not self._heeded:
            raise Interrupted(self._received)
        return result

    def hold(self) -> None:
        """From here on signals wait for the end: what is left is to say what became of it all."""
        self._held = True

    async def _watched(self, work: Coroutine[object, object, T]) -> T:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - this coroutine runs in one
        self._running = asyncio.get_running_loop(), task
        try:
            return await work
        finally:
            self._running = None
            self._heeded = not task.cancelling()

    def _caught(self, number: int, _frame: FrameType | None) -> None:
        self._received = self._received or number
        if self._held:
            return
        if self._running is None:
            raise Interrupted(self._received)
        loop, task = self._running
        loop.call_soon_threadsafe(task.cancel)
