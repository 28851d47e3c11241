"""A run and the visit it is on: what was edited meanwhile stays, and nothing else is told as its outcome."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from installer.domain.finding import Acceptable
from installer.errors import UsageFault
from installer.planning.steps import Action
from installer.rehearsal.faults import Kind
from installer.session import Answers
from installer.session.drafting import editing, filling
from tests.tui.stage import TOWER, Stage, stage
from tui.acts import Leaving
from tui.open_visit import RUN
from tui.screens.dialog import Question

LINE, LINES = "*/specialty-line/*", "*/specialty-line"


def name(on: Stage, text: str) -> None:
    """The first line of the visit is called so from now on."""
    on.app.edit(lambda draft: filling.set_cell(draft, 0, "line_name", text))


async def under_way(on: Stage, seconds: float = 600.0) -> None:
    """Three lines are being made, and the platform takes its time with them."""
    on.wanted("4", 3)
    await on.app.session.rooms.platform()
    await on.go("Review")
    await on.until(lambda: "F3 makes" in on.text)
    on.fault(Kind.SLOW, LINES, "POST", seconds=seconds)
    await on.press("f3")
    await on.seen(Question)
    await on.press("right", "enter")
    await on.until(lambda: len(on.app.progress.interrupted()) == 3)


async def over(on: Stage) -> None:
    await on.until(lambda: not on.app.is_writing, 30)


@pytest.mark.parametrize("how", ["go on", "take back"])
async def test_what_was_edited_since_outlives_a_run_that_never_took_it_in(folder: Path, how: str) -> None:
    async with stage(folder / "home") as on:
        await on.stand()
        name(on, "Lift car 9")
        if how == "go on":
            on.app.resume()
        else:
            on.app.take_back(frozenset())
        await over(on)
        assert on.draft.rows[0]["line_name"] == "Lift car 9"
        assert len(on.app.session.drafting.drafts()[0]) == 1
        assert on.app.source == on.app.session.drafting.path(on.draft)


async def test_what_is_edited_while_a_run_goes_on_stays_and_what_it_took_in_is_the_jobs(folder: Path) -> None:
    async with stage(folder / "home") as on:
        await under_way(on, 0.4)
        name(on, "Lift car 9")
        await over(on)
        assert on.draft.rows[0]["line_name"] == "Lift car 9"
        on.heal()
        await on.go("Review")
        await on.until(lambda: "F3 makes" in on.text)
        await on.press("f3")
        await on.seen(Question)
        await on.press("right", "enter")
        thread = on.app.session.rooms.rehearsal
        await on.until(lambda: "Lift car 9" in {each.name for each in thread.call(thread.platform.lines)}, 30)
        await over(on)
        assert on.app.session.drafting.drafts() == ((), ())


async def test_while_a_run_goes_on_its_visit_stays_open(folder: Path) -> None:
    async with stage(folder / "home") as on:
        await on.stand()
        annex = on.app.session.drafting.begin(TOWER, "Annex")
        on.app.session.drafting.keep(annex)
        on.fault(Kind.SLOW, seconds=600.0)
        first = on.app.job_id
        on.app.resume()
        ways: tuple[Callable[[], None], ...] = (
            lambda: on.app.open_visit("JOTHER0"),
            lambda: on.app.draft_visit(TOWER, "Annex"),
            on.app.close_visit,
        )
        for away in ways:
            with pytest.raises(UsageFault, match="being written"):
                away()
        with pytest.raises(UsageFault, match="being written"):
            await on.app.open_session(replace(on.app.settings, platform="beta"))
        assert on.app.job_id == first
        assert on.app.is_writing
        on.app.cancel_run()
        await over(on)
        on.app.draft_visit(TOWER, "Annex")
        assert on.draft.site == "Annex"


async def test_a_plan_that_is_looked_at_meanwhile_takes_nothing_from_a_run(folder: Path) -> None:
    async with stage(folder / "home") as on:
        await under_way(on, 0.6)
        await on.go("Review")
        await over(on)
        assert any(line.startswith("credential-sheet: ") for line in on.app.farewell)
        assert on.app.record is not None
        await on.go("Provision")
        assert "● 6 of 6 steps done" in on.text


async def test_a_run_that_was_cancelled_before_it_had_a_plan_is_not_called_done(folder: Path) -> None:
    async with stage(folder / "home") as on:
        await on.prepared()
        await on.app.session.rooms.platform()
        on.fault(Kind.SLOW, seconds=600.0)
        on.app.resume()
        await on.until(lambda: on.app.is_writing)
        on.app.cancel_run()
        await over(on)
        await on.until(lambda: "ended early: nothing more was written" in on.text)


async def test_a_visit_that_stopped_half_way_says_so_when_it_is_opened_again(folder: Path) -> None:
    async with stage(folder / "home") as on:
        on.wanted("4", 3)
        on.fault(Kind.STATUS, LINES, "POST", first=2, status=503)
        await on.app.session.rooms.platform()
        object.__setattr__(on.app.session.rooms, "settings", replace(on.app.settings, concurrency=1))
        await on.app.session.visits.apply(on.app.session.drafting.path(on.draft), Answers(yes=True))
        on.opened()
        assert on.lines == 1
    async with stage(folder / "home") as on:
        on.app.open_visit(on.app.session.kept.jobs()[0].job.id)
        await on.go("Provision")
        await on.until(lambda: "GW-1:1" in on.text)
        assert "F5" in on.text.splitlines()[2]
        assert "●" not in on.text.splitlines()[2]


async def test_an_undo_that_was_broken_off_says_what_is_left_of_it(folder: Path) -> None:
    async with stage(folder / "home") as on:
        await on.stand()
        on.fault(Kind.SLOW, LINE, "DELETE", seconds=600.0)
        on.app.take_back(frozenset())
        on_its_way = on.app.progress.interrupted
        await on.until(lambda: Action.CREATE_LINE in {action for _, action, _ in on_its_way()}, 30)
        assert "of 6 steps" in on.text
        on.app.cancel_run()
        await over(on)
        await on.until(lambda: "not known yet. F5" in on.text)
    async with stage(folder / "home") as on:
        on.app.open_visit(on.app.session.kept.jobs()[0].job.id)
        on.app.resume()
        await on.seen(Question)
        assert "GW-1:2 new line" in on.text
        await on.press("right", "enter")
        await over(on)
        assert on.lines == 0


async def test_another_visit_begins_with_nothing_of_the_last_one(folder: Path) -> None:
    async with stage(folder / "home") as on:
        await on.stand()
        await on.go("Provision")
        await on.until(lambda: "6 of 6 steps done" in on.text)
        on.app.draft_visit(TOWER, "Annex")
        await on.go("Provision")
        await on.until(lambda: "Nothing was written in this visit" in on.text)
        assert "GW-1:1" not in on.text
        assert on.app.agreed == ()


async def test_a_run_asks_with_every_write_and_leaving_is_asked_over_it(folder: Path) -> None:
    async with stage(folder / "home") as on:
        on.wanted("4", 3)
        on.app.provision(())
        await on.seen(Question)
        assert "Make 6 writes?" in on.text
        assert "(503) 555-0100 rings Fax 1" in on.text
        await on.press("f10")
        await on.seen(Leaving)
        await on.press("f10")
        assert sum(isinstance(each, Leaving) for each in on.app.screen_stack) == 1
        await on.press("enter")
        await on.until(lambda: type(on.app.screen) is Question)
        assert on.app.is_writing
        on.app.cancel_run()
        await over(on)
        assert on.lines == 0


async def test_what_is_not_known_as_one_leaves_is_the_exit_code(folder: Path) -> None:
    async with stage(folder / "home") as on:
        await under_way(on)
        assert not on.app.left_unknown
    assert on.app.left_unknown


async def test_work_that_writes_waits_for_the_one_before(folder: Path) -> None:
    async with stage(folder / "home") as on:
        told: list[str] = []
        first = asyncio.Event()

        async def work(word: str) -> None:
            if word == "one":
                await first.wait()
            told.append(word)

        for word in ("one", "two", "three"):
            on.app.start("bind", work(word), waits=True)
        await on.pilot.pause()
        assert told == []
        first.set()
        await on.until(lambda: not on.app.works("bind"))
        assert told == ["one", "two", "three"]
        for word in ("one", "two"):
            first.clear()
            on.app.start("look", work(word))
        await on.until(lambda: not on.app.works("look"))
        assert told[3:] == ["two"]


async def test_who_takes_a_job_over_is_asked_each_time(folder: Path) -> None:
    async with stage(folder / "home") as on:
        await on.stand()
        taken = (Acceptable.OTHER_USER, "this job was written as x; y would take it over")
        kept = ("use-not-said", "kept")
        on.app.taken = {taken, kept}
        on.app.resume()
        await over(on)
        assert on.app.taken == {kept}


async def test_a_vault_that_stays_closed_changes_nothing_that_is_told(folder: Path) -> None:
    async with stage(folder / "home") as on:
        await on.stand()
        on.app.write("nothing", lambda _: asyncio.sleep(0))
        on.app.stop(RUN)
        await over(on)
        await on.go("Provision")
        await on.until(lambda: "6 of 6 steps done" in on.text)
        assert {each.action for each in on.app.record.steps} == set(Action) & {  # type: ignore[union-attr]
            Action.CREATE_LINE, Action.ROUTE_NUMBER,
        }  # fmt: skip
        assert editing.has_line(on.draft, 0)
