"""What can be done anywhere, once: keys, the list of all commands and help are made of it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Command:
    """An action with its keys, none where the list of all is its only way; `label` stands in the bar of keys.

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

    @property
    def named(self) -> str:
        """What it is called, with its key."""
        return f"{self.label} ({self.shown_key})" if self.keys else self.label


EVERYWHERE = (
    Command("help", "f1", "help", "what this place is for, and its keys", in_bar=True, always=True),
    Command("back", "f2", "back", "the step before", in_bar=True),
    Command("onward", "f4", "next", "the step after", in_bar=True),
    Command("walk", "ctrl+y", "steps", "to the row of steps above, where Enter goes on to the next one"),
    Command("renew", "f5", "refresh", "read anew what is shown"),
    Command("events", "f6", "events", "everything the screen has said"),
    Command("history", "f7", "journal", "what was done in this visit, by whom and when"),
    Command("find", "f8,ctrl+f", "find", "a line, port, number, MAC or label"),
    Command("command_palette", "f9,ctrl+p", "all keys", "every command by its name", in_bar=True),
    Command("shade", "", "light or dark", "dark letters on light ground, say in the sun, or light on dark"),
    Command("leave", "f10,ctrl+q", "quit", "leave; the visit is kept", in_bar=True, always=True),
)
