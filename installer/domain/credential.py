"""SIP credentials: secrets with a type that will not print, and how they are made."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from installer.errors import InvalidValue
from installer.text import MASK, safe

RandBelow = Callable[[int], int]
"""`secrets.randbelow` or a seeded twin: a whole number below the argument."""

LETTERS = "abcdefghijkmnopqrstuvwxyz"
USERNAME_ALPHABET = LETTERS + "23456789"
PASSWORD_ALPHABET = LETTERS + "ABCDEFGHJKLMNPQRSTUVWXYZ" + "23456789"
USERNAME_LENGTH = 14
PASSWORD_LENGTH = 24
USERNAME_RANGE = (8, 36)
PASSWORD_RANGE = (6, 64)
PASSWORD_ADVISED = 16
PLATFORM_WORD = "platform"


class Secret:
    """Text that prints as a mask everywhere; `reveal` is for the wire, the vault and the requested sheet."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled")


@dataclass(frozen=True, slots=True)
class SipUsername:
    """The name a line registers under: unique platform-wide, and the create call's idempotency key."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class SipCredential:
    """What one FXS port registers with; belongs to the port, not to the line or the hardware on it."""

    username: SipUsername
    password: Secret


class CredentialSource(StrEnum):
    """Who chooses a port's credential."""

    GENERATED = "generated"
    OWN = "own"
    PLATFORM = "platform"


def parse_username(text: str) -> SipUsername:
    """A username the platform takes and a gateway's quoted configuration carries. Raises InvalidValue."""
    low, high = USERNAME_RANGE
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@+\-]*", text, re.ASCII) or not low <= len(text) <= high:
        raise InvalidValue(
            f"“{safe(text, 40)}” cannot be a SIP username",
            code="invalid-username",
            wanted=f"{low} to {high} letters, digits or . _ @ + -, beginning with a letter or digit",
        )
    return SipUsername(text)


def parse_password(text: str) -> Secret:
    """An own password, 6 to 64 printable ASCII characters without quote, backslash or blank.

    Raises InvalidValue, which never holds the text.
    """
    low, high = PASSWORD_RANGE
    if not re.fullmatch(r"[!#-\[\]-~]*", text) or not low <= len(text) <= high or set(text) == {"*"}:
        raise InvalidValue(
            "the SIP password cannot be used",
            code="invalid-password",
            wanted=f"{low} to {high} printable characters without blank, quote or backslash, not a mask",
        )
    return Secret(text)


def generate_username(randbelow: RandBelow) -> SipUsername:
    """14 of [a-z2-9] without l, letter first: 69 bits, and a spreadsheet keeps it as text."""
    return SipUsername(
        _pick(LETTERS, 1, randbelow) + _pick(USERNAME_ALPHABET, USERNAME_LENGTH - 1, randbelow)
    )


def generate_password(randbelow: RandBelow) -> Secret:
    """24 unambiguous letters and digits, letter first, each class present: 139 bits, never a number."""
    letters = PASSWORD_ALPHABET[:-8]
    while True:
        text = _pick(letters, 1, randbelow) + _pick(PASSWORD_ALPHABET, PASSWORD_LENGTH - 1, randbelow)
        if re.search("[a-z]", text) and re.search("[A-Z]", text) and re.search("[2-9]", text):
            return Secret(text)


def generate_credential(randbelow: RandBelow) -> SipCredential:
    """A fresh pair; made once per FXS port and kept."""
    return SipCredential(generate_username(randbelow), generate_password(randbelow))


def _pick(alphabet: str, count: int, randbelow: RandBelow) -> str:
    return "".join(alphabet[randbelow(len(alphabet))] for _ in range(count))
