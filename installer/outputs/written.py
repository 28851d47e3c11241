"""A file of the visit, as it was left on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from installer.files import write_atomically


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One artifact (contract §7); `sha256` in lower-case hexadecimal."""

    kind: str
    path: Path
    sha256: str


def leave(kind: str, path: Path, write: Callable[[BinaryIO], None]) -> WrittenFile:
    """The file at `path`, whole or not at all. Raises DiskUnusable."""
    return WrittenFile(kind, path, write_atomically(path, write))


def leave_text(kind: str, path: Path, content: str) -> WrittenFile:
    """The same for UTF-8 text."""
    octets = content.encode()

    def write(stream: BinaryIO) -> None:
        stream.write(octets)

    return leave(kind, path, write)
