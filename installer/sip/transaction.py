"""The non-INVITE client transaction as a value (RFC 3261 §17.1.2): what to do next, and when.

The caller sends, waits and tells the time; a transport error simply ends its use of the value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Phase(StrEnum):
    """The states of RFC 3261 figure 6."""

    TRYING = "trying"
    PROCEEDING = "proceeding"
    COMPLETED = "completed"
    TERMINATED = "terminated"


class Due(StrEnum):
    """What the time has come for."""

    NOTHING = "nothing"
    RESEND = "resend"
    TIMED_OUT = "timed-out"


@dataclass(frozen=True, slots=True)
class Timers:
    """Seconds, by default as RFC 3261 §17.1.1.1 and §17.1.2.2 give them."""

    t1: float = 0.5
    t2: float = 4.0
    t4: float = 5.0


@dataclass(frozen=True, slots=True)
class NonInvite:
    """One request on its way. Times are the caller's clock, in seconds."""

    phase: Phase
    timers: Timers
    reliable: bool
    interval: float
    resend_at: float | None
    """Timer E; None on a reliable transport, and once answered."""
    ends_at: float
    """Timer F until a final response, then timer K."""

    @classmethod
    def start(cls, now: float, timers: Timers, *, reliable: bool = False) -> NonInvite:
        """The transaction of a request that was just sent."""
        return cls(
            phase=Phase.TRYING,
            timers=timers,
            reliable=reliable,
            interval=timers.t1,
            resend_at=None if reliable else now + timers.t1,
            ends_at=now + 64 * timers.t1,
        )

    @property
    def next_at(self) -> float | None:
        """When to `tick`; None when it is over."""
        if self.phase is Phase.TERMINATED:
            return None
        return self.ends_at if self.resend_at is None else min(self.resend_at, self.ends_at)

    def received(self, status: int, now: float) -> NonInvite:
        """After a response: 1xx slows resending to T2, a final one starts timer K, late ones do nothing."""
        if self.phase in {Phase.COMPLETED, Phase.TERMINATED}:
            return self
        if status < 200:
            return replace(self, phase=Phase.PROCEEDING, interval=self.timers.t2)
        if self.reliable:
            return replace(self, phase=Phase.TERMINATED, resend_at=None, ends_at=now)
        return replace(self, phase=Phase.COMPLETED, resend_at=None, ends_at=now + self.timers.t4)

    def tick(self, now: float) -> tuple[NonInvite, Due]:
        """What is due at `now`, and the transaction after it."""
        if self.phase is not Phase.TERMINATED and now >= self.ends_at:
            due = Due.NOTHING if self.phase is Phase.COMPLETED else Due.TIMED_OUT
            return replace(self, phase=Phase.TERMINATED, resend_at=None), due
        if self.resend_at is None or now < self.resend_at:
            return self, Due.NOTHING
        interval = min(2 * self.interval, self.timers.t2)
        return replace(self, interval=interval, resend_at=now + interval), Due.RESEND
