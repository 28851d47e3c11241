"""The folder that a run leaves its files in, one run at a time, of whatever home."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.files import sweep
from installer.journal.locks import FileLock
from installer.session.rooms import Rooms

_LOCK = ".punchdown.lock"
_PATIENCE = 30.0


@contextmanager
def alone_in(rooms: Rooms, folder: Path) -> Iterator[Path]:
    """`folder`, made where it is missing, rid of what killed runs left, with no other run there.

    The lock lies in the folder: with --out homes share one. The records have caught up by then.
    Raises Busy, DiskUnusable.
    """
    holder = f"{rooms.settings.operator} (pid {os.getpid()})"
    with FileLock(folder / _LOCK, holder).held(_PATIENCE):
        rooms.records.catch_up()
        sweep(folder)
        yield folder
