"""The faults of a line sheet, each by its cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from installer.errors import PunchdownError

_MOST_ROWS = 12


class Faults(Dialog):
    """Row, column, value, and what is wanted; Enter shows a cell in full.

    Gives “again” where the sheet was mended meanwhile, or the number among `findings` of the one to be mended
    here, which cannot be where there is a reason `why_not`.
    """

    def __init__(self, name: str, findings: Sequence[Finding], why_not: PunchdownError | None) -> None:
        self.findings = sorted(
            findings, key=lambda each: (each.severity is not Severity.ERROR, each.row or 0)
        )
        self._can_mend = why_not is None
        errors = sum(each.severity is Severity.ERROR for each in findings)
        how = "Enter shows a cell, and leads to it. Or mend the sheet, save it, and read it again."
        if why_not is not None:
            how = "Enter shows a cell. Mend these in the sheet and save it, then read it again."
            how += f"\nWhy not here: {safe(why_not.message, 200)}."
        super().__init__(f"{safe(name, 50)}: {counted(errors, 'fault')}, nothing was sent", how)

    def answers(self) -> ComposeResult:
        """The list, what is wanted of the cell under the cursor, the buttons."""
        grid = Grid(Column("row", 5), Column("column", 14), Column("value", 16), Column("what is wrong", 0))
        grid.styles.height = min(_MOST_ROWS, len(self.findings)) + 1
        yield grid
        yield Plain("", id="wanted")
        with Horizontal(id="choices"):
            yield Button("Close", id="close", compact=True)
            yield Button("Read it again", id="again", compact=True)

    def on_mount(self) -> None:
        """The first one under the cursor."""
        grid = self.query_one(Grid)
        grid.show([_row(index, each) for index, each in enumerate(self.findings)])
        grid.focus()

    @on(Grid.Moved)
    def moved(self, event: Grid.Moved) -> None:
        """All of it, with what is wanted."""
        self.query_one("#wanted", Plain).update("\n".join(_told(self.findings[int(event.key)])))

    @on(Grid.Chosen)
    def chosen(self, event: Grid.Chosen) -> None:
        """The cell in full."""
        if not self.is_seen:
            return

        def mend(said: Said) -> None:
            if said is True:
                self.dismiss(event.key)

        self.app.push_screen(FaultyCell(self.findings[int(event.key)], can_mend=self._can_mend), mend)

    def answer(self, button: str) -> Said:
        """“again”, or nothing."""
        return "again" if button == "again" else None


class FaultyCell(Dialog):
    """One cell at fault: where it is, what it says, what is wrong and what to do. Gives True to mend it."""

    def __init__(self, finding: Finding, *, can_mend: bool) -> None:
        self._can_mend = can_mend
        where = f"Row {finding.row}" if finding.row else "The sheet"
        of = f", column {safe(finding.column, 40)}" if finding.column else ""
        value = f"It says: {safe(finding.value, 240)}" if finding.value else "It is blank."
        sign = words.SEVERITIES[finding.severity]
        message, *wanted = _told(finding)
        said = [value] if finding.column else []
        super().__init__(f"{where}{of}", "\n".join([*said, f"{sign}: {message}", *wanted]))

    def answers(self) -> ComposeResult:
        """Away, or into the grid of ports."""
        with Horizontal(id="choices"):
            if self._can_mend:
                yield Button("Mend it here", id="mend", compact=True)
            yield Button("Close", id="close", compact=True)

    def answer(self, button: str) -> bool:
        """True to mend it."""
        return button == "mend"


def _told(finding: Finding) -> list[str]:
    """What is wrong, and what to do."""
    return [safe(finding.message, 240), *([f"Wanted: {safe(finding.remedy, 240)}"] if finding.remedy else [])]


def _row(index: int, finding: Finding) -> Row:
    tone = words.SEVERITIES[finding.severity].tone
    return Row(
        str(index),
        (
            Cell(str(finding.row or ""), Tone.PLAIN), Cell(finding.column or ""), Cell(finding.value or ""),
            Cell(f"{words.SEVERITIES[finding.severity].sign} {finding.message}", tone),
        ),
    )  # fmt: skip
