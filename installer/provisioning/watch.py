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

    Each look is journalled as it is made: Ctrl-C is how a watch ends. A look that fails is not its end, as
    the next one may succeed; where none did, the last failure is raised.
    """
    end = visit.clock.monotonic() + seconds
    pause, last, failed = FIRST_PAUSE, None, None
    while True:
        try:
            now = await look(visit, ports)
        except PlatformFailure as failure:
            visit.failures.append(failure)
            pause, failed = min(pause * 2, LAST_PAUSE), failure
        else:
            moved = [each.registered for each in now] != [each.registered for each in last or now]
            pause = FIRST_PAUSE if moved or last is None else min(pause * 1.5, LAST_PAUSE)
            last = now
            registered = sum(sighting.registered is True for sighting in now)
            visit.logbook.note(Entry(RegistrationsLooked(registered, len(now))))
            show(now)
            if registered == len(now):
                return now
        left = end - visit.clock.monotonic()
        if left <= 0:
            break
        await visit.clock.sleep(min(pause, left))
    if last is None and failed is not None:
        raise failed
    return last or ()


async def _look(
    visit: Visit, port: FxsPort, seen: dict[FxsPort, Sighting], failures: list[PlatformFailure]
) -> None:
    held = visit.record.lines.get(port)  # an undo may end in between
    device_id = held.device_id if held else None
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
