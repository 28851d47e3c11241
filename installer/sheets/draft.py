"""A visit as it is written on the screen: the rows of a line sheet, one per FXS port, credentials aside.

A row says of its gateway what every row of that gateway says. Blank cells mean what they mean in any sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from installer.domain.finding import Finding, Severity
from installer.domain.job import PortPlan, PortState, SiteJob
from installer.errors import InvalidValue, UsageFault
from installer.sheets import cells, csv_file
from installer.sheets.columns import INPUT, KNOWN, OF_A_LINE, OF_A_PORT, read_header
from installer.sheets.grouping import JobKey
from installer.sheets.port_row import Catalogue
from installer.sheets.raw import CELL_LIMIT, COLUMN_LIMIT, RawRow, overlong, unreadable
from installer.sheets.reading import SheetReading, raw_rows, read_rows
from installer.sheets.writing import port_cells
from installer.text import safe

_CREDENTIAL = ("sip_username", "sip_password")
OF_A_GATEWAY = ("account", "site", "gateway", "mac", "model", "fxs_port", "serial")
"""Cells that say which port a row is about; they change with the gateway, never one by one."""
COLUMNS = (*(name for name in INPUT if name not in _CREDENTIAL), "serial")
_ID = re.compile("[0-9A-Z]{1,20}")
_HEADER_ROWS = 1
_KEPT = "edited elsewhere: open it as a line sheet, or drop it"

Row = Mapping[str, str]
Cell = tuple[int, str]
"""A row of the draft, counted from 0, and a column."""


@dataclass(frozen=True, slots=True)
class DraftGateway:
    """A gateway as its rows have it, `model` as the catalogue's id; `rows` are indexes into the draft's."""

    place: str
    model: str
    mac: str
    serial: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """One account, by its id, and one site. Every row has every column; `columns` end with unknown ones."""

    id: str
    account: str
    site: str
    columns: tuple[str, ...] = COLUMNS
    rows: tuple[Row, ...] = ()

    @property
    def editable(self) -> tuple[str, ...]:
        """The columns that are edited cell by cell."""
        return tuple(name for name in self.columns if name not in OF_A_GATEWAY)

    @property
    def gateways(self) -> tuple[DraftGateway, ...]:
        """The places, in order of appearance."""
        found: dict[str, list[int]] = {}
        for index, row in enumerate(self.rows):
            found.setdefault(row["gateway"].casefold(), []).append(index)
        return tuple(self._gateway(indexes) for indexes in found.values())

    def gateway(self, place: str) -> DraftGateway:
        """The gateway of that name. Raises UsageFault where there is none."""
        known = self.gateways
        for each in known:
            if each.place.casefold() == place.casefold():
                return each
        places = ", ".join(safe(each.place, 40) for each in known) or "add one first"
        raise UsageFault(f"there is no gateway {safe(place, 40)}", code="no-gateway", remedy=places)

    def state(self, row: int) -> PortState | None:
        """What the row's port is for, None where its cell is at fault."""
        text = self.rows[row]["port_state"].strip()
        if not text:
            return PortState.USE if self.rows[row]["line_name"].strip() else PortState.SPARE
        try:
            return cells.port_state(text)
        except InvalidValue:
            return None

    def _gateway(self, rows: Sequence[int]) -> DraftGateway:
        first = self.rows[rows[0]]
        return DraftGateway(first["gateway"], first["model"], first["mac"], first["serial"], tuple(rows))


def new_row(draft: Draft, said: Row) -> Row:
    """A row of the draft that says nothing but `said`."""
    return {**dict.fromkeys(draft.columns, ""), "account": draft.account, "site": draft.site, **said}


def cell_text(text: str) -> str:
    """`text` where a sheet can hold it at all; what it means there is for the reader. Raises InvalidValue."""
    if len(text) > CELL_LIMIT or any("\ud800" <= char <= "\udfff" for char in text):
        raise InvalidValue(
            f"“{safe(text, cells.SHOWN)}” cannot stand in a cell",
            code="unusable-cell",
            wanted=f"at most {CELL_LIMIT} characters of Unicode text",
        )
    return text


def draft_of(job: SiteJob) -> Draft:
    """The job's own sheet without credentials: taken in again it changes nothing."""
    extra = dict.fromkeys(name for plan in job.ports for name, _ in plan.extra if name not in KNOWN)
    empty = Draft(job.id, job.account.id, job.site, (*COLUMNS, *extra))
    return replace(empty, rows=tuple(new_row(empty, _said(job, plan)) for plan in job.ports))


def _said(job: SiteJob, plan: PortPlan) -> Row:
    gateway = job.gateway(plan.port.gateway)
    return {
        **{name: text for name, text in plan.extra if name not in KNOWN},
        "gateway": gateway.place.name,
        "mac": str(gateway.mac or ""),
        "model": gateway.model.id,
        "fxs_port": str(plan.port.number),
        # A line's name says “use”, a blank “spare”: so a name that is written on a spare port puts it to use.
        "port_state": plan.state.value if plan.state is PortState.OFF else "",
        "serial": gateway.binding.serial if gateway.binding else "",
        **port_cells(plan),
    }


def draft_bytes(draft: Draft) -> bytes:
    """The draft as a line sheet in CSV."""
    file = BytesIO()
    csv_file.write_rows(file, [draft.columns, *_texts(draft, draft.rows or (new_row(draft, {}),))])
    return file.getvalue()


def load_draft(path: Path, draft_id: str) -> Draft:
    """The draft that was written to `path`. Raises InvalidValue where it is none any more, OSError."""
    if not _ID.fullmatch(draft_id):
        raise unreadable(f"“{safe(draft_id, 40)}” names no draft", _KEPT)
    raw = raw_rows(path)
    first = next(raw, RawRow(1, []))
    header, findings = read_header(first.texts[:COLUMN_LIMIT])
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise unreadable("a column stands twice", _KEPT)
    places = {name: index for name, index in header.known.items() if name in COLUMNS} | header.extra
    columns = (*COLUMNS, *header.extra)
    rows = [_loaded(row, columns, places) for row in raw]
    jobs = {(row["account"], row["site"]) for row in rows}
    if len(jobs) != 1:
        raise unreadable("its rows are not of one account and site", _KEPT)
    if len(rows) == 1 and not rows[0]["gateway"]:
        rows = []
    ports = [(row["gateway"].casefold(), cells.port_number(row["fxs_port"])) for row in rows]
    if len(set(ports)) != len(ports) or not all(place for place, _ in ports):
        raise unreadable("its rows are not one per FXS port", _KEPT)
    return Draft(draft_id, *jobs.pop(), columns, tuple(rows))


def read_draft(
    draft: Draft, catalogue: Catalogue, standing: Mapping[JobKey, SiteJob] | None = None
) -> SheetReading:
    """What `read_sheet` says of the draft's file, without writing one."""
    table = [draft.columns, *_texts(draft, draft.rows)]
    raw = (RawRow(number, list(texts), overlong(list(texts))) for number, texts in enumerate(table, 1))
    return read_rows(raw, catalogue, standing)


def staying(draft: Draft, job: SiteJob) -> Iterator[Finding]:
    """A warning at each cell that the draft leaves blank and the job it continues does not."""
    plans = {(plan.port.gateway.name.casefold(), str(plan.port.number)): plan for plan in job.ports}
    for index, row in enumerate(draft.rows):
        plan = plans.get((row["gateway"].casefold(), row["fxs_port"]))
        if plan is None:
            continue
        columns = (*OF_A_LINE, *OF_A_PORT) if draft.state(index) is PortState.USE else OF_A_PORT
        for column, text in port_cells(plan).items():
            if column in columns and text and not row[column].strip():
                yield Finding(
                    Severity.WARNING,
                    "blank-stays",
                    f"blank means what the job has: “{safe(text, cells.SHOWN)}” stays",
                    "a sheet empties no cell: write what shall stand there instead",
                    row=index + _HEADER_ROWS + 1,
                    column=column,
                    gateway=plan.port.gateway,
                    fxs_port=plan.port.number,
                )


def in_cells(draft: Draft, findings: Iterable[Finding]) -> dict[Cell, tuple[Finding, ...]]:
    """The findings by the cell they are about, `fxs_port` standing for a whole row; others are left out."""
    ports = {(row["gateway"].casefold(), row["fxs_port"]): index for index, row in enumerate(draft.rows)}
    found: dict[Cell, tuple[Finding, ...]] = {}
    for finding in findings:
        if finding.row is not None:
            index: int | None = finding.row - _HEADER_ROWS - 1
        else:
            place = finding.gateway.name.casefold() if finding.gateway else ""
            index = ports.get((place, str(finding.fxs_port)))
        if index is not None and 0 <= index < len(draft.rows):
            cell = index, finding.column if finding.column in draft.columns else "fxs_port"
            found[cell] = (*found.get(cell, ()), finding)
    return found


def _texts(draft: Draft, rows: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    return (tuple(row[name] for name in draft.columns) for row in rows)


def _loaded(row: RawRow, columns: Sequence[str], places: Mapping[str, int]) -> Row:
    if row.odd:
        raise unreadable(f"row {row.number} has a cell that is {next(iter(row.odd.values()))}", _KEPT)
    said = {name: row.texts[index] for name, index in places.items() if index < len(row.texts)}
    return {**dict.fromkeys(columns, ""), **said}
