"""One call to the platform: paced, observed, and repeated as `retry` decides."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol, TypeVar

from installer.alianza.failures import Throttled, failure_of
from installer.alianza.pace import Gate
from installer.alianza.paths import Path
from installer.alianza.reply import Reply
from installer.alianza.retry import Again, Budget, CallKind, SignInAgain, Tries, decide
from installer.alianza.transport import Wire
from installer.clock import Clock
from installer.domain.credential import Secret
from installer.errors import PlatformFailure
from installer.redactor import Redactor

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """A call as it will be made, the same bytes each time."""

    method: str
    path: Path
    kind: CallKind
    body: bytes | None = field(default=None, repr=False)
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CallSeen:
    """One attempt, for progress and measuring: the path without ids, None where no answer came."""

    method: str
    template: str
    status: int | None
    seconds: float


Observer = Callable[[CallSeen], None]


class Tokens(Protocol):
    """Who signs calls."""

    async def token(self) -> Secret:
        """The token to send; signs in where there is none."""
        ...

    def refused(self, token: Secret) -> None:
        """The platform refused `token`: the next call signs in."""
        ...


class Exchange:
    """Makes calls over `wire`. `skew` is the platform's clock minus ours, None until an answer named it."""

    def __init__(
        self,
        wire: Wire,
        *,
        clock: Clock,
        random: Callable[[], float],
        concurrency: int,
        observer: Observer | None,
    ) -> None:
        self._wire = wire
        self._clock = clock
        self._random = random
        self._observer = observer
        self._budget = Budget()
        self._gate = Gate(concurrency, clock)
        self.skew: timedelta | None = None

    async def call(self, request: Request, read: Callable[[Reply], T], tokens: Tokens | None = None) -> T:
        """What `read` makes of a 2xx answer. Raises PlatformFailure once no further attempt is allowed."""
        tries = Tries()
        while True:
            token = None if tokens is None else await tokens.token()
            try:
                value = read(await self._attempt(request, token))
            except PlatformFailure as failure:
                decision = decide(request.kind, failure, tries, self._budget, self._random)
                if isinstance(decision, Again):
                    await self._clock.sleep(decision.after)
                elif isinstance(decision, SignInAgain) and tokens is not None and token is not None:
                    tokens.refused(token)
                    tries = replace(tries, signed_in_again=True)
                else:
                    raise
                tries = replace(tries, attempt=tries.attempt + 1)
            else:
                self._budget.succeeded()
                return value

    async def once(self, request: Request, token: Secret, deadline: float) -> None:
        """Make the call a single time, with its own deadline, past the gate. Raises PlatformFailure."""
        await self._send(request, token, deadline)

    async def _attempt(self, request: Request, token: Secret | None) -> Reply:
        entered = await self._gate.enter()
        try:
            reply = await self._send(request, token, None)
        except Throttled as failure:
            self._gate.throttled(entered, failure.retry_after)
            raise
        finally:
            self._gate.leave()
        self._gate.succeeded()
        return reply

    async def _send(self, request: Request, token: Secret | None, deadline: float | None) -> Reply:
        started = self._clock.monotonic()
        status = None
        try:
            reply = await self._wire.call(
                request.method,
                request.path.segments,
                query=request.query,
                body=request.body,
                token=token,
                deadline=deadline,
            )
            status = reply.status
        finally:
            if self._observer is not None:
                seconds = self._clock.monotonic() - started
                self._observer(CallSeen(request.method, request.path.template, status, seconds))
        now = self._clock.now()
        if reply.date is not None:
            self.skew = reply.date - now
        if not reply.is_success:
            raise failure_of(_discreet(reply, request, token), now)
        return reply


def _discreet(reply: Reply, request: Request, token: Secret | None) -> Reply:
    """An error answer without the secrets of its request, should it quote them."""
    redact = Redactor(_passwords(json.loads(request.body)) if request.body else ())
    if token is not None:
        redact.add(token.reveal())
    return replace(reply, body=redact(reply.body.decode("utf-8", "replace")).encode())


def _passwords(value: object) -> Iterator[str]:
    """Every text in a body of ours under a key that names a password."""
    if isinstance(value, dict):
        for key, part in value.items():
            if isinstance(part, str) and "password" in key.lower():
                yield part
            else:
                yield from _passwords(part)
