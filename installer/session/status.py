"""What the journal knows of each port, without asking anybody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from typing import TYPE_CHECKING

from installer.domain.credential import SipUsername
from installer.domain.gateway import FxsPort, Gateway
from installer.domain.job import PortState
from installer.domain.mac import MacAddress
from installer.planning.record import JobRecord
from installer.planning.steps import Action
from installer.session.summary import created, routed

if TYPE_CHECKING:
    from installer.provisioning.watch import Sighting


class Registration(StrEnum):
    """How a port stands with the registrar, as far as this home saw it."""

    NOT_EXPECTED = "not expected yet"
    NOT_KNOWN = "not known yet"
    NOT_LOOKED = "not looked at yet"
    NEVER = "never registered"
    LOST = "lost"
    REGISTERED = "registered"
    NOT_TOLD = "not told"
    BEFORE_BIND = "from the box before"


class HowFar(StrEnum):
    """How far a visit has come: its lines made is one fact, all of them registered another."""

    OPEN = "open"
    MADE = "made"
    REGISTERED = "registered"
    TAKEN_BACK = "taken back"


@dataclass(frozen=True, slots=True)
class LineStatus:
    """Separate facts of one port; None is not known. `checked_at` None where nobody ever looked.

    `rings` is whether any number is to ring the line; `routed` None where none is.
    """

    port: FxsPort
    mac: MacAddress | None
    state: PortState
    line_name: str | None
    line_id: str | None
    device_id: str | None
    sip_username: SipUsername | None
    created: bool | None
    rings: bool
    routed: bool | None
    registered: bool | None
    registered_since: datetime | None
    checked_at: datetime | None


def registration(record: JobRecord, port: FxsPort) -> Registration:
    """How `port` stands. What did before its hardware was bound is the box before, and does not count."""
    if port not in record.lines:
        return Registration.NOT_EXPECTED if created(record, port) is False else Registration.NOT_KNOWN
    seen = record.registrations.get(port)
    if seen is None:
        return Registration.NOT_TOLD if _was_looked_at(record, port) else Registration.NOT_LOOKED
    if not seen.registered:
        return Registration.LOST if seen.flaps else Registration.NEVER
    came = _came(record.job.gateway(port.gateway))
    return Registration.BEFORE_BIND if came is not None and seen.since < came else Registration.REGISTERED


def how_far(record: JobRecord) -> HowFar:
    """How far the visit has come; registered only where every line that shall stand is, as last seen."""
    if record.is_unfinished:
        return HowFar.OPEN
    if record.is_taken_back:
        return HowFar.TAKEN_BACK
    seen = {registration(record, plan.port) for plan, _ in record.wanted_drafts()}
    return HowFar.REGISTERED if seen == {Registration.REGISTERED} else HowFar.MADE


def _came(gateway: Gateway) -> datetime | None:
    """Since when its hardware is there, None until bound; its serial number may have been scanned later."""
    same = takewhile(lambda each: each.mac == gateway.mac, reversed(gateway.bindings))
    return min((each.at for each in same), default=None)


def _was_looked_at(record: JobRecord, port: FxsPort) -> bool:
    """Whether registrations were looked at since the line was made."""
    made = record.latest(port, Action.CREATE_LINE)
    return record.looked_at is not None and (made is None or made.at <= record.looked_at)


def line_statuses(record: JobRecord) -> tuple[LineStatus, ...]:
    """One for each port of the job, by gateway and number."""
    rows = []
    for plan in record.job.ports:
        held = record.lines.get(plan.port)
        seen = record.registrations.get(plan.port)
        credential = record.credentials.get(plan.port)
        rings = bool(plan.draft and plan.draft.inbound_numbers)
        rows.append(
            LineStatus(
                plan.port,
                record.job.mac_of(plan.port),
                plan.state,
                plan.draft.name if plan.draft else None,
                held.line_id if held else None,
                held.device_id if held else None,
                credential.username if credential else None,
                created(record, plan.port),
                rings,
                routed(record, plan) if rings else None,
                seen.registered if seen else None,
                seen.since if seen and seen.registered else None,
                record.looked_at if held else None,
            )
        )
    return tuple(rows)


def sighted(record: JobRecord, sightings: Iterable[Sighting]) -> tuple[LineStatus, ...]:
    """The same of the ports that were just looked at, with what was seen."""
    known = {status.port: status for status in line_statuses(record)}
    return tuple(
        replace(
            known[seen.port],
            registered=seen.registered,
            registered_since=seen.since,
            checked_at=seen.checked_at,
        )
        for seen in sightings
    )
