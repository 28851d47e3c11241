"""The summary of a visit: what is on the platform, what registers, what is open and for whom.

Facts stay separate: a line that was created need not be routed, one that is routed need not register, and
what was not looked at is said to be not known. No secret is in the summary's types, so none can be printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from textwrap import wrap

from installer.domain.finding import Finding
from installer.domain.gateway import FxsPort, Gateway
from installer.domain.job import PortState, SiteJob
from installer.domain.numbers import TelephoneNumber
from installer.outputs.written import WrittenFile


class Stage(StrEnum):
    """A step of the visit, by its name: where something is done."""

    GATEWAYS = "gateways"
    PORTS = "ports"
    CREDENTIALS = "credentials"
    REVIEW = "review"
    PROVISION = "provision"
    SHEET = "sheet"
    REGISTRATION = "registration"
    LABELS = "labels"
    DONE = "done"


class Owner(StrEnum):
    """Who can close an open item."""

    TECHNICIAN = "technician"
    OFFICE = "office"
    PARTNER = "10T partner"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something left over, the step that mends or shows it, and where; no `port` for the whole job."""

    owner: Owner
    what: str
    stage: Stage
    port: FxsPort | None = None


@dataclass(frozen=True, slots=True)
class PortFacts:
    """What is known of one FXS port; None is not known, never no.

    `routed` is about `inbound`, and means nothing where that is empty. `registered_since` is when the present
    state began, `checked_at` when somebody last looked.
    """

    port: FxsPort
    state: PortState
    line_name: str = ""
    use: str = ""
    life_safety: bool = False
    inbound: tuple[TelephoneNumber, ...] = ()
    created: bool | None = None
    routed: bool | None = None
    registered: bool | None = None
    registered_since: datetime | None = None
    checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VisitSummary:
    """A visit as it stood `at`; `rows` one per FXS port by gateway and number, `counts` in printing order."""

    job: SiteJob
    rows: tuple[PortFacts, ...]
    open_items: tuple[OpenItem, ...]
    acknowledged: tuple[Finding, ...]
    artifacts: tuple[WrittenFile, ...]
    counts: Mapping[str, int]
    operator: str
    at: datetime

    def gateway_rows(self, gateway: Gateway) -> tuple[PortFacts, ...]:
        """The rows of that gateway."""
        return tuple(row for row in self.rows if row.port.gateway == gateway.place)

    def open_for(self, owner: Owner) -> tuple[OpenItem, ...]:
        """What is open for them."""
        return tuple(item for item in self.open_items if item.owner is owner)


def said(fact: bool | None) -> str:  # noqa: FBT001 - the fact is the value shown
    """A fact in a word."""
    return "not known" if fact is None else "yes" if fact else "no"


def routing(row: PortFacts) -> str:
    """Whether its numbers ring the line."""
    return said(row.routed) if row.inbound else "-"


def registration(row: PortFacts, at: datetime) -> str:
    """Whether it registers, and for how long that has been so."""
    if row.registered is None or row.registered_since is None:
        return said(row.registered)
    return f"{said(row.registered)}, for {span(at - row.registered_since)}"


def numbers(row: PortFacts) -> str:
    """The first number routed to it, and how many more."""
    more = f" +{len(row.inbound) - 1}" if len(row.inbound) > 1 else ""
    return row.inbound[0].national + more if row.inbound else "-"


def span(length: timedelta) -> str:
    """A stretch of time in its two largest units; one in the future is none."""
    minutes = max(0, int(length.total_seconds()) // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def wrapped(line: str, width: int = 80) -> list[str]:
    """`line` in lines of at most `width` letters, all but the first set in; a table's blanks stay."""
    if len(line) <= width:
        return [line]
    return wrap(line, width, subsequent_indent="    ", break_on_hyphens=False) or [""]


def stamp(at: datetime | None) -> str:
    """A moment as people on site and in the office both read it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if at else "never"


def checked(rows: tuple[PortFacts, ...]) -> str:
    """When the registrations of `rows` were last looked at, the oldest look first."""
    looks = [row.checked_at for row in rows if row.checked_at is not None]
    return stamp(min(looks)) if looks else "never"
