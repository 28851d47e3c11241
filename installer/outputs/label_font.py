"""The typeface of the labels: Bitstream Vera, which reportlab ships and whose licence lets a PDF embed it.

The 14 fonts every PDF viewer has stop at Latin-1, and none of ours may be downloaded. Vera covers most Latin
alphabets; what it lacks is spelled with its base letter (ễ as e) or, failing that, shown as a lozenge.
"""

from __future__ import annotations

import unicodedata
from enum import Enum
from functools import cache, lru_cache

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

LACKING = "◊"


class Weight(Enum):
    """The two cuts in use: reportlab's name for the font, and the file it ships."""

    REGULAR = ("Punchdown", "Vera.ttf")
    BOLD = ("PunchdownBold", "VeraBd.ttf")


@cache
def _font(weight: Weight) -> TTFont:
    font = TTFont(*weight.value)
    registerFont(font)
    return font


def font_name(weight: Weight) -> str:
    """The name to draw with on a reportlab canvas."""
    return str(_font(weight).fontName)


def font_path(weight: Weight) -> str:
    """The TrueType file, for Pillow."""
    return str(_font(weight).face.filename)


@lru_cache(maxsize=4096)
def width_of(text: str, weight: Weight) -> float:
    """How wide `text` is, in units of its font size."""
    face = _font(weight).face
    widths, default = face.charWidths, face.defaultWidth
    return float(sum(widths.get(ord(char), default) for char in text)) / 1000


@lru_cache(maxsize=4096)
def printable(text: str) -> str:
    """`text` in letters that both weights have."""
    known = _letters()
    return text if known.issuperset(text) else "".join(_spelled(char, known) for char in text)


def lacks(text: str) -> bool:
    """Whether a letter of `text` is in neither shape of the font, so that a lozenge stands for it."""
    return printable(text).count(LACKING) > text.count(LACKING)


@cache
def _letters() -> frozenset[str]:
    return frozenset.intersection(*(frozenset(map(chr, _font(weight).face.charToGlyph)) for weight in Weight))


def _spelled(char: str, known: frozenset[str]) -> str:
    if char in known:
        return char
    parts = [part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)]
    return "".join(part if part in known else LACKING for part in parts)
