"""How a terminal is read: what came together has one time, and no octet and no signal ends the reading."""

from __future__ import annotations

import selectors
import sys
import time
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

from textual.driver import Driver
from textual.message import Message


def punctual(base: type[Driver]) -> type[Driver]:
    """The driver `base`, with keys timed by when they came, however late they could be read and handed on."""
    reads = _Reads()
    reading = vars(sys.modules[base.__module__])
    if "selectors" in reading:
        reading["getincrementaldecoder"] = _lenient
        reading["selectors"] = SimpleNamespace(
            SelectSelector=partial(_Selector, reads), EVENT_READ=selectors.EVENT_READ
        )

    class Punctual(base):  # type: ignore[misc, valid-type]
        def process_message(self, message: Message) -> None:
            message.time = reads.at or message.time - reads.handing_on
            begun = time.monotonic()
            super().process_message(message)
            reads.handing_on += time.monotonic() - begun

        def _sigcont_application(self, *signalled: object) -> None:
            # What was stopped by a bare SIGSTOP reads on as before: a second reader beside the first
            # would mix up their keys, and take the raw terminal for the one to give back in the end.
            if self._must_signal_resume:
                super()._sigcont_application(*signalled)
            else:
                self._app.call_later(self._app.refresh)

    return Punctual


class _Reads:
    """`at` is when the last octets came, 0 where nobody can tell; `handing_on` how long keys took to go."""

    def __init__(self) -> None:
        self.at = 0.0
        self.handing_on = 0.0


class _Selector(selectors.SelectSelector):
    """Tells when what is read came: what lay ready already came with what was read before it."""

    def __init__(self, reads: _Reads) -> None:
        super().__init__()
        self._reads = reads

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and (ready := super().select(timeout)):
            self._reads.at = time.monotonic()
        return ready


def _lenient(encoding: str) -> Callable[[], IncrementalDecoder]:
    """Textual decodes strictly what a terminal sends: one octet that is no UTF-8 would end the screen."""
    return partial(getincrementaldecoder(encoding), "replace")
