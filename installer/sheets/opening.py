"""A line sheet as a draft: what somebody wrote elsewhere, to be edited cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from installer.domain.finding import Finding, Severity
from installer.errors import InvalidValue, UsageFault
from installer.sheets.columns import KNOWN, Header, read_header
from installer.sheets.draft import COLUMNS, Cell, Draft, Row, new_row
from installer.sheets.grouping import JobKey, placed
from installer.sheets.port_row import Catalogue, ReadRow
from installer.sheets.raw import COLUMN_LIMIT, RawRow
from installer.sheets.reading import SheetReading, raw_rows
from installer.sheets.rows import RowReader

_OF_HARDWARE = ("model", "mac", "serial")
_WHOSE = ("account", "site")
_Port = tuple[str, int]
"""A gateway's place in small letters, and a port."""


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """All that a sheet says, as a draft; `numbers` are its rows as the sheet counts them, None for others."""

    draft: Draft
    numbers: tuple[int | None, ...]

    def cell(self, finding: Finding) -> Cell | None:
        """The draft's cell that a finding of the sheet is about, None where it is about no row."""
        if finding.row is None or finding.row not in self.numbers:
            return None
        column = finding.column if finding.column in self.draft.columns else "fxs_port"
        return self.numbers.index(finding.row), column or "fxs_port"


def of_one_job(reading: SheetReading) -> JobKey:
    """The account and site that all of the sheet is about, as it writes them. Raises UsageFault."""
    if len(reading.places) != 1:
        raise _no_draft("its rows are not of one account and site")
    (key,) = reading.places
    return key


def open_sheet(path: Path, catalogue: Catalogue, base: Draft, key: JobKey) -> OpenedSheet:
    """`base`, which is of the account and site that the sheet calls `key`, with what the sheet says over it.

    Blank cells are the base's, and ports that the sheet leaves out are there. Raises UsageFault where a draft
    cannot hold all that the sheet says, InvalidValue where it is no sheet, OSError.
    """
    raw = raw_rows(path)
    first = next(raw, RawRow(1, []))
    header, found = read_header(first.texts[:COLUMN_LIMIT])
    if any(finding.severity is Severity.ERROR for finding in found):
        raise _no_draft("a column stands twice")
    rows = [row for row in raw if any(text.strip() for text in row.texts)]
    for row in rows:
        _check(row, header, len(first.texts))
    reader = RowReader(header, catalogue)
    read = [reader.read(row) for row in rows]
    if {(row.account, row.site) for row in read} != {key}:
        raise _no_draft("its rows are not of one account and site")
    ports = _ports(read)
    columns = (*base.columns, *(name for name in header.extra if name not in base.columns))
    draft = replace(base, columns=columns)
    said = {port: _said(one, cells, header) for port, one, cells in zip(ports, read, rows, strict=True)}
    before = {(row["gateway"].casefold(), int(row["fxs_port"])): row for row in base.rows}
    places = {row["gateway"].casefold(): row["gateway"] for row in base.rows}
    for name in placed(read).values():
        places.setdefault(name.name.casefold(), name.name)
    whole = {
        port: new_row(draft, row)
        for place, name in places.items()
        for port, row in _gateway(place, name, _of(place, said), _of(place, before), catalogue)
    }
    numbers = {port: one.row for port, one in zip(ports, read, strict=True)}
    return OpenedSheet(replace(draft, rows=tuple(whole.values())), tuple(map(numbers.get, whole)))


def _check(row: RawRow, header: Header, width: int) -> None:
    """Refuse what a draft would lose."""
    if row.odd:
        raise _no_draft(f"row {row.number} has a cell that is {next(iter(row.odd.values()))}")
    if row.shifts and len(row.texts) > width:
        raise _no_draft(f"row {row.number} has more cells than the header")
    for name, index in header.known.items():
        text = row.texts[index].strip() if index < len(row.texts) else ""
        if text and name in KNOWN.difference(COLUMNS):
            raise _no_draft(f"row {row.number} has a {name}, which only a sheet holds")
        if name == "mac" and index in row.numbers:
            raise _no_draft(f"the MAC in row {row.number} is a number to the spreadsheet")


def _ports(read: Sequence[ReadRow]) -> list[_Port]:
    """The port of each row. Raises UsageFault unless each names one of its own."""
    places, ports = placed(read), []
    for row in read:
        if not row.placed or row.fxs_port is None:
            raise _no_draft(f"row {row.row} names no port of a gateway")
        ports.append((places[row.row].name.casefold(), row.fxs_port))
    if len(set(ports)) < len(ports):
        raise _no_draft("a port stands in two rows")
    return ports


def _said(one: ReadRow, row: RawRow, header: Header) -> dict[str, str]:
    """What the row says, blank cells left out; model and MAC as the kit spells them."""
    places = {name: index for name, index in header.known.items() if name in COLUMNS} | header.extra
    texts = {name: row.texts[index].strip() for name, index in places.items() if index < len(row.texts)}
    if one.model is not None:
        texts["model"] = one.model.id
    if one.mac is not None:
        texts["mac"] = str(one.mac)
    return {name: text for name, text in texts.items() if text and name not in _WHOSE}


def _of(place: str, rows: Mapping[_Port, Row]) -> dict[int, Row]:
    return {number: row for (name, number), row in rows.items() if name == place}


def _gateway(
    place: str, name: str, said: Mapping[int, Row], before: Mapping[int, Row], catalogue: Catalogue
) -> Iterator[tuple[_Port, Row]]:
    """The ports of one place in order: what each was `before`, what its rows agree on, what is `said`."""
    agreed = {each: _agreed(said.values(), each) or _agreed(before.values(), each) for each in _OF_HARDWARE}
    count = _size(agreed["model"], catalogue)
    kept = {number for number in before if not count or number <= count}
    for number in sorted({*said, *kept, *range(1, count + 1)}):
        was = before.get(number, {}) if number in kept else {}
        yield (
            (place, number),
            {**was, **agreed, **said.get(number, {}), "gateway": name, "fxs_port": str(number)},
        )


def _size(model: str, catalogue: Catalogue) -> int:
    """How many ports the model has, 0 where it is none."""
    try:
        return catalogue.model(model).fxs_ports
    except InvalidValue:
        return 0


def _agreed(rows: Iterable[Row], name: str) -> str:
    """The text that every row has there which has any, empty where they differ."""
    texts = {text for row in rows if (text := row.get(name))}
    return texts.pop() if len(texts) == 1 else ""


def _no_draft(reason: str) -> UsageFault:
    return UsageFault(
        f"the sheet cannot be edited here: {reason}",
        code="not-a-draft",
        remedy="mend it in the sheet itself and open it again",
    )
