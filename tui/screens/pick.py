"""What opens where there is something to choose from: a list that narrows as somebody types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.screens.dialog import TAKEN, Dialog
from tui.widgets.field import Field
from tui.widgets.grid import Cell, Column, Grid, Row
from tui.widgets.plain import Plain
from tui.words import Tone

_MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """One of several: what it gives, what it is called, what is to be known of it."""

    key: str
    name: str
    about: str = ""
    tone: Tone = Tone.PLAIN


class Pick(Dialog):
    """Gives the key of what was chosen, None where it was left.

    With `own` a text that names nothing in the list is given as it was typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(False)", show=False, priority=True),
        Binding("end", "edge(True)", show=False, priority=True),
    ]

    def __init__(
        self, title: str, words: str, offers: Sequence[Offer], *, at: str = "", own: bool = False
    ) -> None:
        super().__init__(title, words)
        self._offers = tuple(offers)
        self._at = at
        self._own = own
        self._field = Field("search", hint="type to narrow the list", id="narrow")

    def answers(self) -> ComposeResult:
        """The line, the list below."""
        yield self._field
        width = min(40, max((len(each.name) for each in self._offers), default=1) + 1)
        grid = Grid(Column("", width), Column("", 0), id="offers", empty="nothing like that here")
        grid.can_focus = False
        grid.styles.height = min(_MOST_ROWS, max(2, len(self._offers)) + 1)
        yield grid
        yield Plain(TAKEN, id="own", classes="hint")

    def on_mount(self) -> None:
        """All of them, what stands there under the cursor."""
        self.narrowed()
        self.query_one(Grid).find(self._at)
        self._field.line.focus()

    @on(Input.Changed)
    def narrowed(self) -> None:
        """Those that hold every word of what was typed."""
        wanted = self._field.text.casefold().split()
        fits = [
            each
            for each in self._offers
            if all(word in f"{each.key} {each.name} {each.about}".casefold() for word in wanted)
        ]
        rows = [Row(each.key, (Cell(each.name), Cell(each.about, each.tone))) for each in fits]
        self.query_one(Grid).show(rows)
        own = self._own and bool(self._field.text.strip()) and not fits
        self.query_one("#own", Plain).update("Enter takes it as it was typed." if own else TAKEN)

    def action_move(self, down: int) -> None:
        """Up or down the list."""
        self.query_one(Grid).action_move(down, 0)

    def action_page(self, direction: int) -> None:
        """A screenful up or down the list."""
        self.query_one(Grid).action_page(direction)

    def action_edge(self, last: bool) -> None:  # noqa: FBT001 - an action's argument
        """The first or the last of the list."""
        self.query_one(Grid).action_end(last)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Home and End are the line's once something was typed there."""
        if action == "edge" and self._field.text:
            return False
        return super().check_action(action, parameters)

    @on(Input.Submitted)
    def taken(self) -> None:
        """Enter takes what is under the cursor, or what was typed where there is nothing."""
        if not self.is_seen:
            return
        grid = self.query_one(Grid)
        if grid.key is not None and grid.rows:
            self.dismiss(grid.key)
        elif self._own and self._field.text.strip():
            self.dismiss(self._field.text.strip())

    @on(Grid.Chosen)
    def clicked(self, event: Grid.Chosen) -> None:
        """A click on the row under the cursor."""
        if self.is_seen:
            self.dismiss(event.key)
