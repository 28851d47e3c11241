"""The chapter of warnings: what a person takes on is kept with the job, so that it is not asked for again."""

from __future__ import annotations

from collections.abc import Iterable

from installer.domain.finding import Finding
from installer.journal.events import Acknowledged
from installer.journal.store import Entry
from installer.planning.record import JobRecord
from installer.session.consent import lasting
from installer.session.jobs import held_job
from installer.session.rooms import Rooms


class TakingOn:
    """Writes acknowledgements to the journal."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def taken(self, record: JobRecord) -> frozenset[tuple[str, str]]:
        """What was taken on in that job for good, by code and sentence."""
        return lasting(record)

    def take_on(self, job_id: str, findings: Iterable[Finding]) -> None:
        """Keep that a person accepted `findings`. Raises VaultUnusable, DiskUnusable, Busy."""
        record = held_job(self._rooms, job_id)
        entries = [
            Entry(Acknowledged(each.code, each.message))
            for each in findings
            if (each.code, each.message) not in record.acknowledged
        ]
        if entries:
            self._rooms.records.append(job_id, *entries)
