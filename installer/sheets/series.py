"""Text that counts up from port to port, and the block of cells that a spreadsheet puts on the clipboard."""

from __future__ import annotations

import re

from installer.domain.numbers import parse_number
from installer.errors import InvalidValue
from installer.text import safe

_SHOWN = 60
_COUNTED = 4
"""How many of a telephone number's digits count: a block of numbers does not leave its exchange."""
_NUMBERED = re.compile(r"(.*?)(?<![0-9])([0-9]{1,15})", re.DOTALL)
_BLOCK_LIMIT = 1_000_000
_CELL = re.compile(r'"((?:[^"]|"")*)"(?=\t|\r|\n|\Z)|([^\t\r\n]*)')
_END = re.compile(r"\t|\r\n|\r|\n")


def series(first: str, length: int) -> tuple[str, ...]:
    """`first` and what follows it: the number at its end counts up, leading zeros kept; else the same.

    Telephone numbers, also several between semicolons, count by their last four digits in their spelling.
    Raises InvalidValue where those run out.
    """
    text = first.strip()
    if all(map(_is_number, text.split(";"))):
        return tuple(";".join(_dialled(part, step) for part in text.split(";")) for step in range(length))
    numbered = _NUMBERED.fullmatch(text)
    if numbered is None:
        return (text,) * length
    stem, digits = numbered.groups()
    return tuple(f"{stem}{int(digits) + step:0{len(digits)}}" for step in range(length))


def _is_number(text: str) -> bool:
    try:
        parse_number(text)
    except InvalidValue:
        return False
    return True


def _dialled(text: str, step: int) -> str:
    places = [index for index, char in enumerate(text) if char in "0123456789"][-_COUNTED:]
    last = int("".join(text[index] for index in places))
    if last + step >= 10**_COUNTED:
        raise InvalidValue(
            f"from {safe(text, _SHOWN)} on there are {10**_COUNTED - last} numbers, then its exchange ends",
            code="series-ends",
            wanted=f"at most {10**_COUNTED - last} ports",
        )
    digits = iter(f"{last + step:0{_COUNTED}}")
    return "".join(next(digits) if index in places else char for index, char in enumerate(text))


def block(text: str) -> tuple[tuple[str, ...], ...]:
    """The rows of cells of tab-separated text; quotes as spreadsheets set them around tabs and line ends.

    Raises InvalidValue where there is nothing in it, or more than a sheet holds.
    """
    if not text.strip() or len(text) > _BLOCK_LIMIT:
        raise InvalidValue(
            "there is nothing to paste" if not text.strip() else "that is more than a sheet holds",
            code="invalid-block",
            wanted="cells copied from a spreadsheet",
        )
    rows: list[list[str]] = [[]]
    at = 0
    while found := _CELL.match(text, at):
        quoted, plain = found.groups()
        rows[-1].append(plain if quoted is None else quoted.replace('""', '"'))
        end = _END.match(text, found.end())
        if end is None or (end[0] != "\t" and end.end() == len(text)):
            break
        at = end.end()
        if end[0] != "\t":
            rows.append([])
    return tuple(map(tuple, rows))
