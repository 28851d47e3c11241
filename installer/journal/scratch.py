"""A journal in memory, over one that is only read: what a dry run writes to."""

from __future__ import annotations

from collections.abc import Iterator

from installer.clock import Clock
from installer.domain.credential import Secret
from installer.errors import VaultUnusable
from installer.journal.rows import SCRATCH, Entry, Moved, Row
from installer.journal.store import Journal
from installer.journal.view import JournalView


class ScratchJournal:
    """Shows the rows of `base`, then those appended here, which end with the process."""

    def __init__(self, base: Journal | JournalView | None, clock: Clock) -> None:
        self._base = base
        self._clock = clock
        self._own: list[Row] = []
        self._plain: dict[int, bytes] = {}
        self._first = sum(1 for _ in base.rows()) + 1 if base else 1

    def rows(self, job_id: str | None = None, *, after: int = 0) -> Iterator[Row]:
        """The rows behind `after`, of one job or of all, in order. Raises JournalUnusable."""
        if self._base is not None and after < self._first:
            for row in self._base.rows(job_id, after=after):
                if row.seq < self._first:
                    yield row
        for row in self._own:
            if row.seq > after and job_id in (None, row.job_id):
                yield row

    def append(self, job_id: str, *entries: Entry, after: int | None = None) -> tuple[int, ...]:
        """Keep the rows in memory; returns their seqs. Raises Moved where `after` is not the last row's."""
        if after not in {None, self._first + len(self._own) - 1}:
            raise Moved
        made = []
        for seq, entry in enumerate(entries, self._first + len(self._own)):
            sealed = None if entry.secret is None else b""
            if entry.secret is not None:
                secret = entry.secret
                self._plain[seq] = secret.reveal().encode() if isinstance(secret, Secret) else secret
            self._own.append(Row(seq, self._clock.now(), "", job_id, SCRATCH, entry.event, sealed))
            made.append(seq)
        return tuple(made)

    def unseal(self, seq: int) -> bytes:
        """What row `seq` seals; KeyError where it seals nothing. Raises VaultUnusable without a key."""
        if seq in self._plain:
            return self._plain[seq]
        if isinstance(self._base, Journal):
            return self._base.unseal(seq)
        raise VaultUnusable("the vault is locked", code="vault-locked", remedy="give --passphrase-file")
