"""Accounts on the screen: found, scanned for, remembered, and gone on with."""

from pathlib import Path

import pytest

from installer.rehearsal.faults import Kind
from tests.tui.stage import SIZES, TOWER, Stage, stage
from tui.widgets.grid import Grid


async def account(on: Stage) -> Grid:
    await on.app.session.login.enter()
    await on.go("Account")
    assert on.app.step is not None
    return on.app.step.query_one(Grid)


@pytest.mark.parametrize("size", SIZES)
async def test_a_name_is_searched_for_and_its_visit_begun(folder: Path, size: tuple[int, int]) -> None:
    async with stage(folder, size) as on:
        grid = await account(on)
        await on.typed("harbor")
        await on.press("enter")
        await on.until(lambda: len(grid.rows) == 2)
        for words in ("Harbor Point Tower", "● active", "▲ suspended", "F10 quit"):
            assert words in on.text
        await on.press("down")
        assert "check with the office" in on.text
        await on.press("up", "enter")
        await on.seen()
        await on.press("enter")
        await on.until(lambda: on.app.step is not None and on.app.step.NAME == "Gateways")
        assert (on.draft.account, on.draft.site) == (TOWER.id, "Harbor Point Tower")


@pytest.mark.parametrize("begun", [False, True])
async def test_an_account_that_is_not_active_says_so_as_its_visit_begins(folder: Path, begun: bool) -> None:
    async with stage(folder) as on:
        await on.app.session.login.enter()
        for _ in range(1 + begun):
            await on.go("Account")
            grid = on.app.screen.query_one(Grid)
            await on.paste("harbor", "enter")
            await on.until(lambda: len(grid.rows) == 2)  # noqa: B023 - waited for here
            await on.press("down", "enter")
            await on.seen()
            assert "▲ the account is suspended: check with the office" in on.text
            await on.press("enter")
            await on.until(lambda: on.app.step is not None and on.app.step.NAME == "Gateways")
            await on.until(lambda: "▲ the account is suspended: check with the office" in on.text)


async def test_what_nobody_has_is_said(folder: Path) -> None:
    async with stage(folder) as on:
        await account(on)
        await on.typed("zz")
        await on.press("enter")
        await on.until(lambda: "0 accounts found for zz: try part of the name" in on.text)


@pytest.mark.parametrize("code", ["005058123401", "15035550100"])
async def test_a_scan_searches(folder: Path, code: str) -> None:
    async with stage(folder) as on:
        await on.stand()
        grid = await account(on)
        await on.burst(code)
        await on.until(lambda: [row.key for row in grid.rows] == [TOWER.id])
        assert "begun here: Tower" in on.text
        assert ("3 lines on that MAC: 1 Fax 1" in on.text) is (code == "005058123401")


async def test_signed_out_what_was_looked_at_stands_with_its_date(folder: Path) -> None:
    async with stage(folder) as on:
        await on.app.session.login.enter()
        await on.app.session.customers.look(TOWER)
    async with stage(folder) as on:
        await on.go("Account")
        assert on.app.user == ""
        for words in ("Looked at before", "Harbor Point Tower", "0 lines", "numbers free, as seen 20"):
            assert words in on.text


async def test_a_search_that_fails_says_so_and_leaves_the_list(folder: Path) -> None:
    async with stage(folder) as on:
        await on.app.session.login.enter()
        await on.app.session.customers.look(TOWER)
        await account(on)
        on.fault(Kind.STATUS, status=400)
        await on.typed("har")
        await on.press("enter")
        await on.until(lambda: "■" in on.text)
        assert "Harbor Point Tower" in on.text


async def test_a_visit_that_was_begun_is_gone_on_with(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        job = on.app.job_id
        on.app.close_visit()
        grid = await account(on)
        await on.burst("15035550100")
        await on.until(lambda: len(grid.rows) == 1)
        await on.press("enter")
        await on.seen()
        assert "begun: go on with it" in on.text
        await on.press("enter")
        await on.until(lambda: on.app.step is not None and on.app.step.NAME == "Gateways")
        assert on.app.job_id == job
