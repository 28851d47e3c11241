"""Label ids: what a QR label carries, opaque, so that a photo of a wall gives nothing away."""

from __future__ import annotations

import re
from dataclasses import dataclass

from installer.domain.credential import RandBelow
from installer.errors import InvalidValue
from installer.text import safe

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 9
_PATTERN = re.compile(f"PD-[{ALPHABET}]{{{_LENGTH}}}")


@dataclass(frozen=True, slots=True, order=True)
class LabelId:
    """PD- and nine unambiguous upper-case characters (44 bits): QR version 1 in alphanumeric mode."""

    text: str

    def __str__(self) -> str:
        return self.text


def mint_label_id(randbelow: RandBelow) -> LabelId:
    """A fresh id; minted once per gateway and per FXS port, kept through reprints and swaps."""
    return LabelId("PD-" + "".join(ALPHABET[randbelow(len(ALPHABET))] for _ in range(_LENGTH)))


def parse_label_id(text: str) -> LabelId:
    """The id in a scan, any case, with a scanner's line end. Raises InvalidValue."""
    candidate = text.strip().upper()
    if not _PATTERN.fullmatch(candidate):
        raise InvalidValue(
            f"“{safe(text, 40)}” is no label of this kit",
            code="invalid-label",
            wanted=f"PD- and {_LENGTH} characters",
        )
    return LabelId(candidate)


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """A sheet of label cells from profiles/labels/, all lengths in millimetres, origin top left."""

    id: str
    name: str
    page: tuple[float, float]
    columns: int
    rows: int
    cell: tuple[float, float]
    margin: tuple[float, float]
    pitch: tuple[float, float]

    @property
    def cells(self) -> int:
        """Labels per page."""
        return self.columns * self.rows

    def origin(self, cell: int) -> tuple[float, float]:
        """Left and top edge of cell `cell`, counted from 0 along the rows."""
        row, column = divmod(cell, self.columns)
        return self.margin[0] + column * self.pitch[0], self.margin[1] + row * self.pitch[1]
