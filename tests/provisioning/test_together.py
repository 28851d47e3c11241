"""Acts side by side: the first failure ends the others, a cancellation is one whatever fails meanwhile."""

import asyncio

import pytest

from installer.errors import Busy, DiskUnusable
from tests.provisioning.site import Site


async def waits(fault: BaseException | None = None) -> None:
    """Until it is cancelled; then `fault`, if any."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        if fault is not None:
            raise fault from None
        raise


async def fails(fault: BaseException) -> None:
    raise fault


async def test_the_first_failure_cancels_the_others_and_is_raised(site: Site) -> None:
    busy, full = Busy("held", code="busy"), DiskUnusable("full", code="disk-full")
    async with site.kit.visit() as visit:
        with pytest.raises(Busy) as caught:
            await visit.together([fails(busy), waits(), waits(full)])
        assert caught.value is busy
        task = asyncio.current_task()
        assert task is not None
        assert not task.cancelling()


async def test_a_cancellation_stays_one_and_names_what_failed_meanwhile(site: Site) -> None:
    full = DiskUnusable("full", code="disk-full")
    async with site.kit.visit() as visit:
        for fault in (full, None):
            task = asyncio.ensure_future(visit.together([waits(), waits(fault), waits()]))
            for _ in range(3):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert caught.value.__cause__ is fault
            assert task.cancelled()


async def test_a_second_cancellation_does_not_leave_acts_behind(site: Site) -> None:
    ended: list[int] = []

    async def slow(number: int) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(1)
            ended.append(number)

    async with site.kit.visit() as visit:
        task = asyncio.ensure_future(visit.together([slow(1), slow(2)]))
        for _ in range(3):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert sorted(ended) == [1, 2]


async def test_nothing_to_do_is_done_at_once(site: Site) -> None:
    async with site.kit.visit() as visit:
        await visit.together([])
