"""Step 11: labels for gateways and ports."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from installer.domain.label import parse_label_id
from tui.commands import Command
from tui.screens.step import Step
from tui.widgets.field import Field
from tui.widgets.grid import Cell, Column, Grid, Row
from tui.widgets.qr import Symbol
from tui.words import counted


class Labels(Step):
    """Each label with its symbol, the stock, and the first cell that is still on the sheet."""

    NAME = "Labels"
    HELP = (
        "A label holds an id and what people read, never a secret. The symbol on the screen is the one "
        "that is printed: a phone reads it. Type stock and first free cell, then F3 writes a PDF and a "
        "picture each."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("write", "f3", "write", "a PDF to print and a picture of each label", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """Labels beside the symbol."""
        stocks = ", ".join(self.app.session.rooms.profiles.labels)
        with Horizontal():
            yield Grid(Column("label", 13), Column("for", 0), id="labels", empty="no visit is open")
            with Vertical(id="preview"):
                yield Symbol()
        yield Field("stock", "avery-5160", hint=stocks, id="stock")
        yield Field("first cell", "1", id="cell")

    def renew(self) -> None:
        """Every label of the visit."""
        record = self.app.record
        if record is not None:
            rows = [
                Row(str(each.id), (Cell(str(each.id)), Cell(" · ".join((each.title, *each.lines)))))
                for each in self.app.session.previews.labels(record)
            ]
            self.query_one(Grid).show(rows)

    @on(Grid.Moved, "#labels")
    def shown(self, event: Grid.Moved) -> None:
        """The symbol of the label under the cursor."""
        dark, modules = self.app.session.previews.symbol(parse_label_id(event.key))
        self.query_one(Symbol).draw(dark, modules)

    @on(Input.Submitted)
    def action_write(self) -> None:
        """Write them."""
        cell = self.query_one("#cell", Field)
        if not cell.text.strip().isdecimal():
            cell.fault("a number from 1")
            return
        self.app.start("labels", self._write(int(cell.text)))

    async def _write(self, cell: int) -> None:
        record = self.app.record
        if record is None:
            return
        stock = self.query_one("#stock", Field).text.strip()
        written = self.app.session.outputs.labels(record, stock, cell)
        self.app.left([each for each in written if each.kind == "labels"])
        self.app.say(f"{counted(len(written) - 1, 'label')} written: {written[0].path}")
