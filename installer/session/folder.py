"""The folder that a run leaves its files in, one run at a time, of whatever home."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from installer.errors import Busy
from installer.files import sweep
from installer.journal.locks import FileLock
from installer.session.rooms import Rooms

_LOCK = ".punchdown.lock"
_PATIENCE = 30.0
_POLL = 0.01


@asynccontextmanager
async def alone_in(rooms: Rooms, folder: Path) -> AsyncIterator[Path]:
    """`folder`, made where it is missing, rid of what killed runs left, with no other run there.

    The lock lies in the folder: with --out homes share one. The records have caught up by then. Another task
    of this process may be the one that is waited for. Raises Busy, DiskUnusable.
    """
    holder = f"{rooms.settings.operator} (pid {os.getpid()})"
    lock = FileLock(folder / _LOCK, holder)
    await _taken(lock)
    try:
        rooms.records.catch_up()
        sweep(folder)
        yield folder
    finally:
        lock.release()


async def _taken(lock: FileLock) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE
    while True:
        try:
            lock.acquire(0)
        except Busy:
            if loop.time() >= deadline:
                raise
            await asyncio.sleep(_POLL)
        else:
            return
