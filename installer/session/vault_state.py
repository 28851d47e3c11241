"""What it takes to open a home's vault, told before anybody is asked."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

VAULT = "vault.json"
"""The vault's file in a home."""


class VaultNeed(StrEnum):
    """What a person has to give."""

    NOTHING = "nothing"
    PASSPHRASE = "passphrase"  # noqa: S105 - what is needed, not a secret
    NEW_PASSPHRASE = "new-passphrase"  # noqa: S105


def vault_need(home: Path) -> VaultNeed:
    """What the vault in `home` opens with, or would be made with. Raises VaultUnusable if damaged."""
    from installer.journal.vault import system_keyring
    from installer.journal.vault_file import ByPassphrase, read_vault_file

    path = home / VAULT
    if path.exists():
        by_passphrase = isinstance(read_vault_file(path).header.wrap, ByPassphrase)
        return VaultNeed.PASSPHRASE if by_passphrase else VaultNeed.NOTHING
    return VaultNeed.NEW_PASSPHRASE if system_keyring() is None else VaultNeed.NOTHING
