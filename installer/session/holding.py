"""The locks by which no two runs write to the same job or hardware at once (protocol R9)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from installer.domain.job import SiteJob
from installer.domain.mac import MacAddress
from installer.journal.locks import FileLock


def hold_gateways(folder: Path, holder: str, job: SiteJob, others: Iterable[MacAddress]) -> ExitStack:
    """The locks in `folder` of the job, its hardware and `others`, held until the stack is closed.

    `holder` is told to whoever finds them held. Raises Busy.
    """
    held = ExitStack()
    for name in sorted(set(_lock_names(job, others))):
        try:
            held.enter_context(FileLock(folder / name, holder).held(0.0))
        except BaseException:
            held.close()
            raise
    return held


def _lock_names(job: SiteJob, others: Iterable[MacAddress]) -> Iterable[str]:
    yield f"job-{hashlib.sha256(job.id.encode()).hexdigest()[:8]}.lock"
    for mac in (*(gateway.mac for gateway in job.gateways if gateway.mac is not None), *others):
        owner = f"{job.platform.base_url}|{job.platform.partition_id}|{job.account.id}|{mac.bare}"
        yield f"gateway-{mac.bare}-{hashlib.sha256(owner.encode()).hexdigest()[:8]}.lock"
