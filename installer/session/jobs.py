"""Finding a job by what a person calls it (contract §3), and opening a run on it."""

from __future__ import annotations

from installer.errors import UsageFault
from installer.planning.record import JobRecord
from installer.provisioning.logbook import Records
from installer.text import safe


def find_job(records: Records, text: str | None) -> JobRecord:
    """The job that `text` names: id, unique prefix of it, or site.

    None is the only unfinished job, else the only one; the record of loose lines, which is no job of a site,
    answers to its name alone. Raises UsageFault, listing the jobs, otherwise.
    """
    jobs = records.all()
    if text is None:
        jobs = tuple(record for record in jobs if record.job.gateways)
        candidates = [record for record in jobs if not record.finished] or list(jobs)
    else:
        wanted = text.strip().casefold()
        candidates = [record for record in jobs if record.job.id.casefold() == wanted]
        candidates = candidates or [record for record in jobs if record.job.site.casefold() == wanted]
        candidates = candidates or [
            record for record in jobs if wanted and record.job.id.casefold().startswith(wanted)
        ]
    if len(candidates) == 1:
        return candidates[0]
    listed = "; ".join(f"{record.job.id} {safe(record.job.site, 40)}" for record in candidates or jobs)
    if not jobs:
        raise UsageFault("this home has no job yet", code="no-job", remedy="begin with a line sheet")
    what = "several jobs fit" if candidates else f"no job is called “{safe(text or '', 40)}”"
    raise UsageFault(f"{what}: {listed}", code="which-job", remedy="name one by its id")


def unfinished(records: Records) -> tuple[JobRecord, ...]:
    """The jobs that `resume` may go on with."""
    return tuple(record for record in records.all() if record.job.gateways and not record.finished)
