"""Folders for homes: in memory where the system has such a place, since a journal syncs each row."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LINUX = Path("/dev/shm")
MEMORY = _LINUX if _LINUX.is_dir() else None
"""Where `tempfile` shall make it; None is its usual place."""


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="punchdown-", dir=MEMORY))
    try:
        yield made
    finally:
        shutil.rmtree(made)
