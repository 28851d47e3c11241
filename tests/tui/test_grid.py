"""The table: what it draws, and what it keeps in sight."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from textual.geometry import Region

from tests.tui.stage import SIZES, Stage, stage
from tui.screens.ports import Ports
from tui.widgets.grid import Cell, Grid


@pytest.mark.parametrize("size", SIZES)
async def test_the_row_of_the_cursor_is_always_in_sight(folder: Path, size: tuple[int, int]) -> None:
    async with stage(folder / "home", size) as on:
        on.plan("50")
        await on.go(Ports.NAME)
        grid = on.app.screen.query_one(Grid)
        rows = [*range(0, 50, 3), 49, *range(48, 0, -5), 25, 24, 26]
        for row in rows:
            grid.cursor = (row, 1)
            # A longer name of its socket takes a line from the table, which then scrolls: one change.
            await on.until(partial(_is_in_sight, on, row), 5)


async def test_only_a_row_that_changed_is_drawn_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(folder / "home") as on:
        on.plan("24")
        await on.go(Ports.NAME)
        grid = on.app.screen.query_one(Grid)
        drawn: list[Region | None] = []
        refresh = grid.refresh

        def told(*regions: Region, **how: bool) -> Grid:
            drawn.extend(regions or [None])
            return refresh(*regions, **how)

        monkeypatch.setattr(grid, "refresh", told)
        grid.show(grid.rows)
        assert drawn == []
        rows = list(grid.rows)
        rows[3] = replace(rows[3], cells=(Cell("anew"), *rows[3].cells[1:]))
        grid.show(rows)
        assert drawn == [Region(0, 4, grid.size.width, 1)]
        await on.settled()
        assert "anew" in on.text.splitlines()[grid.region.y + 4]


def _is_in_sight(on: Stage, row: int) -> bool:
    return any(f"GW-1:{row + 1} " in line and "(spare)" in line for line in on.text.splitlines())


@pytest.mark.parametrize("size", SIZES)
async def test_of_the_row_of_the_cursor_one_cell_alone_is_reversed(
    folder: Path, size: tuple[int, int]
) -> None:
    async with stage(folder / "home", size) as on:
        on.plan("4")
        await on.go(Ports.NAME)
        for _ in range(4):
            strips = on.app.screen._compositor.render_strips()
            (row,) = [each for each in strips if "GW-1:1 " in each.text and "GW-1:1 name" not in each.text][
                :1
            ]
            assert sum(style is not None and bool(style.reverse) for _, style, _ in row) == 1
            await on.press("right")
