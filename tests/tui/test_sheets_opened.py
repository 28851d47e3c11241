"""Line sheets on the screen: their faults cell by cell, mended in the grid, and what stays a sheet."""

import csv
from functools import partial
from pathlib import Path

import pytest

from installer.session import Settings
from installer.session.drafting import filling
from tests.session.office import rows
from tests.tui.beta import ada, beta, planned, with_vault
from tests.tui.stage import Stage, screen
from tui.screens.dialog import Prompt, Question
from tui.screens.faults import Faults, FaultyCell
from tui.screens.port_table import column_of
from tui.widgets.grid import Grid


def at(on: Stage) -> str:
    return on.app.step.NAME if on.app.step else ""


async def test_a_sheet_with_faults_is_a_list_that_leads_to_each_cell(folder: Path) -> None:
    home, sheet = folder / "home", folder / "in.csv"
    with beta(home):
        wrong = rows(3)
        wrong[1]["caller_id"], wrong[2]["line_use"] = "12", "submarine"
        write(sheet, wrong)
        async with screen(Settings(home, platform="beta")) as on:
            await on.go("Visits")
            await open_sheet(on, sheet)
            await on.seen(Faults)
            assert "2 faults" in on.text
            grid = on.app.screen.query_one(Grid)
            assert [[cell.text for cell in row.cells[:3]] for row in grid.rows] == [
                ["3", "caller_id", "12"],
                ["4", "line_use", "submarine"],
            ]
            assert "Wanted:" in on.text
            write(sheet, rows(3))
            await on.press("tab", "tab", "enter")
            await on.until(lambda: at(on) == "Review" and on.app.source == sheet)


async def test_a_fault_shows_its_cell_and_why_it_is_not_mended_here(folder: Path) -> None:
    home, sheet = folder / "home", folder / "in.csv"
    with beta(home):
        wrong = rows(3)
        wrong[1]["caller_id"] = "12"
        write(sheet, wrong)
        async with screen(Settings(home, platform="beta")) as on:
            await on.go("Visits")
            await open_sheet(on, sheet)
            await on.seen(Faults)
            assert "Why not here" in on.text
            await on.press("enter")
            await on.seen(FaultyCell)
            said = " ".join(on.text.split())
            for words in ("Row 3, column caller_id", "It says: 12", "■ fault:", "Wanted:"):
                assert words in said
            assert "Mend it here" not in said
            await on.press("enter")
            await on.until(lambda: isinstance(on.app.screen, Faults))
            await on.press("escape")
            assert on.app.draft is None


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_a_fault_leads_to_its_very_cell_in_the_grid_of_ports(
    folder: Path, size: tuple[int, int]
) -> None:
    home, sheet = folder / "home", folder / "in.csv"
    with beta(home) as town:
        with_vault(home)
        wrong = rows(3)
        wrong[1]["caller_id"], wrong[2]["line_use"] = "12", "submarine"
        write(sheet, wrong)
        async with screen(ada(home), size) as on:
            await on.app.session.login.enter()
            await on.go("Visits")
            await open_sheet(on, sheet)
            await on.seen(Faults)
            await on.press("down", "enter")
            await on.seen(FaultyCell)
            assert "Row 4, column line_use" in on.text
            await on.press("enter")
            await on.until(lambda: at(on) == "Ports" and on.app.screen is on.app.step)
            assert on.app.screen.query_one(Grid).cursor == (2, column_of("line_use"))
            assert "GW-1:3 use: submarine" in on.text
            assert "■" in on.text
            for row, column in ((2, "line_use"), (1, "caller_id")):
                text = {"line_use": "elevator", "caller_id": rows(3)[1]["caller_id"]}[column]
                assert on.app.edit(partial(filling.set_cell, row=row, column=column, text=text))
            await on.go("Review")
            await on.until(lambda: "F3 makes" in on.text)
        assert not town.writes()


async def test_a_sheet_without_a_fault_is_reviewed_and_stands_in_the_grid(folder: Path) -> None:
    home, sheet = folder / "home", folder / "in.csv"
    with beta(home):
        with_vault(home)
        write(sheet, rows(2))
        async with screen(ada(home)) as on:
            await on.app.session.login.enter()
            await on.go("Visits")
            await open_sheet(on, sheet)
            await on.until(lambda: at(on) == "Review")
            assert [row["line_name"] for row in on.draft.rows] == ["Elevator 1", "Elevator 2", "", ""]
            await on.go("Visits")
            await on.until(lambda: "► draft" in on.text)
            assert "0/2" in on.text


async def test_a_sheet_takes_the_place_of_edits_only_where_somebody_says_so(folder: Path) -> None:
    home, sheet = folder / "home", folder / "in.csv"
    with beta(home):
        with_vault(home)
        write(sheet, rows(2))
        async with screen(ada(home)) as on:
            await on.app.session.login.enter()
            planned(on.app.session, lines=1)
            for keys, names in (
                (["enter"], ["Elevator 1", ""]),
                (["right", "enter"], ["Elevator 1", "Elevator 2"]),
            ):
                await on.go("Visits")
                await open_sheet(on, sheet)
                await on.seen(Question)
                assert "A draft of this visit is kept" in on.text
                await on.press(*keys)
                await on.until(lambda: on.app.screen is on.app.step)
                (kept,) = on.app.session.drafting.drafts()[0]
                assert [row["line_name"] for row in kept.rows[:2]] == names
            await on.until(lambda: at(on) == "Review")


async def test_a_sheet_with_credentials_of_its_own_stays_a_sheet_and_every_step_says_so(
    folder: Path,
) -> None:
    home, sheet = folder / "home", folder / "in.csv"
    with beta(home):
        with_vault(home)
        write(sheet, rows(1, sip_username="own-username-1", sip_password="own-password-of-24-chars"))
        async with screen(ada(home)) as on:
            await on.app.session.login.enter()
            await on.go("Visits")
            await open_sheet(on, sheet)
            await on.until(lambda: at(on) == "Review")
            assert on.app.source == sheet
            for name in ("Gateways", "Ports", "Credentials", "Sheet", "Registration", "Labels", "Done"):
                await on.go(name)
                assert "A line sheet is open" in " ".join(on.text.split()), name


async def test_a_path_that_is_none_is_said_and_the_screen_stays(folder: Path) -> None:
    async with screen(Settings(folder / "home", platform="rehearsal")) as on:
        await on.go("Visits")
        await open_sheet(on, folder / "nowhere.csv")
        await on.until(lambda: "■" in on.text)
        assert at(on) == "Visits"


def write(path: Path, cells: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(cells[0]))
        writer.writeheader()
        writer.writerows(cells)


async def open_sheet(on: Stage, path: Path) -> None:
    await on.press("f3")
    await on.seen(Prompt)
    await on.paste(str(path))
    await on.press("enter")
