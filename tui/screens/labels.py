"""Step 11: labels for gateways and ports."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from installer.domain.label import LabelSheet, parse_label_id
from installer.errors import PunchdownError
from installer.text import safe
from tui.commands import Command
from tui.scan import Scan
from tui.screens.dialog import Said
from tui.screens.pick import Offer, Pick
from tui.screens.step import Step
from tui.widgets.field import Field
from tui.widgets.grid import Cell, Column, Grid, Row
from tui.widgets.plain import Plain
from tui.widgets.qr import Symbol
from tui.words import Tone, counted

if TYPE_CHECKING:
    from installer.session import WrittenFile

_TOO_SMALL = (
    "The symbol needs a larger window. It stands on the printed label, and in the picture that F3 writes."
)


class Labels(Step):
    """Each label with its symbol, the stock, and the first cell that is still on the sheet."""

    NAME = "Labels"
    HELP = (
        "A label holds an id and what people read, never a secret. The symbol on the screen is the one "
        "that is printed: a phone reads it. Ctrl+T chooses the stock; type the first cell that is still on "
        "the sheet, counted along the rows, then F3 or Enter writes a PDF and a picture each."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("write", "f3", "write", "a PDF to print and a picture of each label", in_bar=True),
        Command("stock", "ctrl+t", "stock", "which label sheets the printer has", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """Labels beside the symbol."""
        with Horizontal(id="both"):
            with Vertical():
                yield Grid(Column("label", 12), Column("for", 0), id="labels")
                yield Plain("", id="lacking")
            yield Symbol(_TOO_SMALL, id="preview")
        yield Plain("", id="in-full", classes="hint")
        yield Plain("", id="stock")
        yield Field("first cell", "1", hint="1 is the top left", id="cell")
        yield Plain("", id="written", classes="hint")

    def on_mount(self) -> None:
        """The stock that most people have."""
        self._stock: LabelSheet = next(iter(self.app.session.previews.stocks.values()))

    def renew(self) -> None:
        """Every label of the visit."""
        record = self.app.record
        self._tell_stock()
        if record is None:
            self.query_one(Grid).empty = self.app.no_record
            return
        previews = self.app.session.previews
        labels = previews.labels(record)
        rows = [
            Row(str(each.id), (Cell(str(each.id)), Cell(" · ".join((each.title, *each.lines)))))
            for each in labels
        ]
        self.query_one(Grid).show(rows)
        lacking = [text for each in labels for text in previews.unprintable(each)]
        words = (
            f"▲ {counted(len(lacking), 'line')} with letters the label font lacks: {safe(lacking[0], 40)}"
            if lacking
            else ""
        )
        self.query_one("#lacking", Plain).say(words, Tone.WARN)
        written = record.artifacts.get("labels")
        told = "not written yet: F3 writes a PDF and a picture of each"
        if written is not None:
            told = f"written: {written.path}"
            told += "" if "labels" in record.fresh else "; ▲ older than the visit: F3 writes them anew"
        self.query_one("#written", Plain).update(safe(told, 400))

    def scanned(self, scan: Scan) -> bool:
        """A label that is scanned is shown."""
        if scan.label is None or not self.query_one(Grid).find(str(scan.label)):
            return False
        for named in self.app.session.kept.named(scan.text):
            if named.job_id == self.app.job_id:
                self.app.say(f"{named.port or named.gateway}: {named.about}", Tone.GOOD)
        return True

    @on(Grid.Moved, "#labels")
    def shown(self, event: Grid.Moved) -> None:
        """The label under the cursor: its symbol, and all that is read on it."""
        dark, modules = self.app.session.previews.symbol(parse_label_id(event.key))
        self.query_one(Symbol).draw(dark, modules)
        grid = self.query_one(Grid)
        self.query_one("#in-full", Plain).update(f"{event.key} · {grid.rows[grid.cursor[0]].cells[1].text}")

    def action_stock(self) -> None:
        """Choose from those there is a profile of."""
        stocks = self.app.session.previews.stocks
        offers = [Offer(each.id, each.name, _size(each)) for each in stocks.values()]

        def choose(stock: Said) -> None:
            if isinstance(stock, str):
                self._stock = stocks[stock]
                self._tell_stock()

        self.app.push_screen(
            Pick("Which labels?", "As it says on the box.", offers, at=self._stock.id), choose
        )

    @on(Grid.Chosen, "#labels")
    def cell_next(self) -> None:
        """On to the first cell."""
        self.query_one("#cell", Field).line.focus()

    @on(Input.Submitted)
    def action_write(self) -> None:
        """Write them."""
        field, text = self.query_one("#cell", Field), self.query_one("#cell", Field).text.strip()
        record = self.app.record
        if record is None:
            self.app.say(self.app.no_record, Tone.WARN)
            return
        try:
            cell = int(text) if text.isdecimal() else 0
            self.app.session.previews.check_cell(self._stock, cell)
        except PunchdownError as error:
            field.fault(safe(f"{error.message}: {error.remedy}", 120))
            field.line.focus()
            return
        work = self.app.session.outputs.labels(record, self._stock.id, cell)
        self.app.start("labels", work, self._left, sealed=True, waits=True)

    def _left(self, written: list[WrittenFile]) -> None:
        self.mended()
        self.app.left([each for each in written if each.kind == "labels"])
        pictures = [each for each in written if each.kind == "label"]
        self.app.say(
            f"{counted(len(pictures), 'label')} written, each also as a picture beside the PDF", Tone.GOOD
        )
        if self.is_mounted:
            self.renew()

    def _tell_stock(self) -> None:
        stock = self._stock
        self.query_one("#stock", Plain).update(
            f"stock             {safe(stock.name, 40)}: {_size(stock)} (Ctrl+T)"
        )


def _size(stock: LabelSheet) -> str:
    width, height = stock.cell
    return f"{stock.cells} a sheet, {width:.0f} x {height:.0f} mm"
