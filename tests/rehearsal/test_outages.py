"""A platform that refuses, is slow or is stopped meanwhile."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from installer.rehearsal.faults import Kind, Rule
from installer.rehearsal.platform import RehearsalPlatform
from tests.rehearsal.visitor import LINES, draft, still_clock, still_platform, visitor


async def test_connections_are_refused_for_a_while_and_then_not(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.faults.load([Rule(Kind.REFUSE, "POST", "*/specialty-line", seconds=0.3)])
    with pytest.raises(httpx.TransportError):
        await client.post(LINES, json=draft())
    with pytest.raises(httpx.ConnectError):
        await client.get(LINES)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            assert (await client.get(LINES)).json() == []
            break
        except httpx.ConnectError:
            await asyncio.sleep(0.02)
    else:
        pytest.fail("it never came back")


async def test_it_can_be_stopped_while_it_refuses(tmp_path: Path) -> None:
    async with still_platform(tmp_path) as platform, visitor(platform) as client:
        platform.faults.load([Rule(Kind.REFUSE, "GET", seconds=600.0)])
        with pytest.raises(httpx.TransportError):
            await client.get(LINES)
        platform.faults.load([Rule(Kind.SLOW, "GET", seconds=600.0)])
        with pytest.raises(httpx.ConnectError):
            await client.get(LINES)
    async with still_platform(tmp_path):
        pass


async def test_it_can_be_stopped_while_an_answer_is_slow(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with still_platform(tmp_path) as platform, visitor(platform) as client:
        platform.faults.load([Rule(Kind.SLOW, "GET", seconds=600.0)])
        asking = asyncio.create_task(client.get(LINES))
        while not platform.ledger.reads["list-lines"]:
            await asyncio.sleep(0)
        await platform.__aexit__()
        with pytest.raises(httpx.TransportError):
            await asking
    assert caplog.records == [] or all(record.name.startswith("httpx") for record in caplog.records)


async def test_every_answer_takes_the_latency_that_was_asked_for(tmp_path: Path) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    clock = replace(still_clock(), sleep=sleep)
    async with (
        RehearsalPlatform(tmp_path, clock=clock, latency=0.08) as platform,
        visitor(platform) as client,
    ):
        await client.get(LINES)
    assert slept == [0.08, 0.08]
