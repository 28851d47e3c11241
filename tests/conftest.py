"""Settings that hold for every test."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.memory import folder_in_memory

# Two cores are shared with other work: a slow moment is no failure. pytest's own timeout still bounds a test.
settings.register_profile("punchdown", deadline=None, print_blob=True)
settings.load_profile("punchdown")

# Whoever runs the tests may have set what the command reads, and lives somewhere.
for _name in ("NO_COLOR", "PUNCHDOWN_HOME", "PUNCHDOWN_JSON", "PUNCHDOWN_PLATFORM"):
    os.environ.pop(_name, None)
os.environ["TZ"] = "UTC"
# Neither the machine's keyring is met, nor the class of a test that keyring would take for one.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
if hasattr(time, "tzset"):
    time.tzset()

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
