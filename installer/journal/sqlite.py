"""The journal's file: what SQLite is told, and what its failures mean."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from installer.errors import Busy, DiskUnusable, JournalUnusable, PunchdownError
from installer.files import disk_faults, open_private
from installer.journal.rows import damaged
from installer.text import safe

SCHEMA_VERSION = 1
_APPLICATION = b"PnDn"
_WAIT = 5.0
TABLES = (
    """CREATE TABLE event (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, operator TEXT NOT NULL, job TEXT NOT NULL, kind TEXT NOT NULL,
  body TEXT NOT NULL, sealed BLOB, hash BLOB NOT NULL
)""",
    "CREATE TABLE head (vault TEXT NOT NULL, count INTEGER NOT NULL, hash BLOB NOT NULL, mac TEXT NOT NULL)",
)
# What never changes in the file's header (sqlite.org/fileformat2.html §1.3): a flip there may turn the file
# into one that SQLite opens otherwise, write-ahead logging or another text encoding.
_HEADER_LENGTH = 100
_CONSTANT = {
    0: b"SQLite format 3\0\x10\x00\x01\x01\x00\x40\x20\x20",
    44: b"\0\0\0\x04",
    52: b"\0\0\0\0\0\0\0\x01",
    64: b"\0\0\0\0" + _APPLICATION,
}
_USER_VERSION = slice(60, 64)


def sidecar(path: Path) -> Path:
    """SQLite's rollback journal of the file at `path`."""
    return path.with_name(f"{path.name}-journal")


def schema_version(path: Path) -> int:
    """The schema's version, read without SQLite. Raises JournalUnusable, DiskUnusable."""
    try:
        with disk_faults(path), os.fdopen(open_private(path, os.O_RDONLY), "rb") as file:
            header = file.read(_HEADER_LENGTH)
    except DiskUnusable as fault:
        if isinstance(fault.__cause__, FileNotFoundError):
            raise JournalUnusable(
                f"there is no {safe(path.name)}", code="journal-missing", remedy="check --home"
            ) from None
        raise
    if len(header) < _HEADER_LENGTH or any(
        header[offset : offset + len(octets)] != octets for offset, octets in _CONSTANT.items()
    ):
        raise damaged(f"{safe(path.name)} does not begin as a journal")
    version = int.from_bytes(header[_USER_VERSION], "big", signed=True)
    if version < 1:
        raise damaged("it has no version")
    return version


def connect(path: Path, *, writes: bool) -> sqlite3.Connection:
    """A connection to the existing file; text comes back as bytes, transactions are begun by hand.

    Any thread may use it, one at a time: whoever holds it sees to that.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        isolation_level=None,
        timeout=_WAIT,
        check_same_thread=False,
    )
    connection.text_factory = bytes
    # EXTRA syncs the folder too, after the rollback journal is gone; fullfsync makes macOS empty the drive's
    # cache. No write-ahead log: it had a reset race up to SQLite 3.51.2 (sqlite.org/wal.html#walresetbug).
    for pragma in ("trusted_schema=OFF", "synchronous=EXTRA", "fullfsync=ON", f"query_only={not writes:d}"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def create(path: Path) -> sqlite3.Connection:
    """A new file with empty tables, 0600 before SQLite touches it. Raises OSError, sqlite3.Error."""
    os.close(open_private(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC))
    connection = connect(path, writes=True)
    for statement in (
        "PRAGMA page_size=4096",
        "PRAGMA encoding='UTF-8'",
        "BEGIN IMMEDIATE",
        f"PRAGMA application_id={int.from_bytes(_APPLICATION, 'big')}",
        f"PRAGMA user_version={SCHEMA_VERSION}",
        *TABLES,
        "COMMIT",
    ):
        connection.execute(statement)
    return connection


def check_structure(connection: sqlite3.Connection) -> None:
    """Raises JournalUnusable where the tables are not ours alone, or their pages do not hold together.

    A planted trigger could change what is appended; appending into a damaged page would spread the damage.
    """
    tables = connection.execute("SELECT sql FROM sqlite_master").fetchall()
    if tables != [(statement.encode(),) for statement in TABLES]:
        raise damaged("its tables are not as they were made")
    if connection.execute("PRAGMA quick_check(1)").fetchall() != [(b"ok",)]:
        raise damaged("its pages do not hold together")


@contextmanager
def faults(path: Path) -> Iterator[None]:
    """Turns SQLite's failures into ours: Busy, DiskUnusable, else JournalUnusable."""
    try:
        yield
    except sqlite3.Error as fault:
        raise _meaning(fault, path) from fault


def _meaning(fault: sqlite3.Error, path: Path) -> PunchdownError:
    name = safe(path.name)
    match getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Busy(f"{name} is held by another program", code="busy", remedy="close what has it open")
        case sqlite3.SQLITE_FULL:
            return DiskUnusable(
                f"{name} cannot grow: the disk is full",
                code="disk-full",
                remedy="free some space, then `resume`",
            )
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return DiskUnusable(
                f"{name} cannot be written: {safe(str(fault))}",
                code="disk-failed",
                remedy="check space, quota and permission of the home, then `resume`",
            )
        case _:
            return damaged(safe(str(fault)))
