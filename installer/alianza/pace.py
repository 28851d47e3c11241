"""How many calls may be in flight: fewer when the platform asks for it, slowly more again."""

from __future__ import annotations

import asyncio

from installer.clock import Clock

MOST = 8
_CALM = 10
"""Successes in a row after which one more call may be in flight."""


class Gate:
    """At most `limit` (1 to 8) calls in flight; a throttle halves that once, and can pause all."""

    def __init__(self, limit: int, clock: Clock) -> None:
        self._limit = max(1, min(limit, MOST))
        self.width = self._limit
        self._places = asyncio.Semaphore(self._limit)
        self._issued = self._limit
        self._clock = clock
        self._closed_until = clock.monotonic()
        self._cuts = 0
        self._calm = 0

    async def enter(self) -> int:
        """Take a place; what it returns goes to `throttled` if the platform then asks for fewer calls."""
        while True:
            await self._places.acquire()
            if self._issued > self.width:
                self._issued -= 1
                continue
            wait = self._closed_until - self._clock.monotonic()
            if wait <= 0:
                return self._cuts
            self._places.release()
            await self._clock.sleep(wait)

    def leave(self) -> None:
        """Give the place back."""
        self._places.release()

    def succeeded(self) -> None:
        """Count towards a wider gate."""
        self._calm += 1
        if self._calm >= _CALM and self.width < self._limit:
            self._calm = 0
            self.width += 1
            if self._issued < self.width:
                self._issued += 1
                self._places.release()

    def throttled(self, entered: int, pause: float | None) -> None:
        """Halve the gate, once for all calls that were in flight together; hold everybody for `pause` s."""
        self._calm = 0
        if entered == self._cuts:
            self._cuts += 1
            self.width = max(1, self.width // 2)
        if pause is not None:
            self._closed_until = max(self._closed_until, self._clock.monotonic() + pause)
