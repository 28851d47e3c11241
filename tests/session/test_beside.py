"""Work in a thread: its result, its failure, and that nobody lets go of what it holds before it ended."""

import asyncio
import threading

import pytest

from installer.session.beside import in_thread


async def test_what_it_comes_to_comes_back_and_so_does_its_failure() -> None:
    assert await in_thread(lambda: threading.current_thread() is threading.main_thread()) is False
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 // 0)


@pytest.mark.parametrize("fails", [False, True])
async def test_cancelled_its_end_is_waited_for(*, fails: bool) -> None:
    begun, goes_on, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        goes_on.wait(20)
        ended.set()
        if fails:
            raise OSError("the disk is gone")

    task = asyncio.create_task(in_thread(work))
    async with asyncio.timeout(20):
        while not begun.is_set():
            await asyncio.sleep(0.01)
        for _ in range(2):
            task.cancel()
            await asyncio.sleep(0)
            assert not task.done()
        goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert ended.is_set()
