"""Lists that lag behind what was written."""

from pathlib import Path

import httpx
import pytest

from installer.rehearsal.faults import Kind, Rule
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.world import Rules
from tests.rehearsal.visitor import LINES, create, still_clock, visitor


@pytest.mark.parametrize("seconds,listings", [(30.0, 0), (0.0, 2), (30.0, 2)])
async def test_a_created_line_is_listed_late_but_there(
    platform: RehearsalPlatform, client: httpx.AsyncClient, seconds: float, listings: int
) -> None:
    platform.faults.load(
        [Rule(Kind.LIST_LAG, "POST", "*/specialty-line", seconds=seconds, listings=listings)]
    )
    line = await create(client)
    assert (await client.get(f"{LINES}/{line['id']}")).status_code == 200
    for _ in range(max(listings, 1)):
        assert (await client.get(LINES)).json() == []
    platform.advance(seconds)
    assert (await client.get(LINES)).json() == [line]


async def test_a_deleted_line_is_listed_for_longer(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    line = await create(client)
    platform.faults.load([Rule(Kind.LIST_LAG, "DELETE", seconds=30.0)])
    await client.delete(f"{LINES}/{line['id']}")
    assert (await client.get(LINES)).json() == [line]
    assert (await client.get(f"{LINES}/{line['id']}")).status_code == 404
    platform.advance(30.0)
    assert (await client.get(LINES)).json() == []


async def test_a_platform_can_be_made_whose_lists_always_lag(tmp_path: Path) -> None:
    rules = Rules(list_lag=5.0)
    async with (
        RehearsalPlatform(tmp_path, clock=still_clock(), rules=rules) as platform,
        visitor(platform) as client,
    ):
        line = await create(client)
        assert (await client.get(LINES)).json() == []
        platform.advance(5.0)
        assert (await client.get(LINES)).json() == [line]
