"""Rows into gateways and jobs, and what only shows between rows.

A row without a gateway belongs to the place where its MAC stands elsewhere in the job, else to one gateway of
its own per MAC; without a MAC either, to one gateway per account and site. Such gateways are named GW-1,
GW-2, … in order of appearance, leaving out names the sheet uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort, GatewayModel, GatewayPlace
from installer.domain.job import SiteJob
from installer.domain.label import LabelId
from installer.domain.mac import MacAddress
from installer.sheets.port_row import PortRow, ReadRow, Standing
from installer.sheets.writing import port_cells

T = TypeVar("T")
JobKey = tuple[str, str]
"""Account, as the sheet writes it, and site, "" for the account's name."""


@dataclass(frozen=True, slots=True)
class SheetGateway:
    """A gateway of the sheet: every port of its model, in order; `mac` None until bound.

    `label_id` is what its own label bears, None where the sheet does not say.
    """

    place: GatewayPlace
    model: GatewayModel
    mac: MacAddress | None
    serial: str
    label_id: LabelId | None
    ports: tuple[PortRow, ...]


@dataclass(frozen=True, slots=True)
class SheetJob:
    """One account, as the sheet writes it, and one site, "" for the account's name."""

    account: str
    site: str
    gateways: tuple[SheetGateway, ...]


@dataclass(slots=True)
class Grouped:
    """Jobs of sound gateways alone; `unplaced` where a fault cannot be laid to one account and site.

    `places` are the gateways of every job that the sheet names, those at fault included.
    """

    jobs: list[SheetJob] = field(default_factory=list)
    places: Mapping[JobKey, tuple[GatewayPlace, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unplaced: bool = False


@dataclass(slots=True)
class _Group:
    """The rows of one gateway while they are checked; `model` and `mac` as the rows agree on them."""

    place: GatewayPlace
    rows: list[ReadRow]
    findings: list[Finding]
    faulty: bool = False
    model: GatewayModel | None = None
    mac: MacAddress | None = None
    serial: str = ""
    label_id: LabelId | None = None

    def fault(self, row: ReadRow, column: str, code: str, message: str, value: object, wanted: str) -> None:
        self.faulty = True
        self.findings.append(
            Finding(
                Severity.ERROR,
                code,
                message,
                wanted,
                row=row.row,
                column=column,
                value=str(value),
                gateway=self.place,
                fxs_port=row.fxs_port,
            )
        )


def group(rows: Sequence[ReadRow]) -> Grouped:
    """The jobs of the sheet, with every fault that shows only between rows."""
    grouped = Grouped(unplaced=any(row.account is None for row in rows))
    gateways = _by_job(rows, grouped.findings)
    grouped.places = {key: tuple(one.place for one in found) for key, found in gateways.items()}
    for found in gateways.values():
        for one in found:
            _agree(one)
            _check_ports(one)
    _check_across([one for found in gateways.values() for one in found])
    for (account, site), found in gateways.items():
        sound = tuple(_made(one, one.model) for one in found if one.model and not one.faulty)
        if sound:
            grouped.jobs.append(SheetJob(account, site, sound))
    return grouped


def left_blank(rows: Sequence[ReadRow], standing: Mapping[JobKey, SiteJob]) -> dict[int, Standing]:
    """What the blank cells of each row mean, by row number, where the sheet continues a job."""
    found: dict[int, Standing] = {}
    for key, gateways in _by_job(rows, []).items():
        job = standing.get(key)
        known = {each.place.name.casefold(): each for each in job.gateways} if job else {}
        for one in gateways:
            gateway = known.get(one.place.name.casefold())
            if job is None or gateway is None:
                continue
            model = next((row.model.id for row in one.rows if row.model), gateway.model.id)
            for row in one.rows:
                plan = job.by_port.get(FxsPort(gateway.place, row.fxs_port or 0))
                cells = port_cells(plan) if plan else {}
                found[row.row] = Standing(model, plan.state if plan else None, cells)
    return found


def placed(rows: Sequence[ReadRow]) -> dict[int, GatewayPlace]:
    """The gateway of each row of which it is known, by the row's number."""
    return {row.row: one.place for found in _by_job(rows, []).values() for one in found for row in one.rows}


def _by_job(rows: Sequence[ReadRow], findings: list[Finding]) -> dict[JobKey, list[_Group]]:
    """The gateways of each job that the sheet names."""
    jobs: dict[JobKey, list[ReadRow]] = {}
    for row in rows:
        if row.account is not None:
            jobs.setdefault((row.account, row.site), []).append(row)
    return {key: _gateways(found, findings) for key, found in jobs.items()}


def _gateways(rows: Sequence[ReadRow], findings: list[Finding]) -> list[_Group]:
    """The gateways of one job, in order of appearance; all at fault where a row may belong to any of them."""
    spelling: dict[str, GatewayPlace] = {}
    by_mac: dict[MacAddress, GatewayPlace] = {}
    for row in rows:
        if row.place:
            place = spelling.setdefault(row.place.name.casefold(), row.place)
            if row.mac:
                by_mac.setdefault(row.mac, place)
    free = (place for place in _default_places() if place.name.casefold() not in spelling)
    unnamed: dict[MacAddress | None, GatewayPlace] = {}
    groups: dict[GatewayPlace, _Group] = {}
    for row in (row for row in rows if row.placed):
        if row.place:
            place = spelling[row.place.name.casefold()]
        elif row.mac in by_mac:
            place = by_mac[row.mac]
        else:
            place = unnamed.get(row.mac) or unnamed.setdefault(row.mac, next(free))
        groups.setdefault(place, _Group(place, [], findings)).rows.append(row)
    astray = not all(row.placed for row in rows)
    for one in groups.values():
        one.faulty = astray or any(row.port is None for row in one.rows)
    return list(groups.values())


def _default_places() -> Iterator[GatewayPlace]:
    return (GatewayPlace(f"GW-{number}") for number in count(1))


def _agree(one: _Group) -> None:
    """Settle what every row of a gateway has to say alike."""
    one.model = _same(one, "model", ((row, row.model) for row in one.rows))
    one.mac = _same(one, "mac", ((row, row.mac) for row in one.rows))
    one.serial = _same(one, "serial", ((row, row.serial or None) for row in one.rows)) or ""
    one.label_id = _same(one, "gateway_label_id", ((row, row.gateway_label) for row in one.rows))
    if one.model is None and not one.faulty:
        why = f"{one.place} has no model in any row"
        one.fault(one.rows[0], "model", "missing-value", why, "", "the model, once")


def _same(one: _Group, column: str, values: Iterable[tuple[ReadRow, T | None]]) -> T | None:
    first: T | None = None
    for row, value in values:
        if value is not None and first is not None and value != first:
            one.fault(
                row,
                column,
                "two-gateways",
                f"rows of {one.place} differ in {column}: “{_shown(first)}” and “{_shown(value)}”",
                _shown(value),
                f"one {column} for a gateway, or two names in the gateway column",
            )
        first = value if first is None else first
    return first


def _shown(value: object) -> str:
    return value.id if isinstance(value, GatewayModel) else str(value)


def _check_ports(one: _Group) -> None:
    seen: dict[int, ReadRow] = {}
    for row in one.rows:
        number = row.fxs_port
        if number is None:
            continue
        if one.model and number > one.model.fxs_ports:
            one.fault(
                row,
                "fxs_port",
                "no-such-port",
                f"{one.place} is a {one.model.name}",
                number,
                f"1 to {one.model.fxs_ports}",
            )
        if number in seen:
            one.fault(
                row,
                "fxs_port",
                "duplicate-port",
                f"port {number} of {one.place} stands in row {seen[number].row} too",
                number,
                "one row a port; name the gateways apart in the gateway column",
            )
        seen.setdefault(number, row)


def _check_across(gateways: Sequence[_Group]) -> None:
    """What may stand only once in the sheet: hardware, usernames, label ids."""
    claims: dict[object, tuple[_Group, ReadRow]] = {}

    def claim(column: str, value: object, one: _Group, row: ReadRow) -> None:
        other, first = claims.setdefault(value, (one, row))
        if first is not row:
            other.faulty = True
            one.fault(
                row,
                column,
                f"duplicate-{column.replace('_', '-')}",
                f"{column} “{value}” stands in row {first.row} too",
                value,
                f"a {column} of its own",
            )

    for one in gateways:
        part = next((other for other in map(claims.get, (one.mac, one.label_id)) if other), None)
        if part and _is_one(one, part[0]):
            _say_torn(one, part[0])
        else:
            if one.mac:
                claim("mac", one.mac, one, next(row for row in one.rows if row.mac))
            if one.label_id:
                row = next(row for row in one.rows if row.gateway_label)
                claim("gateway_label_id", one.label_id, one, row)
        for row in one.rows:
            if row.port and row.port.credential:
                claim("sip_username", row.port.credential.username, one, row)
            if row.port and row.port.label_id:
                claim("label_id", row.port.label_id, one, row)


def _is_one(one: _Group, other: _Group) -> bool:
    """Whether two that share hardware or label are one gateway, torn between two jobs by a slip."""
    rows = (*one.rows, *other.rows)
    jobs = {(row.account, row.site) for row in rows}
    ports = {row.fxs_port for row in rows}
    names = {row.place.name.casefold() for row in rows if row.place}
    return len(jobs) == 2 and len(ports) == len(rows) and len(names) < 2


def _say_torn(one: _Group, other: _Group) -> None:
    """A fault at the part with fewer rows: its account or site is most likely a slip."""
    odd, most = sorted((one, other), key=lambda each: len(each.rows))
    said, usual = odd.rows[0], most.rows[0]
    column, here, there = "account", said.account, usual.account
    if here == there:
        column, here, there = "site", said.site, usual.site
    wanted = f"one {column} for all rows of a gateway"
    if len(odd.rows) < len(most.rows):
        wanted += f": most likely “{there}” in {_rows(odd)} too"
    message = f"{_rows(odd)} of {odd.place} with {column} “{here}”, {_rows(most)} with “{there}”"
    most.faulty = True
    odd.fault(said, column, f"two-{column}s", message, here, wanted)


def _rows(one: _Group) -> str:
    numbers = [str(row.row) for row in one.rows]
    return f"row{'s' * (len(numbers) > 1)} {', '.join(numbers)}"


def _made(one: _Group, model: GatewayModel) -> SheetGateway:
    rows = {row.port.fxs_port: row.port for row in one.rows if row.port}
    ports = tuple(rows.get(number) or PortRow(number) for number in range(1, model.fxs_ports + 1))
    return SheetGateway(one.place, model, one.mac, one.serial, one.label_id, ports)
