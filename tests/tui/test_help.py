"""F1 tells of what has the focus, then of the step: over a step, in a dialog, and once."""

from pathlib import Path

import pytest

from tests.tui.stage import Stage, stage
from tui.acts import Help
from tui.screens.dialog import Dialog, Prompt
from tui.widgets.cells import Cells
from tui.widgets.field import Line
from tui.widgets.frame import Rail
from tui.widgets.grid import Grid


async def told(on: Stage) -> str:
    """What F1 tells, as one line; it is put away again."""
    await on.press("f1")
    await on.seen(Help)
    text = str(on.app.screen.query_one("#words Plain").render())
    await on.press("escape")
    return " ".join(text.split())


async def test_it_tells_of_what_has_the_focus_and_then_of_the_step(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        on.wanted("4", 1)
        for step, kind in (("Visits", Grid), ("Account", Line), ("Ports", Cells)):
            await on.go(step)
            assert isinstance(on.app.focused, kind)
            said = await told(on)
            assert said.startswith(kind.HELP)
            assert said.index(kind.HELP) < said.index(on.app.step.HELP) if on.app.step else False
            assert "Ctrl+Y steps" in said
        await on.press("ctrl+y")
        assert (await told(on)).startswith(Rail.HELP)


@pytest.mark.parametrize("key", ["f3", "f6", "f8", "f9"])
async def test_it_tells_under_a_dialog_which_stays(tmp_path: Path, key: str) -> None:
    async with stage(tmp_path) as on:
        await on.go("Visits")
        await on.press(key)
        await on.seen(Dialog)
        dialog, focused = on.app.screen, on.app.focused
        said = await told(on)
        assert "Escape leaves it, and nothing is changed" in said
        assert "Every visit that this home holds" in said
        if isinstance(dialog, Prompt):
            assert said.startswith(Line.HELP)
        assert on.app.screen is dialog
        assert on.app.focused is focused


async def test_help_is_not_put_over_help(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.press("f1", "f1", "f1")
        assert [isinstance(each, Help) for each in on.app.screen_stack].count(True) == 1
        await on.press("escape")
        assert on.app.screen is on.app.step
