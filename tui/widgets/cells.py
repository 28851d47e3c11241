"""A grid that is written into like a spreadsheet, and the line in which a cell is written.

Both act on a key before the next one is looked at: what is typed fast lands in the cell it was meant for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from tui.widgets.field import Line, Typing
from tui.widgets.grid import Column, Grid


class Cells(Grid, Typing):
    """`write` is told what is typed on a cell, `choose` of Enter, `wipe` of Delete."""

    HELP: ClassVar[str] = (
        "A table to write in: Tab goes from cell to cell, Delete empties one, and what is typed goes over it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "move(0, 1)", show=False),
        Binding("shift+tab", "move(0, -1)", show=False),
        Binding("delete,backspace", "wipe", show=False),
    ]

    def __init__(
        self,
        *columns: Column,
        write: Callable[[str], None],
        choose: Callable[[], None],
        wipe: Callable[[], None],
        empty: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(*columns, by_cell=True, empty=empty, id=id)
        self._write, self._choose, self._wipe = write, choose, wipe

    def put(self, text: str) -> None:
        """Begin to write `text` over the cell."""
        self._write(text)

    def action_choose(self) -> None:
        """Enter on the cell."""
        if self.key is not None:
            self._choose()

    def action_wipe(self) -> None:
        """Delete on the cell."""
        if self.key is not None:
            self._wipe()


class CellLine(Line):
    """The text of one cell.

    `keep` is told where to go on from there, and says whether it could be; `leave` that it stays as it was.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "keep(0, 1)", show=False),
        Binding("shift+tab", "keep(0, -1)", show=False),
        Binding("down", "keep(1, 0)", show=False),
        Binding("up", "keep(-1, 0)", show=False),
        Binding("escape", "leave", show=False),
    ]

    def __init__(
        self,
        *,
        keep: Callable[[int, int], bool],
        leave: Callable[[], None],
        pasted: Callable[[str], None],
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._keep, self._leave, self._pasted = keep, leave, pasted

    def settled(self) -> bool:
        """Only Escape means that the cell stays as it was."""
        return self._keep(0, 0)

    async def action_submit(self) -> None:
        """Enter goes down."""
        self._keep(1, 0)

    def action_keep(self, down: int, right: int) -> None:
        """Keep it and go on."""
        self._keep(down, right)

    def action_leave(self) -> None:
        """As it was."""
        self._leave()

    def _on_paste(self, event: events.Paste) -> None:
        """A block of cells is for the table, not for the text of one."""
        if "\t" in event.text or "\n" in event.text.strip("\r\n"):
            event.stop()
            event.prevent_default()
            self._pasted(event.text)
