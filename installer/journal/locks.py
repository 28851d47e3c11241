"""Locks between runs, kept by the operating system: a killed holder leaves none (protocol R9)."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from installer.errors import Busy
from installer.files import disk_faults, open_private, private_directory
from installer.text import safe

_POLL = 0.01
_HOLDER_LENGTH = 200
# Windows keeps others from reading a locked byte: lock one far behind the holder's name.
_FAR_BYTE = 1 << 30


class FileLock:
    """A lock on `path`; `holder_text` is what another run is told about who holds it."""

    def __init__(self, path: Path, holder_text: str) -> None:
        self._path = path
        self._holder_text = holder_text
        self._descriptor: int | None = None

    def acquire(self, timeout: float) -> None:
        """Takes the lock within `timeout` seconds, 0 for at once.

        Raises Busy, naming the holder, or DiskUnusable.
        """
        private_directory(self._path.parent)
        deadline = time.monotonic() + timeout
        with disk_faults(self._path):
            descriptor = open_private(self._path, os.O_RDWR | os.O_CREAT)
            try:
                self._await(descriptor, deadline)
                self._sign(descriptor)
            except BaseException:
                os.close(descriptor)
                raise
        self._descriptor = descriptor

    def release(self) -> None:
        """Gives the lock back; nothing where it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @contextmanager
    def held(self, timeout: float) -> Iterator[None]:
        """The lock for the length of a block; raises as `acquire` does."""
        self.acquire(timeout)
        try:
            yield
        finally:
            self.release()

    def _await(self, descriptor: int, deadline: float) -> None:
        while not _TAKE(descriptor):
            if time.monotonic() >= deadline:
                raise self._busy(descriptor)
            time.sleep(_POLL)

    def _sign(self, descriptor: int) -> None:
        name = self._holder_text.encode("utf-8", "replace")[:_HOLDER_LENGTH]
        with suppress(OSError):  # on a full disk the lock still holds, without a name
            os.lseek(descriptor, 0, os.SEEK_SET)
            if os.read(descriptor, _HOLDER_LENGTH + 1) == name:
                return  # signed by an append before: cutting the file short can cost as much as a sync
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, name)

    def _busy(self, descriptor: int) -> Busy:
        os.lseek(descriptor, 0, os.SEEK_SET)
        holder = safe(os.read(descriptor, _HOLDER_LENGTH).decode("utf-8", "replace")) or "another run"
        return Busy(
            f"{safe(self._path.stem)} is held by {holder}",
            code="busy",
            remedy="wait until that run has ended, or end it; a killed run holds nothing",
        )


def _take_posix(descriptor: int) -> bool:
    import fcntl  # noqa: PLC0415 - Windows has none

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _take_windows(descriptor: int) -> bool:
    msvcrt = importlib.import_module("msvcrt")
    os.lseek(descriptor, _FAR_BYTE, os.SEEK_SET)
    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except PermissionError:
        return False
    return True


_TAKE = _take_windows if os.name == "nt" else _take_posix
