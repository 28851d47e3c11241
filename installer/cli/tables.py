"""Tables for people, within the columns a plain terminal has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

WIDTH = 80
_GAP = 2
_COPIED = re.compile(r"`[^`]+`|--[a-z-]+ (?:'[^']*'|\S+)|\([0-9]{3}\) [0-9]")
_HELD = "\N{NO-BREAK SPACE}"
_NARROWEST = 6
_IDS = frozenset({"id", "job"})


def table(header: Sequence[str], rows: Iterable[Sequence[str]], width: int = WIDTH) -> list[list[str]]:
    """The lines of each row of a left-aligned table, its header first.

    The widest columns give way until all fits into `width`; ids never do: they are to be typed again. What
    gives way is cut, but in the last column wrapped: there stand sentences.
    """
    cells = [tuple(header), *(tuple(row) for row in rows)]
    wide = [max(map(columns_of, column)) for column in zip(*cells, strict=True)]
    yielding = [place for place, name in enumerate(header) if name not in _IDS]
    while sum(wide) + _GAP * (len(wide) - 1) > width:
        widest = max(yielding, key=wide.__getitem__)
        if wide[widest] <= _NARROWEST:
            break
        wide[widest] -= 1
    return [_row(row, wide) for row in cells]


def unbroken(text: str) -> str:
    """`text` as one word to `wrapped`: a path that is to be copied, a number with its name."""
    return text.replace(" ", _HELD)


def columns_of(text: str) -> int:
    """How many terminal columns `text` takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def wrapped(text: str, indent: str = "", width: int = WIDTH) -> list[str]:
    """`text` in lines of at most `width` columns, all but the first behind `indent`.

    Commands in backticks, options with their value and telephone numbers stay whole: they are to be copied.
    """
    text = _COPIED.sub(lambda found: unbroken(found[0]), text)
    lines, line = [], ""
    for word in filter(None, text.split(" ")):
        if line.strip() and columns_of(line) + 1 + columns_of(word) > width:
            lines.append(line)
            line = indent + word
        else:
            line = f"{line} {word}" if line.strip() else line + word
    return [each.replace(_HELD, " ") for each in (*lines, line)]


def _row(cells: Sequence[str], wide: Sequence[int]) -> list[str]:
    *fixed, last = cells
    head = (" " * _GAP).join([*(_fit(cell, size) for cell, size in zip(fixed, wide, strict=False)), ""])
    first, *more = wrapped(last, width=wide[-1])
    return [(head + first).rstrip(), *(" " * columns_of(head) + line for line in more)]


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _fit(text: str, size: int) -> str:
    if columns_of(text) <= size:
        return text + " " * (size - columns_of(text))
    kept, used = "", 0
    for char in text:
        if used + _columns(char) > size - 1:
            break
        kept, used = kept + char, used + _columns(char)
    return kept + "…" + " " * (size - 1 - used)
