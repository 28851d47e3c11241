"""Rows as a file holds them, before anything is made of their cells; limits that a hostile file meets."""

from __future__ import annotations

from dataclasses import dataclass, field

from installer.errors import InvalidValue

FILE_LIMIT = 64 * 1024 * 1024
CELL_LIMIT = 10_000
ROW_LIMIT = 200_000
COLUMN_LIMIT = 200


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: its number from 1, the text of each cell ("" where blank).

    `odd` says of a cell, by its index, why it cannot be taken as text; `numbers` are cells that the
    spreadsheet holds as numbers, so that zeros in front may be gone. `shifts` is whether an unquoted
    separator would have moved the cells behind it, as in a CSV.
    """

    number: int
    texts: list[str]
    odd: dict[int, str] = field(default_factory=dict)
    numbers: frozenset[int] = frozenset()
    shifts: bool = False


def unreadable(reason: str, wanted: str = "a CSV file in UTF-8, or an XLSX workbook") -> InvalidValue:
    """The error for a file that is no sheet at all."""
    return InvalidValue(f"the sheet cannot be read: {reason}", code="unreadable-sheet", wanted=wanted)


def overlong(texts: list[str]) -> dict[int, str]:
    """A reason for every cell over the limit."""
    return {
        index: f"longer than {CELL_LIMIT} characters"
        for index, text in enumerate(texts)
        if len(text) > CELL_LIMIT
    }
