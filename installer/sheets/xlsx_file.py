"""XLSX: every cell a text cell on the way out; on the way in, whatever a spreadsheet made of it is named."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Protocol

from installer.errors import PunchdownError
from installer.files import UNFINISHED
from installer.sheets.raw import COLUMN_LIMIT, RawRow, overlong, unreadable

_UNPACKED_LIMIT = 512 * 1024 * 1024
_PART_LIMIT = 64 * 1024 * 1024
"""Parts other than worksheets are held in memory whole: shared texts, styles."""
_EXACT = 10**15
"""From here on a spreadsheet's numbers no longer hold every digit (IEEE 754, as Excel shows them)."""
_BATCH = 500
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""Fixed, so that one sheet written twice is the same bytes."""
_WIDTH = 18
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
"""How a text that looks like an escaped character is written (ECMA-376 ST_Xstring); openpyxl leaves it so."""


class _Cell(Protocol):
    @property
    def value(self) -> object: ...
    @property
    def data_type(self) -> str: ...


def read_rows(path: Path) -> Iterator[RawRow]:
    """The rows of the first worksheet, header first. Raises InvalidValue where the file is no workbook."""
    _weigh(path)
    try:
        with path.open("rb") as file:
            yield from _rows(file)
    except (PunchdownError, GeneratorExit):
        raise
    except Exception as fault:
        # openpyxl meets a damaged workbook with whatever its parsers raise.
        raise unreadable(f"the workbook is damaged or locked ({type(fault).__name__})") from fault


def _weigh(path: Path) -> None:
    """Refuse what unpacks to more than a sheet can be; zipfile unpacks no more than an entry declares."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
        raise unreadable("it is no XLSX workbook") from fault
    held = sum(part.file_size for part in parts if not part.filename.startswith("xl/worksheets/"))
    if held > _PART_LIMIT or sum(part.file_size for part in parts) > _UNPACKED_LIMIT:
        raise unreadable("it unpacks to more than a sheet can hold")


def _rows(file: BinaryIO) -> Iterator[RawRow]:
    import openpyxl  # noqa: PLC0415 - a fifth of a second, and most runs only write

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    try:
        if not book.worksheets:
            raise unreadable("the workbook has no worksheet")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        header = _batch(enumerate(sheet.iter_rows(max_row=1, max_col=COLUMN_LIMIT + 1), 1))
        width = max((len(row.texts) for row in header), default=0) + 1
        rows = enumerate(sheet.iter_rows(max_col=width), 1)
        while batch := _batch(rows):
            yield from batch
    finally:
        book.close()


def _batch(rows: Iterator[tuple[int, Sequence[_Cell]]]) -> list[RawRow]:
    """The next rows; openpyxl's own warnings about single cells would reach the terminal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [_row(number, cells) for number, cells in islice(rows, _BATCH)]


def _row(number: int, cells: Sequence[_Cell]) -> RawRow:
    texts: list[str] = []
    odd: dict[int, str] = {}
    numbers: list[int] = []
    for index, cell in enumerate(cells):
        value = cell.value
        if isinstance(value, str) and cell.data_type not in {"f", "e"}:
            texts.append(_ESCAPED.sub("_", value))
            continue
        text, reason = _unlike_text(value, cell.data_type)
        texts.append(text)
        if reason:
            odd[index] = reason
        elif text:
            numbers.append(index)
    while texts and not texts[-1]:
        texts.pop()
    return RawRow(number, texts, odd | overlong(texts), frozenset(numbers))


def _unlike_text(value: object, kind: str) -> tuple[str, str]:
    """The text of a cell that is no text, and why it cannot be used, "" where it can."""
    if value is None:
        return "", ""
    if kind == "f":
        return str(value), "a formula: paste its value instead"
    if kind == "e":
        return str(value), "an error of the spreadsheet"
    if isinstance(value, date | time | timedelta):
        return str(value), "the spreadsheet made a date of it: format the column as text, type it again"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value)), ""
    if isinstance(value, int | float) and abs(value) >= _EXACT:
        return str(value), "the spreadsheet made a number of it and lost digits: format the column as text"
    return str(value), ""


def write_rows(file: BinaryIO, rows: Iterable[Sequence[str]], folder: Path) -> None:
    """Write the rows, header first, as text cells of one worksheet.

    xlsxwriter keeps rows in files of its own while it works, passwords among them, and leaves them where it
    fails: they lie in a folder under `folder` that goes in any case, after a kill with the next sweep.
    """
    import xlsxwriter  # noqa: PLC0415 - and a plan only reads

    packed = BytesIO()
    with (
        TemporaryDirectory(prefix=UNFINISHED, dir=folder, ignore_cleanup_errors=True) as parts,
        xlsxwriter.Workbook(packed, {"constant_memory": True, "tmpdir": parts}) as book,
    ):
        book.set_properties({"created": _CREATED})
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"num_format": "@", "bold": True})
        sheet = book.add_worksheet("lines")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, COLUMN_LIMIT, _WIDTH, text)
        for number, row in enumerate(rows):
            for index, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, index, cell, text if number else bold)
    file.write(packed.getbuffer())
