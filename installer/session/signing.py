"""Signing in: once for all who need the platform; a person is asked where it fails for want of one."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from installer.domain.credential import Secret
from installer.errors import AnswerNeeded, PunchdownError, SignInFailure
from installer.session.settings import AskLogin

if TYPE_CHECKING:
    from installer.alianza.auth import SignedIn, SignIn
    from installer.alianza.client import Alianza
    from installer.session.rooms import Rooms


class Signing:
    """The platform of `rooms`, signed in; `closing` ends it. `ask` is None where nobody is there."""

    def __init__(self, rooms: Rooms, closing: AsyncExitStack) -> None:
        self._rooms = rooms
        self._closing = closing
        self._client: Alianza | None = None
        self._one_at_a_time = asyncio.Lock()
        self.ask: AskLogin | None = None

    @property
    def signed_in(self) -> SignedIn | None:
        """Who is, None before anybody is."""
        return self._client.signed_in if self._client else None

    async def platform(self) -> Alianza:
        """The platform. Raises UsageFault, SignInFailure where nobody answers, NetworkFailure."""
        async with self._one_at_a_time:
            while self._client is None:
                try:
                    self._client = await self._enter()
                except (AnswerNeeded, SignInFailure) as failure:
                    if not await self._asked(failure):
                        raise
            return self._client

    async def anew(self) -> SignedIn:
        """Who is signed in after signing in with the settings as they are; nobody is asked."""
        async with self._one_at_a_time:
            self._client = await self._enter()
            return self._client.signed_in

    async def _enter(self) -> Alianza:
        from installer.alianza.auth import SignIn
        from installer.alianza.client import Alianza
        from installer.alianza.transport import Wire

        rooms, settings = self._rooms, self._rooms.settings
        url, who = rooms.base_url, SignIn(*self._login())
        client = Alianza(
            Wire(url, ca_file=settings.ca_file, deadline=settings.deadline),
            who,
            clock=rooms.clock,
            random=rooms.chance.random,
            concurrency=settings.concurrency,
            ask=self._again,
        )
        await self._closing.enter_async_context(client)
        await client.sign_in()
        return client

    async def _again(self, failure: SignInFailure) -> SignIn | None:
        from installer.alianza.auth import SignIn

        return SignIn(*self._login()) if await self._asked(failure) else None

    async def _asked(self, failure: PunchdownError) -> bool:
        """Whether somebody said who signs in; the settings hold it then."""
        login = await self.ask(failure) if self.ask else None
        if login is not None:
            self._rooms.settings = replace(self._rooms.settings, username=login[0], password=login[1])
        return login is not None

    def _login(self) -> tuple[str, Secret]:
        settings = self._rooms.settings
        if self._rooms.is_rehearsal:
            platform = self._rooms.rehearsal.platform
            return settings.username or platform.username, settings.password or Secret(platform.password)
        if settings.username is None or settings.password is None:
            option = "--username and --password-file"
            raise AnswerNeeded("nobody said who signs in", code="no-login", option=option)
        return settings.username, settings.password
