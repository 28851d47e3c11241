"""The row of steps: reached by Tab, walked by Enter in order, and never opened by a scan."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.tui.stage import SIZES, Stage, stage
from tui.screens import STEPS
from tui.widgets.frame import Rail, rail

NAMES = [step.NAME for step in STEPS]


def here(on: Stage) -> str:
    return on.app.step.NAME if on.app.step else ""


def on_rail(on: Stage) -> bool:
    return isinstance(on.app.focused, Rail)


@pytest.mark.parametrize("size", SIZES)
async def test_enter_again_and_again_walks_the_visit_in_order(tmp_path: Path, size: tuple[int, int]) -> None:
    async with stage(tmp_path, size) as on:
        assert not on_rail(on)
        await on.press("ctrl+y")
        for before, after in pairwise(NAMES):
            await on.until(lambda before=before: here(on) == before and on_rail(on))  # type: ignore[misc]
            row = on.text.splitlines()[1]
            assert f"►{NAMES.index(before) + 1} {before}◄" in row
            assert f"[{NAMES.index(after) + 1} {after}]" in row
            assert len(row) <= size[0]
            assert f"Enter opens {after}" in on.text
            assert "F10 quit" in on.text
            await on.press("enter")
        await on.until(lambda: here(on) == "Done" and on_rail(on))
        assert "[►12 Done◄]" in on.text
        await on.press("enter")
        assert here(on) == "Done"
        assert "this step is open" in on.text


async def test_tab_reaches_it_and_leaves_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.go("Visits")
        assert not on_rail(on)
        await on.press("shift+tab")
        assert on_rail(on)
        await on.press("tab")
        assert not on_rail(on)
        assert "[" not in on.text.splitlines()[1]
        assert "Enter opens" not in on.text


async def test_left_and_right_choose_another_step(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.go("Account")
        await on.press("ctrl+y", "left", "left")
        assert "[2 Visits]" in on.text
        await on.press(*["left"] * 4, *["right"] * 5)
        assert "[6 Credentials]" in on.text
        await on.press("enter")
        await on.until(lambda: here(on) == "Credentials" and on_rail(on))
        assert "[7 Review]" in on.text


async def test_from_the_ports_where_tab_goes_right_a_key_leads_to_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        on.wanted("4", 1)
        await on.go("Ports")
        await on.press("tab")
        assert not on_rail(on)
        await on.press("ctrl+y", "enter")
        await on.until(lambda: here(on) == "Credentials")


@pytest.mark.parametrize("end", ["enter", "tab"])
@pytest.mark.parametrize("code", ["PD-ZZZZZZ22Z", "005058129999", "SN-00012345"])
async def test_a_scan_is_a_scan_and_opens_no_step(tmp_path: Path, code: str, end: str) -> None:
    async with stage(tmp_path) as on:
        await on.go("Done")
        await on.press("ctrl+y", "left", "left")
        await on.burst(code, end)
        assert f"nothing of this home is called {code}" in on.text
        assert here(on) == "Done"
        assert on_rail(on)


async def test_a_code_too_short_for_a_scan_opens_no_step_either(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.go("Visits")
        await on.press("ctrl+y")
        await on.typed("A7")
        await on.press("enter")
        assert here(on) == "Visits"
        assert "went nowhere" in on.text
        await on.press("enter")
        await on.until(lambda: here(on) == "Account")


async def test_under_a_dialog_it_is_not_to_be_had(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.press("f6", "ctrl+y", "enter")
        assert not on_rail(on)


@pytest.mark.parametrize("width", [60, 80, 132])
def test_the_row_fits_whatever_is_chosen(width: int) -> None:
    for here in range(len(NAMES)):
        for chosen in range(len(NAMES)):
            assert len(rail(NAMES, here, width, chosen)) <= width
