"""One platform and one warm process for all points that a test process tries."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.crash.scene import Scene
from tests.provisioning.conftest import MEMORY
from tests.provisioning.virtual import VirtualLoop


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"virtual": VirtualLoop}


@pytest.fixture(scope="session")
def scene() -> Iterator[Scene]:
    folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
    made = Scene(folder)
    yield made
    made.close()
    shutil.rmtree(folder)
