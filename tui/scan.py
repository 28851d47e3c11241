"""What a scanned code names. Pure: text in, what it is out."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from installer.domain.label import LabelId, parse_label_id
from installer.domain.mac import MacAddress, parse_mac
from installer.domain.numbers import TelephoneNumber, parse_number
from installer.errors import InvalidValue
from installer.text import safe


@dataclass(frozen=True, slots=True)
class Scan:
    """A code as it came and what it can be; all None is a serial number, or nothing of ours."""

    text: str
    mac: MacAddress | None = None
    label: LabelId | None = None
    number: TelephoneNumber | None = None

    @property
    def is_strong(self) -> bool:
        """Whether it can be meant as nothing but what it names, wherever it lands."""
        return self.mac is not None or self.label is not None


def read_scan(text: str) -> Scan:
    """What `text` names; a label id before a MAC before a telephone number."""
    text = safe(text.strip(), 120)
    label = mac = number = None
    try:
        label = parse_label_id(text)
    except InvalidValue:
        try:
            mac = parse_mac(text)
        except InvalidValue:
            with suppress(InvalidValue):
                number = parse_number(text)
    return Scan(text, mac, label, number)
