"""A QR symbol that a phone reads off the screen: two modules a cell, black on white whatever the theme."""

from __future__ import annotations

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
    """Shows the dark modules of a square symbol; an empty one shows nothing."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._dark: frozenset[tuple[int, int]] = frozenset()
        self._modules = 0

    def draw(self, dark: Iterable[tuple[int, int]], modules: int) -> None:
        """Show the symbol of `modules` a side, with row and column of its dark ones."""
        self._dark, self._modules = frozenset(dark), modules
        span = modules + 2 * QUIET
        self.styles.width, self.styles.height = span, (span + 1) // 2
        self.refresh(layout=True)

    def render_line(self, y: int) -> Strip:
        """Two rows of modules."""
        span = self._modules + 2 * QUIET if self._modules else 0
        row = 2 * y - QUIET
        return Strip(
            [
                Segment("▀", _STYLES[(row, at - QUIET) in self._dark, (row + 1, at - QUIET) in self._dark])
                for at in range(span)
            ]
        )
