"""One label as PNG, at the exact dots of its cell, for label printers that take images.

Black and white only: a thermal head has no grey, and a driver that must guess blurs the symbol.
"""

from __future__ import annotations

from functools import lru_cache
from typing import BinaryIO

from PIL import Image, ImageDraw, ImageFont

from installer.domain.label import LabelId
from installer.outputs.label_content import Label
from installer.outputs.label_font import Weight, font_path
from installer.outputs.label_layout import Box, TextRun, arrange
from installer.outputs.label_qr import QUIET, SPAN, dark_runs

DPI = 300
_DOTS = DPI / 25.4
_BLACK, _WHITE = 0, 1


def write_png(label: Label, cell: tuple[float, float], stream: BinaryIO) -> None:
    """A black and white PNG of `label`, `cell` in millimetres at 300 dpi, into `stream`. Raises OSError."""
    image = Image.new("1", (round(cell[0] * _DOTS), round(cell[1] * _DOTS)), _WHITE)
    draw = ImageDraw.Draw(image)
    layout = arrange(label, cell)
    _draw_symbol(draw, label.id, layout.qr)
    if layout.bar is not None:
        bar = layout.bar
        draw.rectangle(
            [_dots(bar.x), _dots(bar.y), _dots(bar.x + bar.width), _dots(bar.y + bar.height)], fill=_BLACK
        )
    for run in layout.runs:
        _write(draw, run)
    image.save(stream, "PNG", dpi=(DPI, DPI), optimize=True)


def _draw_symbol(draw: ImageDraw.ImageDraw, label_id: LabelId, box: Box) -> None:
    """Modules of a whole number of dots each, centred in the box."""
    module = int(box.width * _DOTS / SPAN)
    inset = (box.width * _DOTS - module * SPAN) / 2 + QUIET * module
    left, top = round(box.x * _DOTS + inset), round(box.y * _DOTS + inset)
    for row, column, length in dark_runs(label_id):
        x, y = left + column * module, top + row * module
        draw.rectangle([x, y, x + length * module - 1, y + module - 1], fill=_BLACK)


def _write(draw: ImageDraw.ImageDraw, run: TextRun) -> None:
    size = run.size * _DOTS
    font = _font(run.weight, round(size, 2))
    room = run.room * _DOTS
    if font.getlength(run.text) > room:  # hinting widens glyphs by up to 2 %
        font = _font(run.weight, round(size * room / font.getlength(run.text), 2))
    fill = _WHITE if run.reverse else _BLACK
    draw.text((run.x * _DOTS, run.baseline * _DOTS), run.text, fill=fill, font=font, anchor="ls")


def _dots(length: float) -> int:
    return round(length * _DOTS)


@lru_cache(maxsize=256)
def _font(weight: Weight, size: float) -> ImageFont.FreeTypeFont:
    """Basic layout: the same pixels whether or not Pillow was built with a text shaper."""
    return ImageFont.truetype(font_path(weight), size, layout_engine=ImageFont.Layout.BASIC)
