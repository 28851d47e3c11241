"""A platform that answers, its clock standing still, a signed-in client of it; and a registrar on its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from installer.rehearsal.platform import RehearsalPlatform
from tests.rehearsal.bench import Bench
from tests.rehearsal.visitor import still_platform, visitor


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[RehearsalPlatform]:
    async with still_platform(tmp_path / "state") as platform:
        yield platform


@pytest.fixture
async def client(platform: RehearsalPlatform) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(platform) as client:
        yield client


@pytest.fixture
def bench() -> Bench:
    return Bench()
