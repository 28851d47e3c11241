"""Step 5: what hangs on every FXS port."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal

from installer.errors import PunchdownError
from installer.session.drafting import Draft, DraftFaults, editing, filling
from installer.text import safe
from tui.commands import Command
from tui.scan import Scan
from tui.screens import port_table as tables
from tui.screens.dialog import Said
from tui.screens.pick import Pick
from tui.screens.port_acts import PortActs
from tui.screens.port_offers import age, listed, offers
from tui.widgets.cells import CellLine, Cells
from tui.widgets.grid import Grid
from tui.widgets.plain import Plain
from tui.words import Tone

_COLUMNS = tables.COLUMNS
_UNDONE = 50


class Ports(PortActs):
    """A grid like a spreadsheet: type into a cell, fill down, paste; a fault stands in its cell."""

    NAME = "Ports"
    HELP = (
        "Move with the arrows and type over a cell: Enter keeps it and goes down, Tab keeps it and goes "
        "right, Escape leaves it as it was. Enter on a cell edits it, or offers what there is: uses, "
        "numbers of the account, calling plans. A block from a spreadsheet is pasted from the cursor on. "
        "F3 fills down, counting up. ■ marks a fault: the lines below the table say what it is."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("fill", "f3", "fill down", "this cell's text down the ports, counting up", in_bar=True),
        Command("next_fault", "ctrl+n", "next fault", "the next cell that is at fault", in_bar=True),
        Command("faults", "ctrl+l", "all faults", "every fault and warning, also those without a cell"),
        Command("undo", "ctrl+z", "undo", "take the last edit back"),
        Command("type", "ctrl+e", "type", "write this cell by hand instead of choosing"),
        Command("move_line", "ctrl+t", "move line", "this line to another port, or swap two"),
        Command("copy", "ctrl+g", "copy gateway", "all ports from another gateway"),
        Command("state", "ctrl+o", "use/spare/off", "what this port is for"),
        Command("empty", "ctrl+d", "clear port", "this port's line, whole"),
    )

    def body(self) -> ComposeResult:
        """The grid, the cell in full, what is wrong with it."""
        yield Cells(
            *tables.HEAD, id="grid", empty=self.app.no_record,
            write=self._write, choose=self._offer, wipe=lambda: self._put(""),
        )  # fmt: skip
        with Horizontal(id="cell-row"):
            yield Plain("", id="cell-name")
            yield CellLine(id="editor", keep=self._keep, leave=self._leave, pasted=self._paste_over)
        yield Plain("", id="socket", classes="hint")
        yield Plain("", id="why")

    def on_mount(self) -> None:
        """Not writing yet; the account is looked at where that was long ago."""
        self._editing: tuple[int, int] | None = None
        self._before: list[Draft] = []
        self._faults = DraftFaults((), {})
        self.query_one("#editor").display = False
        row, name = self.app.cell or (0, "line_name")
        self.app.cell = None
        self.query_one(Grid).cursor = (row, tables.column_of(name))
        self.look_if_old()

    def renew(self) -> None:
        """What the draft says, and what is wrong with it."""
        draft = self.app.draft
        if draft is None:
            return
        try:
            self._faults = self.app.session.drafting.faults(draft)
        except PunchdownError as error:
            self.app.trouble(error)
        self.query_one(Grid).empty = "no gateway yet: step Gateways (F2) adds one"
        self.query_one(Grid).show(tables.table(draft, self._faults))
        self._tell()

    def scanned(self, scan: Scan) -> bool:
        """What is of this draft is found in it; text that came at once is written where the cursor stands."""
        draft = self.app.draft
        if draft is None:
            return False
        if not self._keep(0, 0):
            return True  # what was typed stays where it can be mended
        if (place := self.place_of(draft, scan)) is not None:
            self.query_one(Grid).cursor = place
            self.app.say(f"{tables.port_name(draft, place[0])}: {safe(scan.text, 40)}", Tone.GOOD)
            return True
        if scan.is_strong or not draft.rows or self.app.session.kept.named(scan.text):
            return False
        self._write(scan.text)
        return True

    def edit(self, change: Callable[[Draft], Draft], said: str = "") -> bool:
        """Change the draft and show it; the one before is kept for undo. Whether it could be."""
        before = self.app.draft
        if before is None or not self.app.edit(change):
            return False
        self._before = [*self._before[1 - _UNDONE :], before]
        self.mended()
        if said:
            self.app.say(said, Tone.GOOD)
        else:
            self.say("")  # what was said is of an edit before
        self.renew()
        return True

    def forget_edits(self) -> None:
        """Nothing is taken back past this."""
        self._before = []

    @property
    def at(self) -> tuple[int, int]:
        """The row and the column of the cursor; column 0 is the port itself."""
        return self.query_one(Grid).cursor

    @on(Grid.Moved, "#grid")
    def moved(self) -> None:
        """The cell in full, and what is wrong with it; what was written in another one is kept."""
        if self._editing is None or self._editing == self.at or self._keep(0, 0):
            self._tell()

    def on_paste(self, event: events.Paste) -> None:
        """A block from a spreadsheet."""
        event.stop()
        self._paste(event.text)

    def action_undo(self) -> None:
        """The draft as it was before the last edit."""
        if not self._before:
            self.app.say("nothing to take back", Tone.WARN)
            return
        before = self._before.pop()
        if self.app.edit(lambda _: before):
            self.app.say("taken back")
            self.renew()

    def action_next_fault(self) -> None:
        """The next cell at fault; those without a cell are listed."""
        place = tables.next_fault(self._faults, self.at)
        if place is not None:
            self.query_one(Grid).cursor = place
        elif tables.elsewhere(self._faults):
            self.action_faults()
        else:
            self.app.say("nothing is at fault", Tone.GOOD)

    def action_faults(self) -> None:
        """All of them; Enter goes to the cell."""
        draft = self.app.draft
        if draft is None:
            return

        def go(said: Said) -> None:
            if isinstance(said, str):
                finding = self._faults.findings[int(said)]
                if (place := tables.place_of(self._faults, finding)) is not None:
                    self.query_one(Grid).cursor = place
                elif finding.remedy:
                    self.app.say(f"{finding.message} - {finding.remedy}", Tone.WARN)

        self.app.push_screen(
            Pick("Faults and warnings", "Enter goes to the cell.", listed(draft, self._faults)), go
        )

    def action_type(self) -> None:
        """Write the cell by hand."""
        self._edit(None)

    def _offer(self) -> None:
        """Enter: choose from what there is, or edit."""
        kept = self._keep(0, 0)
        draft, (row, column) = self.app.draft, self.at
        if draft is None or not draft.rows or column == 0 or not kept:
            return
        name, title = _COLUMNS[column - 1].name, _COLUMNS[column - 1].title
        seen = (
            self.app.session.customers.seen(draft.account)
            if name in {*editing.NUMBERS, "calling_plan"}
            else None
        )
        found = offers(draft, row, name, self.app.session.drafting.uses, seen)
        if not found:
            self._edit(None)
            return

        def put(text: Said) -> None:
            if isinstance(text, str):
                self._put(text)
                self.query_one(Grid).action_move(1, 0)

        where = f"{tables.port_name(draft, row)}: {title}"
        asked = age(seen, self.app.session.rooms.clock.now())
        self.app.push_screen(Pick(where, asked, found, at=draft.rows[row][name], own=True), put)

    def _write(self, text: str) -> None:
        """A character was typed on a cell."""
        if self._keep(0, 0):
            self._edit(text)

    def _put(self, text: str) -> None:
        row, column = self.at
        if column == 0:
            self.app.say("a port belongs to its gateway: step Gateways (F2) changes that", Tone.WARN)
            return
        name = _COLUMNS[column - 1].name
        self.edit(lambda draft: filling.set_cell(draft, row, name, text))

    def _paste_over(self, text: str) -> None:
        if self._keep(0, 0):
            self._paste(text)

    def _paste(self, text: str) -> None:
        draft, (row, column) = self.app.draft, self.at
        if draft is None or not draft.rows:
            return
        names = [each.name for each in _COLUMNS][max(0, column - 1) :]
        rows = list(range(row, len(draft.rows)))
        self.edit(lambda draft: filling.paste(draft, text, rows, names), "pasted; Ctrl+Z takes it back")

    def _edit(self, first: str | None) -> None:
        draft, (row, column) = self.app.draft, self.at
        if draft is None or not draft.rows:
            return
        if column == 0:
            self.app.say("a port belongs to its gateway: step Gateways (F2) changes that", Tone.WARN)
            return
        self._editing = row, column
        editor = self.query_one("#editor", CellLine)
        editor.value = draft.rows[row].get(_COLUMNS[column - 1].name, "") if first is None else first
        editor.cursor_position = len(editor.value)
        editor.display = True
        self._tell()
        self.set_focus(editor)

    def _keep(self, down: int, right: int) -> bool:
        """Keep what is being written and go on from there; whether nothing is left to be mended."""
        if self._editing is None:
            return True
        (row, column), text = self._editing, self.query_one("#editor", CellLine).value
        name = _COLUMNS[column - 1].name
        draft = self.app.draft
        if draft is not None and draft.rows[row].get(name, "") != text:
            kept = self.edit(lambda draft: filling.set_cell(draft, row, name, text))
            if not kept:
                return False
        self._leave()
        self.query_one(Grid).action_move(down, right)
        return True

    def _leave(self) -> None:
        self._editing = None
        self.query_one("#editor").display = False
        self.set_focus(self.query_one(Grid))
        self._tell()

    def _tell(self) -> None:
        draft, (row, column) = self.app.draft, self.at
        if draft is None or row >= len(draft.rows):
            return
        here = draft.rows[row]
        name = f"{tables.port_name(draft, row)}"
        if column:
            of = _COLUMNS[column - 1]
            text = "" if self._editing else safe(here.get(of.name, ""), 60)
            name = f"{name} {of.title}: {text}"
        self.query_one("#cell-name", Plain).update(name)
        jack = self.app.jack_of(here["model"], here["fxs_port"])
        self.query_one("#socket", Plain).update(f"socket: {jack}" if jack else "")
        self.query_one("#why", Plain).say(*tables.told_at(self._faults, row, column))
