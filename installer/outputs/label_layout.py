"""Where everything on a label goes: one geometry for paper and pixels, in millimetres, origin top left.

The QR symbol has the left of the cell to itself, the text the right, the banner the foot: nothing overlaps,
whatever the words are. Text that is too wide is shrunk a little, then cut with an ellipsis. The symbol's
quiet zone begins at the very edge of the cell: blank is blank, and the symbol gets the space.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from installer.outputs.label_content import SEPARATOR, Label
from installer.outputs.label_font import Weight, printable, width_of

PADDING = 1.6
"""Kept free at each edge: what a printer's feed may be off."""
_TITLE_SHARE = 1.55
_LARGEST_TITLE = 6.5
_LARGEST_LINE = 3.6
_ROOMY_PITCH = 4.3
_TITLE_SHRINK = 0.5
_TITLE_TAIL = 6
"""Characters kept at the end of a title that is cut: places often differ only there."""
_SHRINK = 0.72
_CAP_HEIGHT = 0.73
_DESCENT = 0.24


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class TextRun:
    """One line of text: `x` its left edge, `baseline` from the top, `room` the width it may take."""

    text: str
    weight: Weight
    size: float
    x: float
    baseline: float
    room: float
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A label laid out in its cell; `qr` is square and includes the quiet zone."""

    qr: Box
    runs: tuple[TextRun, ...]
    bar: Box | None


def arrange(label: Label, cell: tuple[float, float]) -> Layout:
    """`label` in a cell of that width and height."""
    width, height = cell
    bar_height = min(0.17 * height, 5.0) if label.banner else 0.0
    bottom = height - PADDING - bar_height
    caption = 0.12 * bottom
    side = min(bottom - caption, 0.36 * width)
    qr = Box(0, 0, side, side)
    bar = Box(PADDING, bottom, width - 2 * PADDING, bar_height) if label.banner else None
    column = Box(side, PADDING, width - PADDING - side, bottom - PADDING)
    runs = [_caption(label, qr, caption), *_column(label, column)]
    if bar is not None and label.banner is not None:
        runs.append(_banner(label.banner, bar))
    return Layout(qr, tuple(runs), bar)


def _caption(label: Label, qr: Box, height: float) -> TextRun:
    """The label id in letters, under its symbol, so that it can be typed when a camera fails."""
    wide = width_of(label.id.text, Weight.BOLD)
    room = qr.width - 2 * PADDING
    size = min(height * 0.9, room / wide)
    x = PADDING + (room - size * wide) / 2
    return TextRun(label.id.text, Weight.BOLD, size, x, qr.height + size * _CAP_HEIGHT, room)


def _column(label: Label, box: Box) -> Iterator[TextRun]:
    """The title, then the lines at one size, the smallest that any of them needs."""
    texts = _spread([printable(line) for line in label.lines], box)
    pitch = box.height / (_TITLE_SHARE + len(texts) + _DESCENT)
    largest = min(pitch * _TITLE_SHARE, _LARGEST_TITLE)
    title = printable(label.title)
    size = _fitting(title, Weight.BOLD, largest, largest * _TITLE_SHRINK, box.width)
    baseline = box.y + largest * _CAP_HEIGHT
    title = _cut(title, box.width / size, Weight.BOLD, tail=_TITLE_TAIL)
    yield TextRun(title, Weight.BOLD, size, box.x, baseline, box.width)
    largest = min(pitch * 0.86, _LARGEST_LINE)
    lines = [(text, Weight.REGULAR if index else Weight.BOLD) for index, text in enumerate(texts)]
    size = min(_fitting(line, weight, largest, largest * _SHRINK, box.width) for line, weight in lines)
    baseline += pitch * _DESCENT
    for line, weight in lines:
        baseline += min(pitch, 1.5 * largest)
        yield TextRun(_cut(line, box.width / size, weight), weight, size, box.x, baseline, box.width)


def _spread(lines: list[str], box: Box) -> list[str]:
    """`lines`, the widest broken between two facts for as long as the box has height for one more."""
    spare = int(box.height / _ROOMY_PITCH - _TITLE_SHARE) - len(lines)
    for _ in range(spare):
        breakable = [line for line in lines if SEPARATOR in line]
        if not breakable:
            break
        widest = max(breakable, key=lambda line: width_of(line, Weight.REGULAR))
        if width_of(widest, Weight.REGULAR) * _LARGEST_LINE <= box.width:
            break
        at = lines.index(widest)
        lines[at : at + 1] = widest.split(SEPARATOR, 1)
    return lines


def _fitting(text: str, weight: Weight, largest: float, smallest: float, room: float) -> float:
    """The size at which `text` fills at most `room`, within limits."""
    wide = width_of(text, weight)
    return largest if wide * largest <= room else max(smallest, room / wide)


def _banner(text: str, bar: Box) -> TextRun:
    size = min(bar.height * 0.78, 0.94 * bar.width / width_of(text, Weight.BOLD))
    taken = size * width_of(text, Weight.BOLD)
    return TextRun(
        text,
        Weight.BOLD,
        size=size,
        x=bar.x + (bar.width - taken) / 2,
        baseline=bar.y + (bar.height + size * _CAP_HEIGHT) / 2,
        room=bar.width,
        reverse=True,
    )


def _cut(text: str, room: float, weight: Weight, tail: int = 0) -> str:
    """`text`, or as much of it as fits with an ellipsis before its last `tail` characters.

    `room` is in units of the font size.
    """
    if width_of(text, weight) <= room:
        return text
    end = "…" + text[len(text) - tail :]
    if tail and width_of(end, weight) > room / 2:  # the front, an FXS port's number, matters more
        return _cut(text, room, weight)
    low, high = 0, len(text) - tail - 1
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle].rstrip() + end, weight) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + end
