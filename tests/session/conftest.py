"""A town with its platform on a thread, technicians with homes in memory where the system has it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.thread import PlatformThread
from tests.session.office import Technician, Town

_MEMORY = Path("/dev/shm")


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(dir=_MEMORY if _MEMORY.is_dir() else None))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def town(folder: Path) -> Iterator[Town]:
    thread = PlatformThread(RehearsalPlatform(folder / "platform"))
    yield Town(thread)
    thread.stop()


@pytest.fixture
def elsewhere(folder: Path) -> Iterator[Town]:
    """Another platform, with the same people and accounts."""
    thread = PlatformThread(RehearsalPlatform(folder / "elsewhere"))
    yield Town(thread)
    thread.stop()


@pytest.fixture
def ada(town: Town, folder: Path) -> Technician:
    return Technician(town, folder)


@pytest.fixture
def bob(town: Town, folder: Path) -> Technician:
    """A colleague: another laptop, another login."""
    return Technician(town, folder, "bob", 1)
