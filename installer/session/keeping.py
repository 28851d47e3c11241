"""Keeping what a sheet says: what it was held against is what stands when it is written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from installer.provisioning.logbook import Records
from installer.session.rooms import Rooms
from installer.session.sheet_in import SheetTaken


async def kept(
    rooms: Rooms, check: Callable[[Records], Awaitable[dict[str, SheetTaken]]]
) -> dict[str, SheetTaken]:
    """The jobs of a sheet once they are kept, as `check` gave them from a dry run on the records.

    It is asked again where another run came first. Raises Busy where one holds a job or its hardware.
    """
    while True:
        dry = rooms.dry_records()
        stood = dict(dry.stands)
        sources = await check(dry)
        if await _keep(rooms, sources, dry, stood):
            return sources


async def _keep(
    rooms: Rooms, sources: Mapping[str, SheetTaken], dry: Records, stood: Mapping[str, int]
) -> bool:
    """Keep the jobs, if no other was opened and their last rows are those of `stood`."""
    jobs = [dry.record(job_id).job for job_id, taken in sources.items() if taken.entries]
    if not jobs:
        return True
    async with rooms.opening_jobs():
        with rooms.hold_gateways(*jobs):
            stands = rooms.records.stands
            if stands.keys() != stood.keys() or any(stands.get(job.id) != stood.get(job.id) for job in jobs):
                return False
            for job in jobs:
                rooms.records.append(job.id, *sources[job.id].entries)
    return True
