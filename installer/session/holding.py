"""The locks by which no two runs write to the same job or hardware at once (protocol R9).

Whoever holds them has read what the run before wrote: what is decided under a lock is decided on that.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from installer.domain.job import SiteJob
from installer.domain.mac import MacAddress
from installer.errors import Busy
from installer.journal.locks import FileLock
from installer.provisioning.logbook import Records

_PATIENCE = 30.0
_POLL = 0.05


def hold_gateways(
    folder: Path, holder: str, records: Records, jobs: Sequence[SiteJob], others: Collection[MacAddress]
) -> ExitStack:
    """The locks in `folder` of the jobs, their hardware and `others`, held until the stack is closed.

    `records` have caught up by then, and it is the hardware that they say too. `holder` is told to whoever
    finds the locks held. Raises Busy.
    """
    held = ExitStack()
    taken: set[str] = set()
    wanted = {name for job in jobs for name in _lock_names(job, others)}
    try:
        while missing := wanted - taken:
            for name in sorted(missing):
                held.enter_context(FileLock(folder / name, holder).held(0.0))
            taken |= missing
            records.catch_up()
            known = [records.record(job.id).job for job in jobs if job.id in records.stands]
            wanted |= {name for job in known for name in _lock_names(job, ())}
    except BaseException:
        held.close()
        raise
    return held


@asynccontextmanager
async def opening_jobs(folder: Path, holder: str, records: Records) -> AsyncIterator[None]:
    """One run of a home at a time looks whether a job is there and opens it; `records` have caught up.

    Another run is waited for. Raises Busy where it takes too long.
    """
    lock, deadline = FileLock(folder / "jobs.lock", holder), time.monotonic() + _PATIENCE
    while True:
        try:
            lock.acquire(0.0)
            break
        except Busy:
            if time.monotonic() >= deadline:
                raise
        await asyncio.sleep(_POLL)
    try:
        records.catch_up()
        yield
    finally:
        lock.release()


def _lock_names(job: SiteJob, others: Iterable[MacAddress]) -> Iterable[str]:
    yield f"job-{hashlib.sha256(job.id.encode()).hexdigest()[:8]}.lock"
    for mac in (*(gateway.mac for gateway in job.gateways if gateway.mac is not None), *others):
        owner = f"{job.platform.base_url}|{job.platform.partition_id}|{job.account.id}|{mac.bare}"
        yield f"gateway-{mac.bare}-{hashlib.sha256(owner.encode()).hexdigest()[:8]}.lock"
