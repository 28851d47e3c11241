"""What frames every step: the platform above all, the rail, what was last said, the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from installer.text import safe
from tui.commands import Command
from tui.widgets.field import Typing
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


class Rail(Plain, Typing, can_focus=True):
    """The steps of the visit by name, as many as there is room for; those around the open one first.

    With the focus, one of them is in brackets: the one that Enter opens. What is typed here opens none.
    """

    HELP: ClassVar[str] = (
        "The row of steps: left and right choose one, in brackets, and Enter opens it: the next step, "
        "unless you chose another. The row keeps the focus, so that Enter, again and again, walks the visit "
        "in order. Tab goes into the step. A scan is a scan here too."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "choose(-1)", show=False),
        Binding("right", "choose(1)", show=False),
        Binding("enter", "open", show=False),
    ]

    class Moved(Message):
        """Another step is in brackets; none, an empty `name`, without the focus."""

        def __init__(self, name: str) -> None:
            self.name = name
            super().__init__()

    class Opened(Moved):
        """Enter on the step in brackets; an empty `name` where something was typed before it."""

    steps: reactive[tuple[str, ...]] = reactive(())
    here: reactive[str] = reactive("")

    def __init__(self, steps: Sequence[str], here: str) -> None:
        super().__init__(id="rail", classes="frame")
        self.set_reactive(Rail.steps, tuple(steps))
        self.set_reactive(Rail.here, here)
        self._chosen: int | None = None
        self._is_typed = False

    def on_mount(self) -> None:
        """Draw it."""
        self._draw()

    def on_resize(self) -> None:
        """Names need room."""
        self._draw()

    def on_focus(self) -> None:
        """The next step is in brackets."""
        self._move(min(self.steps.index(self.here) + 1, len(self.steps) - 1))

    def on_blur(self) -> None:
        """None is."""
        self._chosen = None
        self._draw()
        self.post_message(self.Moved(""))

    def put(self, text: str) -> None:  # noqa: ARG002 - whatever it is
        """Nothing is typed here: a short code that a scanner ends with Enter, say."""
        self._is_typed = True

    def action_choose(self, way: int) -> None:
        """The one before or after."""
        if self._chosen is not None:
            self._move(max(0, min(self._chosen + way, len(self.steps) - 1)))

    def action_open(self) -> None:
        """Open the one in brackets; not on the Enter behind something that was typed."""
        if self._chosen is not None:
            self.post_message(self.Opened("" if self._is_typed else self.steps[self._chosen]))
        self._is_typed = False

    def _move(self, to: int) -> None:
        self._chosen, self._is_typed = to, False
        self._draw()
        self.post_message(self.Moved(self.steps[to]))

    def _draw(self) -> None:
        self.update(rail(self.steps, self.steps.index(self.here), self.size.width, self._chosen))


def rail(steps: Sequence[str], here: int, width: int, chosen: int | None = None) -> str:
    """The steps in at most `width` cells; where their names have no room, the number stands alone.

    The one that is `chosen` is in brackets, and has its name.
    """
    parts = [str(number) for number in range(1, len(steps) + 1)]
    parts[here] = f"►{here + 1} {steps[here]}◄"
    if chosen is not None:
        parts[chosen] = f"[{parts[chosen] if chosen == here else f'{chosen + 1} {steps[chosen]}'}]"
    for at in sorted(range(len(steps)), key=lambda at: (abs(at - here), -at)):
        named = [*parts[:at], f"{at + 1} {steps[at]}", *parts[at + 1 :]]
        if at not in {here, chosen} and len(_RAIL_GAP.join(named)) < width:
            parts = named
    return " " + _RAIL_GAP.join(parts)


class Keys(Plain):
    """The keys that do something here: as many as there is room for, whole ones only."""

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__(id="keys", classes="frame")
        self._commands = tuple(commands)
        self._first: tuple[Command, ...] = ()

    def on_mount(self) -> None:
        """Draw it."""
        self._draw()

    def on_resize(self) -> None:
        """More of them, or fewer."""
        self._draw()

    def begin_with(self, *first: Command) -> None:
        """Show those of what has the focus before the others."""
        self._first = first
        self._draw()

    def _draw(self) -> None:
        self.update(bar((*self._first, *self._commands), self.app.size.width))


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
