"""Registration on the screen: told apart by state, live, aged, held still, and through a lost network."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from installer.clock import Clock
from installer.profiles import Profiles
from installer.rehearsal.faults import Kind
from tests.tui.stage import SIZES, Stage, stage
from tui.screens.registration import Registrations
from tui.widgets.faceplate import sockets
from tui.widgets.grid import Grid


async def registration(on: Stage) -> Grid:
    await on.go("Registration")
    assert isinstance(on.app.step, Registrations)
    return on.app.step.query_one(Grid)


@pytest.mark.parametrize("size", SIZES)
async def test_lines_register_while_it_is_looked_at(folder: Path, size: tuple[int, int]) -> None:
    async with stage(folder, size) as on:
        await on.stand("8")
        await registration(on)
        await on.until(lambda: "● 3 of 3 lines registered" in on.text)
        for words in ("● registered", "- spare", "RJ11 1", "F3 pause", "F10 quit"):
            assert words in on.text
        assert ("► 1●" in on.text) is (size != (60, 20))
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


async def test_opened_anew_from_itself_it_goes_on_looking(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        await registration(on)
        await on.until(lambda: "● 3 of 3" in on.text)
        first = on.app.step
        on.app.lead_to("Fax 2")
        await on.until(lambda: on.app.step is not first and "● registered" in on.text)
        await on.until(lambda: on.text.splitlines()[-2].strip() == "GW-1:2: Fax 2")
        assert on.app.works("watch")
        assert "not looking" not in on.text


async def looking(on: Stage) -> Registrations:
    """Registration is open, each look is over at once, and the next one is due at once."""
    real = on.app.session.rooms.clock
    on.app.session.rooms.clock = Clock(real.now, real.monotonic, lambda _: real.sleep(0))
    await on.stand()
    await registration(on)
    await on.until(lambda: "● 3 of 3" in on.text)
    step = on.app.step
    assert isinstance(step, Registrations)
    return step


async def test_a_lost_network_is_said_with_its_age_and_the_table_stays(folder: Path) -> None:
    async with stage(folder) as on:
        await looking(on)
        on.fault(Kind.STATUS, "*/registrationstatus", status=400)
        await on.press("f5")
        await on.until(lambda: "▲ no answer for" in on.text)
        assert "● registered" in on.text
        on.heal()
        await on.press("f5")
        await on.until(lambda: "▲ no answer for" not in on.text)


async def asked(on: Stage, *keys: str) -> bool:
    """Whether those keys have the platform asked, given the time that a look takes many times over."""
    await on.until(lambda: on.looks % 3 == 0)
    before = on.looks
    await on.press(*keys)
    with suppress(TimeoutError):
        async with asyncio.timeout(0.5):
            while on.looks == before:
                await asyncio.sleep(0.005)
    return on.looks > before


async def test_each_f5_is_a_look_and_nobody_asks_otherwise_before_it_is_due(folder: Path) -> None:
    async with stage(folder) as on:
        await looking(on)
        assert not await asked(on)
        for _ in range(3):
            assert await asked(on, "f5")


async def test_held_still_nobody_asks(folder: Path) -> None:
    async with stage(folder) as on:
        step = await looking(on)
        await on.press("f3")
        assert "■ held still" in on.text
        step._now.set()
        assert not await asked(on)
        assert await asked(on, "f3")
        assert "held still" not in on.text


@pytest.mark.parametrize("held", [False, True])
async def test_under_a_dialog_nobody_asks_and_after_it_only_where_nothing_is_held(
    folder: Path, held: bool
) -> None:
    async with stage(folder) as on:
        step = await looking(on)
        await on.press(*["f3"] * held, "f1")
        step._now.set()
        assert not await asked(on)
        assert await asked(on, "escape") is not held


async def test_leaving_while_work_ends_is_no_defect(folder: Path) -> None:
    async with stage(folder) as on:
        await looking(on)

        async def restless() -> None:
            while True:
                on.app.work_ended("another")
                await asyncio.sleep(0)

        on.app.start("restless", restless())
        await asyncio.sleep(0)


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


def test_the_faceplate_has_each_port_once_in_its_place() -> None:
    models = Profiles.load().gateways
    for model in models.values():
        lines = sockets(model.jacks)
        assert [port for line in lines for port in line.ports] == list(range(1, model.fxs_ports + 1))
    assert [line.name for line in sockets(models["4"].jacks)] == ["RJ11"]
    tips = ("white", "red", "black", "yellow", "violet")
    assert [line.name for line in sockets(models["50"].jacks)] == ["RJ21 A", *tips, "RJ21 B", *tips]
