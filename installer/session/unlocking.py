"""Opening a home's vault, or making it at the first need; its key may be derived ahead, on a thread."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from installer.domain.credential import Secret
from installer.journal.vault import FreshVault, Vault, fresh_vault, system_keyring
from installer.session.vault_state import VAULT


class Unlocking:
    """The vault under `passphrase`, None for the system's keyring; `cost` is scrypt's, of a new one."""

    def __init__(self, passphrase: Secret | None, cost: int = 2**17) -> None:
        self._passphrase = passphrase
        self._cost = cost
        self._opening: Future[Vault] | None = None
        self._making: Future[FreshVault] | None = None

    def begin(self, folder: Path) -> None:
        """Begin on a thread, where there is a passphrase; nothing is made in `folder` before `vault`."""
        if self._passphrase is None:
            return
        with_one = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vault")
        if (folder / VAULT).exists():
            self._opening = with_one.submit(partial(self._open, folder / VAULT))
        else:
            self._making = with_one.submit(partial(fresh_vault, self._passphrase, self._cost))
        with_one.shutdown(wait=False)

    def vault(self, folder: Path) -> Vault:
        """The vault in `folder`, made where there is none. Raises VaultUnusable."""
        path = folder / VAULT
        if self._opening is not None:
            return self._opening.result()
        if path.exists():
            return self._open(path)
        if self._making is not None:
            return Vault.keep(path, self._making.result)
        keyring = None if self._passphrase else system_keyring()
        return Vault.create(path, passphrase=self._passphrase, keyring=keyring, cost=self._cost)

    def _open(self, path: Path) -> Vault:
        keyring = None if self._passphrase else system_keyring()
        return Vault.open(path, passphrase=self._passphrase, keyring=keyring)
