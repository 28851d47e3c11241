"""What is scanned or looked for leads to its row in the visit that is open, or to another on its platform."""

from pathlib import Path

import pytest

from installer.session import Answers, Session, Settings
from tests.tui.beta import ada, beta, planned, with_vault
from tests.tui.stage import Stage, screen, stage
from tui.screens.dialog import Dialog, Prompt
from tui.screens.port_table import column_of
from tui.wedge import LULL
from tui.widgets.grid import Grid


def here(on: Stage) -> str:
    return on.app.step.NAME if on.app.step else ""


def cell(on: Stage) -> tuple[int, int]:
    assert on.app.step is not None
    return on.app.step.query_one(Grid).cursor


@pytest.mark.parametrize(
    "text, at",
    [
        ("fax 3", (2, "line_name")),
        ("GW-1:4", (3, "line_name")),
        ("503-555-0101", (1, "caller_id")),
        ("00:50:58:12:34:01", (0, "line_name")),
    ],
)
async def test_what_is_written_in_this_visit_is_found_in_it(
    tmp_path: Path, text: str, at: tuple[int, str]
) -> None:
    async with stage(tmp_path) as on:
        on.wanted("4", 3)
        await on.go("Visits")
        await on.press("f8")
        await on.seen(Prompt)
        await on.paste(text)
        await on.pilot.pause(2 * LULL)  # an Enter right behind a code would be the scanner's
        await on.press("enter")
        await on.until(lambda: here(on) == "Ports")
        assert cell(on) == (at[0], column_of(at[1]))
        assert f"GW-1:{at[0] + 1}" in on.text


async def test_a_scanned_box_of_a_draft_is_found_in_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        on.wanted("4", 1)
        await on.go("Credentials")
        await on.burst("005058123401")
        await on.until(lambda: here(on) == "Ports")


async def test_on_the_ports_what_is_looked_for_moves_the_cursor_and_keeps_what_undo_knows(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path) as on:
        on.wanted("4", 3)
        await on.go("Ports")
        await on.typed("Roof")
        await on.press("enter")
        step = on.app.step
        on.app.lead_to("Fax 3")
        await on.pilot.pause()
        assert on.app.step is step
        assert cell(on) == (2, column_of("line_name"))
        await on.press("ctrl+z")
        assert on.draft.rows[0]["line_name"] == "Fax 1"


async def test_what_stands_is_found_before_what_is_written_of_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.stand()
        await on.go("Visits")
        on.app.lead_to("Fax 2")
        await on.until(lambda: here(on) == "Registration")


async def test_what_nobody_has_is_said(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        on.wanted("4", 1)
        await on.go("Visits")
        on.app.lead_to("Boiler")
        await on.pilot.pause()
        assert "nothing of this home is called Boiler" in on.text
        assert here(on) == "Visits"


async def test_a_label_of_another_platforms_visit_opens_it_there(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        there = ada(home, platform=None, base_url=town.thread.platform.url)
        async with Session(there) as session:
            draft = planned(session)
            visits = session.new_visits()
            await visits.prepare(session.drafting.path(draft), Answers())
            session.drafting.drop(draft.id)
            record = visits.runs[0].record
        async with screen(Settings(home, platform="production")) as on:
            await on.go("Visits")
            assert "PRODUCTION" in on.text
            await on.burst(str(record.job.ports[0].label_id))
            await on.until(lambda: here(on) == "Registration")
            assert on.app.job_id == record.job.id
            assert on.app.settings.platform is None
            assert "PRODUCTION" not in on.text


async def test_the_journal_of_a_draft_says_why_there_is_none(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.go("Visits")
        await on.press("f7")
        assert "No visit is open" in on.text
        on.wanted("4", 1)
        await on.press("f7")
        assert "This visit is a draft" in on.text
        assert not isinstance(on.app.screen, Dialog)
