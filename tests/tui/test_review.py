"""The plan in plain words; faults lead to their cells, warnings are taken on and stay so."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from installer.rehearsal.faults import Kind
from installer.session.drafting import Draft, editing, filling
from tests.tui.beta import ada, beta, planned, with_vault
from tests.tui.stage import TOWER, Stage, screen
from tests.tui.test_visits import kept
from tui.screens.dialog import Dialog, Question
from tui.screens.review import Review
from tui.widgets.grid import Grid

SHARED = [
    (row, column, text)
    for row, callback in enumerate(("15035550100", "15035550100", "15035550101", "15035550101"))
    for column, text in (("e911_callback", callback), ("location", f"Floor {row}"))
]
"""Four lines at four places, on two callback numbers."""


async def opened(on: Stage) -> Review:
    await on.go("Review")
    assert isinstance(on.app.step, Review)
    await on.until(lambda: "Reading" not in on.text)
    return on.app.step


def rows(on: Stage) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in on.app.screen.query_one(Grid).rows]


async def taken_on(on: Stage) -> None:
    """The warning under the cursor, that lives hang on."""
    await on.press("enter")
    await on.seen(Question)
    await on.press("right", "enter")


def where(on: Stage, text: str) -> str:
    """The key of the first row that holds `text`."""
    grid = on.app.screen.query_one(Grid)
    return next(row.key for row in grid.rows if any(text in cell.text for cell in row.cells))


def open_draft(on: Stage, *cells: tuple[int, str, str], lines: int = 2) -> None:
    """A visit of some elevators, with those cells changed."""
    on.app.draft_visit(TOWER, planned(on.app.session, lines).site)
    for cell in cells:
        on.app.edit(partial(_set, cell))


def _set(cell: tuple[int, str, str], draft: Draft) -> Draft:
    return filling.set_cell(draft, *cell)


async def test_the_plan_is_told_in_plain_words_with_neighbours_together(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        async with screen(ada(home)) as on:
            open_draft(on)
            await opened(on)
            assert rows(on)[1:] == [
                ["► new line", "GW-1:1-2", "Elevator 1, Elevator 2"],
                ["► route", "GW-1:1-2", "(503) 555-0100, (503) 555-0101"],
                *[row for row in rows(on) if row[0] == "· 911"],
            ]
            assert rows(on)[0][1:] == [
                "GW-1", "Vega 60G, 4 FXS, 00:50:58:12:34:00: 4 writes",
            ]  # fmt: skip
            (first, _) = [row for row in rows(on) if row[0] == "· 911"]
            assert first[1] == "(503) 555-0100"
            assert "400 HARBOR ST, LOBBY" in first[2]
            on.app.screen.query_one(Grid).find(where(on, "new line"))
            await on.press("enter")
            await on.until(lambda: isinstance(on.app.screen, Dialog))
            assert "GW-1:2  Elevator 2: caller id (503) 555-0101" in on.text
        assert not town.writes()


async def test_what_changes_is_said_before_and_after(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        with_vault(home)
        job_id = await kept(ada(home), "apply")
        async with screen(ada(home)) as on:
            on.app.open_visit(job_id)
            on.app.edit(lambda draft: filling.set_cell(draft, 0, "line_name", "Lobby phone"))
            await opened(on)
            assert any(
                row[0] == "► change" and "“Elevator 1” -> name “Lobby phone”" in row[2] for row in rows(on)
            ), rows(on)
            assert "F3 makes 1 write" in on.text


async def test_a_fault_blocks_and_leads_to_its_cell(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            open_draft(on, (1, "caller_id", "12"))
            await opened(on)
            assert "1 fault to mend first" in on.text
            await on.press("f3")
            assert "faults have to be mended first" in on.text
            await on.press("enter")
            await on.until(lambda: on.app.step is not None and on.app.step.NAME == "Ports")


async def test_a_number_that_is_not_there_yet_is_said_to_be_for_later(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            open_draft(on, (1, "inbound_number", "2125550123"))
            await opened(on)
            (later,) = [row for row in rows(on) if row[0] == "○ later"]
            assert later[1] == "GW-1:2"
            assert "not on the account" in later[2]


async def test_warnings_of_life_safety_are_taken_on_one_at_a_time_and_stay_so(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        with_vault(home)
        async with screen(ada(home)) as on:
            open_draft(on, *SHARED, lines=4)
            await on.go("Credentials")
            await on.press("f3")
            await on.until(lambda: "with a credential" in on.text, 30)
            await opened(on)
            assert "2 warnings to take on" in on.text
            warning = next(row[2] for row in rows(on) if row[0] == "▲ warning")
            assert warning in " ".join(on.text.split())
            await on.press("f3")
            assert "take the warnings on first" in on.text
            on.app.screen.query_one(Grid).find(where(on, "▲ warning"))
            await on.press("enter")
            await on.seen(Question)
            assert "give each place its own number" in " ".join(on.text.replace("│", " ").split())
            await on.press("enter")
            await on.until(lambda: on.app.screen is on.app.step)
            assert "2 warnings to take on" in on.text
            await taken_on(on)
            await on.until(lambda: "1 warning to take on" in on.text)
            await on.until(lambda: bool(on.app.record and on.app.record.acknowledged))
            job_id = on.app.job_id or ""
        async with screen(ada(home)) as on:
            on.app.open_visit(job_id)
            await opened(on)
            assert "1 warning to take on" in on.text
            assert any(row[0] == "● taken on" for row in rows(on))
            on.app.screen.query_one(Grid).find(where(on, "▲ warning"))
            await taken_on(on)
            await on.until(lambda: "F3 makes 8 writes" in on.text)


async def test_warnings_of_a_kind_are_taken_on_together(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            open_draft(on, *SHARED, *[(row, "line_use", "fax") for row in range(4)], lines=4)
            await opened(on)
            assert "2 warnings to take on" in on.text
            await on.press("enter")
            await on.until(lambda: "F3 makes 8 writes" in on.text)


async def test_without_the_platform_it_says_so_and_stays_usable(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        async with screen(ada(home, deadline=2.0)) as on:
            await on.app.session.login.enter()
            open_draft(on)
            town.fault(Kind.DROP_BEFORE_COMMIT, "*", "*", count=None)
            await on.go("Review")
            await on.until(lambda: "could not be planned" in on.text or "What to do" in on.text, 30)
            await on.press("f3")
            assert "there is no plan yet" in on.text


async def test_nothing_is_written_before_somebody_said_yes(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        async with screen(ada(home)) as on:
            open_draft(on)
            await opened(on)
            await on.press("f3")
            await on.seen(Question)
            assert "4 writes on beta" in on.text
            await on.press("enter")
            await on.until(lambda: on.app.screen is on.app.step)
            assert on.app.step is not None
            assert on.app.step.NAME == "Review"
        assert not town.writes()


async def test_nothing_open_says_so(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            await opened(on)
            assert "No visit is open" in on.text


async def test_an_address_behind_911_that_cannot_be_read_now_has_its_date(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        async with screen(ada(home)) as on:
            open_draft(on, (1, "e911_callback", "2125550123"))
            town.fault(Kind.STATUS, "GET", "*/callingplan*", status=400, first=2, count=None)
            await opened(on)
            assert {row[2].split(":")[0] for row in rows(on) if row[0] == "· 911"} == {"? address not read"}
            town.heal()
            seen_now = await on.app.session.customers.look(TOWER)
            town.fault(Kind.STATUS, "GET", "*/callingplan*", status=400, first=2, count=None)
            await opened(on)
            when = f"as seen {seen_now.taken_at.astimezone():%m-%d %H:%M}: "
            (first, other) = [row[2] for row in rows(on) if row[0] == "· 911"]
            assert first.startswith(f"{when}▲ not on this account")
            assert other.startswith(f"{when}400 HARBOR ST")
            town.heal()
            await opened(on)
            assert not any("as seen" in row[2] for row in rows(on))


async def test_opened_anew_from_itself_it_plans(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            open_draft(on)
            await opened(on)
            first = on.app.step
            on.app.go("Review")
            await on.until(lambda: on.app.step is not first and "F3 makes 4 writes" in on.text)


async def test_a_fault_of_a_gateway_leads_to_its_place(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            open_draft(on)
            on.app.edit(lambda draft: editing.add_gateway(draft, on.app.session.drafting.models["4"]))
            on.app.edit(lambda draft: editing.add_gateway(draft, on.app.session.drafting.models["4"]))
            odd = [{**row, "mac": "no MAC"} if row["gateway"] == "GW-3" else row for row in on.draft.rows]
            on.app.edit(lambda draft: replace(draft, rows=tuple(odd)))
            await opened(on)
            on.app.screen.query_one(Grid).find(where(on, "■ fault"))
            await on.press("enter")
            await on.until(lambda: on.app.step is not None and on.app.step.NAME == "Gateways")
            await on.until(lambda: on.app.screen.query_one(Grid).key == "GW-3")
