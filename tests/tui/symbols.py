"""Symbols as a screen shows them, drawn cell by cell and read like a print."""

from collections.abc import Iterable, Sequence

import zxingcpp
from PIL import Image

Shade = tuple[int, int, int]
Cell = tuple[str, Shade, Shade]
"""A letter, its color and that of its ground."""


def decoded(lines: Sequence[Iterable[Cell]], width: int) -> list[str]:
    """What a phone reads; a cell is twice as high as it is wide, the half block fills its upper half."""
    image = Image.new("RGB", (width * 4, len(lines) * 8), "black")
    for y, line in enumerate(lines):
        for x, (letter, fore, back) in enumerate(line):
            image.paste(back, (x * 4, y * 8, x * 4 + 4, y * 8 + 8))
            if letter == "▀":
                image.paste(fore, (x * 4, y * 8, x * 4 + 4, y * 8 + 4))
    codes = zxingcpp.read_barcodes(image, zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    return [code.text for code in codes]
