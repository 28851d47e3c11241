"""Telephone numbers of the North American plan, and what an account holds of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from installer.errors import InvalidValue
from installer.text import safe

_SPELLING = re.compile(r"\+?[0-9(][0-9()\-. /]*")
_NANP = re.compile(r"1[2-9][0-9]{2}[2-9][0-9]{6}")


@dataclass(frozen=True, slots=True, order=True)
class TelephoneNumber:
    """A number as the platform spells it: 11 digits with the leading 1, no plus."""

    digits: str

    def __str__(self) -> str:
        return self.digits

    @property
    def national(self) -> str:
        """For people: (260) 468-3252."""
        return f"({self.digits[1:4]}) {self.digits[4:7]}-{self.digits[7:]}"


def parse_number(text: str) -> TelephoneNumber:
    """The number in `text`, 10 or 11 digits in any usual spelling. Raises InvalidValue."""
    trimmed = text.strip()
    digits = re.sub(r"[^0-9]", "", trimmed, flags=re.ASCII)
    if len(digits) == 10 and not trimmed.startswith("+"):
        digits = "1" + digits
    if not _SPELLING.fullmatch(trimmed) or not _NANP.fullmatch(digits):
        raise InvalidValue(
            f"“{safe(text, 40)}” is no North American telephone number",
            code="invalid-number",
            wanted="10 digits, or 11 with a leading 1, such as 1 260 468 3252",
        )
    return TelephoneNumber(digits)


def shown_number(text: str | None) -> str:
    """A number of the platform's for people, also one that is no number of this plan; "none" for none."""
    try:
        return parse_number(text or "").national
    except InvalidValue:
        return safe(text or "", 30) or "none"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a number rings: the platform's type word (an open list) and the object's id."""

    kind: str
    id: str


SPECIALTY_LINE = "SPECIALTY_LINE"


@dataclass(frozen=True, slots=True)
class AccountNumber:
    """A number as the account holds it; `address` is the E911 address behind it, one line, "" if none."""

    number: TelephoneNumber
    carrier_status: str
    reference: Reference | None
    address: str

    @property
    def is_active(self) -> bool:
        """Whether the carrier serves it; anything but ACTIVE is warned of."""
        return self.carrier_status == "ACTIVE"

    def rings(self, line_id: str) -> bool:
        """Whether inbound calls go to that specialty line."""
        return self.reference == Reference(SPECIALTY_LINE, line_id)
