"""Draws steps of the screen on a rehearsed visit as SVG; run by pictures.py in the kit's environment.

python3 scripts/screen_pictures.py HOME FOLDER
"""

import asyncio
import re
import sys
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)
from rich.color import Color
from rich.style import Style
from textual.pilot import Pilot
from textual.theme import Theme

from installer.domain.finding import Acceptable
from installer.session import Answers, Settings
from scripts.environment import ROOT
from tui.app import PunchdownApp
from tui.screens import STEPS
from tui.themes import DARK
from tui.widgets.grid import Grid

SIZE = 96, 27
WIDE, HIGH = 8.4, 18
SHEET = ROOT / "profiles" / "examples" / "harbor-point.csv"
_FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_WORDS = re.compile(r"\S+(?: \S+)*")
_PATIENCE = 60.0

Cell = tuple[str, Style]


def main() -> None:
    """Writes screen-ports.svg, screen-review.svg, screen-registration.svg and screen-labels.svg."""
    asyncio.run(_visit(Path(sys.argv[1]), Path(sys.argv[2])))


async def _visit(home: Path, folder: Path) -> None:
    app = PunchdownApp(Settings(home=home, platform="rehearsal"), STEPS)
    async with app.run_test(size=SIZE) as pilot:
        app.source = SHEET
        await _show(pilot, "Review", "F3 makes")
        _draw(pilot, folder / "screen-review.svg")
        visits = app.session.new_visits()
        await visits.apply(SHEET, Answers(yes=True, accept=frozenset(Acceptable)))
        app.open_visit(visits.runs[0].record.job.id)
        await _show(pilot, "Ports", "nothing is at fault")
        _draw(pilot, folder / "screen-ports.svg")
        await _show(pilot, "Registration", "29 of 29 lines")
        _draw(pilot, folder / "screen-registration.svg")
        await _show(pilot, "Labels", "Elevator 2")
        app.screen.query_one(Grid).action_move(3, 0)
        await pilot.pause()
        _draw(pilot, folder / "screen-labels.svg")


async def _show(pilot: Pilot[int], step: str, text: str) -> None:
    app = pilot.app
    assert isinstance(app, PunchdownApp)  # noqa: S101 - it is the one above
    await pilot.pause()
    app.go(step)
    async with asyncio.timeout(_PATIENCE):
        while app.step is None or step != app.step.NAME or text not in _text(pilot):  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.05)
    await pilot.pause()


def _rows(pilot: Pilot[int]) -> Iterator[list[Cell]]:
    for strip in pilot.app.screen._compositor.render_strips():  # noqa: SLF001 - what is drawn, cell by cell
        yield [(letter, style or Style()) for text, style, _ in strip for letter in text]


def _text(pilot: Pilot[int]) -> str:
    return "\n".join("".join(letter for letter, _ in row) for row in _rows(pilot))


def _draw(pilot: Pilot[int], path: Path) -> None:
    width, height = SIZE[0] * WIDE, SIZE[1] * HIGH
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}">',
        f'<rect width="100%" height="100%" rx="6" fill="{DARK.background}"/>',
        f'<g font-family="{_FONTS}" font-size="14">',
    ]
    for y, row in enumerate(_rows(pilot)):
        parts += _row(y, row, DARK)
    path.write_text("\n".join([*parts, "</g>", "</svg>", ""]), encoding="utf-8")


def _row(y: int, row: list[Cell], theme: Theme) -> Iterator[str]:
    x = 0
    for (style, is_half), run in groupby(row, lambda cell: (cell[1], cell[0] == "▀")):
        text = "".join(letter for letter, _ in run)
        fore, back = _shade(style.color, str(theme.foreground)), _shade(style.bgcolor, str(theme.background))
        if style.reverse:
            fore, back = back, fore
        if back != theme.background:
            yield _rect(x, y * HIGH, len(text), HIGH, back)
        if is_half:
            yield _rect(x, y * HIGH, len(text), HIGH / 2, fore)
        else:
            for words in _WORDS.finditer(text):
                yield _letters(x + words.start(), y, words[0], fore, style)
        x += len(text)


def _rect(x: int, y: float, cells: int, height: float, fill: str) -> str:
    return (
        f'<rect x="{x * WIDE:g}" y="{y:g}" width="{cells * WIDE:g}" height="{height:g}" fill="{fill}" '
        'shape-rendering="crispEdges"/>'
    )


def _letters(x: int, y: int, text: str, fill: str, style: Style) -> str:
    more = ' font-weight="bold"' if style.bold else ""
    more += ' text-decoration="underline"' if style.underline else ""
    return (
        f'<text x="{x * WIDE:g}" y="{y * HIGH + 13.5:g}" textLength="{len(text) * WIDE:g}" '
        f'fill="{fill}"{more}>{escape(text)}</text>'
    )


def _shade(color: Color | None, otherwise: str) -> str:
    return otherwise if color is None or color.is_default else color.get_truecolor().hex


if __name__ == "__main__":
    main()
