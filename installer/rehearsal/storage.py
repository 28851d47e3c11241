"""The state directory: one append-only file that holds every write request and what it changed.

State is the seed plus this file, replayed. A line is written whole before the answer leaves, so a platform
killed at any moment comes back with exactly what it has answered for. A torn last line was never answered
for, and is cut off.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from installer.errors import Busy

JsonObject = dict[str, object]

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class _Slotted(Protocol):
    __slots__: tuple[str, ...]


def fields_of(value: _Slotted) -> JsonObject:
    """A flat dataclass as a record; `dataclasses.asdict` copies deeply and costs a third of a request."""
    return {name: getattr(value, name) for name in value.__slots__}


class Storage:
    """Holds the directory until closed: `Busy` when another rehearsal platform has it."""

    def __init__(self, directory: Path) -> None:
        for missing in reversed([each for each in (directory, *directory.parents) if not each.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)
        self.path = directory / "ledger.jsonl"
        """One JSON object a line: a write request, its outcome, and under `changes` what it changed."""
        self._guard = (directory / "lock").open("a+b")
        try:
            _lock(self._guard)
        except OSError:
            self._guard.close()
            raise Busy(
                f"another rehearsal platform runs on {directory}",
                code="rehearsal-busy",
                remedy="wait until it has ended, use another --home, or name the one that runs as a server: "
                "--base-url, --username and --password-file as `punchdown rehearse` prints them",
            ) from None
        self._log = os.open(
            self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600
        )

    def replay(self) -> Iterator[JsonObject]:
        """Every whole record, oldest first; what follows the last whole one is cut off."""
        whole = 0
        with self.path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                whole += len(line)
                yield json.loads(line)
        os.ftruncate(self._log, whole)

    def append(self, record: JsonObject) -> None:
        os.write(self._log, json.dumps(record, separators=(",", ":")).encode() + b"\n")

    def clear(self) -> None:
        os.ftruncate(self._log, 0)

    def close(self) -> None:
        os.close(self._log)
        self._guard.close()
