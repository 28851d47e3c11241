"""What frames every step: the platform above all, the rail, what was last said, the keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from installer.text import safe
from tui.commands import Command
from tui.widgets.plain import Plain

_RAIL_GAP = " "


class Top(Plain):
    """One line that says on which platform anything written here lands; production in words."""

    def __init__(self) -> None:
        super().__init__(id="top", classes="frame")
        self._parts = ("", "", "")

    def tell(self, platform: str, *, production: bool, job: str, user: str) -> None:
        """Draw it; every text may come from outside."""
        where = "PRODUCTION: REAL TELEPHONE LINES" if production else safe(platform, 20).upper()
        self.set_class(production, "-production")
        self._parts = where, safe(job, 34) or "no visit open", safe(user, 60)
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
        self.update(next((text for text in fits if len(text) <= width), safe(fits[-1], width)))


class Rail(Plain):
    """The steps of the visit by name, as many as there is room for; those around the open one first."""

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
        self.update(rail(self.steps, self.steps.index(self.here), self.size.width))


def rail(steps: Sequence[str], here: int, width: int) -> str:
    """The steps in at most `width` cells; where their names have no room, the number stands alone."""
    parts = [str(number) for number in range(1, len(steps) + 1)]
    parts[here] = f"►{here + 1} {steps[here]}◄"
    for at in sorted(range(len(steps)), key=lambda at: (abs(at - here), -at)):
        named = [*parts[:at], f"{at + 1} {steps[at]}", *parts[at + 1 :]]
        if at != here and len(_RAIL_GAP.join(named)) < width:
            parts = named
    return " " + _RAIL_GAP.join(parts)


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
