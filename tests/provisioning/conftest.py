"""Every test of the room runs under virtual time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.provisioning.kit import Wanted
from tests.provisioning.site import Site
from tests.provisioning.virtual import VirtualLoop

NewSite = Callable[..., Site]


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"virtual": VirtualLoop}


@pytest.fixture
async def new_site(folder: Path) -> AsyncIterator[NewSite]:
    """Makes sites: gateways wanted, then `rules`, `latency`, `chance`."""
    made: list[Site] = []

    def make(*wanted: Wanted, **how: object) -> Site:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        made.append(Site(folder / str(len(made)), loop, *wanted, **how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for site in made:
        site.close()


@pytest.fixture
async def site(new_site: NewSite) -> Site:
    """Four lines with a number each on a 4-port gateway."""
    return new_site()
