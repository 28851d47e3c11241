"""What a visit leaves, on the screen: labels whose symbols a phone reads, sheet and hand-over, the end."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from rich.color import Color
from rich.segment import Segment

from installer.domain.label import parse_label_id
from tests.tui import symbols
from tests.tui.stage import SIZES, Stage, stage
from tests.tui.symbols import Cell, Shade
from tui.screens.labels import Labels
from tui.widgets.field import Field
from tui.widgets.grid import Grid


def decoded(on: Stage) -> list[str]:
    """What a phone reads off the screen."""
    return symbols.decoded(
        [list(_cells(strip)) for strip in on.app.screen._compositor.render_strips()], on.app.size[0]
    )


def _cells(strip: Iterable[Segment]) -> Iterator[Cell]:
    for text, style, _ in strip:
        fore, back = (_shade(style.color if style else None), _shade(style.bgcolor if style else None))
        yield from ((letter, fore, back) for letter in text)


def _shade(color: Color | None) -> Shade:
    return (*color.get_truecolor(),) if color else (0, 0, 0)


@pytest.mark.parametrize("size", SIZES)
async def test_the_symbol_on_the_screen_is_read(folder: Path, size: tuple[int, int]) -> None:
    async with stage(folder, size) as on:
        await on.stand()
        await on.go("Labels")
        assert isinstance(on.app.step, Labels)
        grid = on.app.step.query_one(Grid)
        for _ in range(3):
            assert decoded(on) == [grid.key]
            assert str(parse_label_id(grid.key or "")) == grid.key
            await on.press("down")
        assert "F10 quit" in on.text


async def test_a_window_too_small_for_the_symbol_says_so(folder: Path) -> None:
    async with stage(folder, (60, 20)) as on:
        await on.stand()
        await on.go("Labels")
        assert on.app.step is not None
        on.app.step.query_one("#preview").styles.height = 12
        await on.settled()
        assert decoded(on) == []
        assert "The symbol needs a" in on.text


async def test_labels_are_written_from_a_cell_that_the_stock_has(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        await on.go("Labels")
        assert on.app.step is not None
        await on.press("enter")
        await on.press("backspace", "3", "1", "enter")
        assert "has no cell 31: 1 to 30" in on.text
        await on.press("ctrl+t", "down")
        await on.seen()
        assert "21 a sheet" in on.text
        await on.press("enter")
        on.app.step.query_one("#cell", Field).line.value = "2"
        await on.press("f3")
        await on.until(lambda: "5 labels written" in on.text)
        record = on.app.record
        assert record is not None
        path = Path(record.artifacts["labels"].path)
        assert path.is_file()
        assert any(str(path) in line for line in on.app.farewell)
        assert "labels.pdf" in on.text


async def test_letters_that_the_label_font_lacks_are_warned_of(folder: Path) -> None:
    async with stage(folder) as on:
        await on.prepared(name="電話 1")
        await on.go("Labels")
        assert "letters the label font lacks" in on.text


@pytest.mark.parametrize("size", SIZES)
async def test_the_sheet_says_where_it_lies_and_how_far_it_is(folder: Path, size: tuple[int, int]) -> None:
    async with stage(folder, size) as on:
        await on.stand()
        await on.go("Sheet")
        assert "● revision" in on.text
        assert "3 rows final" in on.text
        assert "Gateways to load: Tower" in on.text
        assert "F10 quit" in on.text
        if size[0] < 110:
            await on.press("ctrl+e")
        if size != (60, 20):
            assert decoded(on) == ["GW-1=005058123401"]
        record = on.app.record
        assert record is not None
        credentials = [on.app.session.credentials.reveal(record.job.id, port) for port in record.lines]
        shown = on.text
        assert not any(each and each.password.reveal() in shown for each in credentials)


async def test_a_sheet_that_is_not_final_says_so_and_is_written_anew(folder: Path) -> None:
    async with stage(folder) as on:
        await on.prepared()
        await on.go("Sheet")
        assert "3 rows prepared: load, do not enable registration yet" in on.text.replace("\n ", " ")
        await on.press("f3")
        await on.until(lambda: "sheet and hand-over text written" in on.text)


async def test_no_visit_is_no_sheet_label_or_report(folder: Path) -> None:
    async with stage(folder) as on:
        for step in ("Sheet", "Labels", "Done"):
            await on.go(step)
            assert "No visit is open" in on.text
            await on.press("f3")
            assert on.text.count("No visit is open") == 2


@pytest.mark.parametrize("size", SIZES)
async def test_the_end_says_what_is_open_and_for_whom(folder: Path, size: tuple[int, int]) -> None:
    async with stage(folder, size) as on:
        await on.stand()
        await on.go("Done")
        for words in (
            "○ 3 lines on the platform; 3 things open",
            "10T partner",
            "GW-1:1",
            "not registered yet",
        ):
            assert words in on.text
        await on.press("f3")
        await on.until(lambda: "report written" in on.text)
        await on.press("enter")
        await on.until(lambda: on.app.step is not None and on.app.step.NAME == "Registration")
