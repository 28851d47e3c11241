"""The platform, signed in: its resources over one wire."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Self

from installer.alianza.accounts import Accounts
from installer.alianza.auth import AskAgain, Auth, SignedIn, SignIn
from installer.alianza.exchange import Exchange, Observer
from installer.alianza.specialty_lines import SpecialtyLines
from installer.alianza.telephone_numbers import TelephoneNumbers
from installer.alianza.transport import Wire
from installer.clock import Clock


class Alianza:
    """One login on one platform; leaving the context signs out and closes `wire`.

    `random` gives 0 to 1; `concurrency` is 1 to 8 calls in flight; `observer` sees each attempt.
    `ask` is put to a person where a sign-in is refused that worked before.
    """

    def __init__(
        self,
        wire: Wire,
        sign_in: SignIn,
        *,
        clock: Clock,
        random: Callable[[], float],
        concurrency: int = 4,
        observer: Observer | None = None,
        ask: AskAgain | None = None,
    ) -> None:
        self._wire = wire
        self._exchange = Exchange(
            wire, clock=clock, random=random, concurrency=concurrency, observer=observer
        )
        self._auth = Auth(self._exchange, sign_in, clock, ask)
        self.lines = SpecialtyLines(self._auth)
        self.numbers = TelephoneNumbers(self._auth)
        self.accounts = Accounts(self._auth)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            await self._auth.sign_out()
        finally:
            await self._wire.close()

    async def sign_in(self) -> SignedIn:
        """Sign in; needed once before any other call. Raises SignInFailure or NetworkFailure."""
        return await self._auth.sign_in()

    @property
    def signed_in(self) -> SignedIn:
        """Who is signed in. Raises SignInFailure before the first sign-in."""
        return self._auth.signed_in

    @property
    def skew(self) -> timedelta | None:
        """The platform's clock minus ours, None until an answer named its time."""
        return self._exchange.skew
