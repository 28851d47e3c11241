"""Reading the journal: every row proven against the chain before anybody sees it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, Self

from installer.journal import sqlite
from installer.journal.rows import Row, Stored, damaged, genesis, link, read
from installer.journal.vault import Vault

_BATCH = 1000
COLUMNS = "seq, at, operator, job, kind, body, sealed, hash"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many rows, the last one's hash, and the vault it belongs to."""

    vault: bytes
    count: int
    hash: bytes

    @property
    def octets(self) -> bytes:
        """What the head's keyed hash is taken over."""
        return b"head %s %d " % (self.vault, self.count) + self.hash


class JournalView:
    """A journal that is only read; every row it yields was checked against the chain."""

    def __init__(self, connection: sqlite3.Connection, path: Path, vault: Vault | None) -> None:
        self.path = path
        self._connection = connection
        self._in_use = RLock()
        self._vault = vault

    def close(self) -> None:
        """Lets go of the file."""
        with self._in_use:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def verify(self) -> int:
        """How many rows stand, every one checked. Raises JournalUnusable naming the first bad row."""
        with sqlite.faults(self.path):
            return self._check().count

    def rows(self, job_id: str | None = None, *, after: int = 0) -> Iterator[Row]:
        """The rows behind `after`, of one job or of all, in order. Raises JournalUnusable."""
        job = None if job_id is None else job_id.encode()
        with sqlite.faults(self.path):
            head = self._head()
            for stored in self._linked(head, after, self._hash(head, after)):
                if job is None or stored.job == job:
                    yield read(stored)

    def _check(self) -> Head:
        head = self._head()
        for _ in self._linked(head, 0, genesis(head.vault)):
            pass
        return head

    def _head(self) -> Head:
        found = self._read("SELECT vault, count, hash, mac, (SELECT max(seq) FROM event) FROM head")
        if len(found) != 1:
            raise damaged("it has no end")
        vault, count, digest, mac, last = found[0]
        if (
            not (type(vault) is type(digest) is type(mac) is bytes)
            or type(count) is not int
            or count != (last or 0)
        ):
            raise damaged(f"row {last or 0} is not its end")
        head = Head(vault, count, digest)
        if self._vault and self._vault.id.encode() == vault and self._vault.mac(head.octets).encode() != mac:
            raise damaged(f"its end, row {count}, was not written with this vault")
        return head

    def _hash(self, head: Head, seq: int) -> bytes:
        if seq == 0:
            return genesis(head.vault)
        found: list[tuple[bytes]] = self._read("SELECT hash FROM event WHERE seq = ?", seq)
        if not found:
            raise damaged(f"row {seq} is missing")
        return found[0][0]

    def _linked(self, head: Head, after: int, digest: bytes) -> Iterator[Stored]:
        """The rows behind `after` up to `head`, each proven; in batches: no read lock outlives a fetch."""
        seq = after
        while seq < head.count:
            batch = self._read(
                f"SELECT {COLUMNS} FROM event WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT {_BATCH}",  # noqa: S608
                seq,
                head.count,
            )
            if not batch:
                raise damaged(f"row {seq + 1} is missing")
            for *fields, kept in batch:
                stored = Stored(*fields)
                digest = link(digest, stored)
                if stored.seq != seq + 1 or digest != kept:
                    raise damaged(f"row {seq + 1} is not as it was written")
                seq += 1
                yield stored
        if digest != head.hash:
            raise damaged(f"row {head.count} is not its end")

    def _read(self, query: str, *values: int) -> list[tuple[Any, ...]]:
        """What the query finds; never while a transaction is open, whose rows may yet not stand."""
        with self._in_use:
            return self._connection.execute(query, values).fetchall()
