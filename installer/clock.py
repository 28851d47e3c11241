"""Time as an argument: rules and rooms take a Clock, only the composition root makes a real one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` is aware UTC, for records; `monotonic` in seconds, for waiting; `sleep` takes seconds."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]


def system_clock() -> Clock:
    """The machine's clock."""
    import asyncio  # noqa: PLC0415 - help and version start without it
    import time  # noqa: PLC0415
    from datetime import UTC, datetime  # noqa: PLC0415

    return Clock(now=lambda: datetime.now(UTC), monotonic=time.monotonic, sleep=asyncio.sleep)
