"""Step 5: what hangs on every FXS port."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input

from installer.domain.finding import Severity
from installer.session.drafting import editing, filling
from installer.text import safe
from tui import words
from tui.commands import Command
from tui.scan import Scan
from tui.screens.dialog import Choice, Prompt, Said
from tui.screens.step import Step
from tui.widgets.field import Line
from tui.widgets.grid import Cell, Column, Grid, Row
from tui.widgets.plain import Plain
from tui.words import Tone, counted

_COLUMNS = (
    ("line_name", "name", 22), ("line_use", "use", 10), ("caller_id", "caller id", 14),
    ("e911_callback", "911 callback", 14), ("inbound_number", "rings for", 14), ("location", "location", 16),
    ("jack", "jack", 8), ("port_state", "state", 6), ("calling_plan", "plan", 12), ("notes", "notes", 16),
)  # fmt: skip
_STATES = {"use": ("●", Tone.GOOD), "spare": ("-", Tone.QUIET), "off": ("x", Tone.QUIET)}


class Ports(Step):
    """A grid like a spreadsheet: type into a cell, fill down, paste; a fault stands in its cell."""

    NAME = "Ports"
    HELP = (
        "Move with the arrows and type: Enter keeps the cell and goes down, Tab keeps it and goes "
        "right, Escape leaves it as it was. A block from a spreadsheet is pasted from the cursor on. F3 "
        "fills down, counting up. A cell with ■ is at fault: the line below the table says why."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("fill", "f3", "fill down", "this cell's text down the ports, counting up", in_bar=True),
        Command("move_line", "ctrl+t", "move line", "this line to another port, or swap two", in_bar=True),
        Command("copy", "ctrl+g", "copy gateway", "all ports from another gateway"),
        Command("state", "ctrl+o", "use/spare/off", "what this port is for"),
        Command("empty", "ctrl+d,delete", "clear", "this port's line"),
    )

    def body(self) -> ComposeResult:
        """The grid, the cell in full, the line to type into."""
        yield Grid(
            Column("port", 11), *(Column(title, width) for _, title, width in _COLUMNS),
            by_cell=True, id="grid", empty="no gateway yet: step Gateways",
        )  # fmt: skip
        yield Plain("", id="cell")
        yield Plain("", id="why")
        yield Line(id="editor")

    def on_mount(self) -> None:
        """Not editing yet."""
        self._editing: int | None = None
        self.query_one("#editor").display = False
        super().on_mount()
        self.query_one(Grid).cursor = (0, 1)

    def renew(self) -> None:
        """What the draft says, and what is wrong with it."""
        draft = self.app.draft
        if draft is None:
            self.query_one("#why", Plain).update("No visit is open.")
            return
        self._faults = self.app.session.drafting.faults(draft)
        rows = []
        for index, row in enumerate(draft.rows):
            state = str(draft.state(index) or "")
            sign, tone = _STATES.get(state, ("■", Tone.BAD))
            cells = [Cell(f"{sign} {row['gateway']}:{row['fxs_port']}", tone)]
            for name, _, _ in _COLUMNS:
                found = self._faults.cells.get((index, name), ())
                bad = any(each.severity is Severity.ERROR for each in found)
                warned = bool(found) and not bad
                text = ("■ " if bad else "▲ " if warned else "") + row.get(name, "")
                cells.append(Cell(text, Tone.BAD if bad else Tone.WARN if warned else Tone.PLAIN))
            rows.append(Row(str(index), tuple(cells)))
        self.query_one(Grid).show(rows)
        self._tell()

    def scanned(self, scan: Scan) -> bool:
        """A label or number of this draft is found in it."""
        del scan
        return False

    @on(Grid.Moved, "#grid")
    def moved(self) -> None:
        """The cell in full, and what is wrong with it."""
        self._tell()

    @on(Grid.Chosen, "#grid")
    def chosen(self) -> None:
        """Edit what stands there."""
        self._edit(None)

    def on_key(self, event: events.Key) -> None:
        """A character on a cell begins to write over it."""
        if event.is_printable and event.character and self.query_one(Grid).has_focus:
            event.stop()
            self._edit(event.character)
        elif event.key == "escape" and self._editing is not None:
            event.stop()
            self._leave()
        elif event.key == "tab" and self._editing is not None:
            event.stop()
            event.prevent_default()
            self._keep(0, 1)

    def on_paste(self, event: events.Paste) -> None:
        """A block from a spreadsheet."""
        if self._editing is not None or self.app.draft is None:
            return
        event.stop()
        row, column = self._at()
        names = [name for name, _, _ in _COLUMNS][column - 1 :]
        rows = list(range(row, len(self.app.draft.rows)))
        if self.app.edit(lambda draft: filling.paste(draft, event.text, rows, names)):
            self.app.say("pasted", Tone.GOOD)
        self.renew()

    @on(Input.Submitted, "#editor")
    def submitted(self) -> None:
        """Keep it and go down."""
        self._keep(1, 0)

    def action_fill(self) -> None:
        """Down to the end of the gateway, or as many as said."""
        draft = self.app.draft
        if draft is None or not draft.rows:
            return
        row, column = self._at()
        name = _COLUMNS[column - 1][0]
        mine = [each for each in draft.gateway(draft.rows[row]["gateway"]).rows if each >= row]
        first = draft.rows[row].get(name, "")
        prompt = Prompt(
            "Fill down",
            f"“{safe(first, 40)}”, counting up, from this port on. How many ports?",
            "ports",
            str(len(mine)),
        )

        def fill(text: Said) -> None:
            if isinstance(text, str) and text.strip().isdecimal():
                rows = mine[: int(text)]
                if self.app.edit(lambda draft: filling.fill(draft, rows, name, first)):
                    self.app.say(f"{counted(len(rows), 'port')} filled", Tone.GOOD)
                self.renew()

        self.app.push_screen(prompt, fill)

    def action_move_line(self) -> None:
        """To which port?"""
        draft = self.app.draft
        if draft is None or not draft.rows:
            return
        row, _ = self._at()
        here = f"{draft.rows[row]['gateway']}:{draft.rows[row]['fxs_port']}"
        prompt = Prompt(
            "Move the line", f"From {safe(here, 40)}; the credential stays with the port.", "to port", here
        )

        def move(text: Said) -> None:
            if isinstance(text, str):
                self._move(row, text)

        self.app.push_screen(prompt, move)

    def _move(self, source: int, text: str) -> None:
        draft = self.app.draft
        if draft is None:
            return
        places = {
            f"{row['gateway']}:{row['fxs_port']}".casefold(): index for index, row in enumerate(draft.rows)
        }
        target = places.get(text.strip().casefold())
        if target is None:
            self.app.say(f"there is no port {safe(text, 40)}", Tone.WARN)
            return
        move = filling.swap_lines if editing.has_line(draft, target) else filling.move_line
        if self.app.edit(lambda draft: move(draft, source, target)):
            self.app.say(f"the line is planned on {safe(text.strip(), 40)}", Tone.GOOD)
        self.renew()

    def action_copy(self) -> None:
        """From which gateway?"""
        draft = self.app.draft
        if draft is None or not draft.rows:
            return
        target = draft.rows[self._at()[0]]["gateway"]
        choices = [(each.place, each.place) for each in draft.gateways if each.place != target]

        def copy(source: Said) -> None:
            if isinstance(source, str):
                self.app.edit(lambda draft: editing.copy_gateway(draft, source, target))
                self.renew()

        self.app.push_screen(
            Choice(f"Copy onto {safe(target, 40)}", "Names and uses; numbers stay out.", choices), copy
        )

    def action_state(self) -> None:
        """In use, spare or off."""
        row, _ = self._at()

        def put(state: Said) -> None:
            if isinstance(state, str):
                self.app.edit(lambda draft: filling.set_cell(draft, row, "port_state", state))
                self.renew()

        choices = [("use", "in use"), ("spare", "spare: kept free"), ("off", "off: not to be used")]
        self.app.push_screen(Choice("What is the port for?", "", choices), put)

    def action_empty(self) -> None:
        """The port has no line any more."""
        row, _ = self._at()
        self.app.edit(lambda draft: filling.clear(draft, [row]))
        self.renew()

    def _at(self) -> tuple[int, int]:
        row, column = self.query_one(Grid).cursor
        return row, max(1, column)

    def _edit(self, first: str | None) -> None:
        draft = self.app.draft
        if draft is None or not draft.rows:
            return
        row, column = self._at()
        self._editing = row
        editor = self.query_one("#editor", Line)
        editor.value = draft.rows[row].get(_COLUMNS[column - 1][0], "") if first is None else first
        editor.display = True
        editor.focus()
        editor.cursor_position = len(editor.value)

    def _keep(self, down: int, right: int) -> None:
        row, column = self._at()
        text = self.query_one("#editor", Line).value
        self.app.edit(lambda draft: filling.set_cell(draft, row, _COLUMNS[column - 1][0], text))
        self._leave()
        self.renew()
        self.query_one(Grid).action_move(down, right)

    def _leave(self) -> None:
        self._editing = None
        self.query_one("#editor").display = False
        self.query_one(Grid).focus()

    def _tell(self) -> None:
        draft = self.app.draft
        if draft is None or not draft.rows:
            return
        row, column = self._at()
        name, title, _ = _COLUMNS[column - 1]
        here = draft.rows[row]
        jack = self.app.jack_of(here["model"], here["fxs_port"])
        self.query_one("#cell", Plain).update(
            f"{safe(here['gateway'], 20)}:{here['fxs_port']} {title}: {safe(here.get(name, ''), 60)}   {jack}"
        )
        found = self._faults.cells.get((row, name), ())
        whole = [each for each in self._faults.findings if each.severity is Severity.ERROR]
        if found:
            text = "; ".join(
                f"{each.message} - {each.remedy}" if each.remedy else each.message for each in found
            )
            self.query_one("#why", Plain).say(f"■ {safe(text, 200)}", Tone.BAD)
        elif whole:
            self.query_one("#why", Plain).say(
                f"■ {counted(len(whole), 'fault')} left in the table", Tone.WARN
            )
        else:
            self.query_one("#why", Plain).say(f"{words.REGISTERED.sign} nothing is at fault", Tone.GOOD)
