"""vault.json: its fields, their bounds, and how it is read."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from installer.errors import VaultUnusable
from installer.files import open_private
from installer.text import safe

VERSION: Final = 1
_FILE_LIMIT = 16_384


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


def _power_of_two(cost: int) -> int:
    if cost & (cost - 1):
        raise ValueError("not a power of two")
    return cost


Hex = Annotated[str, Field(pattern="^([0-9a-f]{2})+$")]


class ByPassphrase(_Strict):
    """Scrypt's parameters; the bounds keep a planted file from taking gigabytes (RFC 7914 §2)."""

    kind: Literal["scrypt"] = "scrypt"
    n: Annotated[int, Field(ge=2**10, le=2**20), AfterValidator(_power_of_two)]
    r: Literal[8] = 8
    p: Literal[1] = 1
    salt: Annotated[Hex, Field(min_length=32, max_length=32)]


class ByKeyring(_Strict):
    """The wrapping key lies in the OS keyring under the vault's id."""

    kind: Literal["keyring"] = "keyring"


class Header(_Strict):
    """All of the file that the wrapped key is bound to."""

    version: Literal[1]
    id: Annotated[Hex, Field(min_length=32, max_length=32)]
    wrap: Annotated[ByPassphrase | ByKeyring, Field(discriminator="kind")]

    def octets(self) -> bytes:
        """What is authenticated."""
        return self.model_dump_json().encode()


class VaultFile(_Strict):
    """vault.json; binary fields are hexadecimal."""

    header: Header
    nonce: Annotated[Hex, Field(min_length=24, max_length=24)]
    wrapped: Annotated[Hex, Field(min_length=96, max_length=96)]
    checksum: str


class _AnyVersion(BaseModel):
    """What every version of the file has."""

    class _AnyHeader(BaseModel):
        version: int

    header: _AnyHeader


def read_vault_file(path: Path) -> VaultFile:
    """The file at `path`, its checksum proven. Raises VaultUnusable."""
    try:
        with os.fdopen(open_private(path, os.O_RDONLY), "rb") as source:
            raw = source.read(_FILE_LIMIT)
    except FileNotFoundError:
        raise VaultUnusable(
            f"there is no {safe(path.name)}", code="vault-missing", remedy="put it back beside its journal"
        ) from None
    except OSError as fault:
        raise _damaged(path, safe(fault.strerror or type(fault).__name__)) from fault
    try:
        if _AnyVersion.model_validate_json(raw).header.version > VERSION:
            raise VaultUnusable(
                f"{safe(path.name)} was made by a newer punchdown",
                code="vault-newer",
                remedy="update punchdown",
            )
        file = VaultFile.model_validate_json(raw)
    except ValidationError:
        raise _damaged(path, "it does not read as a vault") from None
    if file.checksum != checksum(file.header, file.nonce, file.wrapped):
        raise _damaged(path, "its checksum does not hold")
    return file


def checksum(header: Header, nonce: str, wrapped: str) -> str:
    """What tells damage from a wrong key: SHA-256 over all the rest."""
    return sha256(header.octets() + f"{nonce}{wrapped}".encode()).hexdigest()


def _damaged(path: Path, reason: str) -> VaultUnusable:
    return VaultUnusable(
        f"{safe(path.name)} is damaged: {reason}", code="vault-damaged", remedy="put back a copy of it"
    )
