"""What `journal rebuild` starts from: the damaged bytes kept aside, and the rows that still hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path

from installer.domain.gateway import GatewayModel
from installer.errors import JournalUnusable
from installer.files import disk_faults, move
from installer.journal import sqlite
from installer.journal.events import StepIntended
from installer.journal.fold import Fold
from installer.journal.locks import FileLock
from installer.journal.rows import DAMAGED, Row, Stored, genesis, link, read
from installer.journal.vault import Vault
from installer.journal.view import COLUMNS
from installer.planning.outcome import StepState

_PATIENCE = 30.0
_ROW = f"SELECT {COLUMNS} FROM event WHERE seq = ?"  # noqa: S608 - names of ours
_BEHIND = "SELECT min(seq), sum(at = ? AND operator = ? AND job = ?) FROM event WHERE seq > ?"


@dataclass(frozen=True, slots=True)
class Salvage:
    """The rows to go on with, and how many more hold but belong to something that is not whole."""

    rows: tuple[Row, ...]
    left: int


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


def salvage(path: Path, vault: Vault, models: Mapping[str, GatewayModel]) -> Salvage:
    """What `Journal.restore` takes: the rows whose chain to `vault` holds, up to the first damage.

    They end with a whole transaction after which its job can be folded and no step is intended but not sent:
    such a step could never be settled. Without the head's keyed hash this is proof against accidents, not
    against a forger; what rows seal is proven where it is unsealed. Raises JournalUnusable where a gateway
    model has no profile.
    """
    held: list[Row] = []
    is_whole = False
    with suppress(sqlite3.Error, JournalUnusable), closing(sqlite.connect(path, writes=False)) as connection:
        for row in _held(connection, vault):
            held.append(row)  # noqa: PERF402 - a damaged page ends this, and what came before it stays
        is_whole = not held or _is_whole(connection, held[-1])
    transactions = [list(rows) for _, rows in groupby(held, _transaction)]
    standing = _standing(transactions if is_whole else transactions[:-1], models)
    return Salvage(tuple(held[:standing]), len(held) - standing)


def _held(connection: sqlite3.Connection, vault: Vault) -> Iterator[Row]:
    digest, seq = genesis(vault.id.encode()), 1
    while found := connection.execute(_ROW, (seq,)).fetchone():
        *fields, kept = found
        stored = Stored(*fields)
        digest = link(digest, stored)
        if digest != kept:
            return
        yield read(stored)
        seq += 1


def _transaction(row: Row) -> tuple[str, str, str]:
    """What the rows of one append share, as stored."""
    return row.at.isoformat(timespec="microseconds"), row.operator, row.job_id


def _is_whole(connection: sqlite3.Connection, last: Row) -> bool:
    """Whether no row behind `last` is seen to belong to its transaction, nor the next one is missing."""
    following, siblings = connection.execute(_BEHIND, (*_transaction(last), last.seq)).fetchone()
    return following is None or (following == last.seq + 1 and not siblings)


def _standing(transactions: Iterable[list[Row]], models: Mapping[str, GatewayModel]) -> int:
    """How many of the rows there are up to the last transaction that stands."""
    folded, seen, standing = Fold(models), 0, 0
    for transaction in transactions:
        try:
            for row in transaction:
                folded.add(row)
        except JournalUnusable:
            break
        seen += len(transaction)
        if _stands(transaction, folded):
            standing = seen
    return standing


def _stands(transaction: list[Row], folded: Fold) -> bool:
    try:
        steps = folded.record(transaction[0].job_id).steps
    except JournalUnusable as fault:
        if fault.code != DAMAGED:
            raise
        return False
    intended = (row.event.key for row in transaction if isinstance(row.event, StepIntended))
    return all(steps[key].state is not StepState.INTENT for key in intended)
