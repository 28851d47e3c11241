# ruff: noqa: PLC0415 - what a process imports is part of what is measured
"""Files: labels beside reportlab alone, line sheets beside the libraries that read and write them."""

import csv
import math
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.bench_kit import LABELS_MEANT, Measurement, Scale, child, work
from scripts.bench_site import Site, rows, write_sheet

if TYPE_CHECKING:
    from installer.domain.job import SiteJob
    from installer.domain.label import LabelSheet
    from installer.outputs.label_content import Label
    from installer.sheets import CredentialSheet

_STOCK = "avery-5160"
_PORTS = 50
_GATEWAYS_AN_ACCOUNT = 20


def measure_labels(scale: Scale, _folder: Path) -> list[Measurement]:
    """Labels on sheets to print: laid out, encoded and drawn, beside drawing the finished boxes and text."""
    ours = child("bench_files", "labels", scale.labels)["seconds"]
    alone = child("bench_files", "reportlab", scale.labels)["seconds"]
    size = f"{scale.labels} labels" + (f" (of {LABELS_MEANT}: --full)" if scale.labels < LABELS_MEANT else "")
    return [
        Measurement(
            size,
            f"{scale.labels / ours:.0f}/s",
            f"{scale.labels / alone:.0f}/s, reportlab alone",
            ours / alone,
            2.0,
        )
    ]


def measure_sheet(scale: Scale, folder: Path) -> list[Measurement]:
    """A long sheet read and written, beside the library alone on the same cells."""
    gateways = math.ceil(scale.rows / _PORTS)
    an_account = min(gateways, _GATEWAYS_AN_ACCOUNT)
    site = Site(math.ceil(gateways / an_account), an_account, _PORTS)
    sheets = {".csv": write_sheet(folder / "long.csv", rows(site))}
    written = child("bench_files", "write", scale.rows, folder / "ours.xlsx")
    alone = child("bench_files", "xlsxwriter", scale.rows, folder / "alone.xlsx")
    child("bench_files", "convert", sheets[".csv"], folder / "long.xlsx")
    sheets[".xlsx"] = folder / "long.xlsx"
    measured = [_compared(f"{scale.rows} rows written, XLSX", written, alone, "xlsxwriter", 2.0)]
    for suffix, library, limit in ((".csv", "csv", 15.0), (".xlsx", "openpyxl", 2.0)):
        ours = child("bench_files", "read", sheets[suffix])
        other = child("bench_files", library, sheets[suffix])
        name = f"{site.lines} rows read, {suffix[1:].upper()}"
        measured.append(_compared(name, ours, other, library, limit))
    return measured


def _compared(
    name: str, ours: dict[str, float], other: dict[str, float], library: str, limit: float
) -> Measurement:
    return Measurement(
        name,
        f"{ours['seconds']:.2f} s, {ours['peak']:.0f} MB",
        f"{other['seconds']:.2f} s, {other['peak']:.0f} MB, {library} alone",
        ours["seconds"] / other["seconds"],
        limit,
    )


def _timed(act: Callable[[], object]) -> dict[str, float]:
    begun = time.perf_counter()
    act()
    return {"seconds": time.perf_counter() - begun}


def labels(count: str) -> dict[str, float]:
    """Seconds for a PDF of that many labels."""
    from installer.outputs.label_pdf import write_pdf

    made, stock = _labels(int(count))
    write_pdf(made[:30], stock, 1, BytesIO())
    return _timed(lambda: write_pdf(made, stock, 1, BytesIO()))


def reportlab(count: str) -> dict[str, float]:
    """Seconds in which reportlab draws the same boxes and texts, where each stands known beforehand."""
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    from installer.outputs.label_font import font_name
    from installer.outputs.label_layout import arrange
    from installer.outputs.label_qr import SPAN, dark_runs

    made, stock = _labels(int(count))
    drawn = [(arrange(label, stock.cell), dark_runs(label.id)) for label in made]
    fonts = {run.weight: font_name(run.weight) for run in drawn[0][0].runs}

    def draw() -> None:
        canvas = Canvas(BytesIO(), pagesize=(stock.page[0] * mm, stock.page[1] * mm), pageCompression=1)
        for index, (layout, dark) in enumerate(drawn):
            if index and index % stock.cells == 0:
                canvas.showPage()
            x, y = (length * mm for length in stock.origin(index % stock.cells))
            module = layout.qr.width * mm / SPAN
            path = canvas.beginPath()
            for row, column, length in dark:
                path.rect(x + column * module, y + row * module, length * module, module)
            canvas.drawPath(path, stroke=0, fill=1)
            for box in (layout.bar,) if layout.bar else ():
                canvas.rect(x + box.x * mm, y + box.y * mm, box.width * mm, box.height * mm, stroke=0, fill=1)
            for run in layout.runs:
                canvas.setFont(fonts[run.weight], run.size * mm)
                canvas.drawString(x + run.x * mm, y + run.baseline * mm, run.text)
        canvas.save()

    return _timed(draw)


def read(path: str) -> dict[str, float]:
    """Seconds for reading the sheet to checked jobs. Raises SheetFaults."""
    from installer.profiles import Profiles
    from installer.sheets import read_sheet

    profiles = Profiles.load()
    return _timed(lambda: read_sheet(Path(path), profiles).grouped())


def csv_alone(path: str) -> dict[str, float]:
    """Seconds in which the csv module reads every cell."""

    def every_row() -> None:
        with Path(path).open(encoding="utf-8", newline="") as file:
            for _ in csv.reader(file):
                pass

    return _timed(every_row)


def openpyxl(path: str) -> dict[str, float]:
    """Seconds in which openpyxl reads every cell, row by row."""
    from openpyxl import load_workbook

    def every_row() -> None:
        for _ in load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True):
            pass

    return _timed(every_row)


def convert(source: str, target: str) -> dict[str, float]:
    """The CSV sheet as a workbook."""
    with Path(source).open(encoding="utf-8", newline="") as file:
        return _written(csv.reader(file), target)


def write(count: str, path: str) -> dict[str, float]:
    """Seconds for writing a credential sheet of that many rows."""
    from installer.profiles import Profiles
    from installer.sheets import write_sheet as write_credentials

    sheet, columns = _credential_sheet(int(count)), Profiles.load().sheets["credential"]
    return _timed(lambda: write_credentials(Path(path), sheet, columns))


def xlsxwriter(count: str, path: str) -> dict[str, float]:
    """Seconds in which xlsxwriter writes the same cells."""
    from installer.profiles import Profiles
    from installer.sheets.writing import _table

    columns = Profiles.load().sheets["credential"]
    return _written(iter(list(_table(_credential_sheet(int(count)), columns))), path)


def _written(table: Iterator[list[str]], path: str) -> dict[str, float]:
    from xlsxwriter import Workbook

    def every_cell() -> None:
        with Workbook(path, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(table):
                for index, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, index, cell)

    return _timed(every_cell)


def _labels(count: int) -> "tuple[list[Label], LabelSheet]":
    from installer.outputs.labels import job_labels
    from installer.profiles import Profiles

    profiles = Profiles.load()
    made = [label for _, label in job_labels(_job(count), profiles.uses)]
    return made[:count], profiles.labels[_STOCK]


def _credential_sheet(count: int) -> "CredentialSheet":
    from random import Random

    from installer.domain.credential import generate_credential
    from installer.domain.job import RowState
    from installer.sheets import CredentialSheet, SheetLine

    job, chance = _job(count), Random(1)  # noqa: S311 - made-up credentials
    lines = tuple(
        SheetLine(plan.port, RowState.FINAL, generate_credential(chance.randrange), "line", "device")
        for plan in job.ports
    )
    return CredentialSheet(job, 1, lines)


def _job(count: int) -> "SiteJob":
    """A job of so many ports, rounded up to whole gateways."""
    from datetime import UTC, datetime
    from random import Random

    from installer.domain.gateway import Binding, FxsPort, Gateway, GatewayPlace
    from installer.domain.job import PlatformAddress, PortPlan, PortState, SiteJob
    from installer.domain.label import mint_label_id
    from installer.domain.line import Account, LineDraft
    from installer.domain.mac import parse_mac
    from installer.domain.numbers import parse_number
    from installer.profiles import Profiles

    chance = Random(1)  # noqa: S311 - made-up label ids
    model, gateways, ports = Profiles.load().gateways[str(_PORTS)], [], []
    table = rows(Site(1, math.ceil(count / _PORTS), _PORTS))
    next(table)
    for index, row in enumerate(table):
        place = GatewayPlace(row[2])
        if index % _PORTS == 0:
            binding = Binding(parse_mac(row[3]), "", "sheet", datetime(2026, 1, 1, tzinfo=UTC))
            gateways.append(Gateway(place, model, mint_label_id(chance.randrange), (binding,)))
        number = parse_number(row[9])
        draft = LineDraft(row[7], row[8], number, number, location=row[13], jack=row[14])
        port = FxsPort(place, int(row[5]))
        ports.append(PortPlan(port, PortState.USE, mint_label_id(chance.randrange), draft))
    address, account = (
        PlatformAddress("bench", "http://127.0.0.1", "bench"),
        Account("a", "a", "Site", "ACTIVE"),
    )
    return SiteJob("J1", address, account, "Site", tuple(gateways), tuple(ports))


if __name__ == "__main__":
    work(
        {
            "labels": labels, "reportlab": reportlab, "read": read, "csv": csv_alone, "openpyxl": openpyxl,
            "convert": convert, "write": write, "xlsxwriter": xlsxwriter,
        }
    )  # fmt: skip
