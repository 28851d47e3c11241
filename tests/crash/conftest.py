"""One platform and one warm process for all points that a test process tries."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.crash.scene import Scene
from tests.provisioning.conftest import MEMORY
from tests.provisioning.virtual import VirtualLoop


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"virtual": VirtualLoop}


@pytest.fixture(scope="session")
def scene() -> Iterator[Scene]:
    with _in_memory() as folder:
        made = Scene(folder)
        yield made
        made.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    with _in_memory() as made:
        yield made


@contextmanager
def _in_memory() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="crash-", dir=MEMORY if MEMORY.is_dir() else None))
    yield made
    shutil.rmtree(made)
