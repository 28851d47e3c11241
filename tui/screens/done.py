"""Step 12: what is open, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult

from installer.text import safe
from tui.commands import Command
from tui.screens.registration_words import unknown_lines
from tui.screens.step import Step
from tui.widgets.grid import Cell, Column, Grid, Row
from tui.widgets.plain import Plain
from tui.words import Tone, counted

if TYPE_CHECKING:
    from installer.session import OpenItem, WrittenFile


class Done(Step):
    """The visit in one page; the report says the same on paper."""

    NAME = "Done"
    HELP = (
        "What is left to do, and who has to do it. Enter goes to the step where it is done. F3 writes the "
        "report, as text and as a page. Ctrl+N begins the next visit, with its account."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("write", "f3", "report", "write the report", in_bar=True),
        Command("begin", "ctrl+n", "next visit", "with its account; this one is kept", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """One sentence, then who has to do what, then the files."""
        yield Plain("", id="summary", classes="title")
        yield Plain("", id="counts", classes="hint")
        yield Grid(
            Column("who", 12), Column("where", 12), Column("step", 13, least=100), Column("what", 0),
            id="open",
        )  # fmt: skip
        yield Plain("", id="files", classes="hint")

    def on_mount(self) -> None:
        """Nothing is listed yet."""
        self._items: dict[str, OpenItem] = {}

    def renew(self) -> None:
        """What the journal says."""
        record, words = self.app.record, self.query_one("#summary", Plain)
        if record is None:
            words.update(self.app.no_record)
            return
        summary = self.app.session.outputs.summary(record)
        self._items = {f"{each.port or ''} {each.what}": each for each in summary.open_items}
        grid = self.query_one(Grid)
        grid.empty = "nothing is open"
        grid.show([Row(key, _cells(each)) for key, each in self._items.items()])
        made = f"{counted(len(record.lines), 'line')} on the platform"
        if lost := unknown_lines(record):
            made += f", {lost} not known yet"
        if self._items:
            words.say(f"○ {made}; {counted(len(self._items), 'thing')} open", Tone.WARN)
        elif "labels" not in record.artifacts:
            words.say(f"▲ {made}; nothing is open but the labels: step 11.", Tone.WARN)
        else:
            words.say(f"● {made}; nothing is open. F10 ends.", Tone.GOOD)
        counts = ", ".join(f"{name}: {number}" for name, number in summary.counts.items())
        self.query_one("#counts", Plain).update(counts)
        files = [f"{each.kind}: {safe(str(each.path), 200)}" for each in summary.artifacts]
        self.query_one("#files", Plain).update("\n".join(files))

    @on(Grid.Chosen, "#open")
    def chosen(self, event: Grid.Chosen) -> None:
        """To where it is done."""
        if (item := self._items.get(event.key)) is not None:
            self.app.go(_step(item))

    def action_begin(self) -> None:
        """The next visit."""
        self.app.begin_visit()

    def action_write(self) -> None:
        """Write the report."""
        record = self.app.record
        if record is None:
            self.app.say(self.app.no_record, Tone.WARN)
            return
        work = self.app.session.outputs.report(record)
        self.app.start("report", work, self._left, sealed=True, waits=True)

    def _left(self, written: list[WrittenFile]) -> None:
        self.mended()
        self.app.left(written)
        self.app.say(f"report written, and a page beside it: {written[0].path}", Tone.GOOD)
        if self.is_mounted:
            self.renew()


def _cells(item: OpenItem) -> tuple[Cell, ...]:
    return Cell(str(item.owner), Tone.WARN), Cell(str(item.port or "")), Cell(_step(item)), Cell(item.what)


def _step(item: OpenItem) -> str:
    return item.stage.capitalize()
