"""The command that takes a job further, as far as its journal tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installer.session.status import Registration, registration

if TYPE_CHECKING:
    from installer.planning.record import JobRecord


def next_step(record: JobRecord) -> str:
    """What to do next with the job; empty where nothing of it is wanted any more."""
    job = record.job
    unbound = [gateway.place for gateway in job.gateways if gateway.mac is None]
    if record.is_taken_back:
        return ""
    if unbound and not record.undoing:
        return f"`punchdown bind {job.id} {unbound[0]} MAC`, then `punchdown apply {job.id}`"
    if not record.lines:
        return f"`punchdown apply {job.id}`"
    if record.is_unfinished:
        return f"`punchdown resume {job.id}`"
    if not all_registered(record):
        return f"hand the credential sheet over, then `punchdown watch {job.id}`"
    return f"`punchdown labels {job.id}`"


def all_registered(record: JobRecord) -> bool:
    """Whether every line of the job was seen registered."""
    return all(registration(record, port) is Registration.REGISTERED for port in record.lines)
