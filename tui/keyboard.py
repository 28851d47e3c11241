"""Keys as they reach the screen: typing in the order it came, a scanner's burst whole."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.screen import ModalScreen
from textual.timer import Timer

from tui.reading import punctual
from tui.wedge import Burst, Pressed, Typed, Wedge
from tui.widgets.field import Line, Typing

if TYPE_CHECKING:
    from tui.scan import Scan

T = TypeVar("T")
_LATE = 0.01
"""Seconds that a timer of a screen with nothing else to do may be late."""


class Keyboard(App[T]):
    """An app in which a scan fires no key and answers no question.

    A text field acts on Enter only after the app did, so that keys behind it in one burst would overtake it
    (Textualize/textual#6605). Here the app puts what is typed into the field itself, key by key in order.
    """

    def __init__(self) -> None:
        super().__init__()
        self._wedge = Wedge()
        self._waiting: Timer | None = None

    def get_driver_class(self) -> type[Driver]:
        """The terminal's, with keys timed by when they were read, not by how long handing them on took."""
        return punctual(super().get_driver_class())

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes by way of the wedge; all else as ever."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            character = event.character if event.is_printable else None
            for struck in self._wedge.strike(event.key, character, event.time):
                await self._act(struck)
            self._wait()
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            await self._pasted(event)
        else:
            await super().on_event(event)

    def scanned(self, scan: Scan) -> None:
        """A code was scanned."""
        raise NotImplementedError

    def _wait(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        if self._wedge.holds:
            patience = 1.5 * self._wedge.patience
            self._waiting = self.set_timer(patience, partial(self._quiet, time.monotonic() + patience))

    def _quiet(self, due: float) -> None:
        # What comes to its turn late was kept by a busy screen, and so were keys: they are still to be read.
        # Those that were read wait for their turn, and come first.
        if time.monotonic() - due > _LATE:
            self._waiting = None
            self._wait()
        else:
            self.call_later(self._silence, self._waiting)

    async def _silence(self, since: Timer | None) -> None:
        if since is not self._waiting:
            return
        self._waiting = None
        for struck in self._wedge.silence(float("inf")):
            await self._act(struck)

    async def _act(self, struck: Typed | Pressed | Burst) -> None:
        match struck:
            case Typed(text):
                for character in text:
                    await self._type(character)
            case Pressed(key):
                await self._press(events.Key(key, None))
            case Burst(text, terminator):
                await self._burst(text, terminator)

    async def _type(self, character: str) -> None:
        if isinstance(self.focused, Typing):
            self.focused.put(character)
        else:
            await super().on_event(events.Key(character, character))

    async def _press(self, event: events.Key) -> None:
        if isinstance(self.focused, Typing):
            act = self.screen.active_bindings.get(event.key)
            if act is not None and act.node is not self.focused and not self.focused.settled():
                return
            if await self._check_bindings(event.key, priority=True) or await self._check_bindings(event.key):
                return
        await super().on_event(event)

    async def _burst(self, text: str, terminator: str | None) -> None:
        scan, line = _read(text), self.focused
        if isinstance(line, Line) and (line.password or not scan.is_strong):
            line.put(text)  # text that came at once, over a slow connection say
            if terminator is not None and not (scan.is_strong or isinstance(self.screen, ModalScreen)):
                await self._press(events.Key(terminator, None))
        else:
            self._coded(scan)

    def _coded(self, scan: Scan) -> None:
        """A dialog that asks for a text takes the code, in place of one before; it confirms nothing."""
        line = self.focused
        if not isinstance(self.screen, ModalScreen) or not isinstance(line, Line) or line.password:
            self.scanned(scan)
            return
        if _read(line.value).is_strong:
            line.value = ""
        line.put(scan.text)

    async def _pasted(self, event: events.Paste) -> None:
        lines = [line for line in event.text.splitlines() if line.strip()]
        codes = [_read(line) for line in lines]
        is_secret = isinstance(self.focused, Line) and self.focused.password  # it may look like a MAC
        are_codes = bool(codes) and all(code.is_strong for code in codes) and not is_secret
        are_codes |= len(codes) == 1 and not isinstance(self.focused, Typing)  # a serial number, say
        for struck in self._wedge.pasted(event.time, is_code=are_codes):
            await self._act(struck)
        self._wait()
        if not are_codes:
            await super().on_event(event)
            return
        for code in codes:
            self._coded(code)


def _read(text: str) -> Scan:
    from tui.scan import read_scan  # noqa: PLC0415 - nothing is scanned before the first frame

    return read_scan(text)
