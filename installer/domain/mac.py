"""Hardware addresses as they are scanned, typed and sent.

netaddr reads a mis-scanned MAC as another MAC (11 digits get a leading zero, an all-digit text with
blanks becomes a decimal integer), so nothing reaches it, or the platform, before exactly twelve
hexadecimal digits stand here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from installer.errors import InvalidValue
from installer.text import safe

SANGOMA_OUI = "005058"
_WANTED = "12 hexadecimal digits, such as 00:50:58:12:34:56"
_GROUPED = re.compile(
    r"[0-9A-Fa-f]{2}(?P<mark>[:.\- ]?)(?:[0-9A-Fa-f]{2}(?P=mark)){4}[0-9A-Fa-f]{2}"
    r"|[0-9A-Fa-f]{4}(?P<quad>[:.\- ])[0-9A-Fa-f]{4}(?P=quad)[0-9A-Fa-f]{4}"
    r"|[0-9A-Fa-f]{6}[:\-. ][0-9A-Fa-f]{6}"
)
_PREFIX = re.compile(r"(?:MAC(?:[ -]?(?:ADDRESS|ADDR|ID))?)\s*[:=#]?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class MacAddress:
    """A unicast EUI-48; `bare` is 12 lower-case hexadecimal digits, the platform's own spelling."""

    bare: str

    def __str__(self) -> str:
        return ":".join(self.bare[i : i + 2] for i in range(0, 12, 2))

    @property
    def oui(self) -> str:
        """The first six digits: who was given this block by the IEEE."""
        return self.bare[:6]

    @property
    def is_sangoma(self) -> bool:
        """Whether the block is Sangoma's 00:50:58; another vendor is warned of, never refused."""
        return self.oui == SANGOMA_OUI


def parse_mac(text: str) -> MacAddress:
    """The address in `text`: any usual spelling, an optional MAC: prefix, a scanner's line end.

    Raises InvalidValue, naming the reason, for anything that is not exactly one unicast EUI-48.
    """
    shown = safe(text, 60)
    scanned = text.strip("\r\n\t")
    if " " in scanned and scanned.replace(" ", "").isdecimal():
        raise _refusal("digits and blanks only: that may be a serial number or two codes", shown)
    trimmed = _PREFIX.sub("", scanned.strip(" "), count=1)
    digits = re.sub(r"[:.\- ]", "", trimmed)
    if not re.fullmatch(r"[0-9A-Fa-f]*", digits, re.ASCII):
        raise _refusal("it holds characters that are not hexadecimal digits", shown)
    if len(digits) != 12:
        raise _refusal(f"{len(digits)} digits where a MAC has 12", shown)
    if not _GROUPED.fullmatch(trimmed):
        raise _refusal("its separators are not where a MAC has them", shown)
    bare = digits.lower()
    if bare == "0" * 12:
        raise _refusal("all zeros is nobody's address", shown)
    if int(bare[1], 16) & 1:
        raise _refusal("a multicast or broadcast address belongs to no device", shown)
    return MacAddress(bare)


def _refusal(reason: str, shown: str) -> InvalidValue:
    return InvalidValue(f"“{shown}” is no MAC address: {reason}", code="invalid-mac", wanted=_WANTED)
