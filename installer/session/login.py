"""The chapter of who works here: which platforms there are, signing in, unlocking the vault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from installer.domain.credential import Secret
from installer.session.rooms import Rooms
from installer.session.vault_state import VaultNeed, vault_need

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
    def need(self) -> VaultNeed:
        """What has to be given before a secret can be read or made; the rehearsal needs nothing."""
        if self._rooms.is_rehearsal or self._rooms.settings.passphrase is not None:
            return VaultNeed.NOTHING
        return vault_need(self._rooms.folder)

    def unlock(self, passphrase: Secret) -> None:
        """Open the vault, or make it under `passphrase`. Raises VaultUnusable, and forgets it then."""
        before = self._rooms.settings
        self._rooms.settings = replace(before, passphrase=passphrase)
        try:
            _ = self._rooms.vault
        except BaseException:
            self._rooms.settings = before
            raise

    async def sign_in(self, username: str, password: Secret) -> SignedIn:
        """Sign in, or in again. Raises SignInFailure, NetworkFailure, UsageFault."""
        self._rooms.settings = replace(self._rooms.settings, username=username, password=password)
        return await self._rooms.sign_in_anew()
