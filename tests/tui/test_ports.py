"""The ports as a spreadsheet: what is typed, pasted, filled and moved stands in the draft, and is kept."""

import asyncio
from pathlib import Path

import pytest
from textual import events

from installer.domain.mac import parse_mac
from installer.session.drafting import editing, filling
from tests.tui.stage import SIZES, Stage, stage
from tui.screens.ports import Ports
from tui.wedge import GAP
from tui.widgets.cells import CellLine


async def ports(on: Stage, *models: str) -> Ports:
    on.plan(*models)
    await on.go("Ports")
    assert isinstance(on.app.step, Ports)
    return on.app.step


async def test_typing_enter_tab_and_escape_write_cells(folder: Path) -> None:
    async with stage(folder) as on:
        step = await ports(on, "4")
        await on.typed("Ab c")
        await on.press("enter")
        assert (on.draft.rows[0]["line_name"], step.at) == ("Ab c", (1, 1))
        await on.typed("xy")
        await on.press("tab")
        assert (on.draft.rows[1]["line_name"], step.at) == ("xy", (1, 2))
        await on.typed("no")
        await on.press("escape")
        assert (on.draft.rows[1]["line_use"], step.at) == ("", (1, 2))
        assert on.app.focused is not None
        assert on.app.focused.id == "grid"


LEFT_WITH = {
    "f4": "Credentials", "f2": "Gateways", "f1": "Ports", "f8": "Ports", "f9": "Ports", "f3": "Ports",
}  # fmt: skip


@pytest.mark.parametrize("key", LEFT_WITH)
async def test_only_escape_means_that_a_cell_stays_as_it_was(folder: Path, key: str) -> None:
    async with stage(folder) as on:
        await ports(on, "4")
        await on.typed("Roof")
        await on.press(key)
        assert on.draft.rows[0]["line_name"] == "Roof"
        assert on.app.session.drafting.drafts()[0][0].rows[0]["line_name"] == "Roof"
        assert on.app.step is not None
        assert LEFT_WITH[key] == on.app.step.NAME


async def test_a_scan_keeps_what_is_being_written_before_it_leads_elsewhere(folder: Path) -> None:
    async with stage(folder) as on:
        step = await ports(on, "4", "4")
        on.app.edit(lambda draft: editing.bind_gateway(draft, "GW-2", parse_mac("00:50:58:12:34:02")))
        await on.typed("Cellar")
        await on.burst("005058123402")
        assert step.at == (4, 1)
        assert on.draft.rows[0]["line_name"] == "Cellar"
        await on.typed("Attic")
        await on.burst("005058999999")
        assert on.draft.rows[4]["line_name"] == "Attic"


async def test_a_click_on_another_cell_keeps_what_is_being_written(folder: Path) -> None:
    async with stage(folder) as on:
        step = await ports(on, "4")
        await on.typed("Cellar")
        await on.pilot.click("#grid", offset=(3, 3))
        await on.settled()
        assert step.at == (2, 1)
        assert on.draft.rows[0]["line_name"] == "Cellar"
        await on.typed("Attic")
        await on.press("enter")
        assert [row["line_name"] for row in on.draft.rows[:3]] == ["Cellar", "", "Attic"]


async def test_what_no_cell_can_hold_stays_where_it_can_be_mended(folder: Path) -> None:
    async with stage(folder) as on:
        step = await ports(on, "4")
        await on.typed("a")
        step.query_one("#editor", CellLine).value = "a" * 40_000
        for key in ("f4", "enter"):
            await on.press(key)
            assert on.app.step is step
            assert "What to do: at most" in " ".join(on.text.split())
        await on.burst("005058123402")
        assert on.app.focused is step.query_one("#editor")
        await on.press("escape", "f4")
        assert on.draft.rows[0]["line_name"] == ""
        assert on.app.step is not step


async def test_keys_that_come_at_once_land_where_they_were_meant(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "4")
        keys = "a b enter c enter up up tab f tab tab shift+tab g enter"
        for key in keys.split():
            on.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await asyncio.sleep(2 * GAP)
        await on.settled()
        said = [
            (row["line_name"], row["line_use"], row["caller_id"], row["e911_callback"])
            for row in on.draft.rows
        ]
        assert said[:2] == [("ab", "f", "g", ""), ("c", "", "", "")]


async def test_delete_empties_a_cell_and_undo_brings_it_back(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "4")
        await on.typed("Ab")
        await on.press("enter", "up", "delete")
        assert on.draft.rows[0]["line_name"] == ""
        await on.press("ctrl+z")
        assert on.draft.rows[0]["line_name"] == "Ab"
        assert on.app.session.drafting.drafts()[0][0].rows[0]["line_name"] == "Ab"
        await on.press("ctrl+z", "ctrl+z")
        assert "nothing to take back" in on.text


async def test_a_block_is_pasted_whole_or_not_at_all(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "4")
        await on.paste("Elevator 1\televator\nElevator 2\televator\n")
        assert [(row["line_name"], row["line_use"]) for row in on.draft.rows[:3]] == [
            ("Elevator 1", "elevator"), ("Elevator 2", "elevator"), ("", ""),
        ]  # fmt: skip
        before = on.draft
        await on.paste("x\n" * 5)
        assert on.draft == before
        assert "there is room for" in on.text


async def test_a_block_pasted_while_a_cell_is_written_goes_into_the_table(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "4")
        await on.typed("z")
        await on.paste("Fax 1\nFax 2")
        assert [row["line_name"] for row in on.draft.rows[:2]] == ["Fax 1", "Fax 2"]


async def test_a_use_is_chosen_from_what_there_is(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "4")
        await on.press("right", "enter")
        await on.typed("elev")
        await on.seen()
        assert "Elevator phone" in on.text
        # The list has no focus, the line above it has: without colors its row is seen all the same.
        assert on.app.screen.query_one("#offers").get_component_rich_style("grid--blurred").reverse
        assert "Fax" not in on.text
        await on.press("enter")
        assert on.draft.rows[0]["line_use"] == "elevator"


async def test_numbers_of_the_account_are_offered_free_ones_first(folder: Path) -> None:
    async with stage(folder) as on:
        await on.app.session.login.enter()
        on.plan("4")
        await on.go("Ports")
        await on.until(lambda: on.app.session.customers.seen(on.draft.account) is not None)
        await on.until(lambda: not on.app.works("look"))
        await on.press("right", "right", "right", "right", "enter")
        await on.seen()
        assert "free" in on.text
        await on.press("enter")
        seen = on.app.session.customers.seen(on.draft.account)
        assert seen is not None
        assert on.draft.rows[0]["inbound_number"] in {each.number.digits for each in seen.free}
        await on.press("left")
        await on.press("enter")
        await on.seen()
        assert "HARBOR ST" in on.text


async def test_a_fault_stands_in_its_cell_and_the_next_one_is_a_key_away(folder: Path) -> None:
    async with stage(folder) as on:
        step = await ports(on, "4")
        await on.paste("Ab")
        assert "2 faults left" in on.text
        await on.press("ctrl+n")
        assert step.at == (0, 3)
        assert "■" in on.text
        assert "caller_id" in on.text
        await on.press("ctrl+n")
        assert step.at == (0, 4)
        await on.press("ctrl+n")
        assert step.at == (0, 3)


async def test_all_faults_are_listed_and_lead_to_their_cells(folder: Path) -> None:
    async with stage(folder) as on:
        step = await ports(on, "4")
        await on.paste("Ab\nCd")
        await on.press("ctrl+l")
        await on.seen()
        await on.press("down", "down", "enter")
        assert step.at[0] == 1


async def test_a_gateway_is_copied_without_its_numbers(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "4", "4")
        await on.paste("Ab\tfax\t5035550100")
        await on.press("end", "ctrl+g")
        await on.seen()
        await on.press("enter")
        row = on.draft.rows[4]
        assert (row["line_name"], row["line_use"], row["caller_id"]) == ("Ab", "fax", "")


async def test_a_port_is_switched_off_and_cleared(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "4")
        await on.paste("Ab")
        await on.press("ctrl+d")
        assert on.draft.rows[0]["line_name"] == ""
        await on.press("ctrl+o", "down", "down")
        await on.seen()
        await on.press("enter")
        assert on.draft.rows[0]["port_state"] == "off"
        assert "x GW-1:1" in on.text


async def test_the_port_itself_is_not_written(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "4")
        before = on.draft
        await on.press("left", "x")
        await on.press("delete")
        assert on.draft == before
        assert "step Gateways" in on.text


async def test_a_scan_finds_its_port_and_writes_nothing(folder: Path) -> None:
    async with stage(folder) as on:
        step = await ports(on, "4", "4")
        await on.paste("Ab\tfax\t5035550100\nCd\tfax\t5035550101")
        on.app.edit(lambda draft: filling.set_cell(draft, 6, "inbound_number", "503-555-0107"))
        before = on.draft
        await on.burst("5035550107")
        assert step.at == (6, 5)
        await on.burst("005058123456")
        assert on.draft == before


async def test_text_that_came_at_once_waits_in_the_line_for_enter(folder: Path) -> None:
    async with stage(folder) as on:
        await ports(on, "4")
        await on.burst("Elevator 1")
        assert on.draft.rows[0]["line_name"] == ""
        await on.press("enter")
        assert on.draft.rows[0]["line_name"] == "Elevator 1"


@pytest.mark.parametrize("size", SIZES)
async def test_all_that_matters_stands_at_every_size(folder: Path, size: tuple[int, int]) -> None:
    async with stage(folder, size) as on:
        await ports(on, "24")
        await on.paste("Elevator 1")
        lines = on.text.splitlines()
        assert max(map(len, lines)) <= size[0]
        for words in ("■ GW-1:1", "Elevator 1", "RJ21 A pair 1", "2 faults left", "F1 help", "F10 quit"):
            assert words in on.text
