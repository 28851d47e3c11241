"""Gateways on the screen: a scan binds, or leads to where the hardware stands; a kept visit journals it."""

from functools import partial
from pathlib import Path

import pytest
from textual import events

from installer.domain.gateway import GatewayPlace
from installer.domain.mac import parse_mac
from installer.session import Answers
from installer.session.drafting import Draft, editing, filling
from tests.tui.stage import SIZES, Stage, stage
from tui.screens.gateway_scans import Taken
from tui.screens.gateways import Gateways
from tui.wedge import LULL
from tui.widgets.grid import Grid

MAC = "005058123401"
SECOND = "005058123402"
THIRD = "005058123403"
FOREIGN = "2c3ea4123456"


async def gateways(on: Stage, *models: str) -> Grid:
    on.plan(*models)
    await on.go("Gateways")
    assert isinstance(on.app.step, Gateways)
    return on.app.step.query_one(Grid)


def planned(draft: Draft, row: int) -> Draft:
    """A line on that row, with a number of its own."""
    number = f"503555010{row}"
    cells = {"line_name": f"Fax {row}", "line_use": "fax", "caller_id": number, "e911_callback": number}
    for name, text in cells.items():
        draft = filling.set_cell(draft, row, name, text)
    return draft


def macs(on: Stage) -> list[str]:
    return [each.mac for each in on.draft.gateways]


async def visit(on: Stage, *models: str) -> Grid:
    """A visit that was kept with a line on each gateway, none of them bound."""
    on.plan(*models)
    for gateway in on.draft.gateways:
        on.app.edit(partial(planned, row=gateway.rows[0]))
    session = on.app.session
    await session.rooms.platform()
    visits = session.new_visits()
    await visits.prepare(session.drafting.path(on.draft), Answers())
    session.drafting.drop(on.draft.id)
    on.app.open_visit(visits.runs[0].record.job.id)
    await on.go("Gateways")
    assert on.app.step is not None
    return on.app.step.query_one(Grid)


def kept(on: Stage, place: str = "GW-1") -> list[tuple[str, str, str]]:
    """MAC, serial number and reason of each binding in the journal."""
    assert on.app.record is not None
    bindings = on.app.record.job.gateway(GatewayPlace(place)).bindings
    return [(each.mac.bare, each.serial, each.why) for each in bindings]


async def at_once(on: Stage, text: str) -> None:
    """Keys, all of them before the screen looks at one."""
    names = {"\r": "enter", "\t": "tab"}
    for char in text:
        on.app.post_message(events.Key(names.get(char, char), None if char in names else char))
    await on.pilot.pause(1.2 * LULL)
    await on.pilot.pause()


async def test_scans_bind_place_after_place(folder: Path) -> None:
    async with stage(folder) as on:
        grid = await gateways(on, "4", "8")
        await on.burst(MAC)
        assert grid.key == "GW-2"
        assert "next: GW-2" in on.text
        await on.burst(SECOND)
        assert macs(on) == ["00:50:58:12:34:01", "00:50:58:12:34:02"]
        assert "every gateway is bound" in on.text


async def test_a_mac_that_stands_is_led_to(folder: Path) -> None:
    async with stage(folder) as on:
        grid = await gateways(on, "4", "8")
        await on.burst(MAC)
        await on.burst("MAC:00-50-58-12-34-01")
        assert grid.key == "GW-1"
        assert macs(on) == ["00:50:58:12:34:01", ""]
        assert "stands at GW-1 already" in on.text


async def test_a_serial_number_behind_the_mac_is_kept(folder: Path) -> None:
    async with stage(folder) as on:
        await gateways(on, "4", "8")
        await on.burst(MAC, "tab")
        await on.burst("SN-1234-ABC")
        assert [each.serial for each in on.draft.gateways] == ["SN-1234-ABC", ""]
        await on.burst("SN-5678-ABC")
        assert [each.serial for each in on.draft.gateways] == ["SN-1234-ABC", ""]


async def test_hardware_of_another_vendor_is_warned_of_and_bound(folder: Path) -> None:
    async with stage(folder) as on:
        await gateways(on, "4", "8")
        await on.burst(FOREIGN)
        assert macs(on)[0] == "2c:3e:a4:12:34:56"
        assert "▲ 2c:3e:a4:12:34:56 is of" in on.text


@pytest.mark.parametrize("size", SIZES)
async def test_the_models_are_told_apart_by_their_sockets(folder: Path, size: tuple[int, int]) -> None:
    async with stage(folder, size) as on:
        await gateways(on, "4")
        await on.press("f3")
        for words in ("Vega 60G, 4 FXS", "4 RJ11 jacks", "RJ21 A (1-24)", "RJ21 A (1-25), B (26-50)"):
            assert words in on.text
        await on.seen()
        await on.typed("50")
        await on.press("enter")
        assert [each.model for each in on.draft.gateways] == ["4", "50"]
        assert "not proven" in on.text
        assert "F10 quit" in on.text


async def test_what_the_platform_has_on_the_hardware_is_said(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        await on.go("Gateways")
        await on.until(lambda: "3 lines of this visit on" in on.text)
        on.plan("8")
        on.app.draft_visit(on.app.session.kept.record(on.app.job_id or "").job.account, "Annex")
        on.app.job_id = None
        on.app.action_renew()
        await on.press("f3")
        await on.seen()
        await on.press("enter")
        await on.burst(MAC)
        await on.until(lambda: "this account has 3 lines on it" in on.text)
        assert "bound in another visit too: Tower, GW-1" in on.text


async def test_a_kept_place_is_bound_with_a_reason_in_the_journal(folder: Path) -> None:
    async with stage(folder) as on:
        await visit(on, "4", "4")
        await on.burst(MAC)
        assert kept(on) == [(MAC, "", "scanned")]
        await on.press("up")
        await on.burst(SECOND)
        await on.seen()
        assert "Why other hardware?" in on.text
        await on.press("enter")
        assert "no reason was given: 00:50:58:12:34:01 stays at GW-1" in on.text
        assert kept(on) == [(MAC, "", "scanned")]
        await on.burst(SECOND)
        await on.seen()
        await on.typed("it is dead")
        await on.press("enter")
        assert kept(on) == [(MAC, "", "scanned"), (SECOND, "", "it is dead")]
        assert macs(on)[0] == "00:50:58:12:34:02"


async def test_what_comes_at_once_is_bound_place_after_place_of_a_kept_visit(folder: Path) -> None:
    async with stage(folder) as on:
        await visit(on, "4", "4")
        await at_once(on, f"{MAC}\tSN-1111-ABC\r{SECOND}\r")
        await on.until(lambda: "every gateway is bound" in on.text)
        assert macs(on) == ["00:50:58:12:34:01", "00:50:58:12:34:02"]
        assert kept(on, "GW-1") == [(MAC, "", "scanned"), (MAC, "SN-1111-ABC", "scanned")]
        assert kept(on, "GW-2") == [(SECOND, "", "scanned")]
        assert not any("nothing of this home" in text for _, text, _ in on.app.said)


async def test_a_serial_number_that_is_pasted_is_a_scan(folder: Path) -> None:
    async with stage(folder / "home") as on:
        on.plan("4")
        await on.go("Gateways")
        await on.paste("00:50:58:12:34:01")
        await on.paste("SN-1234-ABC", "enter")
        assert [each.serial for each in on.draft.gateways] == ["SN-1234-ABC"]
        assert on.app.screen is on.app.step


async def test_a_place_with_lines_is_not_asked_about_but_refused(folder: Path) -> None:
    async with stage(folder / "home") as on:
        on.wanted("4", 1)
        await on.go("Gateways")
        await on.press("ctrl+d")
        assert on.app.screen is on.app.step
        assert "GW-1 has lines on FXS 1" in on.text


async def test_a_serial_number_of_a_kept_place_is_kept_in_the_journal(folder: Path) -> None:
    async with stage(folder) as on:
        await visit(on, "4")
        await on.burst(MAC)
        await on.burst("SN-1234-ABC")
        assert kept(on) == [(MAC, "", "scanned"), (MAC, "SN-1234-ABC", "scanned")]
        assert on.draft.gateways[0].serial == "SN-1234-ABC"
        assert "serial SN-1234-ABC kept for GW-1" in on.text


async def test_where_one_was_not_kept_those_behind_it_are_bound_nowhere(folder: Path) -> None:
    async with stage(folder) as on:
        await visit(on, "4", "4")
        on.app.edit(lambda draft: editing.bind_gateway(draft, "GW-2", parse_mac(SECOND)))
        record = on.app.record
        assert record is not None
        on.app.session.new_visits().bind(record.job.id, GatewayPlace("GW-2"), parse_mac(MAC), "", "scanned")
        await at_once(on, f"{MAC}\r{THIRD}\rSN-1234-ABC\r")
        assert f"{parse_mac(MAC)} is bound to GW-2" in on.text
        assert "2 scans behind it not looked at: scan again" in on.text
        assert (kept(on, "GW-1"), macs(on)) == ([], ["", str(parse_mac(SECOND))])


async def test_two_of_another_vendor_at_once_are_not_bound_to_one_place(folder: Path) -> None:
    async with stage(folder) as on:
        await gateways(on, "4", "8")
        await at_once(on, f"{FOREIGN}\r{FOREIGN[:-1]}7\r")
        assert macs(on) == ["2c:3e:a4:12:34:56", ""]
        assert "came at once with that of GW-1: scan it again" in on.text


async def test_a_step_that_was_left_binds_nothing_that_waited(folder: Path) -> None:
    async with stage(folder) as on:
        await visit(on, "4", "4")
        step = on.app.step
        assert isinstance(step, Gateways)
        step.take(Taken(parse_mac(MAC), "scanned"))
        step.take(Taken(parse_mac(SECOND), "scanned"))
        on.app.go("Ports")
        await on.until(lambda: not on.app.works("bind"))
        assert any("2 scans behind it not looked at" in text for _, text, _ in on.app.said)
        assert kept(on, "GW-1") == kept(on, "GW-2") == []


async def test_a_mac_is_typed_for_the_place_it_was_asked_for_and_taken_away_again(folder: Path) -> None:
    async with stage(folder) as on:
        grid = await gateways(on, "4", "8")
        await on.press("up", "enter")
        await on.seen()
        assert "MAC of GW-1" in on.text
        grid.find("GW-2")
        await on.typed("00:50:58:12:34:01")
        await on.press("enter")
        assert macs(on) == ["00:50:58:12:34:01", ""]
        grid.find("GW-1")
        await on.press("enter")
        await on.seen()
        await on.press("ctrl+u", "enter")
        assert macs(on) == ["", ""]
        assert "GW-1 has no hardware" in on.text
        await on.press("enter")
        await on.seen()
        await on.typed("00:50")
        await on.press("enter")
        assert macs(on) == ["", ""]
        assert "What to do" in on.text


async def test_hardware_with_lines_is_not_replaced_here(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        await on.go("Gateways")
        await on.burst(SECOND)
        await on.seen()
        await on.typed("it is dead")
        await on.press("enter")
        assert "lines were made on it" in on.text
        assert macs(on) == ["00:50:58:12:34:01"]
        for key in ("ctrl+r", "ctrl+d", "ctrl+e"):
            await on.press(key)
            assert "has credentials and labels" in on.text


async def test_a_place_is_renamed_and_removed_while_it_is_only_planned(folder: Path) -> None:
    async with stage(folder) as on:
        await gateways(on, "4", "8")
        await on.press("ctrl+r")
        await on.seen()
        await on.press("end", *["backspace"] * 4)
        await on.typed("B2")
        await on.press("enter")
        assert [each.place for each in on.draft.gateways] == ["B2", "GW-2"]
        await on.press("ctrl+d")
        await on.seen()
        while on.app.focused is None or on.app.focused.id != "yes":
            await on.press("right")
        await on.press("enter")
        assert [each.place for each in on.draft.gateways] == ["GW-2"]
