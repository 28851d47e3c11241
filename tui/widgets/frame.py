"""What frames every step: the platform above all, the rail, what was last said, the keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from installer.text import safe
from tui.commands import Command
from tui.widgets.plain import Plain

_ROOMY = 110


class Top(Plain):
    """One line that says on which platform anything written here lands; production in words."""

    def __init__(self) -> None:
        super().__init__(id="top", classes="frame")
        self._parts = ("", "", "")

    def tell(self, platform: str, *, production: bool, job: str, user: str) -> None:
        """Draw it; every text may come from outside."""
        where = "PRODUCTION: REAL TELEPHONE LINES" if production else safe(platform, 20).upper()
        self.set_class(production, "-production")
        self._parts = where, safe(job, 30) or "no visit open", safe(user, 16)
        self._draw()

    def on_resize(self) -> None:
        """More of it, or less."""
        self._draw()

    def _draw(self) -> None:
        where, job, user = self._parts
        who = f"signed in: {user}" if user else "signed out"
        fits = (
            f" punchdown · {where} · {job} · {who}",
            f" {where} · {job} · {who}",
            f" {where} · {job} · {user or who}",
        )
        width = self.app.size.width
        self.update(next((text for text in fits if len(text) <= width), fits[-1]))


class Rail(Plain):
    """The steps of the visit; the one that is open by its name, the others by number where it is narrow."""

    steps: reactive[tuple[str, ...]] = reactive(())
    here: reactive[str] = reactive("")

    def __init__(self, steps: Sequence[str], here: str) -> None:
        super().__init__(id="rail", classes="frame")
        self.set_reactive(Rail.steps, tuple(steps))
        self.set_reactive(Rail.here, here)

    def on_mount(self) -> None:
        """Draw it."""
        self._draw()

    def on_resize(self) -> None:
        """Names need room."""
        self._draw()

    def _draw(self) -> None:
        roomy = self.size.width >= _ROOMY
        parts = []
        for number, name in enumerate(self.steps, 1):
            if name == self.here:
                parts.append(f"►{number} {name}◄")
            else:
                parts.append(f"{number} {name}" if roomy else str(number))
        self.update(" " + (" " if roomy else "  ").join(parts))


class Keys(Plain):
    """The keys that do something here: as many as there is room for, whole ones only."""

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__(id="keys", classes="frame")
        self._commands = tuple(commands)

    def on_mount(self) -> None:
        """Draw it."""
        self._draw()

    def on_resize(self) -> None:
        """More of them, or fewer."""
        self._draw()

    def _draw(self) -> None:
        self.update(bar(self._commands, self.app.size.width))


_FIRST_TO_GO = ("back", "onward")
_ALWAYS = ("help", "command_palette", "leave")


def bar(commands: Sequence[Command], width: int) -> str:
    """The bar of keys in at most `width` cells.

    Where that is too narrow those that walk go first, then the step's own, the last one first; help, the list
    of all and the way out stay.
    """
    text, kept = "", list(commands)
    own = [each for each in commands if each.action not in {*_FIRST_TO_GO, *_ALWAYS}]
    going = [each for name in _FIRST_TO_GO for each in commands if each.action == name]
    for each in (None, *going, *reversed(own)):
        if each is not None:
            kept.remove(each)
        for gap in ("  ", " "):
            text = " " + gap.join(f"{one.shown_key} {one.label}" for one in kept)
            if len(text) <= width:
                return text
    return text
