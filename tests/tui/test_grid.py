"""The table: what it draws, and what it keeps in sight."""

from functools import partial
from pathlib import Path

import pytest

from tests.tui.stage import Stage, stage
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
            # A longer name of its socket takes a line from the table, which then scrolls: all that is one change.
            await on.until(partial(_is_in_sight, on, row), 5)


def _is_in_sight(on: Stage, row: int) -> bool:
    return any(f"GW-1:{row + 1} " in line and "(spare)" in line for line in on.text.splitlines())
