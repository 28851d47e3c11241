"""A platform that answers when a test says so."""

import asyncio
from dataclasses import replace

from installer.rehearsal.faults import Kind, Rule
from tests.cli.kit import Site


class Gate:
    """Each request of that kind is carried out, and its answer waits until the gate is opened."""

    def __init__(self, site: Site, method: str, path: str) -> None:
        self._site = site
        self._opened = asyncio.Event()
        self._waiting = 0
        timeline = site.platform.timeline
        timeline._clock = replace(timeline._clock, sleep=self._wait)
        site.faults(Rule(Kind.SLOW, method, path, count=None, seconds=1))

    @property
    def waiting(self) -> int:
        """How many answers wait."""
        return self._site.thread.call(lambda: self._waiting)

    def open(self) -> None:
        """All answers go, from now on at once."""
        self._site.thread.call(self._opened.set)

    async def _wait(self, seconds: float) -> None:
        del seconds
        self._waiting += 1
        try:
            await self._opened.wait()
        finally:
            self._waiting -= 1
