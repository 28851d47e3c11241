"""Text that is nothing but text: no markup, no link, no control character."""

from __future__ import annotations

from textual.visual import VisualType
from textual.widgets import Static

from installer.text import safe_block
from tui.words import Tone

_WIDTH, _LINES = 2_000, 20_000
"""More than a journal of a large visit has; a bound all the same."""


class Plain(Static):
    """Lines of text, wherever they are from: brackets are brackets, what cannot be seen acts on nothing."""

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(_cleaned(text), markup=False, id=id, classes=classes)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show `content`; what stands there already is not drawn again."""
        text = _cleaned(str(content))
        if text != self.content:
            super().update(text, layout=layout)

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Show `text` in `tone`."""
        for each in Tone:
            self.set_class(each is tone, f"-{each}")
        self.update(text)


def _cleaned(text: str) -> str:
    return safe_block(text, _WIDTH, _LINES)
