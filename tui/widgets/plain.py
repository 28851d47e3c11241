"""Text that is nothing but text: no markup, no link, no control character."""

from __future__ import annotations

from rich.text import Text
from textual.visual import VisualType
from textual.widgets import Static

from installer.text import safe
from tui.words import Tone, Word

_STYLES = {Tone.GOOD: "$good", Tone.BAD: "$bad", Tone.WARN: "$warn", Tone.QUIET: "$quiet", Tone.PLAIN: ""}


class Plain(Static):
    """A text of ours; what was made of text from outside passed `safe` before it came here."""

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(text, markup=False, id=id, classes=classes)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show `content`; what stands there already is not drawn again."""
        if content != self.content:
            super().update(content, layout=layout)

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Show `text` in `tone`."""
        for each in Tone:
            self.set_class(each is tone, f"-{each}")
        self.update(text)


def cell(text: str, width: int = 60) -> Text:
    """Text from outside in a table's cell."""
    return Text(safe(text, width), no_wrap=True, end="")


def state(word: Word) -> Text:
    """A state in a table's cell: sign and word, the tone on top."""
    return Text(str(word), style=word.tone.value, no_wrap=True, end="")
