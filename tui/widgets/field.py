"""A labelled line to type into, with what is wrong with it beside it."""

from __future__ import annotations

from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input

from installer.text import safe
from tui.widgets.plain import Plain


class _Visible(Highlighter):
    """Of what stands in a line, what cannot be seen is drawn as a sign; the text itself stays as it is."""

    def highlight(self, text: Text) -> None:
        """Draw it so."""
        text.plain = safe(text.plain, max(1, len(text.plain)))


class Typing(Widget):
    """Takes what is typed, put in by the app in the order in which it came; its keys act at once."""

    def put(self, text: str) -> None:
        """Take `text` as if it was typed."""
        raise NotImplementedError

    def settled(self) -> bool:
        """Whether a key that is not its own may act; what was begun in it is kept first."""
        return True


class Line(Input, Typing):
    """One line of text. What is typed and scanned is put in by the app, in the order in which it came.

    A secret one is copied nowhere: not to the terminal's clipboard, not to a line that shows its text.
    """

    HELP: ClassVar[str] = "A line to type in, paste into or scan into: Enter takes what stands there."

    def __init__(
        self, value: str = "", *, secret: bool = False, hint: str = "", id: str | None = None
    ) -> None:
        super().__init__(
            value, placeholder=hint, highlighter=_Visible(), password=secret, compact=True,
            select_on_focus=False, id=id,
        )  # fmt: skip
        self.cursor_blink = False

    def put(self, text: str) -> None:
        """Type `text` where the cursor stands, or over what is selected."""
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)

    def action_copy(self) -> None:
        """What is selected, unless it is secret."""
        if not self.password:
            super().action_copy()

    def action_cut(self) -> None:
        """The same, taken out."""
        if not self.password:
            super().action_cut()


class Field(Vertical):
    """Name, line and fault. Its fault stays until the text changes."""

    DEFAULT_CSS = "Field { height: auto; }"

    def __init__(
        self,
        name: str,
        value: str = "",
        *,
        secret: bool = False,
        hint: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._called = name
        self.line = Line(value, secret=secret, hint=hint)
        self._fault = Plain(classes="field-fault")

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.line.value

    def compose(self) -> ComposeResult:
        """Name and line side by side, the fault below."""
        with Horizontal(classes="field-row"):
            yield Plain(self._called, classes="field-name")
            yield self.line
        yield self._fault

    def fault(self, text: str) -> None:
        """Say what is wrong; an empty text takes it back."""
        self._fault.update(f"■ {text}" if text else "")
        self._fault.set_class(bool(text), "-shown")

    def on_input_changed(self) -> None:
        """What was wrong may be right now."""
        self.fault("")
