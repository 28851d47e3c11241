"""Looking on at registrations: what is seen is journalled, and it lasts until nobody looks any more."""

import asyncio
from contextlib import suppress

import pytest

from installer.errors import PlatformFailure, UsageFault
from installer.provisioning.watch import Sighting
from tests.session.office import Technician, rows


async def gate(_: float) -> None:
    """Every look may begin."""


def untroubled(failure: PlatformFailure) -> None:
    raise failure


async def test_a_look_shows_each_line_and_leaves_when_it_was_in_the_journal(ada: Technician) -> None:
    (run,) = await ada.apply(rows(2))
    seen: list[tuple[Sighting, ...]] = []
    async with ada.session() as session:
        looks = 0

        async def twice(_: float) -> None:
            nonlocal looks
            looks += 1
            if looks > 2:
                raise asyncio.CancelledError

        with suppress(asyncio.CancelledError):
            await session.looking.on(run.record.job.id, seen.append, untroubled, twice)
        assert [[each.port.number for each in now] for now in seen] == [[1, 2], [1, 2]]
        assert session.kept.record(run.record.job.id).looked_at is not None
        assert session.visits.runs == []


async def test_two_who_look_take_turns(ada: Technician) -> None:
    (run,) = await ada.apply(rows(1))
    async with ada.session() as session:
        job, open_, begun = run.record.job.id, asyncio.Event(), []

        async def first(_: float) -> None:
            begun.append("first")
            await open_.wait()

        async def second(_: float) -> None:
            begun.append("second")
            raise asyncio.CancelledError

        one = asyncio.create_task(session.looking.on(job, lambda _: None, untroubled, first))
        async with asyncio.timeout(20):
            while not begun:
                await asyncio.sleep(0.01)
        two = asyncio.create_task(session.looking.on(job, lambda _: None, untroubled, second))
        await asyncio.sleep(0.05)
        assert begun == ["first"]
        one.cancel()
        await asyncio.gather(one, two, return_exceptions=True)
        assert begun == ["first", "second"]


async def test_a_job_that_is_not_there_is_not_looked_at(ada: Technician) -> None:
    async with ada.session() as session:
        with pytest.raises(UsageFault):
            await session.looking.on("JNONE", lambda _: None, untroubled, gate)
