from __future__ import annotations

import asyncio

import pytest

from installer.alianza.pace import Gate
from tests.alianza.stand_in import VirtualClock


async def taken(gate: Gate, most: int = 20) -> int:
    """How many places can be had at once; all are given back."""
    tasks = [asyncio.create_task(gate.enter()) for _ in range(most)]
    for _ in range(5 * most):
        await asyncio.sleep(0)
    got = [task for task in tasks if task.done()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for _ in got:
        gate.leave()
    return len(got)


@pytest.mark.parametrize("limit, places", [(1, 1), (4, 4), (8, 8), (50, 8), (0, 1)])
async def test_one_to_eight_calls_in_flight(limit: int, places: int) -> None:
    assert await taken(Gate(limit, VirtualClock().clock)) == places


async def test_a_throttle_halves_once_for_calls_in_flight_together() -> None:
    gate = Gate(8, VirtualClock().clock)
    entered = [await gate.enter() for _ in range(8)]
    for each in entered:
        gate.throttled(each, None)
        gate.leave()
    assert gate.width == 4
    assert await taken(gate) == 4
    gate.throttled(await gate.enter(), None)
    gate.leave()
    assert await taken(gate) == 2


async def test_it_never_closes_altogether() -> None:
    gate = Gate(2, VirtualClock().clock)
    for _ in range(5):
        gate.throttled(await gate.enter(), None)
        gate.leave()
    assert await taken(gate) == 1


async def test_it_grows_back_slowly_up_to_its_limit() -> None:
    gate = Gate(4, VirtualClock().clock)
    gate.throttled(await gate.enter(), None)
    gate.leave()
    assert await taken(gate) == 2
    widths = []
    for _ in range(40):
        gate.succeeded()
        widths.append(gate.width)
    assert widths[8:10] == [2, 3]
    assert widths[18:20] == [3, 4]
    assert widths[-1] == 4
    assert await taken(gate) == 4


async def test_a_wait_holds_everybody() -> None:
    time = VirtualClock()
    gate = Gate(4, time.clock)
    gate.throttled(await gate.enter(), 30.0)
    gate.leave()
    await gate.enter()
    assert time.slept == [30.0]


async def test_a_shorter_wait_does_not_cut_a_longer_one() -> None:
    time = VirtualClock()
    gate = Gate(4, time.clock)
    first = await gate.enter()
    gate.throttled(first, 30.0)
    gate.throttled(first, 5.0)
    await gate.enter()
    assert sum(time.slept) == 30.0


async def test_who_gives_up_waiting_takes_no_place_along() -> None:
    gate = Gate(1, VirtualClock().clock)
    await gate.enter()
    waiting = [asyncio.create_task(gate.enter()) for _ in range(3)]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    gate.leave()
    async with asyncio.timeout(5):
        await gate.enter()
