"""Whatever words come from platform, sheet, disk, scanner and keyboard: no screen falls, nothing acts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events

from installer.domain.finding import Acceptable
from installer.errors import Certainty, Rejected
from installer.session import Answers
from installer.session.drafting import Draft
from tests.hostile import ALL
from tests.tui.beta import ada, beta, submit, with_vault
from tests.tui.hostile_town import (
    HOSTILE_SITE,
    Eye,
    fill_platform,
    job_draft,
    marked,
    places,
    printable,
    sheet_draft,
    write_sheet,
)
from tests.tui.stage import TOWER, Stage, screen
from tui.scan import read_scan
from tui.screens import STEPS
from tui.screens.dialog import Prompt, Question
from tui.screens.faults import Faults
from tui.screens.pick import Pick
from tui.screens.port_table import column_of
from tui.screens.visits import Visits
from tui.widgets.cells import CellLine
from tui.widgets.grid import Grid

SMALL, USUAL = (60, 20), (80, 24)
EVERY = set(range(len(ALL)))


def test_the_words_are_many() -> None:
    assert len(ALL) == len(set(ALL)) >= 200


@asynccontextmanager
async def hostile(folder: Path) -> AsyncIterator[tuple[Stage, Eye]]:
    """A platform full of them; somebody is signed in."""
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        fill_platform(town, ALL)
        async with screen(ada(home, quiet_window=0.05)) as on:
            await on.app.session.login.enter()
            await on.app.session.customers.look(TOWER)
            yield on, Eye(on)


def in_parts(letter: str, count: int, width: int) -> list[str]:
    """All of them, so many at a time, so much of each, in one line."""
    words = ["?".join(f"{word}."[:width].splitlines()).replace("\t", "?") for word in marked(letter, ALL)]
    return [" ".join(words[at : at + count]) for at in range(0, len(words), count)]


async def everywhere(on: Stage, letter: str) -> None:
    """The table that is shown by pages in both sizes: every word is seen in each."""
    for size in (USUAL, SMALL):
        await on.pilot.resize_terminal(*size)
        eye = Eye(on)
        await eye.rows()
        assert eye.marks(letter) == EVERY


async def test_accounts_that_are_found(folder: Path) -> None:
    async with hostile(folder) as (on, eye):
        await on.go("Account")
        await submit(on, "harbor")
        grid = on.app.screen.query_one(Grid)
        await on.until(lambda: len(grid.rows) > len(ALL))
        await everywhere(on, "A")
        await on.press("enter")
        await on.seen(Prompt)
        eye.look()


async def test_cells_that_somebody_wrote(folder: Path) -> None:
    async with hostile(folder) as (on, eye):
        draft = sheet_draft(on.app.session, ALL)
        on.app.draft_visit(TOWER, draft.site)
        on.app.edit(lambda _: draft)
        await on.go("Ports")
        grid = on.app.screen.query_one(Grid)
        for size in (USUAL, SMALL):
            await on.pilot.resize_terminal(*size)
            whole = Eye(on)
            for column in range(1, len(grid._columns)):
                grid.cursor = (grid.cursor[0], column)
                await whole.rows()
            assert whole.marks("D") == EVERY
        await eye.dialog("ctrl+l", close=False)
        await eye.rows()
        for name in ("Gateways", "Credentials", "Review"):
            await on.go(name)
            await eye.rows()


async def test_what_is_offered_for_a_cell(folder: Path) -> None:
    async with hostile(folder) as (on, _):
        on.plan("4")
        await on.go("Ports")
        for column, letter in (("calling_plan", "P"), ("e911_callback", "N")):
            on.app.step.query_one(Grid).cursor = (0, column_of(column))  # type: ignore[union-attr]
            await on.press("enter")
            await on.seen(Pick)
            await everywhere(on, letter)
            await on.press("escape")


async def test_what_is_typed_and_pasted(folder: Path) -> None:
    async with hostile(folder) as (on, eye):
        on.plan("4")
        await on.go("Ports")
        editor = on.app.screen.query_one(CellLine)
        for word in in_parts("T", 5, 9):
            on.app.step._edit("")  # type: ignore[union-attr]
            on.app.post_message(events.Paste(word))
            await on.pilot.pause()
            editor.cursor_position = 0
            await on.pilot.pause()
            eye.look()
            on.app.step._leave()  # type: ignore[union-attr]
        assert eye.marks("T") == EVERY


async def test_drafts_on_disk(folder: Path) -> None:
    async with hostile(folder) as (on, _):
        for at, site in enumerate(marked("S", ALL)):
            on.app.session.drafting.keep(Draft(f"D{at:05}", TOWER.id, site))
        await on.go("Visits")
        await on.until(lambda: len(on.app.screen.query_one(Grid).rows) == len(ALL))
        await everywhere(on, "S")


async def test_a_sheet_at_fault_and_paths(folder: Path) -> None:
    sheet = folder / "F\x1b[2J[red]\u202e.csv"
    write_sheet(sheet, ALL)
    async with hostile(folder) as (on, eye):
        await on.go("Visits")
        step = on.app.step
        assert isinstance(step, Visits)
        step._opened(str(sheet))
        await on.seen(Faults)
        await everywhere(on, "C")
        await on.press("escape")
        for word in marked("F", ALL)[::10]:
            step._opened(word)
            await on.until(lambda: not on.app.works("sheet"))
            eye.look()
        assert len(eye.marks("F")) > len(ALL) // 12


@pytest.mark.parametrize("first", range(3))
async def test_what_is_said_on_every_step(folder: Path, first: int) -> None:
    said = in_parts("E", 12, 18)
    async with hostile(folder) as (on, whole):
        for number, step in enumerate(STEPS[first::3]):
            await on.pilot.resize_terminal(*(USUAL, SMALL)[(first + number) % 2])
            await on.go(step.NAME)
            eye = Eye(on)
            for text in said:
                failure = Rejected(
                    text, code="x", certainty=Certainty.UNKNOWN, trace_id=text, remedy=text[:30]
                )
                on.app.trouble(failure)
                await on.pilot.pause()
                eye.look()
            assert eye.marks("E") == EVERY
            await on.press("escape")
            await eye.dialog(("f1", "f6", "f8", "f9")[number], whole=False)
            on.app.push_screen(Question(said[number], said[-1 - number], "Yes"))
            await eye.dialog("f24", whole=False)
        await on.pilot.resize_terminal(132, 43)
        await whole.dialog("f6")
        assert whole.marks("E") == EVERY


async def test_what_is_looked_for(folder: Path) -> None:
    async with hostile(folder) as (on, eye):
        await on.press("f8")
        await on.seen(Prompt)
        await submit(on, "\x1b[2J[/]\u202e")
        await on.until(lambda: "nothing of this home is called �[2J[/]" in on.text)
        for text in in_parts("F", 3, 15):
            on.app.scanned(read_scan(text))
            await on.pilot.pause()
            eye.look()
        assert eye.marks("F") == EVERY


SHOWN = {
    "Gateways": "G",
    "Ports": "GJ",
    "Credentials": "GJ",
    "Review": "G",
    "Provision": "G",
    "Sheet": "G",
    "Registration": "GJ",
    "Labels": "G",
    "Done": "G",
}
"""Whose marks a step shows: places, and the names of lines."""


@pytest.mark.timeout(120)  # a hundred gateways on nine steps, page by page
async def test_a_visit_whose_places_and_lines_are_called_so(folder: Path) -> None:
    names = printable(ALL)
    marks = {"G": {int(each[1:4]) for each in places(names)}, "J": set(range(len(names)))}
    async with hostile(folder) as (on, eye):
        on.app.draft = job_draft(on.app.session, names)
        on.app.edit(lambda draft: draft)
        visits = on.app.session.new_visits()
        await visits.prepare(on.app.session.drafting.path(on.draft), Answers(accept=frozenset(Acceptable)))
        on.app.concluded(visits.runs, on.draft)
        on.app.provision(())
        await eye.question()
        assert eye.marks("J") == marks["J"]
        await on.until(lambda: not on.app.is_writing)
        for size, steps in ((USUAL, STEPS[3:]), (SMALL, STEPS[6:8])):
            await on.resized(*size)
            for name in (step.NAME for step in steps):
                await on.go(name)
                await on.until(lambda: not on.app.works("plan"), 30)
                here = Eye(on)
                await (here.read("#text") if name == "Sheet" else here.rows())
                assert HOSTILE_SITE[:8] in on.text.split("\n")[0]
                for letter in SHOWN[name]:
                    assert here.marks(letter) >= marks[letter], (name, letter)
        await eye.dialog("f7")
