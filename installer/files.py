"""Files that are private, and whole or not there: written beside their place, synced, then moved onto it."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from installer.errors import DiskUnusable
from installer.text import safe

UNFINISHED = ".punchdown-"
"""How names begin of files and folders that hold what is on its way to its place."""

# Windows has neither; there os.open would else translate line ends.
_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def open_private(path: Path, flags: int) -> int:
    """A descriptor of `path`, made 0600 where it is made, never through a link. Raises OSError."""
    return os.open(path, flags | _FLAGS, 0o600)


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Turns an OSError about `path`, a file of the home, into DiskUnusable."""
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


def make_folder(path: Path) -> None:
    """Makes `path` and what is missing above it; what it makes is 0700. Raises OSError."""
    for missing in reversed([folder for folder in (path, *path.parents) if not folder.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def private_directory(path: Path) -> None:
    """Makes `path` as `make_folder` does. Raises DiskUnusable."""
    with disk_faults(path):
        make_folder(path)


def write_whole(path: Path, content: bytes) -> None:
    """Puts `content` at `path`, 0600 and synced, or leaves what was there; the caller holds a lock.

    What a killed run left of it, the next one writes over. Raises DiskUnusable.
    """
    fresh = path.with_name(f"{path.name}.new")
    with disk_faults(path):
        descriptor = open_private(fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        _put(descriptor, fresh, path, lambda file: file.write(content))


def write_atomically(path: Path, write: Callable[[BinaryIO], None]) -> str:
    """Put what `write` writes at `path`, mode 0600, and give its SHA-256 in hex; nobody needs to hold a lock.

    Whatever happens before the last step, an older file at `path` stays as it was. Missing folders are made,
    0700. Raises DiskUnusable where the disk does not take it, or where `path` is a link or no plain file.
    """
    try:
        make_folder(path.parent)
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise _unusable(path, "a link or something else than a file stands there")
        descriptor, name = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
        return _put(descriptor, Path(name), path, write)
    except OSError as fault:
        raise _unusable(path, fault.strerror or type(fault).__name__) from fault


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


def sweep(folder: Path) -> None:
    """Remove what killed runs left in `folder` on its way to its place; the caller keeps other writers out.

    Raises DiskUnusable.
    """
    try:
        for path in folder.glob(f"{UNFINISHED}*"):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    except OSError as fault:
        raise _unusable(folder, fault.strerror or type(fault).__name__) from fault


def _put(descriptor: int, beside: Path, path: Path, write: Callable[[BinaryIO], object]) -> str:
    """Writes, syncs and moves the open file `beside` onto `path`, or removes it; returns its SHA-256."""
    try:
        with os.fdopen(descriptor, "w+b") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        move(beside, path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    return digest


def _unusable(path: Path, reason: str) -> DiskUnusable:
    return DiskUnusable(
        f"{safe(str(path))} cannot be written: {safe(reason)}",
        code="cannot-write",
        remedy="free or mount the disk, or give another folder with --out",
    )
