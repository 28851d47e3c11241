"""Step 10: which ports register, since when, and how old that is."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from installer.domain.job import PortPlan, PortState
from installer.planning.record import JobRecord
from installer.session.status import Registration, registration
from installer.text import safe
from tui import words
from tui.commands import Command
from tui.screens.step import Step
from tui.widgets.grid import Cell, Column, Grid, Row, state
from tui.widgets.plain import Plain
from tui.words import REGISTRATIONS, Tone, Word

_LONG = 8 * 3600.0


class Registrations(Step):
    """A live table; it can be held still, and says how old it is."""

    NAME = "Registration"
    HELP = (
        "A line registers once the partner has loaded the sheet into the gateway. A port is never "
        "called dead before it was expected: not expected yet, never, lost and registered are told "
        "apart. What registered before the gateway was bound is the box before, and does not count. F3 "
        "holds the table still."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("hold", "f3", "pause", "hold the table still, or let it go on", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """How many of how many, then port by port."""
        yield Plain("", id="summary", classes="title")
        yield Grid(
            Column("port", 12), Column("line", 0), Column("state", 24), Column("since", 10),
            Column("flaps", 5, rank=2), id="ports", empty="no visit is open",
        )  # fmt: skip

    def on_mount(self) -> None:
        """Look at once, then again and again."""
        self._held = False
        super().on_mount()
        self.set_interval(1.0, self._age)
        self._watch()

    def on_unmount(self) -> None:
        """Nobody looks: nobody asks."""
        self.app.stop("watch")

    def renew(self) -> None:
        """What is known."""
        record = self.app.record
        if record is None or self._held:
            return
        now = self.app.session.rooms.clock.now()
        rows = [_row(record, plan, now.timestamp()) for plan in record.job.ports]
        grid = self.query_one(Grid)
        grid.show(rows)
        if (named := self.app.looked_for) is not None:
            self.app.looked_for = None
            grid.find(str(named.port or f"{named.gateway}:1"))
        self._age()

    def action_hold(self) -> None:
        """Hold still, or go on."""
        self._held = not self._held
        if self._held:
            self.app.stop("watch")
        else:
            self._watch()
        self.renew()
        self._age()

    def _watch(self) -> None:
        if self.app.job_id is not None:
            self.app.start("watch", self._look(self.app.job_id))

    async def _look(self, job_id: str) -> None:
        visits = self.app.session.visits
        visits.begin()
        await visits.watch(job_id, None, _LONG, lambda _record, _seen: self.renew())
        for run in visits.runs:
            if run.error is not None:
                raise run.error

    def _age(self) -> None:
        record = self.app.record
        summary = self.query_one("#summary", Plain)
        if record is None:
            summary.update("No visit is open: go back to Visits.")
            return
        used = [plan.port for plan, _ in record.job.drafts()]
        up = sum(registration(record, port) is Registration.REGISTERED for port in used)
        looked = record.looked_at
        now = self.app.session.rooms.clock.now()
        age = words.seconds_ago((now - looked).total_seconds()) if looked else "never looked"
        held = "; ■ held still, F3 goes on" if self._held else ""
        sign = "●" if up == len(used) else "○"
        summary.update(f"{sign} {up} of {len(used)} lines registered, {age}{held}")


def _row(record: JobRecord, plan: PortPlan, now: float) -> Row:
    seen = record.registrations.get(plan.port)
    word: Word = {PortState.SPARE: words.SPARE, PortState.OFF: words.OFF}.get(
        plan.state, REGISTRATIONS[registration(record, plan.port).value]
    )
    since = words.seconds_ago(now - seen.since.timestamp()) if seen else ""
    name = plan.draft.name if plan.draft else ""
    return Row(
        str(plan.port),
        (
            Cell(str(plan.port)), Cell(safe(name, 60)), state(word), Cell(since, Tone.QUIET),
            Cell(str(seen.flaps) if seen else ""),
        ),
    )  # fmt: skip
