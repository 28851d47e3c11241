"""The screen: a session of the engine, the steps of the visit over it, and how it ends."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from installer.errors import PunchdownError
from installer.session import Settings
from installer.text import safe
from tui.acts import Acts
from tui.commands import EVERYWHERE
from tui.screens import STEPS, Stop
from tui.themes import DARK, LIGHT, SIGNS

_THRESHOLDS = 700, 10, 10
"""Python's own; a start that is over has no use for others."""
_UNKNOWN = 4
"""What leaving says where the outcome of a write is not known (contract §6)."""
_SIGNALS = {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": 130}


class PunchdownApp(Acts):
    """Holds the session and the visit that is open; steps read them here, and start their work here."""

    TITLE = "punchdown"
    CSS_PATH = "styles/base.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [each.binding for each in EVERYWHERE if each.keys]

    def __init__(self, settings: Settings, steps: tuple[Stop, ...]) -> None:
        super().__init__(settings, steps)
        self.defect: BaseException | None = None
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        # Set otherwise, it would be watched, and every rule parsed a second time before the first frame.
        self.set_reactive(PunchdownApp.theme, DARK.name)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The tones, where a theme of somebody else's lacks them."""
        return SIGNS

    async def on_mount(self) -> None:
        """Signals and the first step: where visits were begun, they are the first thing shown."""
        loop = asyncio.get_running_loop()
        for name, code in _SIGNALS.items():
            if (number := getattr(signal, name, None)) is not None and sys.platform != "win32":
                loop.add_signal_handler(number, self.exit, code, code)
        await self.push_screen(self.steps[0 if self.session.is_untouched else 1]())
        self.call_later(self.call_after_refresh, _started)

    def action_shade(self) -> None:
        """From dark to light, or back."""
        self.theme = DARK.name if self.theme == LIGHT.name else LIGHT.name

    async def on_unmount(self) -> None:
        """Nothing of ours goes on behind a closed screen; the journal holds what was begun."""
        await self.end_work()
        with suppress(PunchdownError):
            await self.session.rooms.close()

    def _handle_exception(self, error: Exception) -> None:
        """A defect: kept for its report, never printed with what its frames held."""
        self.defect = self.defect or error
        self._return_code = 1
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        """Nothing of the frames is printed."""
        self._close_messages_no_wait()


def _started() -> None:
    """From now on garbage is looked for as often as ever: a step that was left is full of cycles."""
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()


def run(settings: Settings, home: Path) -> int:
    """The exit code of the screen, after its terminal was given back and what was done was printed."""
    app = PunchdownApp(settings, STEPS)
    gc.freeze()  # what is loaded stays
    app.run()
    for line in app.farewell:
        sys.stdout.write(f"{safe(line, 300)}\n")
    if app.defect is not None:
        from installer.session.crash import write_report  # noqa: PLC0415 - never needed but here

        path = write_report(home, "screen", app.defect)
        sys.stderr.write(f"punchdown: a defect in the kit ({type(app.defect).__name__}); report: {path}\n")
        return 1
    return app.return_code or (_UNKNOWN if app.left_unknown else 0)
