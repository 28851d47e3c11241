"""A text or a list that goes on below says so, and its ends are a key away."""

from pathlib import Path

from tests.tui.stage import stage
from tests.tui.test_dialogs import opened
from tui.screens.dialog import Dialog
from tui.screens.pick import Offer, Pick
from tui.widgets.field import Line
from tui.widgets.grid import Grid


async def test_a_text_says_where_it_goes_on_and_end_and_home_go_there(folder: Path) -> None:
    async with stage(folder) as on:
        opened(on, Dialog("Long", "\n".join(f"line {number}" for number in range(60))))
        await on.seen(Dialog)
        assert "▼ more" in on.text
        await on.press("end")
        assert "line 59" in on.text
        assert "▼ more" not in on.text
        await on.press("home")
        assert "line 0" in on.text
        assert "▼ more" in on.text
        await on.resized(132, 140)
        assert "line 59" in on.text
        assert "▼ more" not in on.text


async def test_a_text_that_is_whole_says_nothing_of_more(folder: Path) -> None:
    async with stage(folder, (60, 20)) as on:
        opened(on, Dialog("Short", "\n".join(f"line {number}" for number in range(12))))
        await on.seen(Dialog)
        assert "line 11" in on.text
        assert "▼ more" not in on.text


async def test_a_list_is_paged_and_its_ends_are_a_key_away_while_nothing_is_typed(folder: Path) -> None:
    async with stage(folder) as on:
        answers = opened(on, Pick("Which?", "", [Offer(f"{at:02}", f"one {at:02}") for at in range(40)]))
        await on.seen(Pick)
        grid, line = on.app.screen.query_one(Grid), on.app.screen.query_one(Line)
        assert "▼ more" in on.text
        await on.press("pagedown")
        assert grid.key == f"{grid.size.height - 2:02}"
        await on.press("pageup")
        assert grid.key == "00"
        await on.press("end")
        assert grid.key == "39"
        assert "one 39" in on.text
        assert "▼ more" not in on.text
        await on.press("home")
        assert grid.key == "00"
        assert "▼ more" in on.text
        await on.typed("o")
        await on.press("end", "home")
        assert (grid.key, line.cursor_position) == ("00", 0)
        await on.press("pagedown")
        assert grid.key == f"{grid.size.height - 2:02}"
        await on.press("delete")
        await on.typed("3")
        assert len(grid.rows) == 13
        await on.typed("9")
        assert "▼ more" not in on.text
        await on.press("enter")
        await on.until(lambda: answers == ["39"])
