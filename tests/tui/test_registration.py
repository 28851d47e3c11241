"""Registration on the screen: told apart by state, live, aged, held still, and through a lost network."""

import asyncio
from pathlib import Path

import pytest

from installer.rehearsal.faults import Kind
from tests.tui.stage import Stage, stage
from tui.screens.registration import Registrations
from tui.widgets.faceplate import sockets
from tui.widgets.grid import Grid


async def registration(on: Stage) -> Grid:
    await on.go("Registration")
    assert isinstance(on.app.step, Registrations)
    return on.app.step.query_one(Grid)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (132, 43)])
async def test_lines_register_while_it_is_looked_at(folder: Path, size: tuple[int, int]) -> None:
    async with stage(folder, size) as on:
        await on.stand("8")
        await registration(on)
        await on.until(lambda: "● 3 of 3 lines registered" in on.text)
        for words in ("● registered", "- spare", "RJ11 1", "F3 pause", "F10 quit"):
            assert words in on.text
        assert ("►" in on.text.split("RJ11", 1)[0]) is True
        assert ("Vega 60G, 8 FXS · 00:50:58" in on.text) is (size != (60, 20))
        assert on.app.works("watch")


async def test_it_goes_on_looking_and_stops_when_it_is_left(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        await registration(on)
        await on.until(lambda: "● 3 of 3" in on.text)
        await on.press("f5")
        await on.until(lambda: "looked just now" in on.text)
        await on.go("Labels")
        await on.until(lambda: not on.app.works("watch"))
        record = on.app.record
        assert record is not None
        assert record.looked_at is not None


async def test_a_lost_network_is_said_with_its_age_and_the_table_stays(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        await registration(on)
        await on.until(lambda: "● 3 of 3" in on.text)
        on.fault(Kind.STATUS, "*/registrationstatus", status=400)
        await on.press("f5")
        await on.until(lambda: "▲ no answer for" in on.text)
        assert "● registered" in on.text
        on.heal()
        await on.press("f5")
        await on.until(lambda: "▲ no answer for" not in on.text)


async def test_opened_anew_from_itself_it_goes_on_looking(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        await registration(on)
        await on.until(lambda: "● 3 of 3" in on.text)
        first = on.app.step
        on.app.lead_to("Fax 2")
        await on.until(lambda: on.app.step is not first and "● registered" in on.text)
        await on.pilot.pause(0.2)
        assert on.app.works("watch")
        assert "not looking" not in on.text


async def test_held_still_nobody_asks(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        await registration(on)
        await on.until(lambda: "● 3 of 3" in on.text)
        await on.press("f3")
        assert "■ held still" in on.text
        await on.press("f3")
        assert "held still" not in on.text


async def test_under_a_dialog_nobody_asks(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        await registration(on)
        step = on.app.step
        assert isinstance(step, Registrations)
        await on.press("f1")
        await on.pilot.pause(0.1)
        assert not step._open.is_set()
        await on.press("escape")
        await on.pilot.pause(0.1)
        assert step._open.is_set()


async def test_what_is_not_made_is_not_expected(folder: Path) -> None:
    async with stage(folder) as on:
        await on.prepared()
        await registration(on)
        assert "· not expected yet" in on.text
        assert "none of 3 lines stands yet" in on.text
        assert not on.app.works("watch")


async def test_a_label_leads_to_its_port(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand("8")
        grid = await registration(on)
        record = on.app.record
        assert record is not None
        await on.burst(str(record.job.ports[2].label_id))
        assert grid.key == "GW-1:3"
        await on.burst("15035550101")
        assert grid.key == "GW-1:2"


async def test_without_a_visit_it_says_so(folder: Path) -> None:
    async with stage(folder) as on:
        await registration(on)
        assert "No visit is open" in on.text
        await on.press("f3", "f5", "down", "enter")


async def test_the_faceplate_has_each_port_once_in_its_place(folder: Path) -> None:
    async with stage(folder) as on:
        models = on.app.session.drafting.models
        await asyncio.sleep(0)
        for model in models.values():
            lines = sockets(model.jacks)
            assert [port for line in lines for port in line.ports] == list(range(1, model.fxs_ports + 1))
        assert [line.name for line in sockets(models["4"].jacks)] == ["RJ11"]
        tips = ("white", "red", "black", "yellow", "violet")
        assert [line.name for line in sockets(models["50"].jacks)] == ["RJ21 A", *tips, "RJ21 B", *tips]


async def test_before_the_first_look_nothing_is_called_never_registered(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        on.fault(Kind.STATUS, "*/registrationstatus")
        await registration(on)
        await on.until(lambda: "▲ no answer for" in on.text)
        assert on.text.count("? not looked at yet") == 3
        assert "never" not in on.text.split("never looked yet", 1)[1]


async def test_since_is_a_time_of_day_that_stays_true_while_it_is_held_still(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        grid = await registration(on)
        await on.until(lambda: "● 3 of 3" in on.text)
        record = on.app.record
        assert record is not None
        since = {
            port: f"{seen.since.astimezone():%m-%d %H:%M}" for port, seen in record.registrations.items()
        }
        assert [row.cells[3].text for row in grid.rows[:3]] == list(since.values())
        assert on.text.count(next(iter(since.values()))) >= 3
