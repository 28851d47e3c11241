"""Settings that hold for every test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.memory import folder_in_memory

# Two cores are shared with other work: a slow moment is no failure. pytest's own timeout still bounds a test.
settings.register_profile("punchdown", deadline=None, print_blob=True)
settings.load_profile("punchdown")

# Coverage measures what the tests call, not the hundreds of processes they start, which it would slow.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)


@pytest.fixture
def folder() -> Iterator[Path]:
    """For homes, whose journals sync each row: gone after the test."""
    with folder_in_memory() as made:
        yield made


@pytest.fixture
def usual_umask() -> Iterator[None]:
    """The one most systems have: what is private is so by itself."""
    before = os.umask(0o022)
    yield
    os.umask(before)
