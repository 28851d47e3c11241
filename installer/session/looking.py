"""The chapter of looking on: which lines register, for as long as somebody watches."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from installer.errors import PlatformFailure
from installer.provisioning.watch import LEAST_PAUSE, Sighting, keep_looking
from installer.session.jobs import held_job
from installer.session.outputs import SHEET, Outputs
from installer.session.rehearsing import partner_gateways
from installer.session.rooms import Rooms
from installer.session.visits import Visits

__all__ = ["LEAST_PAUSE", "Looking", "Sighting"]


class Looking:
    """Watches beside whatever else runs: its runs are its own, and there is never more than one at work."""

    def __init__(self, rooms: Rooms, outputs: Outputs) -> None:
        self._rooms = rooms
        self._visits = Visits(rooms, outputs)
        self._one_at_a_time = asyncio.Lock()

    async def on(
        self,
        job_id: str,
        show: Callable[[tuple[Sighting, ...]], None],
        failed: Callable[[PlatformFailure], None],
        gate: Callable[[float], Awaitable[object]],
    ) -> None:
        """Look at every line of the job until it is cancelled, each look once `gate` lets it.

        `gate` is told in how many seconds the look is due, `failed` of a look that came to nothing.
        Raises UsageFault, SignInFailure, and what the first sign-in raises.
        """
        async with self._one_at_a_time:
            record = held_job(self._rooms, job_id)
            async with self._visits.running(self._rooms.records, record.job.id) as run:
                await self._visits.check_place(run)
                async with partner_gateways(self._rooms, record, SHEET):
                    await keep_looking(run.visit, show, failed, gate)
            if run.error is not None:
                raise run.error
