"""The platform's own time: the clock it was given, plus what a test has moved it on by."""

from __future__ import annotations

from installer.clock import Clock


class Timeline:
    """Seconds since 1970 by the given clock, which `advance` moves on and nothing moves back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead = 0.0

    def now(self) -> float:
        return self._clock.now().timestamp() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    async def sleep(self, seconds: float) -> None:
        """Wait as the given clock waits; `advance` does not cut it short."""
        await self._clock.sleep(seconds)
