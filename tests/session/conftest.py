"""A town with its platform on a thread, and technicians."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.thread import PlatformThread
from tests.session.office import Technician, Town


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
