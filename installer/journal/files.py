"""Files of the home: private from the first byte, whole or not there."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.errors import DiskUnusable
from installer.text import safe

# Windows has neither; there os.open would else translate line ends.
_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
RESERVE_LENGTH = 1_000_000
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def open_private(path: Path, flags: int) -> int:
    """A descriptor of `path`, made 0600 where it is made, never through a link. Raises OSError."""
    return os.open(path, flags | _FLAGS, 0o600)


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Turns an OSError about `path` into DiskUnusable."""
    try:
        yield
    except OSError as fault:
        full = fault.errno in _FULL
        raise DiskUnusable(
            f"{safe(path.name)} cannot be used: {safe(fault.strerror or type(fault).__name__)}",
            code="disk-full" if full else "disk-failed",
            remedy="free some space, then run it again"
            if full
            else f"make {safe(str(path))} writable for you",
        ) from fault


def private_directory(path: Path) -> None:
    """Makes `path` and what is missing above it; what it makes is 0700. Raises DiskUnusable."""
    with disk_faults(path):
        for missing in reversed([folder for folder in (path, *path.parents) if not folder.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Puts `content` at `path`, 0600 and synced, or leaves what was there; the caller holds a lock.

    Raises DiskUnusable.
    """
    fresh = path.with_name(f"{path.name}.new")
    with disk_faults(path):
        try:
            with os.fdopen(open_private(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            move(fresh, path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise


def move(source: Path, target: Path) -> None:
    """Renames within one folder, over what stood there, and syncs the folder. Raises OSError."""
    source.replace(target)
    try:
        folder = os.open(target.parent, os.O_RDONLY)
    except PermissionError:
        return  # Windows opens no folder, and its rename is journalled by NTFS
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Reserve:
    """A file of 1 MB that is given up so that the last outcomes fit on a full disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def fill(self) -> None:
        """Makes it where it is not, random: a file system may store zeros as nothing. Raises DiskUnusable."""
        if not self._path.exists():
            write_whole(self._path, os.urandom(RESERVE_LENGTH))

    def free(self) -> bool:
        """Gives it up; whether there was one. Raises DiskUnusable."""
        with disk_faults(self._path):
            try:
                self._path.unlink()
            except FileNotFoundError:
                return False
        return True
