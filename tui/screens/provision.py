"""Step 8: the writing, port by port; it can be left at any moment."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual.app import ComposeResult

from installer.planning.outcome import OutcomeKind
from installer.session import Answers
from tui.commands import Command
from tui.progress import Progress, subject_key
from tui.screens.step import Step
from tui.widgets.grid import Cell, Column, Grid, Row, state
from tui.widgets.plain import Plain
from tui.words import Tone, counted

_GOOD = (OutcomeKind.DONE, OutcomeKind.ALREADY_DONE)


class Provision(Step):
    """Outcome per port; cancelled, it says what is not known."""

    NAME = "Provision"
    HELP = (
        "Each line is made once: what was sent is written down before. F3 cancels; what was on its way "
        "then is not known yet, and going on with the visit looks it up before anything is sent again."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("cancel", "f3", "cancel", "stop writing; what is on its way is looked up later", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """How many of how many, then every step."""
        yield Plain("", id="summary", classes="title")
        yield Grid(
            Column("port", 12), Column("step", 12), Column("state", 16), Column("about", 0), id="steps",
            empty="planning",
        )  # fmt: skip

    def on_mount(self) -> None:
        """Begin, where the plan was agreed to."""
        super().on_mount()
        self._begun = self.app.session.rooms.clock.monotonic()
        self.set_interval(0.5, self._tick)
        if self.app.agreed is not None and self.app.source is not None:
            agreed, self.app.agreed = self.app.agreed, None
            self.app.progress = Progress()
            self.app.start("provision", self._apply(agreed))
            self._shown = None

    def renew(self) -> None:
        """What the run came to so far."""
        progress = self.app.progress
        rows = []
        for of, word in progress.stands.items():
            subject, action, number = of
            about = progress.why.get(of, "") or (number.national if number else "")
            rows.append(
                Row(subject_key(of), (Cell(str(subject)), Cell(str(action)), state(word), Cell(about)))
            )
        self.query_one(Grid).show(rows)
        self._tick()

    def _tick(self) -> None:
        progress = self.app.progress
        running = self.app.works("provision")
        elapsed = int(self.app.session.rooms.clock.monotonic() - self._begun) if running else None
        unknown = progress.count([OutcomeKind.UNKNOWN]) + (0 if running else len(progress.interrupted()))
        text = f"{progress.done} of {progress.all} steps"
        if running:
            text += f", {elapsed} s. F3 cancels."
            if progress.waits:
                text += f" Waiting {progress.waits:.0f} s before a second look: it was not sent again."
        elif unknown:
            text += f"; ? {counted(unknown, 'outcome')} not known yet. F5 goes on with the visit."
        elif progress.all:
            text += f"; {progress.count(_GOOD)} done. F4 goes on."
        self.query_one("#summary", Plain).update(text)

    async def _apply(self, agreed: frozenset[tuple[str, str]]) -> None:
        app = self.app
        visits = app.session.visits
        visits.begin()
        answers = Answers(yes=True, ask=self._asked, taken_on=agreed)
        try:
            await visits.apply(app.source, answers)
        except asyncio.CancelledError:
            app.say("cancelled; the visit is kept, and going on looks up what is not known", Tone.WARN)
            raise
        finally:
            app.concluded()
            if self.is_mounted:
                self.renew()

    async def _asked(self, question: str) -> bool:
        from tui.screens.dialog import Question  # noqa: PLC0415 - only where something came up meanwhile

        return await self.app.ask(Question("Something came up", question, "Take it on"))

    def action_cancel(self) -> None:
        """Stop at once; nothing that is on its way is called failed."""
        self.app.stop("provision")
