"""A table that draws what changed and nothing else: fifty ports polled each second cost next to nothing."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from installer.text import safe
from tui.words import Tone, Word


@dataclass(frozen=True, slots=True)
class Column:
    """A column `width` cells wide, 0 for what is left; shown where there are `least` cells or more."""

    title: str
    width: int
    least: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """Text in a tone; it may come from outside, and is cleaned when it is drawn."""

    text: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Row:
    """A row, found again by its key."""

    key: str
    cells: tuple[Cell, ...]


def state(word: Word) -> Cell:
    """A state: sign and word."""
    return Cell(str(word), word.tone)


_FREE, _SHARE = 16, 5
"""Where columns are paged through, one of width 0 has so many cells, or that part of the width."""
_PART = 8
"""Cells of a column that is not shown whole, at least."""


class _WholeCells(ScrollBarRender):
    """A scroll bar of whole cells: eighth blocks are in no font of an old console."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]


ScrollBar.renderer = _WholeCells


class Grid(ScrollView, can_focus=True):
    """Rows under a head. Posts `Chosen` on Enter and `Moved` as the cursor moves.

    With `by_cell` the cursor stands on a cell, else on a row.
    """

    HELP: ClassVar[str] = (
        "A table: up, down, Page up, Page down, Home and End move the cursor, Enter takes its row."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1, 0)", show=False),
        Binding("down", "move(1, 0)", show=False),
        Binding("left", "move(0, -1)", show=False),
        Binding("right", "move(0, 1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,ctrl+home", "end(False)", show=False),
        Binding("end,ctrl+end", "end(True)", show=False),
        Binding("enter", "choose", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--head", "grid--cursor", "grid--blurred", *(f"grid--{tone}" for tone in Tone),
    }  # fmt: skip
    cursor: reactive[tuple[int, int]] = reactive((0, 0), repaint=False)
    empty: reactive[str] = reactive("")
    """What stands there without rows."""

    class _At(Message):
        """The row the cursor stands on."""

        def __init__(self, grid: Grid, key: str, column: int) -> None:
            self.grid, self.key, self.column = grid, key, column
            super().__init__()

        @property
        def control(self) -> Grid:
            """The grid, for selectors."""
            return self.grid

    class Chosen(_At):
        """Enter on a row."""

    class Moved(_At):
        """The cursor came to stand on a row, or the row under it changed."""

    def __init__(
        self, *columns: Column, by_cell: bool = False, empty: str = "", id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._columns = columns
        self._by_cell = by_cell
        self.set_reactive(Grid.empty, empty)
        self._rows: tuple[Row, ...] = ()
        self._left = 1

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor, None without rows."""
        return self._rows[self.cursor[0]].key if self._rows else None

    def show(self, rows: Sequence[Row]) -> None:
        """Draw `rows`; the cursor stays on its key where that is still there."""
        before, at = self._rows, self.key
        self._rows = tuple(rows)
        if [row.key for row in before] != [row.key for row in self._rows]:
            keys = [row.key for row in self._rows]
            place = keys.index(at) if at in keys else min(self.cursor[0], max(0, len(keys) - 1))
            self.cursor = (place, self.cursor[1])
            self._fit()
            self.refresh()
            self._tell_moved()
            return
        for index, (old, new) in enumerate(zip(before, self._rows, strict=True)):
            if old != new:
                self._refresh_row(index)

    def find(self, key: str) -> bool:
        """Put the cursor on the row of that key; whether there is one."""
        for index, row in enumerate(self._rows):
            if row.key == key:
                self.cursor = (index, self.cursor[1])
                return True
        return False

    def watch_cursor(self, before: tuple[int, int], after: tuple[int, int]) -> None:
        """Draw both rows anew and keep the cursor in sight."""
        if self._by_cell and before[1] != after[1]:
            self.refresh()
        self._refresh_row(before[0])
        self._refresh_row(after[0])
        self._keep_in_sight()
        self._tell_moved()

    def action_move(self, down: int, right: int) -> None:
        """One row or cell on; at the edge the key is left to others."""
        last = (len(self._rows) - 1, len(self._columns) - 1 if self._by_cell else 0)
        row, column = self.cursor[0] + down, self.cursor[1] + right
        self.cursor = (max(0, min(row, last[0])), max(0, min(column, last[1])))

    def action_page(self, direction: int) -> None:
        """A screenful on."""
        self.action_move(direction * max(1, self.size.height - 2), 0)

    def action_end(self, last: bool) -> None:  # noqa: FBT001 - an action's argument
        """The first or the last row."""
        self.action_move(len(self._rows) if last else -len(self._rows), 0)

    def action_choose(self) -> None:
        """Tell that Enter was pressed on the row."""
        if self.key is not None:
            self.post_message(self.Chosen(self, self.key, self.cursor[1]))

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there; one on its row chooses it."""
        row = int(event.y + self.scroll_offset.y) - 1
        if 0 <= row < len(self._rows):
            if row == self.cursor[0]:
                self.action_choose()
            self.cursor = (row, self.cursor[1])

    def on_resize(self) -> None:
        """Columns are fitted anew; a line more below the table hides no cursor."""
        self._fit()
        self._keep_in_sight()
        self.refresh()

    def on_focus(self) -> None:
        """The cursor is drawn in another style."""
        self._refresh_row(self.cursor[0])

    def on_blur(self) -> None:
        """The same."""
        self._refresh_row(self.cursor[0])

    def render_line(self, y: int) -> Strip:
        """Line `y` of what is in sight: the head, then rows."""
        width = self.scrollable_content_region.width
        if y == 0:
            head = [Cell(column.title) for column in self._columns]
            return self._strip(head, self._style("grid--head"), width)
        index = y - 1 + int(self.scroll_offset.y)
        if index >= len(self._rows):
            lines = [] if self._rows else ["", *textwrap.wrap(self.empty, max(1, width - 1))]
            text = lines[index] if index < len(lines) else ""
            return Strip([Segment(text.ljust(width), self._style("grid--quiet"))])
        under = None
        if index == self.cursor[0]:
            under = self._style("grid--cursor" if self.has_focus else "grid--blurred")
        return self._strip(self._rows[index].cells, under, width, marked=index == self.cursor[0])

    def _strip(
        self, cells: Sequence[Cell], under: Style | None, width: int, *, marked: bool = False
    ) -> Strip:
        plain = self._style("grid--plain")
        segments, left = [], width
        beside = self._style("grid--blurred") if self._by_cell and marked else under or Style()
        for at, ((_, size), cell) in enumerate(zip(self._widths(width), cells, strict=True)):
            if size <= 0 or left <= 0:
                continue
            text = safe(cell.text, size)[:size]
            here = beside if at != self.cursor[1] else under or Style()
            style = plain + self._style(f"grid--{cell.tone}") + here
            segments.append(Segment(_padded(text, min(size + 1, left)), style))
            left -= size + 1
        if left > 0:
            segments.append(Segment(" " * left, plain + beside))
        return Strip(segments).adjust_cell_length(width, plain)

    def _widths(self, width: int) -> list[tuple[Column, int]]:
        """Each column with its width here; 0 where there is no room for it."""
        if self._by_cell:
            return self._window(width)
        kept = [width >= column.least for column in self._columns]
        fixed = sum(column.width + 1 for column, here in zip(self._columns, kept, strict=True) if here)
        rest = max(0, width - fixed)
        return [
            (column, 0 if not here else column.width or rest)
            for column, here in zip(self._columns, kept, strict=True)
        ]

    def _window(self, width: int) -> list[tuple[Column, int]]:
        """The first column always, then those around the cursor that fit."""
        sizes = [column.width or max(_FREE, width // _SHARE) for column in self._columns]
        room = width - sizes[0] - 1
        self._left = max(1, min(self._left, self.cursor[1] or 1))
        while (
            self._left < self.cursor[1]
            and sum(size + 1 for size in sizes[self._left : self.cursor[1] + 1]) > room
        ):
            self._left += 1
        shown = [0] * len(sizes)
        shown[0] = sizes[0]
        for at in range(self._left, len(sizes)):
            shown[at] = min(sizes[at], room) if room >= min(sizes[at], _PART) else 0
            room -= sizes[at] + 1
        return list(zip(self._columns, shown, strict=True))

    def _fit(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._rows) + 1)

    def _keep_in_sight(self) -> None:
        """The row of the cursor, below the head that hides one."""
        self.scroll_to_region(Region(0, self.cursor[0], 1, 2), animate=False, force=True)

    def _refresh_row(self, index: int) -> None:
        y = index + 1 - int(self.scroll_offset.y)
        if 1 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name)

    def _tell_moved(self) -> None:
        if self.key is not None:
            self.post_message(self.Moved(self, self.key, self.cursor[1]))


def _padded(text: str, width: int) -> str:
    """`text` in exactly `width` cells; what is wider than its characters is counted as drawn."""
    return Strip([Segment(text)]).adjust_cell_length(width).text
