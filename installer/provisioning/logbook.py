"""A home's journal with what it folds to at hand, and one job's share of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from installer.domain.credential import Secret, SipCredential
from installer.domain.gateway import FxsPort, GatewayModel
from installer.journal.fold import Fold
from installer.journal.scratch import ScratchJournal
from installer.journal.store import Entry, Journal, Row
from installer.journal.vault import Vault
from installer.planning.record import JobRecord, StepRecord


class Records:
    """Every job of a home, as of the last row; another run's rows are taken in with each append.

    `vault` signs bodies; a dry run, which makes none, has no use for it.
    """

    def __init__(
        self, journal: Journal | ScratchJournal, vault: Vault | None, models: Mapping[str, GatewayModel]
    ) -> None:
        self._journal = journal
        self._vault = vault
        self._fold = Fold(models)
        self._seen = 0
        self.catch_up()

    def catch_up(self) -> None:
        """Take in the rows that were written since."""
        for row in self._journal.rows(after=self._seen):
            self._fold.add(row)
            self._seen = row.seq

    def append(self, job_id: str, *entries: Entry) -> None:
        """Commit and sync the entries as one transaction. Raises JournalUnusable, DiskUnusable, Busy."""
        self._fold.check(job_id, (entry.event for entry in entries))
        self._journal.append(job_id, *entries)
        self.catch_up()

    def record(self, job_id: str) -> JobRecord:
        """The job of that id; KeyError where there is none."""
        return self._fold.record(job_id)

    def all(self) -> tuple[JobRecord, ...]:
        """Every job, in the order they were opened."""
        return self._fold.records()

    def rows(self, job_id: str) -> Iterator[Row]:
        """The rows of that job, oldest first."""
        return self._journal.rows(job_id)

    def unseal(self, seq: int) -> bytes:
        """What row `seq` seals."""
        return self._journal.unseal(seq)

    def mac(self, body: bytes) -> str:
        """The keyed hash by which attempts are compared."""
        assert self._vault is not None  # noqa: S101 - only a run with a vault writes
        return self._vault.mac(body)


class Logbook:
    """One job's part of the records."""

    def __init__(self, records: Records, job_id: str) -> None:
        self._records = records
        self._job_id = job_id

    @property
    def record(self) -> JobRecord:
        """The job as of the last row."""
        return self._records.record(self._job_id)

    @property
    def held_lines(self) -> frozenset[str]:
        """Every line this home's journal holds done on the job's account, other jobs' included."""
        mine = self.record.job
        return frozenset(
            line.line_id
            for record in self._records.all()
            if record.job.platform == mine.platform and record.job.account.id == mine.account.id
            for line in record.lines.values()
        )

    def note(self, *entries: Entry) -> None:
        """Commit and sync the entries as one transaction. Raises JournalUnusable, DiskUnusable, Busy."""
        self._records.append(self._job_id, *entries)

    def body(self, step: StepRecord) -> bytes:
        """The frozen body of `step`."""
        return self._records.unseal(step.intent_row)

    def credential(self, port: FxsPort) -> SipCredential | None:
        """The port's credential with its password, None where either half is not known."""
        known = self.record.credentials.get(port)
        if known is None or known.username is None or known.password_row is None:
            return None
        return SipCredential(known.username, Secret(self._records.unseal(known.password_row).decode()))

    def body_mac(self, body: bytes) -> str:
        """The keyed hash by which attempts are compared."""
        return self._records.mac(body)
