"""Edits of a draft's ports: each gives a new draft with every row it had, or says why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from installer.domain.job import PortState
from installer.errors import InvalidValue, UsageFault
from installer.sheets.columns import OF_A_LINE
from installer.sheets.draft import Draft, cell_text
from installer.sheets.editing import has_line
from installer.sheets.series import block, series
from installer.text import safe

_WITH_THE_LINE = (*OF_A_LINE, "location", "notes")
"""What moves with a line; jack, credential and label id stay with the port."""
_CHOSEN = frozenset({"port_state", "line_use", "calling_plan"})
"""Columns of words to choose from: a number at the end of one does not count up."""

Changes = Mapping[int, Mapping[str, str]]
"""New cells by row, counted from 0, and column."""


def set_cell(draft: Draft, row: int, column: str, text: str) -> Draft:
    """The draft with `text` in that cell. Raises InvalidValue for what no cell can hold."""
    return _put(draft, {row: {column: text}})


def fill(draft: Draft, rows: Sequence[int], column: str, first: str) -> Draft:
    """`first` in the first of `rows`, then counting up. Raises InvalidValue where numbers run out."""
    texts = (first,) * len(rows) if column in _CHOSEN else series(first, len(rows))
    return _put(draft, {row: {column: text} for row, text in zip(rows, texts, strict=True)})


def reach(draft: Draft, row: int) -> tuple[tuple[int, ...], int]:
    """The rows of the port's gateway from `row` on, and how many of them there are to the last in use.

    Where none below is in use, that is all of them.
    """
    rows = tuple(each for each in draft.gateway(draft.rows[row]["gateway"]).rows if each >= row)
    used = [place for place, each in enumerate(rows) if place and draft.state(each) is PortState.USE]
    return rows, used[-1] + 1 if used else len(rows)


def overwritten(draft: Draft, rows: Sequence[int], column: str) -> tuple[int, int]:
    """What a fill changes besides blank cells: how many filled ones, how many spare ports come to use."""
    filled = sum(bool(draft.rows[row][column].strip()) for row in rows[1:])
    named = column == "line_name" and bool(draft.rows[rows[0]][column].strip())
    return filled, sum(draft.state(row) is PortState.SPARE for row in rows) if named else 0


def paste(draft: Draft, text: str, rows: Sequence[int], columns: Sequence[str]) -> Draft:
    """A spreadsheet's block, whole or not at all; `rows` and `columns` are those from the cursor on.

    A row of the block that is shorter than others leaves the cells alone that it has not. Raises
    InvalidValue, saying what would fit.
    """
    cells = block(text)
    height, width = len(cells), max(map(len, cells))
    if height > len(rows) or width > len(columns):
        raise InvalidValue(
            f"the block is {_size(height, width)}, from here on there is room for "
            f"{_size(len(rows), len(columns))}",
            code="block-too-large",
            wanted=f"at most {_size(len(rows), len(columns))}, or another cell to begin in",
        )
    return _put(
        draft,
        {row: dict(zip(columns, texts, strict=False)) for row, texts in zip(rows, cells, strict=False)},
    )


def move_line(draft: Draft, source: int, target: int) -> Draft:
    """The line of one port on another, free one. Raises UsageFault where it is not free, or switched off."""
    _need_line(draft, source)
    if has_line(draft, target) or draft.state(target) is PortState.OFF:
        what = "has a line" if has_line(draft, target) else "is switched off"
        raise UsageFault(
            f"{_port(draft, target)} {what}",
            code="port-not-free",
            remedy="choose a spare port, or swap the two",
        )
    gone = {**dict.fromkeys(_WITH_THE_LINE, ""), "port_state": PortState.SPARE.value}
    return _write(draft, {source: gone, target: {**_line(draft, source), "port_state": PortState.USE.value}})


def swap_lines(draft: Draft, one: int, other: int) -> Draft:
    """The lines of two ports, each on the other's. Raises UsageFault where one has none."""
    _need_line(draft, one)
    _need_line(draft, other)
    state = "port_state"
    return _write(
        draft,
        {
            one: {**_line(draft, other), state: draft.rows[other][state]},
            other: {**_line(draft, one), state: draft.rows[one][state]},
        },
    )


def clear(draft: Draft, rows: Iterable[int]) -> Draft:
    """The ports spare, with nothing said of a line."""
    gone = {**dict.fromkeys(_WITH_THE_LINE, ""), "port_state": PortState.SPARE.value}
    return _write(draft, dict.fromkeys(rows, gone))


def _put(draft: Draft, changes: Changes) -> Draft:
    """What somebody wrote. A line's name on a spare port puts it to use, as it does in any sheet."""
    said: dict[int, Mapping[str, str]] = {}
    for row, texts in changes.items():
        fixed = sorted(texts.keys() - set(draft.editable))
        if fixed:
            raise UsageFault(
                f"{safe(', '.join(fixed), 60)} cannot be written cell by cell",
                code="fixed-column",
                remedy="change the gateway instead",
            )
        kept = {name: cell_text(text) for name, text in texts.items()}
        if kept.get("line_name", "").strip() and draft.state(row) is PortState.SPARE:
            kept = {"port_state": "", **kept}
        said[row] = kept
    return _write(draft, said)


def _write(draft: Draft, changes: Changes) -> Draft:
    rows = list(draft.rows)
    for row, texts in changes.items():
        rows[row] = {**rows[row], **texts}
    return replace(draft, rows=tuple(rows))


def _line(draft: Draft, row: int) -> dict[str, str]:
    return {name: draft.rows[row][name] for name in _WITH_THE_LINE}


def _need_line(draft: Draft, row: int) -> None:
    if not has_line(draft, row):
        raise UsageFault(
            f"{_port(draft, row)} has no line", code="no-line", remedy="choose a port with a line"
        )


def _port(draft: Draft, row: int) -> str:
    return safe(f"{draft.rows[row]['gateway']}:{draft.rows[row]['fxs_port']}", 60)


def _size(height: int, width: int) -> str:
    return f"{height} row{'s' * (height != 1)} of {width} cell{'s' * (width != 1)}"
