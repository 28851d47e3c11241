"""Finding jobs, and their gateways and ports, by what a person calls them (contract §3)."""

from __future__ import annotations

from collections.abc import Iterable

from installer.domain.gateway import FxsPort, GatewayPlace
from installer.errors import UsageFault
from installer.planning.record import JobRecord
from installer.provisioning.logbook import Records
from installer.session.rooms import Rooms
from installer.text import safe


def find_job(records: Records, text: str | None) -> JobRecord:
    """The job that `text` names: id, unique prefix of it, or site.

    None is the only unfinished job, else the only one that was not taken back, else the only one; the record
    of loose lines, which is no job of a site, answers to its name alone. Raises UsageFault, listing the jobs,
    otherwise.
    """
    jobs = records.all()
    if text is None:
        jobs = tuple(record for record in jobs if record.job.gateways)
        candidates = [record for record in jobs if record.is_unfinished]
        candidates = candidates or [record for record in jobs if not record.is_taken_back] or list(jobs)
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


def held_job(rooms: Rooms, text: str | None) -> JobRecord:
    """The same, with the journal opened for writing: for a job that is not there no vault is made."""
    job_id = find_job(rooms.dry_records(), text).job.id
    return rooms.records.record(job_id)


def known_place(place: GatewayPlace, record: JobRecord | None) -> GatewayPlace:
    """The job's spelling of `place`."""
    places = (each.place for each in record.job.gateways) if record else ()
    return next((each for each in places if each.name.casefold() == place.name.casefold()), place)


def with_gateway(
    records: Records, job_ids: Iterable[str], only: GatewayPlace | None
) -> dict[str, GatewayPlace | None]:
    """The jobs that have the gateway, each with its spelling of it; all where none is named.

    Raises UsageFault where it is in none.
    """
    jobs = {job_id: records.record(job_id) for job_id in job_ids}
    if only is None:
        return dict.fromkeys(jobs)
    spelled = {job_id: known_place(only, record) for job_id, record in jobs.items()}
    found: dict[str, GatewayPlace | None] = {
        job_id: place for job_id, place in spelled.items() if place in jobs[job_id].job.by_place
    }
    if jobs and not found:
        places = ", ".join(str(each.place) for record in jobs.values() for each in record.job.gateways)
        raise UsageFault(f"there is no gateway {only}", code="no-gateway", remedy=f"one of {places}")
    return found


def known_port(record: JobRecord, port: FxsPort) -> FxsPort:
    """The job's spelling of `port`. Raises UsageFault where it has no such port."""
    known = FxsPort(known_place(port.gateway, record), port.number)
    if known not in record.job.by_port:
        raise UsageFault(f"the job has no port {port}", code="no-port", remedy="GATEWAY:PORT, such as GW-1:5")
    return known


def unfinished(records: Records) -> tuple[JobRecord, ...]:
    """The jobs that `resume` may go on with."""
    return tuple(record for record in records.all() if record.job.gateways and record.is_unfinished)
