"""Step 12: what is open, and for whom."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from tui.commands import Command
from tui.screens.step import Step
from tui.widgets.grid import Cell, Column, Grid, Row
from tui.widgets.plain import Plain
from tui.words import counted


class Done(Step):
    """The visit in one page; the report says the same on paper."""

    NAME = "Done"
    HELP = "What is left to do, and who has to do it. F3 writes the report, as text and as a page."
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("write", "f3", "report", "write the report", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """One sentence, then who has to do what."""
        yield Plain("", id="summary", classes="title")
        yield Grid(
            Column("who", 14), Column("where", 12), Column("what", 0), id="open", empty="nothing is open"
        )

    def renew(self) -> None:
        """What the journal says."""
        record = self.app.record
        if record is None:
            self.query_one("#summary", Plain).update("No visit is open: go back to Visits.")
            return
        summary = self.app.session.outputs.summary(record)
        rows = [
            Row(f"{index}", (Cell(str(each.owner)), Cell(str(each.port or "")), Cell(each.what)))
            for index, each in enumerate(summary.open_items)
        ]
        self.query_one(Grid).show(rows)
        made = f"{counted(len(record.lines), 'line')} stand"
        self.query_one("#summary", Plain).update(
            f"○ {made}; {counted(len(rows), 'thing')} open"
            if rows
            else f"● {made}; nothing is open. F10 ends."
        )

    def action_write(self) -> None:
        """Write the report."""
        self.app.start("report", self._write())

    async def _write(self) -> None:
        record = self.app.record
        if record is not None:
            written = self.app.session.outputs.report(record)
            self.app.left(written)
            self.app.say(f"report written: {written[0].path}")
