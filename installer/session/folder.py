"""The folder that a run leaves its files in, one run of a home at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.files import private_directory, sweep
from installer.journal.locks import FileLock
from installer.session.rooms import Rooms

_PATIENCE = 30.0


@contextmanager
def alone_in(rooms: Rooms, folder: Path) -> Iterator[Path]:
    """`folder`, made where it is missing, rid of what killed runs left, with no other run of the home there.

    Raises Busy, DiskUnusable.
    """
    holder = f"{rooms.settings.operator} (pid {os.getpid()})"
    with FileLock(rooms.home / "locks" / "outputs.lock", holder).held(_PATIENCE):
        private_directory(folder)
        sweep(folder)
        yield folder
