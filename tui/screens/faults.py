"""The faults of a line sheet, each by its cell."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Button

from installer.domain.finding import Finding, Severity
from installer.text import safe
from tui import words
from tui.screens.dialog import Dialog, Said
from tui.widgets.grid import Cell, Column, Grid, Row
from tui.widgets.plain import Plain
from tui.words import Tone, counted

_MOST_ROWS = 12


class Faults(Dialog):
    """Row, column, value, and what is wanted. Gives “again” where the sheet was mended meanwhile."""

    def __init__(self, name: str, findings: Sequence[Finding]) -> None:
        self._findings = sorted(
            findings, key=lambda each: (each.severity is not Severity.ERROR, each.row or 0)
        )
        errors = sum(each.severity is Severity.ERROR for each in findings)
        super().__init__(
            f"{safe(name, 50)}: {counted(errors, 'fault')}, nothing was sent",
            "Mend these cells in the sheet and save it, then read it again.",
        )

    def answers(self) -> ComposeResult:
        """The list, what is wanted of the cell under the cursor, the buttons."""
        grid = Grid(Column("row", 5), Column("column", 14), Column("value", 16), Column("what is wrong", 0))
        grid.styles.height = min(_MOST_ROWS, len(self._findings)) + 1
        yield grid
        yield Plain("", id="wanted")
        with Horizontal(id="choices"):
            yield Button("Close", id="close", compact=True)
            yield Button("Read it again", id="again", compact=True)

    def on_mount(self) -> None:
        """The first one under the cursor."""
        grid = self.query_one(Grid)
        grid.show([_row(index, each) for index, each in enumerate(self._findings)])
        grid.focus()

    @on(Grid.Moved)
    def moved(self, event: Grid.Moved) -> None:
        """All of it, with what is wanted."""
        found = self._findings[int(event.key)]
        wanted = f"\nWanted: {safe(found.remedy, 240)}" if found.remedy else ""
        self.query_one("#wanted", Plain).update(safe(found.message, 240) + wanted)

    def answer(self, button: str) -> Said:
        """“again”, or nothing."""
        return "again" if button == "again" else None


def _row(index: int, finding: Finding) -> Row:
    tone = words.SEVERITIES[finding.severity].tone
    return Row(
        str(index),
        (
            Cell(str(finding.row or ""), Tone.PLAIN), Cell(finding.column or ""), Cell(finding.value or ""),
            Cell(f"{words.SEVERITIES[finding.severity].sign} {finding.message}", tone),
        ),
    )  # fmt: skip
