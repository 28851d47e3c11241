"""CSV: UTF-8, every field quoted on the way out, one apostrophe before what a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from installer.sheets.columns import known_names
from installer.sheets.raw import COLUMN_LIMIT, RawRow, overlong, unreadable

_DELIMITERS = ",;\t"
_RUN = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[0-9][0-9.,/:-]*(?:[eE][+-]?[0-9]+)?")


def read_rows(path: Path) -> Iterator[RawRow]:
    """The rows, header first. Raises InvalidValue where the file is no CSV in UTF-8."""
    delimiter = _delimiter(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            for number, texts in enumerate(rows, 1):
                plain = [_release(text) for text in texts[: COLUMN_LIMIT + 1]]
                yield RawRow(number, plain, overlong(plain), shifts=True)
        except csv.Error as fault:
            raise unreadable(f"line {rows.line_num} is no CSV ({fault})") from fault
        except UnicodeDecodeError as fault:
            raise unreadable("it is not UTF-8", "save it as “CSV UTF-8”, or as XLSX") from fault


def _delimiter(path: Path) -> str:
    """The one delimiter under which the first record names columns of ours."""
    scores: dict[str, int] = {}
    for delimiter in _DELIMITERS:
        with path.open(encoding="utf-8-sig", newline="") as file:
            try:
                first = next(csv.reader(file, delimiter=delimiter), [])
            except csv.Error:
                continue
            except UnicodeDecodeError as fault:
                raise unreadable("it is not UTF-8", "save it as “CSV UTF-8”, or as XLSX") from fault
            scores[delimiter] = known_names([_release(text) for text in first])
    best = max(scores.values(), default=0)
    winners = [delimiter for delimiter, score in scores.items() if score == best]
    if best == 0 or len(winners) > 1:
        raise unreadable(
            "its first line names no columns, or its delimiter cannot be told",
            "a first line with account, model, fxs_port, … between commas, semicolons or tabs",
        )
    return winners[0]


def write_rows(file: BinaryIO, rows: Iterable[Sequence[str]]) -> None:
    """Write the rows, header first, with the byte order mark by which Excel knows UTF-8."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        for row in rows:
            writer.writerow([_hold(cell) for cell in row])
        text.flush()
    finally:
        with suppress(ValueError):
            text.detach()


def is_altered(text: str) -> bool:
    """Whether a spreadsheet that opens the CSV would show something else: a formula mark or a number."""
    return bool(_RUN.match(text) or _NUMBER.fullmatch(text))


def _hold(text: str) -> str:
    """Reversible: what needs an apostrophe gets one, what already begins that way one more (CWE-1236)."""
    return f"'{text}" if _RUN.match(text) else text


def _release(text: str) -> str:
    return text[1:] if text.startswith("'") and _ESCAPED.match(text) else text
