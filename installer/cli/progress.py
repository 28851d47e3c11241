"""The progress bar: steps settled of steps planned, and what is being waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installer.cli.console import Console

if TYPE_CHECKING:
    from installer.provisioning.visit import Happening

_BAR = 24


class Progress:
    """Told of every moment of a run; draws where stderr is a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._steps = 0
        self._settled = 0

    def __call__(self, happening: Happening) -> None:
        """Take in one moment."""
        from installer.provisioning.visit import Moment

        if happening.moment is Moment.PLANNED:
            self._steps = self._settled + happening.steps
            self._draw()
        elif happening.moment is Moment.WAITING:
            self._console.narrate(f"waiting {happening.seconds:.0f} s, then looking at the platform again")
        elif happening.moment is Moment.SETTLED and happening.key is not None:
            self._settled += 1
            self._draw(f"{happening.key.action} {happening.key.subject}")

    def _draw(self, about: str = "") -> None:
        whole = max(self._steps, self._settled, 1)
        filled = _BAR * self._settled // whole
        bar = "█" * filled + "░" * (_BAR - filled)
        self._console.progress(f"{bar} {self._settled}/{whole} {about[:30]}")
