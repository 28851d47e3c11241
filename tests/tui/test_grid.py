"""The table: what it draws, and what it keeps in sight."""

from pathlib import Path

import pytest

from tests.tui.stage import stage
from tui.screens.ports import Ports
from tui.widgets.grid import Grid


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (132, 43)])
async def test_the_row_of_the_cursor_is_always_in_sight(folder: Path, size: tuple[int, int]) -> None:
    async with stage(folder / "home", size) as on:
        on.plan("50")
        await on.go(Ports.NAME)
        grid = on.app.screen.query_one(Grid)
        rows = [*range(0, 50, 3), 49, *range(48, 0, -5), 25, 24, 26]
        for row in rows:
            grid.cursor = (row, 1)
            await on.pilot.pause()
            shown = [line for line in on.text.splitlines() if "(spare)" in line]
            assert [line for line in shown if f"GW-1:{row + 1} " in line], (row, on.text)
