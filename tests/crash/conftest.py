"""One platform and one warm process for all points that a test process tries."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.crash.scene import Scene
from tests.memory import folder_in_memory
from tests.provisioning.virtual import VirtualLoop


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"virtual": VirtualLoop}


@pytest.fixture(scope="session")
def scene() -> Iterator[Scene]:
    with folder_in_memory() as folder:
        made = Scene(folder)
        yield made
        made.close()
