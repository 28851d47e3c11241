"""Reading a line sheet: every fault at once, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import GatewayPlace
from installer.domain.job import SiteJob
from installer.errors import InvalidValue, SheetFaults, UsageFault
from installer.sheets import csv_file
from installer.sheets.columns import Header, read_header
from installer.sheets.grouping import JobKey, SheetJob, group, left_blank
from installer.sheets.port_row import Catalogue
from installer.sheets.raw import COLUMN_LIMIT, FILE_LIMIT, ROW_LIMIT, RawRow, unreadable
from installer.sheets.rows import RowReader
from installer.text import safe

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0"
"""An old XLS workbook, and an XLSX one locked with a password."""
_KNOWN_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class SheetReading:
    """What a sheet says. `sound` are its jobs without the gateways at fault.

    `places` are the gateways of every job that the sheet names, by account and site as it writes them; `rows`
    are the first of each.
    `unplaced` is whether a fault concerns the sheet as a whole, so that no part of it can be used.
    """

    sound: tuple[SheetJob, ...]
    findings: tuple[Finding, ...]
    unplaced: bool = False
    places: Mapping[JobKey, tuple[GatewayPlace, ...]] = field(default_factory=dict)
    rows: Mapping[JobKey, int] = field(default_factory=dict)

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The findings that stop a sheet."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    def left_out(self, sound: SheetJob) -> frozenset[GatewayPlace]:
        """The gateways of that job that the sheet names and that are at fault."""
        return frozenset(self.places[sound.account, sound.site]) - {each.place for each in sound.gateways}

    def grouped(self, *, partial: bool = False) -> tuple[SheetJob, ...]:
        """The jobs; with `partial` those gateways that have no fault.

        Raises SheetFaults where a fault stops the whole sheet, or leaves nothing of it.
        """
        faults = self.faults
        if not faults or (partial and self.sound and not self.unplaced):
            return self.sound
        raise SheetFaults("sheet", faults)


def read_sheet(
    path: Path, catalogue: Catalogue, standing: Mapping[JobKey, SiteJob] | None = None
) -> SheetReading:
    """The sheet at `path`, CSV or XLSX by its content. Raises UsageFault where there is no such file.

    `standing` are the jobs that it continues, by account and site as it writes them: blank cells are theirs.
    """
    try:
        return read_rows(raw_rows(path), catalogue, standing)
    except InvalidValue as fault:
        finding = Finding(Severity.ERROR, fault.code, fault.message, fault.wanted)
        return SheetReading((), (finding,), unplaced=True)
    except OSError as fault:
        raise UsageFault(
            f"{safe(str(path))} cannot be opened: {fault.strerror or type(fault).__name__}",
            code="no-sheet",
            remedy="give the path of a CSV or XLSX line sheet",
        ) from fault


def raw_rows(path: Path) -> Iterator[RawRow]:
    """The rows of the file, header first. Raises InvalidValue where it is no sheet, OSError."""
    if path.stat().st_size > FILE_LIMIT:
        raise unreadable(f"it is larger than {FILE_LIMIT // 1024 // 1024} MB")
    with path.open("rb") as file:
        start = file.read(4)
    if start == _COMPOUND:
        raise unreadable("it is an old XLS workbook, or locked with a password", "an XLSX workbook, unlocked")
    if start[:2] in _KNOWN_WIDE:
        raise unreadable("it is UTF-16", "save it as “CSV UTF-8”, or as XLSX")
    if start == _ZIP:
        from installer.sheets import xlsx_file  # noqa: PLC0415 - a CSV loads neither workbook library

        return xlsx_file.read_rows(path)
    return csv_file.read_rows(path)


def read_rows(
    raw: Iterator[RawRow], catalogue: Catalogue, standing: Mapping[JobKey, SiteJob] | None = None
) -> SheetReading:
    """The sheet that these rows are, as `read_sheet` has it. Raises InvalidValue where they are none."""
    first = next(raw, None)
    if first is None or not any(first.texts):
        raise unreadable("its first row is blank", "a first row with the names of the columns")
    if len(first.texts) > COLUMN_LIMIT:
        raise unreadable(f"it has more than {COLUMN_LIMIT} columns")
    header, findings = read_header(first.texts)
    if _any_fault(findings):
        return SheetReading((), findings, unplaced=True)
    raws, stray = _port_rows(raw, header, len(first.texts))
    reader = RowReader(header, catalogue)
    rows = [reader.read(each) for each in raws]
    if standing:
        reader = RowReader(header, catalogue, left_blank(rows, standing))
        rows = [reader.read(each) for each in raws]
    missing = tuple(
        Finding(Severity.ERROR, "missing-column", f"there is no column “{name}”", f"a column {name}", 1, name)
        for name in reader.missing
    )
    grouped = group(rows)
    nothing = () if rows else (_no_rows(),)
    return SheetReading(
        sound=tuple(grouped.jobs),
        findings=(*findings, *missing, *nothing, *stray, *_in_order(reader.findings + grouped.findings)),
        unplaced=bool(missing or nothing) or _any_fault(stray) or grouped.unplaced,
        places=grouped.places,
        rows={(row.account, row.site): row.row for row in reversed(rows) if row.account is not None},
    )


def _port_rows(raw: Iterator[RawRow], header: Header, width: int) -> tuple[list[RawRow], tuple[Finding, ...]]:
    rows: list[RawRow] = []
    stray: list[Finding] = []
    named = {*header.known.values(), *header.extra.values()}
    for row in raw:
        if row.number > ROW_LIMIT:
            raise unreadable(f"it has more than {ROW_LIMIT} rows")
        if not any(text.strip() for text in row.texts):
            continue
        if row.shifts and len(row.texts) > width:
            stray.append(_shifted(row, width))
        elif not stray and any(text and index not in named for index, text in enumerate(row.texts)):
            message = "cells under no column name are left out"
            stray.append(Finding(Severity.WARNING, "unnamed-column", message, "name the column", row.number))
        rows.append(row)
    return rows, tuple(stray)


def _shifted(row: RawRow, width: int) -> Finding:
    message = (
        f"row {row.number} has {len(row.texts)} cells, the header {width}: what follows may have shifted"
    )
    wanted = "quotes around the cell that holds the separator"
    return Finding(Severity.ERROR, "too-many-cells", message, wanted, row.number)


def _no_rows() -> Finding:
    return Finding(Severity.ERROR, "no-rows", "the sheet has no rows", "one row per FXS port")


def _any_fault(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _in_order(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: finding.row or 0)
