"""The rehearsal platform on a thread of its own, for one command or for a process that only serves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TypeVar

from installer.rehearsal.platform import RehearsalPlatform

T = TypeVar("T")


class PlatformThread:
    """A platform that answers from here until `stop`; what keeps it from starting is raised here.

    Read `platform`'s plain attributes freely; act through `run`, `call` and `enter`.
    """

    def __init__(self, platform: RehearsalPlatform) -> None:
        self.platform = platform
        self._ready: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(target=self._live, name="rehearsal-platform", daemon=True)
        self._thread.start()
        self._loop = self._ready.result()

    def run(self, work: Coroutine[object, object, T]) -> T:
        """What `work` returns, run on the platform's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def call(self, work: Callable[[], T]) -> T:
        """What `work` returns, called on the platform's own loop."""

        async def once() -> T:
            return work()

        return self.run(once())

    def enter(self, context: AbstractAsyncContextManager[T]) -> T:
        """What `context` gives, entered on the platform's own loop and left there when it stops."""
        return self.run(self._opened.enter_async_context(context))

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def _live(self) -> None:
        # Windows' default loop stops reading UDP after a port-unreachable: python/cpython#91227.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._stopping = asyncio.Event()
        async with AsyncExitStack() as self._opened:
            try:
                await self._opened.enter_async_context(self.platform)
            except Exception as fault:  # noqa: BLE001 - raised where the platform was started
                self._ready.set_exception(fault)
                return
            self._ready.set_result(asyncio.get_running_loop())
            await self._stopping.wait()
