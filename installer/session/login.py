"""The chapter of who works here: which platforms there are, signing in, unlocking the vault."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from installer.domain.credential import Secret
from installer.session.rooms import Rooms
from installer.session.settings import AskLogin, Settings
from installer.session.vault_state import VAULT, VaultNeed, vault_need

if TYPE_CHECKING:
    from installer.alianza.auth import SignedIn
    from installer.profiles import PlatformProfile


class Login:
    """What a person gives on the screen, that the command takes from options."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    @property
    def platforms(self) -> Mapping[str, PlatformProfile]:
        """Every platform there is a profile of, by its name."""
        return self._rooms.profiles.platforms

    @property
    def warning(self) -> str:
        """What whoever writes here is warned of, by the platform's name or address; empty for most.

        Raises UsageFault where profiles cannot be used.
        """
        return "" if self._rooms.is_rehearsal else self.warning_of(self._rooms.settings)

    def warning_of(self, settings: Settings) -> str:
        """The same under other settings."""
        if not (settings.platform or settings.base_url):
            return ""  # and no profile is read for it: the first frame asks
        profiles = self._rooms.profiles
        found = profiles.platforms.get(settings.platform or ""), profiles.platform_at(settings.base_url or "")
        return next((each.warning for each in found if each is not None and each.warning), "")

    @property
    def need(self) -> VaultNeed:
        """What has to be given before a secret can be read or made; the rehearsal needs nothing."""
        if self._rooms.is_rehearsal or self._rooms.settings.passphrase is not None:
            return VaultNeed.NOTHING
        return vault_need(self._rooms.folder)

    @property
    def opens_by_keyring(self) -> bool:
        """Whether the next secret asks the system's keyring, which may ask for a password of its own."""
        rooms = self._rooms
        given = rooms.is_rehearsal or rooms.settings.passphrase is not None or "vault" in vars(rooms)
        return not given and self.need is VaultNeed.NOTHING

    @property
    def has_vault(self) -> bool:
        """Whether the home has a vault already."""
        return (self._rooms.folder / VAULT).exists()

    async def unlock(self, passphrase: Secret | None) -> None:
        """Open the vault, or make it, under `passphrase`, or with the system's keyring.

        Raises VaultUnusable, and all is as before then.
        """
        if passphrase is not None:
            await asyncio.to_thread(self._rooms.unlock, passphrase)
        else:
            await asyncio.to_thread(lambda: self._rooms.vault)

    async def sign_in(self, username: str, password: Secret) -> SignedIn:
        """Sign in, or in again. Raises SignInFailure, NetworkFailure, UsageFault; all is as before then."""
        before = self._rooms.settings
        self._rooms.settings = replace(before, username=username, password=password)
        try:
            return await self._rooms.signing.anew()
        except BaseException:
            self._rooms.settings = before
            raise

    async def enter(self) -> SignedIn:
        """Who is signed in, with what the settings give: the rehearsal knows its own user."""
        return (await self._rooms.platform()).signed_in

    @property
    def user(self) -> str:
        """Who is signed in; empty while nobody is."""
        found = self._rooms.signing.signed_in
        return found.username if found else ""

    def ask_with(self, ask: AskLogin) -> None:
        """Who is asked where nobody said who signs in, or the platform refuses it."""
        self._rooms.signing.ask = ask
