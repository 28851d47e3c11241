"""What opens over a step: a question, a text to read, a line to type."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button

from tui.widgets.field import Field
from tui.widgets.grid import Cell, Column, Grid, Row
from tui.widgets.plain import Plain

GRACE = 0.5
"""Seconds in which a key that was struck before the dialog was seen does nothing."""
TAKEN = "Enter takes it. Escape leaves it as it is."
BESIDE = "Left/right choose, Enter takes it, Escape leaves it."
"""Of buttons; it is one line in the narrowest window."""
MORE = "▼ more: Page down"
"""A scroll bar is nothing but color."""

Said = bool | str | None
"""An answer: yes or no, a text, None where the dialog was left."""


class Dialog(ModalScreen[Said]):
    """A box over the screen; Escape leaves it. A scan never answers it, nor does a key struck too soon."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave"),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "read(-1)", show=False),
        Binding("down", "read(1)", show=False),
        Binding("pageup", "read(-10)", show=False),
        Binding("pagedown", "read(10)", show=False),
        Binding("home", "read_from(False)", show=False),
        Binding("end", "read_from(True)", show=False),
    ]
    AUTO_FOCUS = "Button"

    def __init__(self, title: str, words: str) -> None:
        super().__init__()
        self._title = title
        self._words = words
        self._opened = time.monotonic()

    def compose(self) -> ComposeResult:
        """Title, words, and what the kind of dialog adds."""
        with Vertical(id="box"):
            yield Plain(self._title, classes="title")
            with VerticalScroll(id="words", can_focus=False):
                yield Plain(self._words)
            yield from self.answers()

    def answers(self) -> ComposeResult:
        """Where the answer is given."""
        yield Button("Close", id="close", compact=True)

    def on_mount(self) -> None:
        """Say where a text or a list goes on below, from now on."""
        for each in self.query("#words, Grid"):
            for what in ("scroll_y", "virtual_size"):
                self.watch(each, what, self.on_resize)

    def on_resize(self) -> None:
        """What is in sight now is known once it was laid out."""
        self.call_after_refresh(self._say_more)

    @property
    def is_seen(self) -> bool:
        """Whether it has stood long enough to have been read as what it is."""
        return time.monotonic() - self._opened >= GRACE

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """A button ends the dialog, once it was seen."""
        event.stop()
        if self.is_seen:
            self.dismiss(self.answer(event.button.id or ""))

    def answer(self, button: str) -> Said:  # noqa: ARG002 - others look at it
        """What the button means."""
        return None

    def action_read(self, down: int) -> None:
        """Further down, or up, what is longer than the box."""
        self.query_one("#words").scroll_relative(y=down, animate=False)

    def action_read_from(self, last: bool) -> None:  # noqa: FBT001 - an action's argument
        """The beginning or the end of it."""
        words = self.query_one("#words")
        words.scroll_to(y=words.max_scroll_y if last else 0, animate=False)

    def _say_more(self) -> None:
        goes_on = any(each.scroll_y < each.max_scroll_y for each in self.query("#words, Grid"))
        self.query_one("#box").border_subtitle = MORE if goes_on else ""

    def action_leave(self) -> None:
        """Without an answer."""
        self.dismiss(None)


class Question(Dialog):
    """Yes or no; `yes` says what yes does. The harmless answer has the focus."""

    def __init__(self, title: str, words: str, yes: str, no: str = "Leave it") -> None:
        super().__init__(title, words)
        self._yes, self._no = yes, no

    def answers(self) -> ComposeResult:
        """Two buttons, no first."""
        with Horizontal(id="choices"):
            yield Button(self._no, id="no", compact=True)
            yield Button(self._yes, id="yes", compact=True)
        yield Plain(BESIDE, classes="hint")

    def answer(self, button: str) -> bool:
        """True for yes."""
        return button == "yes"


class Prompt(Dialog):
    """One line; gives its text, None where it was left. What is typed or scanned replaces `value`.

    What `wrong` says of a text is shown beside it, and the dialog stays.
    """

    def __init__(
        self,
        title: str,
        words: str,
        name: str,
        value: str = "",
        *,
        hint: str = "",
        wrong: Callable[[str], str] = lambda _: "",
    ) -> None:
        super().__init__(title, words)
        self._field = Field(name, value, hint=hint)
        self._wrong = wrong

    def answers(self) -> ComposeResult:
        """The line; Enter gives it."""
        yield self._field
        yield Plain(TAKEN, classes="hint")

    def on_mount(self) -> None:
        """Ready to type."""
        self._field.line.focus()
        self._field.line.select_all()

    def on_input_submitted(self) -> None:
        """Enter."""
        if not self.is_seen:
            return
        if wrong := self._wrong(self._field.text):
            self._field.fault(wrong)
            self._field.line.select_all()
        else:
            self.dismiss(self._field.text)


class Choice(Dialog):
    """One of several; gives its key, None where it was left."""

    def __init__(self, title: str, words: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(title, words)
        self._choices = tuple(choices)

    def answers(self) -> ComposeResult:
        """A row each; Enter takes it."""
        grid = Grid(Column("", 0), id="choices")
        grid.styles.height = len(self._choices) + 1
        yield grid
        yield Plain(TAKEN, classes="hint")

    def on_mount(self) -> None:
        """The first one under the cursor."""
        grid = self.query_one(Grid)
        grid.show([Row(key, (Cell(text),)) for key, text in self._choices])
        grid.focus()

    def on_grid_chosen(self, event: Grid.Chosen) -> None:
        """Enter."""
        if self.is_seen:
            self.dismiss(event.key)
