"""Watching registration: what the registrar has, port by port, and how it changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from installer.domain.gateway import FxsPort
from installer.errors import PlatformFailure, SignInFailure
from installer.journal.events import RegistrationSeen, RegistrationsLooked
from installer.journal.store import Entry
from installer.provisioning.visit import Visit

FIRST_PAUSE = 10.0
LAST_PAUSE = 60.0
LEAST_PAUSE = 5.0
"""Seconds from one look to the next at least, however often somebody asks: it is a call for each port."""


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
            pause, last = _paced(pause, last, now), now
            _note_looked(visit, now)
            show(now)
            if all(each.registered for each in now):
                return now
        left = end - visit.clock.monotonic()
        if left <= 0:
            break
        await visit.clock.sleep(min(pause, left))
    if last is None and failed is not None:
        raise failed
    return last or ()


async def keep_looking(
    visit: Visit,
    show: Callable[[tuple[Sighting, ...]], None],
    failed: Callable[[PlatformFailure], None],
    gate: Callable[[float], Awaitable[object]],
) -> None:
    """Look at every line until it is cancelled, as often as `watch` does; `gate` lets each look begin.

    It is told after how many seconds, and may let it begin earlier, or not before somebody looks on again;
    at least LEAST_PAUSE lies between two.
    A look that fails is told to `failed`, and the next one may succeed; where nobody signs in any more it
    ends. Raises SignInFailure.
    """
    due, pause = 0.0, FIRST_PAUSE
    last: tuple[Sighting, ...] | None = None
    while True:
        await gate(due)
        try:
            now = await look(visit, tuple(visit.record.lines))
        except SignInFailure:
            raise
        except PlatformFailure as failure:
            failed(failure)
            pause = min(pause * 2, LAST_PAUSE)
        else:
            pause, last = _paced(pause, last, now), now
            _note_looked(visit, now)
            show(now)
        await visit.clock.sleep(LEAST_PAUSE)
        due = pause - LEAST_PAUSE


def _paced(pause: float, last: tuple[Sighting, ...] | None, now: tuple[Sighting, ...]) -> float:
    """Seconds until the next look: few at first and after a change, more and more while nothing moves."""
    if last is None or [each.registered for each in now] != [each.registered for each in last]:
        return FIRST_PAUSE
    return min(pause * 1.5, LAST_PAUSE)


def _note_looked(visit: Visit, last: tuple[Sighting, ...]) -> None:
    registered = sum(sighting.registered is True for sighting in last)
    visit.logbook.note(Entry(RegistrationsLooked(registered, len(last))))


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
