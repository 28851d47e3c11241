"""What can be done anywhere, once: keys, palette and help are made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider

if TYPE_CHECKING:
    from tui.app import PunchdownApp


@dataclass(frozen=True, slots=True)
class Command:
    """An action with its keys, none where the palette is its only way; `label` stands in the bar of keys.

    One that is `always` there is so under a dialog as well.
    """

    action: str
    keys: str
    label: str
    help: str
    in_bar: bool = False
    always: bool = False

    @property
    def binding(self) -> Binding:
        """The same as textual binds it."""
        return Binding(
            self.keys, self.action, self.label, show=self.in_bar, id=self.action, priority=self.always
        )

    @property
    def shown_key(self) -> str:
        """The first key as people read it."""
        first = self.keys.split(",")[0]
        return "+".join(part.capitalize() for part in first.split("+"))


EVERYWHERE = (
    Command("help", "f1", "help", "what this place is for, and its keys", in_bar=True),
    Command("back", "f2", "back", "the step before", in_bar=True),
    Command("onward", "f4", "next", "the step after", in_bar=True),
    Command("renew", "f5", "refresh", "read anew what is shown"),
    Command("events", "f6", "events", "everything the screen has said"),
    Command("history", "f7", "journal", "what was done in this visit, by whom and when"),
    Command("find", "f8,ctrl+f", "find", "a line, port, number, MAC or label"),
    Command("command_palette", "f9,ctrl+p", "all keys", "every command by its name", in_bar=True),
    Command("leave", "f10,ctrl+q", "quit", "leave; the visit is kept", in_bar=True, always=True),
)


class Commands(Provider):
    """The palette: the commands of everywhere and of the screen, then the steps."""

    async def discover(self) -> Hits:
        """All of them."""
        for name, run, help_text in self._all():
            yield DiscoveryHit(name, run, help=help_text)

    async def search(self, query: str) -> Hits:
        """Those that fit."""
        matcher = self.matcher(query)
        for name, run, help_text in self._all():
            if (score := matcher.match(f"{name} {help_text}")) > 0:
                yield Hit(score, name, run, help=help_text)

    def _all(self) -> Iterator[tuple[str, Callable[[], object], str]]:
        app: PunchdownApp = self.app  # type: ignore[assignment]
        own = getattr(self.screen, "COMMANDS_HERE", ())
        for command in (*own, *EVERYWHERE):
            if command.action == "command_palette":
                continue
            name = f"{command.label} ({command.shown_key})" if command.keys else command.label
            space = "screen" if command in own else "app"
            yield name, partial(self._run, f"{space}.{command.action}"), command.help
        for number, step in enumerate(app.steps, 1):
            yield f"step {number}: {step.NAME}", partial(app.go, step.NAME), step.HELP.split(".")[0]

    async def _run(self, action: str) -> None:
        await self.screen.run_action(action)
