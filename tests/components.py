"""What tests with real components ask for first."""

import os
import shutil

import pytest

from scripts.components import PACKAGES


def need(program: str) -> str:
    """Path of the program. Without it the test is skipped with the reason; under CI it fails."""
    path = shutil.which(program)
    if path is not None:
        return path
    reason = f"{program} is not installed (Debian package {PACKAGES[program]})"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
