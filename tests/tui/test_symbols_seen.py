"""The symbols as a terminal shows them: drawn cell by cell from what it holds, they are read like a print."""

import re
from collections.abc import Iterator

import pytest

from tests.cli.kit import Site, rows, sheet_at
from tests.tui import symbols
from tests.tui.symbols import Cell, Shade
from tests.tui.terminal import Terminal, punchdown, terminal
from tests.tui.walking import label_ids, walk

_STYLE = re.compile("\x1b\\[([0-9;]*)m")
_FORE, _BACK = (200, 200, 200), (0, 0, 0)
BASIC = ("000000", "800000", "008000", "808000", "000080", "800080", "008080", "c0c0c0",
         "808080", "ff0000", "00ff00", "ffff00", "0000ff", "ff00ff", "00ffff", "ffffff")  # fmt: skip


def cells(line: str) -> Iterator[Cell]:
    """Each letter of a captured line in the colors that the terminal shows it in."""
    fore, back, at = _FORE, _BACK, 0
    for style in [*_STYLE.finditer(line), None]:
        yield from ((letter, fore, back) for letter in line[at : style.start() if style else None])
        if style is not None:
            at = style.end()
            fore, back = _colors([int(part or 0) for part in style[1].split(";")], fore, back)


def _colors(codes: list[int], fore: Shade, back: Shade) -> tuple[Shade, Shade]:
    while codes:
        code = codes.pop(0)
        if code in {0, 39}:
            fore = _FORE
        if code in {0, 49}:
            back = _BACK
        if code in {38, 48}:
            shade = _shade(codes)
            fore, back = (shade, back) if code == 38 else (fore, shade)
        for first, bright in ((30, 0), (90, 8)):
            if first <= code < first + 8:
                fore = _basic(code - first + bright)
            if first + 10 <= code < first + 18:
                back = _basic(code - first - 10 + bright)
    return fore, back


def _shade(codes: list[int]) -> Shade:
    """A color of 256, or one by red, green and blue; its numbers are taken off `codes`."""
    if codes.pop(0) == 2:
        return codes.pop(0), codes.pop(0), codes.pop(0)
    number = codes.pop(0)
    if number < 16:
        return _basic(number)
    if number >= 232:
        return (8 + 10 * (number - 232),) * 3
    steps = (0, 95, 135, 175, 215, 255)
    return steps[(number - 16) // 36], steps[(number - 16) // 6 % 6], steps[(number - 16) % 6]


def _basic(number: int) -> Shade:
    text = BASIC[number]
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)


def read(screen: Terminal, width: int) -> list[str]:
    return symbols.decoded([list(cells(line)) for line in screen.styled.splitlines()], width)


@pytest.mark.parametrize("colors", ["COLORTERM=truecolor", "TERM=xterm-16color", "NO_COLOR=1"])
def test_a_phone_reads_the_symbols_off_a_terminal_whatever_colors_it_has(site: Site, colors: str) -> None:
    assert site.run("apply", sheet_at(site.folder, rows(2)), "--yes").code == 0
    labels = label_ids(site)
    with terminal(["env", colors, *punchdown(*site.options)]) as screen:
        screen.until("punchdown · ")
        screen.burst(f"{labels[0]}\r")
        screen.until("GW-1:1")
        walk(screen, "Labels")
        screen.press("Down")
        screen.wait(lambda: read(screen, 80) == [labels[0]])
        walk(screen, "Sheet")
        screen.press("C-e")
        screen.until("place and MAC of each gateway")
        screen.wait(lambda: len(read(screen, 80)) == 1)
        assert read(screen, 80)[0].startswith("GW-1=005058")
        screen.resize(60, 20)
        screen.until("F10 quit")
        walk(screen, "Labels")
        screen.wait(lambda: len(read(screen, 60)) == 1)
        screen.resize(59, 20)
        screen.until("This window is too small")
        assert read(screen, 59) == []
