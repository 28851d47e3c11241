"""The token: signed in once for all calls, anew after eight idle hours or a 401.

Specialty Lines guide, Authentication: a token is valid for 8 hours from its last use. The reply to a
sign-in declares a password hash among others; only the named fields are ever kept of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from installer.alianza.bodies import LoginReply, LoginRequest, encoded, reply_as
from installer.alianza.exchange import Exchange, Request
from installer.alianza.paths import Path
from installer.alianza.reply import Reply
from installer.alianza.retry import CallKind
from installer.clock import Clock
from installer.domain.credential import Secret
from installer.errors import Certainty, NetworkFailure, PlatformFailure, SignInFailure
from installer.text import safe

T = TypeVar("T")

IDLE_LIMIT = 8 * 3600.0
_LOGOUT_DEADLINE = 3.0
_REFUSALS = frozenset({400, 401, 404})
"""What the platform answers to a username or password it does not know."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who signs in."""

    username: str
    password: Secret


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, and to which partition; words are the platform's, cleaned."""

    username: str
    partition_id: str
    partition_name: str
    user_type: str


AskAgain = Callable[[SignInFailure], Awaitable[SignIn | None]]
"""Asks a person who signs in, after a refusal; None where nobody answers."""


class Auth:
    """Holds the token in memory. At most one sign-in runs at a time, and all who wait share its end.

    A refused sign-in is not tried again until `sign_in` is called: more would lock the login. Where somebody
    was signed in before, `ask` is put to a person instead, and those who wait go on with the answer.
    """

    def __init__(
        self, exchange: Exchange, sign_in: SignIn, clock: Clock, ask: AskAgain | None = None
    ) -> None:
        self._exchange = exchange
        self._who = sign_in
        self._ask = ask
        self._clock = clock
        self._token: Secret | None = None
        self._used_at = 0.0
        self._flight: asyncio.Task[SignedIn] | None = None
        self._refusal: SignInFailure | None = None
        self._signed_in: SignedIn | None = None

    @property
    def signed_in(self) -> SignedIn:
        """Who is signed in. Raises SignInFailure before the first sign-in."""
        if self._signed_in is None:
            raise SignInFailure(
                "not signed in to the platform yet", code="not-signed-in", certainty=Certainty.NEVER_SENT
            )
        return self._signed_in

    async def sign_in(self) -> SignedIn:
        """Sign in anew. Raises SignInFailure, or NetworkFailure or Rejected where nobody could tell."""
        self._refusal = None
        return await self._shared()

    async def token(self) -> Secret:
        """The token to send, used from this moment; signs in where there is none or it idled too long."""
        while self._token is None or self._clock.monotonic() - self._used_at >= IDLE_LIMIT:
            if self._refusal is not None and self._ask is None:
                raise self._refusal
            await self._shared()
        self._used_at = self._clock.monotonic()
        return self._token

    async def call(self, request: Request, read: Callable[[Reply], T]) -> T:
        """What `read` makes of the answer to a signed call. Raises PlatformFailure."""
        return await self._exchange.call(request, read, self)

    def refused(self, token: Secret) -> None:
        """Forget `token`, unless a newer one was had meanwhile."""
        if self._token == token:
            self._token = None

    async def sign_out(self) -> None:
        """End the token, best effort: it would lapse by itself."""
        if self._flight is not None:
            self._flight.cancel()
        token, self._token = self._token, None
        if token is None:
            return
        request = Request("PUT", Path("/v2/authorize/logout"), CallKind.READ)
        try:
            await self._exchange.once(request, token, _LOGOUT_DEADLINE)
        except PlatformFailure:
            return

    async def _shared(self) -> SignedIn:
        if self._flight is None:
            self._flight = asyncio.create_task(self._enter())
            self._flight.add_done_callback(self._landed)
        return await asyncio.shield(self._flight)

    def _landed(self, flight: asyncio.Task[SignedIn]) -> None:
        self._flight = None
        if not flight.cancelled():
            flight.exception()  # taken here too: whoever waited may be gone

    async def _enter(self) -> SignedIn:
        refused = self._refusal
        while True:
            if refused is None:
                try:
                    return await self._tried()
                except SignInFailure as failure:
                    refused = failure
            who = await self._ask(refused) if self._ask and self._signed_in else None
            if who is None:
                raise refused
            self._who, self._refusal, refused = who, None, None

    async def _tried(self) -> SignedIn:
        request = Request(
            "POST",
            Path("/v2/authorize"),
            CallKind.READ,
            encoded(LoginRequest(username=self._who.username, password=self._who.password.reveal())),
        )
        try:
            reply = await self._exchange.call(request, lambda reply: reply_as(LoginReply, reply))
            found = self._accepted(reply)
        except PlatformFailure as failure:
            raise self._kept(failure) from None
        self._token, self._used_at = Secret(reply.auth_token), self._clock.monotonic()
        self._signed_in = found
        return found

    def _accepted(self, reply: LoginReply) -> SignedIn:
        if reply.must_change_password:
            raise SignInFailure(
                f"the platform wants a new password for {safe(self._who.username, 80)} before anything else",
                code="must-change-password",
                certainty=Certainty.NEVER_SENT,
                remedy="change it in the Admin Portal, then sign in with the new one",
            )
        found = SignedIn(
            username=safe(reply.username or self._who.username, 80),
            partition_id=reply.partition_id,
            partition_name=safe(reply.partition_name or "", 80),
            user_type=safe(reply.user_type or "", 40),
        )
        if self._signed_in is not None and self._signed_in.partition_id != found.partition_id:
            raise SignInFailure(
                "the login belongs to another partition than before",
                code="partition-changed",
                certainty=Certainty.NEVER_SENT,
                remedy="start again, and check the account",
            )
        return found

    def _kept(self, failure: PlatformFailure) -> PlatformFailure:
        """The failure as those who wait get it: whatever they wanted to send was never sent."""
        if failure.status in _REFUSALS and not isinstance(failure, NetworkFailure):
            failure = SignInFailure(
                f"the platform refused the sign-in of {safe(self._who.username, 80)}: {failure.message}",
                code=failure.code,
                certainty=Certainty.NEVER_SENT,
                status=failure.status,
                codes=failure.codes,
                trace_id=failure.trace_id,
                remedy="check username and password",
            )
        if isinstance(failure, SignInFailure):
            self._refusal = failure
        failure.certainty = Certainty.NEVER_SENT
        return failure
