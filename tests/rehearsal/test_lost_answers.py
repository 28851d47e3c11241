"""Writes whose answer is lost or late: what the platform carried out, and when."""

import asyncio
import time
from pathlib import Path

import httpx
import pytest

from installer.rehearsal.faults import Kind, Rule
from installer.rehearsal.platform import RehearsalPlatform
from tests.rehearsal.bare_socket import create_octets
from tests.rehearsal.visitor import LINES, create, draft, still_platform, visitor


async def test_a_drop_before_commit_leaves_nothing(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.faults.load([Rule(Kind.DROP_BEFORE_COMMIT, "POST", "*/specialty-line")])
    with pytest.raises(ConnectionResetError):
        await create_octets(platform, client)
    assert platform.lines() == ()
    (entry,) = platform.ledger.entries
    assert (entry.committed, entry.status, entry.fault) == (False, None, "drop-before-commit")
    await create(client)


async def test_a_drop_after_commit_leaves_the_line(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.faults.load([Rule(Kind.DROP_AFTER_COMMIT, "POST", "*/specialty-line")])
    with pytest.raises(ConnectionResetError):
        await create_octets(platform, client)
    (entry,) = platform.ledger.entries
    assert (entry.committed, entry.status, entry.fault) == (True, 201, "drop-after-commit")
    assert entry.objects == tuple(line.id for line in platform.lines())


@pytest.mark.parametrize("status", [0, 504])
async def test_a_late_commit_comes_when_the_clock_does(
    platform: RehearsalPlatform, client: httpx.AsyncClient, status: int
) -> None:
    platform.faults.load([Rule(Kind.LATE_COMMIT, "POST", "*/specialty-line", seconds=40.0, status=status)])
    if status:
        assert (await create_octets(platform, client)).startswith(b"HTTP/1.1 504 ")
    else:
        with pytest.raises(ConnectionResetError):
            await create_octets(platform, client)
    platform.advance(39.0)
    assert (await client.get(LINES)).json() == []
    platform.advance(1.0)
    assert len((await client.get(LINES)).json()) == 1
    assert [(entry.committed, entry.fault) for entry in platform.ledger.entries] == [
        (False, "late-commit"),
        (True, "late-commit"),
    ]


async def test_a_late_commit_comes_though_its_sender_signed_out(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.faults.load([Rule(Kind.LATE_COMMIT, "POST", "*/specialty-line", seconds=40.0, status=504)])
    await client.post(LINES, json=draft())
    assert (await client.put("/v2/authorize/logout")).status_code == 200
    platform.advance(40.0)
    assert [(each.user, each.status, each.committed) for each in platform.ledger.entries] == [
        (platform.username, None, False),
        (platform.username, 201, True),
    ]
    assert len(platform.lines()) == 1


async def test_what_nobody_signed_in_sends_is_refused_at_once_and_never_committed(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.faults.load([Rule(Kind.LATE_COMMIT, "POST", "*/specialty-line", seconds=40.0, status=504)])
    answer = await client.post(LINES, json=draft(), headers={"X-AUTH-TOKEN": "nobody's"})
    assert answer.status_code == 401
    await client.get(LINES)
    platform.advance(40.0)
    assert [(each.user, each.status) for each in platform.ledger.entries] == [(None, 401)]
    assert platform.lines() == ()


async def test_a_late_commit_that_finds_its_place_taken_is_refused(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.faults.load([Rule(Kind.LATE_COMMIT, "POST", "*/specialty-line", seconds=5.0, status=504)])
    await client.post(LINES, json=draft())
    await create(client)
    platform.advance(5.0)
    assert [entry.status for entry in platform.ledger.entries] == [None, 201, 409]
    assert len(platform.lines()) == 1


async def test_by_a_running_clock_a_late_commit_needs_nobody_to_ask(tmp_path: Path) -> None:
    rule = Rule(Kind.LATE_COMMIT, "POST", "*/specialty-line", seconds=0.05, status=504)
    async with RehearsalPlatform(tmp_path / "s", faults=[rule]) as platform, visitor(platform) as client:
        await client.post(LINES, json=draft())
        deadline = time.monotonic() + 10
        while not platform.desk.world.lines and time.monotonic() < deadline:
            await asyncio.sleep(0.01)  # asking would settle it
        assert len(platform.desk.world.lines) == 1


async def test_in_process_a_cut_connection_is_an_error_of_the_transport(tmp_path: Path) -> None:
    platform = still_platform(tmp_path)
    transport = httpx.ASGITransport(platform.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://inside") as client:
        who = {"username": platform.username, "password": platform.password}
        client.headers["X-AUTH-TOKEN"] = (await client.post("/v2/authorize", json=who)).json()["authToken"]
        platform.faults.load([Rule(Kind.DROP_AFTER_COMMIT, "POST", "*/specialty-line")])
        with pytest.raises(ConnectionResetError):
            await client.post(LINES, json=draft())
    assert len(platform.lines()) == 1
    platform.desk.close()
