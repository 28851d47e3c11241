"""What `journal rebuild` starts from: the damaged bytes kept aside, and the rows that still hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

from installer.errors import JournalUnusable
from installer.journal import sqlite
from installer.journal.files import disk_faults, move
from installer.journal.locks import FileLock
from installer.journal.rows import Row, Stored, genesis, link, read
from installer.journal.vault import Vault
from installer.journal.view import COLUMNS

_PATIENCE = 30.0
_ROW = f"SELECT {COLUMNS} FROM event WHERE seq = ?"  # noqa: S608 - names of ours


def set_aside(path: Path) -> Path:
    """Moves the journal and its rollback file to a free name beside it, and returns that; deletes nothing.

    Raises Busy, DiskUnusable.
    """
    lock = FileLock(path.parent / "locks" / "journal.lock", "a run that sets the journal aside")
    with lock.held(_PATIENCE), disk_faults(path):
        names = (path.with_name(f"{path.name}.damaged-{number}") for number in count(1))
        kept = next(name for name in names if not name.exists() and not sqlite.sidecar(name).exists())
        # The rollback file goes first: left behind, SQLite would roll it into the next journal.
        for part, name in ((sqlite.sidecar(path), sqlite.sidecar(kept)), (path, kept)):
            if part.exists():
                move(part, name)
    return kept


def salvage(path: Path, vault: Vault) -> Iterator[Row]:
    """The longest run of rows from the first whose chain to `vault` holds; ends at the first damage.

    `Journal.restore` takes them. Without the head's keyed hash this is proof against accidents, not against
    a forger; what rows seal is proven where it is unsealed.
    """
    digest, seq = genesis(vault.id.encode()), 1
    with suppress(sqlite3.Error, JournalUnusable), closing(sqlite.connect(path, writes=False)) as connection:
        while found := connection.execute(_ROW, (seq,)).fetchone():
            *fields, kept = found
            stored = Stored(*fields)
            digest = link(digest, stored)
            if digest != kept:
                return
            yield read(stored)
            seq += 1
