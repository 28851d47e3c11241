"""Step 2: which visit: an unfinished one first, a line sheet, or a new one."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from installer.planning.record import JobRecord
from tui import words
from tui.commands import Command
from tui.screens.dialog import Prompt, Said
from tui.screens.step import Step
from tui.widgets.grid import Cell, Column, Grid, Row, state
from tui.widgets.plain import Plain
from tui.words import Tone, Word

UNFINISHED = Word("►", "unfinished", Tone.WARN)
FINISHED = Word("●", "finished", Tone.GOOD)
TAKEN_BACK = Word("◄", "taken back", Tone.QUIET)


class Visits(Step):
    """The visits of this home; Enter goes on with the one under the cursor."""

    NAME = "Visits"
    HELP = (
        "Every visit that this home holds, the unfinished ones first: Enter goes on where it stopped. "
        "F3 opens a line sheet (CSV or XLSX) as a visit; its faults are shown cell by cell, and nothing "
        "is sent before you have agreed to the plan."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("begin", "ctrl+n", "new visit", "for an account, without a sheet", in_bar=True),
        Command("open_sheet", "f3", "open a sheet", "a line sheet, CSV or XLSX", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """A line of help, the visits."""
        yield Plain(
            "Enter goes on with a visit. F3 opens a line sheet, Ctrl+N begins a new one.", classes="hint"
        )
        yield Grid(
            Column("visit", 7), Column("site", 0), Column("account", 22, rank=2), Column("gateways", 8),
            Column("lines", 9), Column("state", 14), Column("last", 10, rank=2),
            id="visits", empty="no visit yet: F3 opens a line sheet",
        )  # fmt: skip

    def renew(self) -> None:
        """What stands in the journal."""
        jobs = sorted(self.app.session.kept.jobs(), key=lambda record: not record.is_unfinished)
        now = self.app.session.rooms.clock.now()
        self.query_one(Grid).show(
            [
                _row(record, (now - (record.last_event_at or record.opened_at)).total_seconds())
                for record in jobs
            ]
        )

    @on(Grid.Chosen, "#visits")
    def chosen(self, event: Grid.Chosen) -> None:
        """Open it."""
        self.app.open_visit(event.key)
        self.app.go("Review")

    def action_begin(self) -> None:
        """Choose the account."""
        self.app.job_id = self.app.draft = self.app.source = None
        self.app.go("Account")

    def action_open_sheet(self) -> None:
        """Ask for the path of a sheet."""
        prompt = Prompt(
            "Open a line sheet", "CSV or XLSX; drop the file on the terminal, or type its path.", "path"
        )
        self.app.push_screen(prompt, self._opened)

    def _opened(self, path: Said) -> None:
        if isinstance(path, str) and path.strip():
            self.app.job_id = None
            self.app.source = Path(path.strip().strip("'\"")).expanduser()
            self.app.go("Review")


def _row(record: JobRecord, age: float) -> Row:
    job = record.job
    planned = len(job.drafts())
    stands = UNFINISHED if record.is_unfinished else TAKEN_BACK if record.is_taken_back else FINISHED
    return Row(
        job.id,
        (
            Cell(job.id), Cell(job.site), Cell(job.account.name), Cell(str(len(job.gateways))),
            Cell(f"{len(record.lines)}/{planned}"), state(stands), Cell(words.seconds_ago(age), Tone.QUIET),
        ),
    )  # fmt: skip
