"""Small files of the home that are written over and over: drafts, and what was seen of accounts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.files import private_directory, write_whole
from installer.journal.locks import FileLock
from installer.session.rooms import Rooms

_PATIENCE = 5.0


@contextmanager
def writing_in(rooms: Rooms, folder: Path) -> Iterator[Path]:
    """`folder` of the home, made where it is missing, with no other run writing in it.

    Raises Busy, DiskUnusable.
    """
    holder = f"{rooms.settings.operator} (pid {os.getpid()})"
    with FileLock(rooms.home / "locks" / f"{folder.name}.lock", holder).held(_PATIENCE):
        private_directory(folder)
        yield folder


def keep_file(rooms: Rooms, path: Path, content: bytes) -> None:
    """`content` at `path`, 0600, whole or as it was before. Raises Busy, DiskUnusable."""
    with writing_in(rooms, path.parent):
        write_whole(path, content)
