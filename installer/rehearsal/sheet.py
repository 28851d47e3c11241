"""Reading the exported credential sheet as the provisioning partner would: by header name, CSV or XLSX."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from installer.errors import InvalidValue

_NEEDED = (
    "mac",
    "fxsport",
    "portstate",
    "rowstate",
    "sipusername",
    "sippassword",
    "registrar",
    "registrarport",
)
_COLUMNS = (*_NEEDED, "sipdomain", "transport", "gateway", "linename")


@dataclass(frozen=True, slots=True)
class SheetPort:
    """One FXS port that the sheet tells to register."""

    mac: str
    """12 lower-case hex digits."""
    fxs_port: int
    line_name: str
    username: str
    password: str = field(repr=False)
    domain: str
    registrar: str
    registrar_port: int
    transport: str
    """Upper-case; UDP where the sheet is silent."""


def read_sheet(path: Path, registrar: tuple[str, int] | None = None) -> tuple[SheetPort, ...]:
    """Ports to register: rows in use that are not merely prepared. InvalidValue names the row at fault.

    `registrar` is where rows register that name none, as a partner knows it who was told by other means.
    """
    rows = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    header = next(rows, [])
    places = {name: index for index, text in enumerate(header) if (name := _plain(text)) in _COLUMNS}
    if missing := [name for name in _NEEDED if name not in places]:
        raise _fault(1, f"no column {missing[0]}", "a credential sheet as the kit exports it")
    ports = []
    for number, row in enumerate(rows, start=2):
        cells = {name: row[index].strip() if index < len(row) else "" for name, index in places.items()}
        if cells["portstate"].lower() == "use" and cells["rowstate"].lower() != "prepared":
            if registrar is not None and not cells["registrar"]:
                cells["registrar"], cells["registrarport"] = registrar[0], str(registrar[1])
            ports.append(_port(cells, number))
    return tuple(ports)


def _port(cells: dict[str, str], row: int) -> SheetPort:
    mac = re.sub(r"[\s:.-]", "", cells["mac"]).lower()
    if not re.fullmatch(r"[0-9a-f]{12}", mac):
        raise _fault(row, "mac", "12 hex digits")
    if not cells["sipusername"] or not cells["sippassword"] or not cells["registrar"]:
        raise _fault(row, "sip_username, sip_password or registrar", "all three")
    return SheetPort(
        mac=mac,
        fxs_port=_number(cells["fxsport"], row, "fxs_port"),
        line_name=cells.get("linename", ""),
        username=cells["sipusername"],
        password=cells["sippassword"],
        domain=cells.get("sipdomain") or cells["registrar"],
        registrar=cells["registrar"],
        registrar_port=_number(cells["registrarport"] or "5060", row, "registrar_port"),
        transport=(cells.get("transport") or "UDP").upper(),
    )


def _number(text: str, row: int, column: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text):
        raise _fault(row, column, "a number")
    return int(text)


def _fault(row: int, what: str, wanted: str) -> InvalidValue:
    return InvalidValue(f"row {row}: {what}", code="bad-sheet", wanted=wanted)


def _plain(header: str) -> str:
    return re.sub(r"[\s_]+", "", header).lower()


def _csv(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def _xlsx(path: Path) -> Iterator[list[str]]:
    import openpyxl  # noqa: PLC0415 - a CSV is read without it

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        rows: Iterable[tuple[object, ...]] = book.worksheets[0].iter_rows(values_only=True)
        for row in rows:
            yield ["" if cell is None else str(cell) for cell in row]
    finally:
        book.close()
