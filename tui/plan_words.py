"""A plan in plain words: what changes for whom, neighbouring ports as one. Pure: no screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installer.domain.gateway import FxsPort
from installer.domain.job import SiteJob
from installer.domain.numbers import TelephoneNumber
from installer.planning.steps import CreateLine, Plan, RouteNumber, Step, UpdateLine
from installer.text import safe
from tui.words import counted

if TYPE_CHECKING:
    from installer.session.seen import Seen

_NAME = 60


@dataclass(frozen=True, slots=True)
class Told:
    """Something that will happen, or stands: in a word, where, and each part of it in a line of its own."""

    what: str
    where: str
    about: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """The addresses behind an account's numbers for 911, as `seen`, None where nobody ever read them.

    `is_old` where they could not be read now.
    """

    seen: Seen | None = None
    is_old: bool = False

    def of(self, number: TelephoneNumber) -> str:
        """The address in words, with its date where it may have changed since."""
        if self.seen is None:
            return "? address not read"
        held = next((each for each in self.seen.numbers if each.number == number), None)
        where = "▲ not on this account: address not known" if held is None else safe(held.address, 120)
        when = f"as seen {self.seen.taken_at.astimezone():%m-%d %H:%M}: " if self.is_old else ""
        return when + (where or "▲ no address behind it")


def told(plan: Plan, job: SiteJob, behind: Behind) -> Iterator[Told]:
    """The gateways with their hardware, every write, then where 911 is sent to."""
    names = {each.port: safe(draft.name, _NAME) for each, draft in job.drafts()}
    yield from _gateways(plan, job)
    for group in _neighbours(plan.steps):
        lines = tuple(f"{step.port}  {_line(step, names)}" for step in group)
        yield Told(_VERBS[type(group[0])], _ports([step.port for step in group]), _short(group, names), lines)
    yield from _emergency(job, names, behind)


_VERBS: dict[type[Step], str] = {CreateLine: "new line", UpdateLine: "change", RouteNumber: "route"}
VERBS = frozenset(_VERBS.values())
"""What a write is called."""


def _gateways(plan: Plan, job: SiteJob) -> Iterator[Told]:
    for gateway in job.gateways:
        mine = [step for step in plan.steps if step.port.gateway == gateway.place]
        standing = sum(each.port.gateway == gateway.place for each in plan.standing)
        hardware = str(gateway.mac) if gateway.mac else "no hardware bound yet"
        comes = [counted(len(mine), "write")] if mine else []
        comes += [f"{standing} as wanted"] if standing else []
        about = f"{gateway.model.name}, {hardware}: {', '.join(comes) or 'no line'}"
        yield Told("gateway", safe(str(gateway.place), 40), about, (about,))


def _neighbours(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Steps of one kind on ports side by side; a change stands alone, for what it changes differs."""
    ordered = sorted(steps, key=lambda step: (list(_VERBS).index(type(step)), str(step.port.gateway)))
    group: list[Step] = []
    for step in ordered:
        if group and not _beside(group[-1], step):
            yield group
            group = []
        group.append(step)
    if group:
        yield group


def _beside(one: Step, other: Step) -> bool:
    alike = type(one) is type(other) and not isinstance(one, UpdateLine)
    near = other.port.number - one.port.number in {0, 1}
    return alike and near and one.port.gateway == other.port.gateway


def _ports(ports: Sequence[FxsPort]) -> str:
    first, last = ports[0], ports[-1]
    return safe(str(first) if first == last else f"{first}-{last.number}", 40)


def _line(step: Step, names: Mapping[FxsPort, str]) -> str:
    match step:
        case CreateLine(draft=draft):
            rung = ", ".join(number.national for number in draft.inbound_numbers)
            return (
                f"{safe(draft.name, _NAME)}: caller id {draft.caller_id.national}, "
                f"911 callback {draft.e911_callback.national}" + (f", rung by {rung}" if rung else "")
            )
        case RouteNumber(number=number, prior=prior):
            before = "another line" if prior else "nothing"
            return f"{number.national} rings {names.get(step.port, 'this line')}; now it rings {before}"
        case UpdateLine(before=before, after=after):
            changes = "; ".join(f"{was} -> {will}" for was, will in zip(before, after, strict=True))
            return f"{names.get(step.port, 'line')}: {safe(changes, 200)}"


def _short(group: Sequence[Step], names: Mapping[FxsPort, str]) -> str:
    if len(group) == 1:
        return _line(group[0], names)
    if isinstance(group[0], RouteNumber):
        return ", ".join(step.number.national for step in group if isinstance(step, RouteNumber))
    return ", ".join(names.get(step.port, "") for step in group)


def _emergency(job: SiteJob, names: Mapping[FxsPort, str], behind: Behind) -> Iterator[Told]:
    """Lines by callback number: one address stands behind each, whatever room the line is in."""
    groups: dict[TelephoneNumber, list[FxsPort]] = {}
    for plan, draft in job.drafts():
        groups.setdefault(draft.e911_callback, []).append(plan.port)
    for number, ports in sorted(groups.items()):
        where = behind.of(number)
        lines = (where, *(f"{port}  {names[port]}" for port in ports))
        yield Told("911", number.national, f"{where}: {', '.join(names[port] for port in ports)}", lines)
