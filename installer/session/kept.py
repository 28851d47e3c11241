"""The chapter of what this home holds, read without asking anybody and without its vault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installer.planning.record import JobRecord
from installer.session.rooms import Rooms

if TYPE_CHECKING:
    from installer.provisioning.logbook import Records


class Kept:
    """Jobs and their journals. What this session writes is seen at once."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def jobs(self) -> tuple[JobRecord, ...]:
        """Every job of a site, the one written last first."""
        found = [record for record in self._records.all() if record.job.gateways]
        return tuple(sorted(found, key=lambda record: record.last_event_at or record.opened_at, reverse=True))

    def record(self, job_id: str) -> JobRecord:
        """The job of that id; KeyError where there is none."""
        return self._records.record(job_id)

    @property
    def _records(self) -> Records:
        """The journal that is open for writing, else a look at it without its vault."""
        return self._rooms.held_records or self._rooms.dry_records()
