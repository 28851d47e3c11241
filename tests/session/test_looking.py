"""Looking on at registrations: what is seen is journalled, and it lasts until nobody looks any more."""

import asyncio
from contextlib import suppress

import pytest

from installer.domain.gateway import GatewayPlace
from installer.domain.mac import parse_mac
from installer.errors import UsageFault
from installer.journal.events import GatewayBound
from installer.journal.store import Entry
from installer.provisioning.watch import Sighting
from installer.session.status import Registration, registration
from tests.session.office import MACS, Technician, Town, fxs, rows, untroubled


async def gate(_: float) -> None:
    """Every look may begin."""


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
        assert [sorted(each.port.number for each in now) for now in seen] == [[1, 2], [1, 2]]
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


async def registered(who: Technician, town: Town, *bound: GatewayBound) -> Registration:
    """How the first port stands once its line registered, an hour passed, and then that was bound."""
    (run,) = await who.apply(rows(1))
    job = run.record.job.id
    town.register(town.line("Elevator 1"))
    who.hours.pass_by(1)
    async with who.session() as session:
        await session.visits.watch(job, None, 1.0, lambda _, __: None)
        assert registration(session.kept.record(job), fxs(1)) is Registration.REGISTERED
        who.hours.pass_by(1)
        for each in bound:
            session.rooms.records.append(job, Entry(each))
        return registration(session.kept.record(job), fxs(1))


async def test_what_registered_before_other_hardware_was_bound_does_not_count(
    ada: Technician, town: Town
) -> None:
    other = GatewayBound(GatewayPlace("GW-1"), parse_mac(MACS[1]), "", "a spare from the van")
    assert await registered(ada, town, other) is Registration.BEFORE_BIND


async def test_a_serial_number_that_is_scanned_later_makes_it_no_other_box(
    ada: Technician, town: Town
) -> None:
    same = GatewayBound(GatewayPlace("GW-1"), parse_mac(MACS[0]), "SN1", "scan")
    assert await registered(ada, town, same) is Registration.REGISTERED
