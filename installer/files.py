"""Files that are whole or not there: written beside their place, made durable, then moved onto it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from installer.errors import DiskUnusable
from installer.text import safe

UNFINISHED = ".punchdown-"
"""How names begin of files and folders that hold what is on its way to its place."""


def write_atomically(path: Path, write: Callable[[BinaryIO], None]) -> str:
    """Put what `write` writes at `path`, mode 0600, and give its SHA-256 in hex.

    Whatever happens before the last step, an older file at `path` stays as it was. Missing folders are made,
    0700. Raises DiskUnusable where the disk does not take it, or where `path` is a link or no plain file.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise _unusable(path, "a link or something else than a file stands there")
        return _write(path, write)
    except OSError as fault:
        raise _unusable(path, fault.strerror or type(fault).__name__) from fault


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


def _write(path: Path, write: Callable[[BinaryIO], None]) -> str:
    handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    _settle(path.parent)
    return digest


def _settle(folder: Path) -> None:
    if sys.platform == "win32":  # a folder cannot be opened there; NTFS journals the move itself
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unusable(path: Path, reason: str) -> DiskUnusable:
    return DiskUnusable(
        f"{safe(str(path))} cannot be written: {safe(reason)}",
        code="cannot-write",
        remedy="free or mount the disk, or give another folder with --out",
    )
