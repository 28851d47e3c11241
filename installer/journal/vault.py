"""The vault: one random key that seals what the journal may not show, under a passphrase or the OS keyring.

vault.json holds no secret. All in it is authenticated; its checksum tells damage from a wrong key.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NoReturn, Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from installer.domain.credential import Secret
from installer.errors import VaultUnusable
from installer.files import private_directory, write_whole
from installer.journal.locks import FileLock
from installer.journal.vault_file import (
    VERSION,
    ByKeyring,
    ByPassphrase,
    Header,
    VaultFile,
    checksum,
    read_vault_file,
)
from installer.text import safe

_KEY_LENGTH = 32
_NONCE_LENGTH = 12
_PATIENCE = 30.0
_SERVICE = "punchdown"
# Everything else that keyring may find keeps its entries in the clear, or nowhere.
_TRUSTED_BACKENDS = frozenset(
    f"keyring.backends.{name}" for name in ("macOS", "Windows", "SecretService", "libsecret", "kwallet")
)


class Keyring(Protocol):
    """The operating system's store for one secret text per name; both raise VaultUnusable."""

    def get(self, name: str) -> str | None:
        """The text kept under `name`, None where there is none."""

    def set(self, name: str, value: str) -> None:
        """Keeps `value` under `name`."""


@dataclass(frozen=True, slots=True)
class FreshVault:
    """A vault that stands nowhere yet: its file, and the key that the file wraps."""

    file: VaultFile
    key: bytes = field(repr=False)


class Vault:
    """Seals, unseals and signs under one key; made by `create` or `open`. Prints as its id."""

    def __init__(self, vault_id: str, key: bytes) -> None:
        self.id = vault_id
        self._aead = AESGCM(_derive(key, b"seal"))
        self._mac_key = _derive(key, b"mac")

    @classmethod
    def create(
        cls, path: Path, *, passphrase: Secret | None, keyring: Keyring | None, cost: int = 2**17
    ) -> Self:
        """A new vault at `path`, under `passphrase` where given, else under a key in `keyring`.

        Raises VaultUnusable, also where a vault stands there already, and DiskUnusable.
        """
        made = (
            partial(fresh_vault, passphrase, cost) if passphrase is not None else partial(_fresh_in, keyring)
        )
        return cls.keep(path, made)

    @classmethod
    def keep(cls, path: Path, made: Callable[[], FreshVault]) -> Self:
        """A new vault at `path`, `made` once nothing stands there. Raises as `create` does."""
        private_directory(path.parent)
        with FileLock(path.parent / "locks" / "vault.lock", f"a run that makes {path.name}").held(_PATIENCE):
            if path.exists():
                raise VaultUnusable(
                    f"{safe(path.name)} stands already",
                    code="vault-exists",
                    remedy="open it, or use another home",
                )
            fresh = made()
            write_whole(path, fresh.file.model_dump_json(indent=2).encode())
        return cls(fresh.file.header.id, fresh.key)

    @classmethod
    def open(cls, path: Path, *, passphrase: Secret | None, keyring: Keyring | None) -> Self:
        """The vault at `path`. Raises VaultUnusable."""
        file = read_vault_file(path)
        wrap = file.header.wrap
        if isinstance(wrap, ByPassphrase):
            if passphrase is None:
                raise _locked("it opens with a passphrase")
            wrapping_key = _stretch(passphrase, wrap)
        else:
            wrapping_key = _fetch(keyring, file.header.id)
        try:
            key = AESGCM(wrapping_key).decrypt(
                bytes.fromhex(file.nonce), bytes.fromhex(file.wrapped), file.header.octets()
            )
        except InvalidTag:
            raise _wrong_key() from None
        return cls(file.header.id, key)

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """`plain` encrypted and bound to `aad`: nonce, then AES-256-GCM ciphertext and tag."""
        nonce = os.urandom(_NONCE_LENGTH)
        return nonce + self._aead.encrypt(nonce, plain, aad)

    def unseal(self, sealed: bytes, aad: bytes) -> bytes:
        """What `seal` was given. Raises VaultUnusable where a bit of either is another."""
        try:
            return self._aead.decrypt(sealed[:_NONCE_LENGTH], sealed[_NONCE_LENGTH:], aad)
        except (InvalidTag, ValueError):
            raise VaultUnusable(
                "a sealed value is damaged", code="vault-damaged", remedy="run `punchdown journal verify`"
            ) from None

    def mac(self, data: bytes) -> str:
        """The keyed hash of `data` (HMAC-SHA256), hexadecimal."""
        code = HMAC(self._mac_key, SHA256())
        code.update(data)
        return code.finalize().hex()

    def __repr__(self) -> str:
        return f"Vault({self.id})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Vault is not pickled")


def system_keyring() -> Keyring | None:
    """The operating system's own keyring, else None: never one that keeps text in the clear."""
    from keyring import get_keyring  # noqa: PLC0415 - 100 ms, and most runs have a passphrase
    from keyring.backend import KeyringBackend  # noqa: PLC0415
    from keyring.errors import KeyringError  # noqa: PLC0415

    chosen = get_keyring()
    candidates: list[KeyringBackend] = list(getattr(chosen, "backends", (chosen,)))
    for backend in candidates:
        if type(backend).__module__ in _TRUSTED_BACKENDS:
            return _SystemKeyring(backend.get_password, backend.set_password, KeyringError)
    return None


def fresh_vault(passphrase: Secret, cost: int = 2**17) -> FreshVault:
    """A vault under `passphrase`; half a second of work. Raises VaultUnusable where it is empty."""
    wrap = ByPassphrase(n=cost, salt=os.urandom(16).hex())
    return _fresh(os.urandom(16).hex(), wrap, _stretch(passphrase, wrap))


class _SystemKeyring:
    def __init__(
        self,
        get: Callable[[str, str], str | None],
        put: Callable[[str, str, str], None],
        failure: type[Exception],
    ) -> None:
        self._get, self._put, self._failure = get, put, failure

    def get(self, name: str) -> str | None:
        try:
            return self._get(_SERVICE, name)
        except self._failure:
            raise _locked("the system's keyring did not answer") from None

    def set(self, name: str, value: str) -> None:
        try:
            self._put(_SERVICE, name, value)
        except self._failure:
            raise _locked("the system's keyring took no key") from None


def _fresh_in(keyring: Keyring | None) -> FreshVault:
    vault_id = os.urandom(16).hex()
    return _fresh(vault_id, ByKeyring(), _keep(keyring, vault_id))


def _fresh(vault_id: str, wrap: ByPassphrase | ByKeyring, wrapping_key: bytes) -> FreshVault:
    key = AESGCM.generate_key(8 * _KEY_LENGTH)
    header = Header(version=VERSION, id=vault_id, wrap=wrap)
    nonce = os.urandom(_NONCE_LENGTH)
    wrapped = AESGCM(wrapping_key).encrypt(nonce, key, header.octets()).hex()
    proven = checksum(header, nonce.hex(), wrapped)
    return FreshVault(VaultFile(header=header, nonce=nonce.hex(), wrapped=wrapped, checksum=proven), key)


def _stretch(passphrase: Secret, wrap: ByPassphrase) -> bytes:
    text = passphrase.reveal()
    if not text:
        raise _locked("the passphrase is empty")
    return Scrypt(bytes.fromhex(wrap.salt), _KEY_LENGTH, wrap.n, wrap.r, wrap.p).derive(text.encode())


def _keep(keyring: Keyring | None, vault_id: str) -> bytes:
    if keyring is None:
        raise _locked("there is neither a passphrase nor a keyring of the system")
    key = os.urandom(_KEY_LENGTH)
    keyring.set(vault_id, key.hex())
    if _fetch(keyring, vault_id) != key:
        raise _locked("the system's keyring did not keep the key")
    return key


def _fetch(keyring: Keyring | None, vault_id: str) -> bytes:
    kept = keyring.get(vault_id) if keyring else None
    if kept is None:
        raise _locked("its key lies in the keyring of the user and machine that made it")
    try:
        key = bytes.fromhex(kept)
    except ValueError:
        raise _wrong_key() from None
    if len(key) != _KEY_LENGTH:
        raise _wrong_key()
    return key


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_LENGTH, salt=None, info=b"punchdown " + purpose).derive(key)


def _locked(reason: str) -> VaultUnusable:
    return VaultUnusable(
        f"the vault is locked: {reason}",
        code="vault-locked",
        remedy="give --passphrase-file, or unlock the keyring",
    )


def _wrong_key() -> VaultUnusable:
    return VaultUnusable(
        "the vault does not open with this key",
        code="vault-wrong-key",
        remedy="give the passphrase it was made with",
    )
