"""Done on the screen: what is open, for whom, and the step where it is mended."""

from pathlib import Path

import pytest

from installer.domain.finding import Acceptable
from installer.rehearsal.faults import Kind
from installer.session import Answers
from installer.session.drafting import editing
from tests.tui.stage import Stage, stage
from tui.widgets.grid import Grid


def open_items(on: Stage) -> list[str]:
    assert on.app.step is not None
    return [row.cells[3].text for row in on.app.step.query_one(Grid).rows]


async def chosen(on: Stage, what: str) -> str:
    """The step that Enter on the first open item with those words leads to."""
    await on.go("Done")
    assert on.app.step is not None
    grid = on.app.step.query_one(Grid)
    (key, *_) = [row.key for row in grid.rows if what in row.cells[3].text]
    grid.find(key)
    await on.press("enter")
    await on.until(lambda: on.app.step is not None and on.app.step.NAME != "Done")
    return on.app.step.NAME


async def test_each_thing_that_is_open_leads_to_the_step_that_mends_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.prepared()
        assert await chosen(on, "the line is not made yet") == "Review"
        on.fault(Kind.STATUS, "*/registrationstatus")
        on.fault(Kind.STATUS, "*/telephonenumber/*", "PATCH")
        await on.app.session.visits.apply(on.app.job_id, Answers(yes=True, accept=frozenset(Acceptable)))
        assert await chosen(on, "its numbers do not ring it yet") == "Provision"
        on.heal()
        on.fault(Kind.STATUS, "*/registrationstatus")
        await on.app.session.visits.apply(on.app.job_id, Answers(yes=True, accept=frozenset(Acceptable)))
        assert await chosen(on, "not registered yet") == "Registration"


async def test_hardware_that_is_missing_leads_to_the_gateways(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        on.wanted("4", 2)
        on.app.edit(lambda draft: editing.bind_gateway(draft, "GW-1", None))
        await on.app.session.visits.prepare(on.app.session.drafting.path(on.draft), Answers())
        on.opened()
        assert await chosen(on, "bind hardware") == "Gateways"


async def test_what_was_shown_is_what_enter_leads_to_although_less_is_open_by_then(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.prepared()
        await on.go("Done")
        assert open_items(on) == ["the line is not made yet: apply"] * 3
        await on.app.session.visits.apply(on.app.job_id, Answers(yes=True, accept=frozenset(Acceptable)))
        await on.press("end", "enter")
        await on.until(lambda: on.app.step is not None and on.app.step.NAME == "Review")


@pytest.mark.parametrize("step", ["Done", "Sheet", "Labels"])
async def test_a_draft_has_nothing_to_write_yet_and_says_what_makes_it(tmp_path: Path, step: str) -> None:
    async with stage(tmp_path) as on:
        on.wanted("4", 2)
        await on.go(step)
        await on.press("f3")
        assert on.app.said[-1][1] == on.app.no_record


async def test_a_label_whose_row_has_no_room_is_read_in_full_beneath(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.stand()
        await on.go("Labels")
        await on.press("down")
        assert "(503) 555-0100" in on.text
        assert on.app.step is not None
        assert on.app.step.query_one(Grid).rows[1].cells[1].text in " ".join(on.text.split())
