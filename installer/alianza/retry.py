"""Whether a call may be made again: the retry table of the protocol, as decisions without I/O.

| kind              | never sent | timeout, reset, cut | 5xx   | 429  | 401                | else |
| READ              | again      | again               | again | wait | sign in once, again| stop |
| CREATE, others    | again      | stop                | stop  | wait | sign in once, again| stop |

What to do after a stop (reconcile, read back, done) is provisioning's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from installer.alianza.failures import LONGEST_WAIT, Throttled
from installer.errors import Certainty, PlatformFailure

MOST_ATTEMPTS = 3
BUDGET = 500
_TRANSIENT_COST = 14
_THROTTLE_COST = 5
_CUT = frozenset({"deadline", "cut", "unreadable"})
_BASE = 1.0
"""Seconds: the longest first backoff, doubled for each further one."""


class CallKind(StrEnum):
    """What a call may do on the platform, and so what a second one may do."""

    READ = "read"
    CREATE = "create"
    VALUE_WRITE = "value-write"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Again:
    """Make the same call again, after so many seconds."""

    after: float


@dataclass(frozen=True, slots=True)
class SignInAgain:
    """The token was refused before anything was done: sign in, then the same call again."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Say so: the failure goes to who asked."""


Decision = Again | SignInAgain | Stop


class Budget:
    """Retries that all calls of a run share, so that a dying platform is not hammered."""

    def __init__(self, tokens: int = BUDGET) -> None:
        self._most = tokens
        self.tokens = tokens

    def take(self, cost: int) -> bool:
        """Whether a retry of that cost is left; takes it."""
        if self.tokens < cost:
            return False
        self.tokens -= cost
        return True

    def succeeded(self) -> None:
        """Give one token back."""
        self.tokens = min(self.tokens + 1, self._most)


@dataclass(frozen=True, slots=True)
class Tries:
    """What a call went through: sends so far, this one included, and whether a 401 was already answered."""

    attempt: int = 1
    signed_in_again: bool = False


def decide(
    kind: CallKind, failure: PlatformFailure, tries: Tries, budget: Budget, random: Callable[[], float]
) -> Decision:
    """What follows a failed call; takes from `budget` for each Again. `random` gives 0 to 1."""
    if tries.attempt >= MOST_ATTEMPTS:
        return Stop()
    if failure.status == 401:
        return Stop() if tries.signed_in_again else SignInAgain()
    if failure.status == 429:
        cost = _THROTTLE_COST
    elif failure.certainty is Certainty.NEVER_SENT or (kind is CallKind.READ and _is_transient(failure)):
        cost = _TRANSIENT_COST
    else:
        return Stop()
    if not budget.take(cost):
        return Stop()
    return Again(_pause(failure, tries.attempt, random))


def _is_transient(failure: PlatformFailure) -> bool:
    return failure.code in _CUT or (failure.status is not None and failure.status >= 500)


def _pause(failure: PlatformFailure, attempt: int, random: Callable[[], float]) -> float:
    if isinstance(failure, Throttled) and failure.retry_after is not None:
        return failure.retry_after
    return min(_BASE * 2.0 ** (attempt - 1), LONGEST_WAIT) * random()
