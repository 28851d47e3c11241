"""The journal: append-only rows in SQLite, hash-chained, added in synced transactions."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Self

from installer.clock import Clock
from installer.domain.credential import Secret
from installer.errors import DiskUnusable, JournalUnusable, VaultUnusable
from installer.files import disk_faults, move, private_directory
from installer.journal import sqlite
from installer.journal.events import OUTCOMES, Event, Opaque
from installer.journal.locks import FileLock
from installer.journal.reserve import Reserve
from installer.journal.rows import Entry, Moved, Row, Stored, bound, damaged, encode, genesis, link, newer
from installer.journal.vault import Vault
from installer.journal.view import COLUMNS, Head, JournalView
from installer.text import safe

__all__ = ["Entry", "Journal", "JournalView", "Moved", "Row"]

_PATIENCE = 30.0
_REMEMBERED = 2_048
Batch = tuple[str, tuple[Entry, ...]]
"""A job's id, and what is to be appended to it: all of it, or none."""


class Journal(JournalView):
    """The one that writes. A journal of a newer kit opens, and refuses every append.

    Used from one thread, which it spares the syncing: what is begun lands on a thread of its own.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, vault: Vault, scribe: Scribe) -> None:
        super().__init__(connection, path, vault)
        self.vault = vault
        self._scribe = scribe
        self._reserve = Reserve(path.with_name("journal.reserve"))
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._sealed = OrderedDict[int, tuple[bytes, bytes]]()
        """Of the rows read last: what is sealed, and what it is bound to."""
        self._newer = False
        self._known = Head(b"", 0, b"")
        self._tried: Head | None = None

    @classmethod
    def open(cls, path: Path, vault: Vault, *, clock: Clock, operator: str, locks: Path) -> Self:
        """The journal at `path`, made where there is none, checked whole.

        Raises JournalUnusable (damaged, or newer and unreadable), VaultUnusable (another vault's), Busy,
        DiskUnusable.
        """
        scribe = Scribe(clock, operator, FileLock(locks / "journal.lock", f"{operator} (pid {os.getpid()})"))
        if not path.exists():
            _create(path, vault, scribe.lock)
        version = sqlite.schema_version(path)
        with _readable(path, version):
            journal = cls(sqlite.connect(path, writes=version == sqlite.SCHEMA_VERSION), path, vault, scribe)
            with _closed_on_failure(journal):
                journal._start(version)
        return journal

    @staticmethod
    def open_read_only(path: Path) -> JournalView:
        """The journal at `path` without its vault: rows and chain, no sealed value. Raises as `open` does."""
        version = sqlite.schema_version(path)
        with _readable(path, version):
            view = JournalView(sqlite.connect(path, writes=False), path, None)
            with _closed_on_failure(view):
                view.verify()
        return view

    def append(self, job_id: str, *entries: Entry, after: int | None = None) -> tuple[int, ...]:
        """Adds the rows in one synced transaction and returns their seqs; all of them stand, or none.

        Where `after` is given, only right behind that row: Moved where another one came first.
        An outcome may use up the reserve on a full disk; anything else is refused while there is none.
        Raises JournalUnusable, Busy, DiskUnusable.
        """
        return self._append(self._drafts(job_id, entries), after, must_fit=has_outcome(entries))

    def begin(self, batches: Sequence[Batch], *, after: int) -> asyncio.Future[tuple[int, ...]]:
        """Begins to add the rows of all batches in one synced transaction; done once they stand.

        They may use up the reserve where each has an outcome. The future fails as `append` does.
        """
        drafts = [draft for job_id, entries in batches for draft in self._drafts(job_id, entries)]
        must_fit = all(has_outcome(entries) for _, entries in batches)
        write = partial(self._append, drafts, after, must_fit=must_fit)
        return asyncio.get_running_loop().run_in_executor(self._writer, write)

    def land(self) -> None:
        """Returns once all that was begun stands, or has failed."""
        self._writer.submit(bool).result()

    def close(self) -> None:
        """Lets go of the file, once all that was begun stands, or has failed."""
        self._writer.shutdown()
        super().close()

    def restore(self, rows: Iterable[Row]) -> int:
        """Writes salvaged rows into this empty journal as they were, sealed values too; returns how many.

        They are the first rows of a journal with the same vault, so what they seal stays bound to them.
        Raises JournalUnusable where this journal is not empty.
        """
        drafts = [Draft(row.at, row.operator, row.job_id, row.event, None, row.sealed) for row in rows]
        try:
            return len(self._append(drafts, 0, must_fit=False))
        except Moved:
            raise JournalUnusable(
                "rows are only restored into an empty journal",
                code="journal-not-empty",
                remedy="set it aside first",
            ) from None

    def unseal(self, seq: int) -> bytes:
        """What row `seq` seals; KeyError where that is nothing. Raises VaultUnusable, JournalUnusable.

        From memory where the row was read of late: the file may be busy being synced.
        """
        if seq not in self._sealed:
            self._recall(seq)
        return self.vault.unseal(*self._sealed[seq])

    def _recall(self, seq: int) -> None:
        """Remember what is sealed from row `seq` on: what is asked for next lies behind it as a rule."""
        with sqlite.faults(self.path):
            head = self._head()
            for _ in islice(self._linked(head, seq - 1, self._hash(head, seq - 1)), _REMEMBERED // 2):
                pass

    def _start(self, version: int) -> None:
        self._newer = version > sqlite.SCHEMA_VERSION
        if not self._newer:
            sqlite.check_structure(self._connection)
        self._known = self._check()
        if self._known.vault != self.vault.id.encode():
            raise VaultUnusable(
                "the vault is not this journal's",
                code="vault-foreign",
                remedy="put back the vault.json it was made with",
            )
        if not self._newer:
            with disk_faults(self.path):
                self.path.chmod(0o600)
            with self._scribe.lock.held(_PATIENCE), suppress(DiskUnusable):
                self._reserve.fill()  # where it cannot be, the first intent is refused

    def _drafts(self, job_id: str, entries: Iterable[Entry]) -> list[Draft]:
        at, operator = self._scribe.clock.now(), self._scribe.operator
        return [Draft(at, operator, job_id, entry.event, entry.secret) for entry in entries]

    def _linked(self, head: Head, after: int, digest: bytes) -> Iterator[Stored]:
        for stored in super()._linked(head, after, digest):
            if stored.sealed is not None:
                self._sealed[stored.seq] = stored.sealed, bound(self.vault.id, stored)
                if len(self._sealed) > _REMEMBERED:
                    self._sealed.popitem(last=False)
            yield stored

    def _append(self, drafts: list[Draft], after: int | None, *, must_fit: bool) -> tuple[int, ...]:
        if self._newer:
            raise newer("this kit only reads it")
        with self._in_use, self._scribe.lock.held(_PATIENCE), sqlite.faults(self.path):
            if not must_fit:
                self._reserve.fill()
            try:
                made = self._commit(drafts, after)
            except sqlite3.Error:
                if not must_fit or not self._reserve.free():
                    raise
                made = self._landed() or self._commit(drafts, after)
        self._known = made
        return tuple(range(made.count - len(drafts) + 1, made.count + 1))

    def _landed(self) -> Head | None:
        """What the last commit tried, where it stands: syncing the folder can fail after the effect."""
        return self._tried if self._tried == self._head() else None

    def _commit(self, drafts: list[Draft], after: int | None) -> Head:
        self._tried = None
        with self._transaction():
            head = self._head()
            if after not in {None, head.count}:
                raise Moved
            for _ in self._linked(head, self._known.count, self._known.hash):
                pass  # another run's rows, proven before ours are hung on them
            for seq, draft in enumerate(drafts, head.count + 1):
                stored = self._stored(seq, draft)
                head = Head(head.vault, seq, link(head.hash, stored))
                self._connection.execute(
                    f"INSERT INTO event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                    (seq, *(field.decode() for field in stored[1:6]), stored.sealed, head.hash),
                )
            self._connection.execute(
                "UPDATE head SET count = ?, hash = ?, mac = ?",
                (head.count, head.hash, self.vault.mac(head.octets)),
            )
            self._tried = head
        return head

    def _stored(self, seq: int, draft: Draft) -> Stored:
        at = draft.at.isoformat(timespec="microseconds").encode()
        kind, body = encode(draft.event)
        row = Stored(seq, at, draft.operator.encode(), draft.job_id.encode(), kind, body, draft.sealed)
        if draft.secret is None:
            return row
        plain = draft.secret.reveal().encode() if isinstance(draft.secret, Secret) else draft.secret
        return row._replace(sealed=self.vault.seal(plain, bound(self.vault.id, row)))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise


@dataclass(frozen=True, slots=True)
class Draft:
    """A row before it has a place: what it shall seal, or what it seals already."""

    at: datetime
    operator: str
    job_id: str
    event: Event | Opaque
    secret: Secret | bytes | None = field(repr=False)
    sealed: bytes | None = None


@dataclass(frozen=True, slots=True)
class Scribe:
    """Who writes, when, and what keeps others from writing meanwhile."""

    clock: Clock
    operator: str
    lock: FileLock


def has_outcome(entries: Iterable[Entry]) -> bool:
    """Whether the entries say what became of something that was sent, and so may use up the reserve."""
    return any(isinstance(entry.event, OUTCOMES) for entry in entries)


def _create(path: Path, vault: Vault, lock: FileLock) -> None:
    """Makes the file beside its place and moves it there: an empty file in its place is damage, not new."""
    private_directory(path.parent)
    fresh = path.with_name(f"{path.name}.new")
    with lock.held(_PATIENCE), sqlite.faults(path), disk_faults(path):
        if path.exists():
            return
        if sqlite.sidecar(path).exists():
            raise damaged(f"{safe(path.name)} is gone and its rollback file is not")
        sqlite.sidecar(fresh).unlink(missing_ok=True)
        head = Head(vault.id.encode(), 0, genesis(vault.id.encode()))
        with closing(sqlite.create(fresh)) as connection:
            connection.execute(
                "INSERT INTO head VALUES (?, ?, ?, ?)", (vault.id, 0, head.hash, vault.mac(head.octets))
            )
        move(fresh, path)


@contextmanager
def _readable(path: Path, version: int) -> Iterator[None]:
    """Failures of SQLite as ours; what cannot be read in a newer journal is not called damage."""
    try:
        with sqlite.faults(path):
            yield
    except JournalUnusable as fault:
        if version > sqlite.SCHEMA_VERSION:
            raise newer(fault.message) from fault
        raise


@contextmanager
def _closed_on_failure(view: JournalView) -> Iterator[None]:
    try:
        yield
    except BaseException:
        view.close()
        raise
