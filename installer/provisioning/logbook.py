"""A home's journal with what it folds to at hand, and one job's share of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from installer.domain.credential import Secret, SipCredential
from installer.domain.gateway import FxsPort, GatewayModel
from installer.errors import Busy
from installer.journal.fold import Fold
from installer.journal.scratch import ScratchJournal
from installer.journal.store import Batch, Entry, Journal, Moved, Row, has_outcome
from installer.journal.vault import Vault
from installer.planning.record import JobRecord, StepRecord
from installer.text import safe


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A batch that waits to be written, and what is done once it stands; `overtaken` by another's rows."""

    batch: Batch
    landing: asyncio.Future[None]
    overtaken: bool = False


class Records:
    """Every job of a home, as of the last row; another run's rows are taken in with each append.

    What is appended was checked against the very rows that it is written behind.
    `vault` signs bodies; a dry run, which makes none, has no use for it.
    """

    def __init__(
        self, journal: Journal | ScratchJournal, vault: Vault | None, models: Mapping[str, GatewayModel]
    ) -> None:
        self._journal = journal
        self._vault = vault
        self._fold = Fold(models)
        self._seen = 0
        self._last: dict[str, int] = {}
        self._asked: list[_Asked] = []
        self._flies = False
        self.catch_up()

    @property
    def stands(self) -> Mapping[str, int]:
        """Each job's last row."""
        return self._last

    def catch_up(self) -> None:
        """Take in the rows that were written since."""
        for row in self._journal.rows(after=self._seen):
            self._fold.add(row)
            self._last[row.job_id] = row.seq
            self._seen = row.seq

    def append(self, job_id: str, *entries: Entry) -> None:
        """Commit and sync the entries as one transaction.

        Raises JournalUnusable, DiskUnusable, and Busy also where another run's rows leave no place for them.
        """
        if self._flies:
            self._written.land()
            self.catch_up()
        self._fold.check(job_id, entries)
        while not self._stands(job_id, entries):
            try:
                self._fold.check(job_id, entries)
            except RuntimeError as fault:
                raise overtaken(str(fault)) from fault

    def _stands(self, job_id: str, entries: tuple[Entry, ...]) -> bool:
        """Append them, unless another run's rows came first; what was written meanwhile is taken in."""
        try:
            self._journal.append(job_id, *entries, after=self._seen)
        except Moved:
            self.catch_up()
            return False
        self.catch_up()
        return True

    async def commit(self, job_id: str, *entries: Entry) -> None:
        """As `append`, while others go on: all that is asked for meanwhile shares the next transaction.

        Outcomes go before all else, in a transaction without it. Cancelled, this waits all the same until
        the entries stand: CancelledError says that they do.
        """
        loop = asyncio.get_running_loop()
        landing = loop.create_future()
        self._asked.append(_Asked((job_id, entries), landing))
        if not self._flies:
            self._flies = True
            loop.call_soon(self._fly)
        cancelled = None
        while not landing.done():
            try:
                await asyncio.wait([landing])
            except asyncio.CancelledError as error:
                cancelled = error
        landing.result()
        if cancelled:
            raise cancelled

    @property
    def _written(self) -> Journal:
        assert isinstance(self._journal, Journal)  # noqa: S101 - a dry run makes no call
        return self._journal

    def _fly(self) -> None:
        """Begin the next transaction with all that may share it, if anything is asked for."""
        due = [asked for asked in self._asked if has_outcome(asked.batch[1])] or self._asked
        self._asked = [asked for asked in self._asked if asked not in due]
        flight: list[_Asked] = []
        for asked in due:
            try:
                self._check(asked, flight)
            except BaseException as fault:  # noqa: BLE001 - raised to who waits
                asked.landing.set_exception(_told(fault))
            else:
                flight.append(asked)
        self._flies = bool(flight)
        if not flight:
            if self._asked:
                self._fly()
            return
        try:
            written = self._written.begin([asked.batch for asked in flight], after=self._seen)
        except BaseException as fault:  # noqa: BLE001 - raised to all who wait
            self._tell(flight, fault)
        else:
            written.add_done_callback(partial(self._land, flight))

    def _check(self, asked: _Asked, flight: list[_Asked]) -> None:
        """Raises RuntimeError where it cannot be folded behind what shares its flight, Busy if overtaken."""
        job_id, entries = asked.batch
        ahead = [entry for each in flight if each.batch[0] == job_id for entry in each.batch[1]]
        try:
            self._fold.check(job_id, (*ahead, *entries))
        except RuntimeError as fault:
            if asked.overtaken:
                raise overtaken(str(fault)) from fault
            raise

    def _land(self, flight: list[_Asked], written: asyncio.Future[tuple[int, ...]]) -> None:
        fault: BaseException | None
        try:
            fault = written.exception()
            self.catch_up()
        except BaseException as failed:  # noqa: BLE001 - raised to all who wait
            fault = failed
        if isinstance(fault, Moved):
            self._asked = [*(replace(asked, overtaken=True) for asked in flight), *self._asked]
            self._fly()
        else:
            self._tell(flight, fault)

    def _tell(self, flight: list[_Asked], fault: BaseException | None) -> None:
        """Wake those who waited, and go on with who asked meanwhile."""
        for asked in flight:
            if fault is None:
                asked.landing.set_result(None)
            else:
                asked.landing.set_exception(_told(fault))
        self._fly()

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

    async def commit(self, *entries: Entry) -> None:
        """As `note`, while others go on; CancelledError says that they stand."""
        await self._records.commit(self._job_id, *entries)

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


def _told(fault: BaseException) -> BaseException:
    """The failure as it is raised to who waits: a cancellation would tell him that his entries stand."""
    if isinstance(fault, asyncio.CancelledError):
        return RuntimeError("the journal was closed meanwhile")
    return fault


def overtaken(reason: str) -> Busy:
    """The failure where another run wrote what leaves no place for what was decided before."""
    return Busy(
        f"another run of this home came first: {safe(reason)}",
        code="overtaken",
        remedy="run it again: it goes on from what stands",
    )
