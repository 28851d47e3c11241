"""Line sheets on the screen: their faults cell by cell, mended in the grid, and what stays a sheet."""

from functools import partial
from pathlib import Path

import pytest

from installer.session import Answers, Settings
from installer.session.drafting import filling
from installer.sheets.draft import draft_bytes
from tests.session.office import line_sheet, rows
from tests.tui.beta import ada, beta, planned, with_vault
from tests.tui.stage import Stage, screen
from tui.screens.dialog import Prompt, Question
from tui.screens.faults import Faults, FaultyCell
from tui.screens.port_table import column_of
from tui.widgets.field import Line
from tui.widgets.grid import Grid


def at(on: Stage) -> str:
    return on.app.step.NAME if on.app.step else ""


async def test_a_sheet_with_faults_is_a_list_that_leads_to_each_cell(folder: Path) -> None:
    home, sheet = folder / "home", folder / "in.csv"
    with beta(home):
        wrong = rows(3)
        wrong[1]["caller_id"], wrong[2]["line_use"] = "12", "submarine"
        line_sheet(sheet, wrong)
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
            line_sheet(sheet, rows(3))
            await on.press("tab", "tab", "enter")
            await on.until(lambda: at(on) == "Review" and on.app.source == sheet)


async def test_a_fault_shows_its_cell_and_why_it_is_not_mended_here(folder: Path) -> None:
    home, sheet = folder / "home", folder / "in.csv"
    with beta(home):
        wrong = rows(3)
        wrong[1]["caller_id"] = "12"
        line_sheet(sheet, wrong)
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
        line_sheet(sheet, wrong)
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
        line_sheet(sheet, rows(2))
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
        line_sheet(sheet, rows(2))
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
        line_sheet(sheet, rows(1, sip_username="own-username-1", sip_password="own-password-of-24-chars"))
        async with screen(ada(home)) as on:
            await on.app.session.login.enter()
            await on.go("Visits")
            await open_sheet(on, sheet)
            await on.until(lambda: at(on) == "Review")
            assert on.app.source == sheet
            for name in ("Gateways", "Ports", "Credentials", "Sheet", "Registration", "Labels", "Done"):
                await on.go(name)
                assert "A line sheet is open" in " ".join(on.text.split()), name


@pytest.mark.parametrize("edited", [False, True])
async def test_a_sheet_changes_a_visit_that_stands_only_where_somebody_says_so(
    folder: Path, edited: bool
) -> None:
    home, sheet = folder / "home", folder / "in.csv"
    with beta(home):
        with_vault(home)
        async with screen(ada(home)) as on:
            job_id = await applied(on)
            if edited:
                on.app.open_visit(job_id)
                assert on.app.edit(partial(filling.set_cell, row=0, column="line_name", text="Mine"))
            before = on.app.session.drafting.drafts()
            assert len(before[0]) == edited
            line_sheet(sheet, rows(3, line_name="Other"))
            await on.go("Visits")
            await open_sheet(on, sheet)
            await on.seen(Question)
            said = " ".join(on.text.replace("│", " ").split())
            for words in (f"Tower has a visit already, {job_id}: 2 lines of it stand.", "column `site`"):
                assert words in said
            assert ("It was edited since" in said) is edited
            await on.press("enter")
            await on.until(lambda: on.app.screen is on.app.step)
            assert at(on) == "Visits"
            assert on.app.session.drafting.drafts() == before
            await open_sheet(on, sheet)
            await on.seen(Question)
            await on.press("right", "enter")
            await on.until(lambda: at(on) == "Review")
            (kept,) = on.app.session.drafting.drafts()[0]
            assert kept.rows[0]["line_name"] == "Other"
            assert on.app.job_id == job_id


async def test_a_sheet_that_says_what_stands_opens_its_visit_and_asks_nothing(folder: Path) -> None:
    home, sheet = folder / "home", folder / "in.csv"
    with beta(home):
        with_vault(home)
        async with screen(ada(home)) as on:
            job_id = await applied(on)
            desk = on.app.session.drafting
            sheet.write_bytes(draft_bytes(desk.of_job(on.app.session.kept.record(job_id))))
            await on.go("Visits")
            await open_sheet(on, sheet)
            await on.until(lambda: at(on) == "Review")
            assert (on.app.job_id, on.app.source) == (job_id, job_id)
            assert desk.drafts() == ((), ())


async def test_a_sheet_of_another_site_begins_a_visit_of_its_own_and_asks_nothing(folder: Path) -> None:
    home, sheet = folder / "home", folder / "in.csv"
    with beta(home):
        with_vault(home)
        async with screen(ada(home)) as on:
            await applied(on)
            line_sheet(sheet, rows(1, site="Annex", gateway="GW-9", mac=""))
            await on.go("Visits")
            await open_sheet(on, sheet)
            await on.until(lambda: at(on) == "Review")
            assert on.app.job_id is None
            assert on.draft.site == "Annex"


async def test_a_path_that_is_none_is_asked_for_again_with_what_was_typed(folder: Path) -> None:
    sheet = folder / "in.csv"
    wrong = rows(1)
    wrong[0]["caller_id"] = "12"
    line_sheet(sheet, wrong)
    async with screen(Settings(folder / "home", platform="rehearsal")) as on:
        await on.go("Visits")
        await open_sheet(on, folder / "in.cs")
        await on.until(lambda: "■" in on.text)
        assert "cannot be opened: No such file" in " ".join(on.text.replace("│", " ").split())
        assert at(on) == "Visits"
        await on.seen(Prompt)
        assert on.app.screen.query_one(Line).value == str(folder / "in.cs")
        await on.press("end", "v", "enter")
        await on.seen(Faults)


async def applied(on: Stage) -> str:
    """The id of the tower's visit, its two lines made and no draft of it kept."""
    session = on.app.session
    await session.login.enter()
    draft = planned(session)
    visits = session.new_visits()
    await visits.apply(session.drafting.path(draft), Answers(yes=True))
    (run,) = visits.runs
    assert run.error is None
    session.drafting.drop(draft.id)
    return run.record.job.id


async def test_a_path_in_nobodys_home_is_a_path_that_is_none(folder: Path) -> None:
    async with screen(Settings(folder / "home", platform="rehearsal")) as on:
        await on.go("Visits")
        await open_sheet(on, Path("~nobody-has-this-name/in.csv"))
        await on.until(lambda: "cannot be opened" in on.text)
        await on.seen(Prompt)
        await on.press("escape")
        assert at(on) == "Visits"


async def open_sheet(on: Stage, path: Path) -> None:
    await on.press("f3")
    await on.seen(Prompt)
    await on.paste(str(path))
    await on.press("enter")
