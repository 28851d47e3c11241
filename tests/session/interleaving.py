"""Two runs in one thread, the second begun in the middle of the first."""

import asyncio
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")
Between = Callable[[], Awaitable[None]]


@types.coroutine
def _paused(work: Coroutine[Any, Any, T], at: int, between: Between) -> Generator[Any, Any, T]:
    throw: BaseException | None = None
    step = 0
    while True:
        try:
            waits_for = work.throw(throw) if throw else work.send(None)
        except StopIteration as end:
            result: T = end.value
            return result
        step, throw = step + 1, None
        try:
            if step == at:
                yield from _awaited(between)
            yield waits_for
        except BaseException as fault:  # noqa: BLE001 - it is the work's to see
            throw = fault


def _awaited(between: Between) -> Generator[Any, Any, None]:
    return asyncio.ensure_future(_ended(between)).__await__()


async def _ended(between: Between) -> None:
    await between()


async def interleaved(work: Coroutine[Any, Any, T], at: int, between: Between) -> T:
    """What `work` returns; it stands still at its await number `at`, from 1, while `between` runs."""
    return await _paused(work, at, between)
