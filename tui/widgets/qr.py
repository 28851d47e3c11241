"""A QR symbol that a phone reads off the screen: two modules a cell, black on white whatever the theme."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

QUIET = 2
_STYLES = {
    (top, bottom): Style(color="#000000" if top else "#ffffff", bgcolor="#000000" if bottom else "#ffffff")
    for top in (False, True)
    for bottom in (False, True)
}


class Symbol(Widget):
    """Shows the dark modules of a square symbol where it fits whole, else words that say so."""

    def __init__(self, instead: str, id: str | None = None) -> None:
        super().__init__(id=id)
        self._instead = instead
        self._dark: frozenset[tuple[int, int]] = frozenset()
        self._modules = 0

    def draw(self, dark: Iterable[tuple[int, int]], modules: int) -> None:
        """Show the symbol of `modules` a side, with row and column of its dark ones; 0 for none."""
        self._dark, self._modules = frozenset(dark), modules
        self.refresh()

    @property
    def rows(self) -> int:
        """The lines that it takes, 0 where there is none."""
        return (self._modules + 2 * QUIET + 1) // 2 if self._modules else 0

    @property
    def fits(self) -> bool:
        """Whether the whole of it can be seen; a part of a symbol is none."""
        return self._modules + 2 * QUIET <= self.size.width and self.rows <= self.size.height

    def render_line(self, y: int) -> Strip:
        """Two rows of modules, or a line of the words."""
        # Every segment has a style: without colors textual filters them, and fails on one that has none.
        plain, span = self.rich_style, self._modules + 2 * QUIET
        if not self._modules or (self.fits and y >= self.rows):
            return Strip.blank(self.size.width, plain)
        if not self.fits:
            lines = textwrap.wrap(self._instead, max(8, self.size.width - 1))
            words = Segment(lines[y] if y < len(lines) else "", plain)
            return Strip([words]).adjust_cell_length(self.size.width, plain)
        row = 2 * y - QUIET
        cells = [
            Segment("▀", _STYLES[(row, at - QUIET) in self._dark, (row + 1, at - QUIET) in self._dark])
            for at in range(span)
        ]
        return Strip(cells).adjust_cell_length(self.size.width, plain)
