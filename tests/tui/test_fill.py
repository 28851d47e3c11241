"""A fill goes down the ports, counting up: over how many, and what it overwrites, is said before."""

from pathlib import Path

import pytest

from tests.tui.stage import stage
from tests.tui.test_ports import ports
from tui.widgets.field import Line


async def test_a_fill_counts_up(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "4")
        await on.typed("Fax 8")
        await on.press("enter", "up", "f3")
        await on.seen()
        await on.press("enter")
        assert [row["line_name"] for row in on.draft.rows] == ["Fax 8", "Fax 9", "Fax 10", "Fax 11"]


async def test_a_fill_reaches_to_the_last_port_in_use_and_says_what_it_overwrites(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "8")
        await on.paste("Fax 1\nLobby\n\nRoof\n")
        await on.press("f3")
        await on.seen()
        said = " ".join(on.text.replace("│", " ").split())
        assert "For 4 ports: 2 filled cells overwritten, 1 spare port put to use." in said
        await on.press("enter")
        assert [row["line_name"] for row in on.draft.rows] == [
            "Fax 1", "Fax 2", "Fax 3", "Fax 4", "", "", "", "",
        ]  # fmt: skip
        assert "4 ports filled: 2 filled cells overwritten, 1 spare port put to use" in on.text


async def test_what_is_typed_takes_the_place_of_the_count_of_a_fill(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "8")
        await on.paste("Fax 1")
        await on.press("f3")
        await on.seen()
        await on.typed("05")
        await on.press("enter")
        assert [row["line_name"] for row in on.draft.rows[4:]] == ["Fax 5", "", "", ""]
        assert "5 ports filled: no filled cell overwritten, 4 spare ports put to use" in on.text


@pytest.mark.parametrize("count", ["85", "9", "0", "", "-1", "x", "9" * 5000])
async def test_a_fill_of_more_ports_than_there_are_is_refused(folder: Path, count: str) -> None:
    async with stage(folder) as on:
        await ports(on, "8")
        await on.paste("Fax 1")
        before = on.draft
        await on.press("f3")
        await on.seen()
        on.app.screen.query_one(Line).value = count
        await on.press("enter")
        assert "■ it takes 1 to 8: so many there are" in on.text
        assert on.app.screen.query_one(Line).value == count
        assert on.draft == before
        await on.typed("2")
        await on.press("enter")
        assert [row["line_name"] for row in on.draft.rows[:3]] == ["Fax 1", "Fax 2", ""]


async def test_an_edit_says_nothing_of_the_one_before(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "4")
        for key, said in (("f3", "4 ports filled"), ("", "pasted; Ctrl+Z takes it back")):
            if key:
                await on.press(key)
                await on.seen()
                await on.press("enter")
            else:
                await on.paste("Ab")
            assert said in on.text
            await on.typed("c")
            await on.press("enter", "up")
            assert said not in on.text
        await on.paste("Ab")
        await on.press("delete")
        assert "pasted" not in on.text
