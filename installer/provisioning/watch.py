"""Watching registration: what the registrar has, port by port, and how it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from installer.domain.gateway import FxsPort
from installer.errors import PlatformFailure
from installer.journal.events import RegistrationSeen, RegistrationsLooked
from installer.journal.store import Entry
from installer.provisioning.visit import Visit

FIRST_PAUSE = 10.0
LAST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """One port as last asked about; `registered` None where the platform did not say."""

    port: FxsPort
    registered: bool | None
    since: datetime | None
    checked_at: datetime


async def look(visit: Visit, ports: Iterable[FxsPort]) -> tuple[Sighting, ...]:
    """Ask once about each port that has a line with a device; a change is journalled.

    A port nobody could ask about is None, never False. Raises the failure where none could be asked.
    """
    seen: dict[FxsPort, Sighting] = {}
    wanted = [port for port in ports if port in visit.record.lines]
    failures: list[PlatformFailure] = []
    await visit.together(_look(visit, port, seen, failures) for port in wanted)
    if failures and all(sighting.registered is None for sighting in seen.values()):
        raise failures[0]
    return tuple(seen[port] for port in wanted)


async def watch(
    visit: Visit, ports: tuple[FxsPort, ...], seconds: float, show: Callable[[tuple[Sighting, ...]], None]
) -> tuple[Sighting, ...]:
    """Look until every port is registered or the time is up: every 10 s, up to 60 while nothing moves.

    A look that fails is not the end of the watch: the next one may succeed.
    """
    end = visit.clock.monotonic() + seconds
    pause, last = FIRST_PAUSE, await look(visit, ports)
    show(last)
    while not _all_registered(last) and visit.clock.monotonic() < end:
        await visit.clock.sleep(min(pause, max(0.0, end - visit.clock.monotonic())))
        try:
            now = await look(visit, ports)
        except PlatformFailure as failure:
            visit.failures.append(failure)
            pause = min(pause * 2, LAST_PAUSE)
            continue
        moved = [each.registered for each in now] != [each.registered for each in last]
        pause = FIRST_PAUSE if moved else min(pause * 1.5, LAST_PAUSE)
        last = now
        show(last)
    registered = sum(sighting.registered is True for sighting in last)
    visit.logbook.note(Entry(RegistrationsLooked(registered, len(last))))
    return last


def _all_registered(sightings: tuple[Sighting, ...]) -> bool:
    return all(sighting.registered for sighting in sightings)


async def _look(
    visit: Visit, port: FxsPort, seen: dict[FxsPort, Sighting], failures: list[PlatformFailure]
) -> None:
    device_id = visit.record.lines[port].device_id
    registered: bool | None = None
    try:
        registered = await visit.platform.lines.registered(visit.account_id, device_id) if device_id else None
    except PlatformFailure as failure:
        failures.append(failure)
    last = visit.record.registrations.get(port)
    if registered is not None and (last is None or last.registered is not registered):
        visit.logbook.note(Entry(RegistrationSeen(port, registered)))
    known = visit.record.registrations.get(port)
    since = known.since if registered and known else None
    seen[port] = Sighting(port, registered, since, visit.clock.now())
