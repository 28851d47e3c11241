"""Visits: found before anybody signs in, gone on with where they stopped, taken back on purpose."""

import asyncio
import time
from pathlib import Path

from installer.rehearsal.bindings import Binding
from installer.rehearsal.faults import Kind
from installer.session import Answers, Session, Settings
from installer.session.drafting import Draft, editing, filling
from tests.session.office import Town, look_once
from tests.tui.beta import ada, beta, planned, with_vault
from tests.tui.stage import TOWER, Stage, screen
from tui.screens.dialog import Prompt, Question
from tui.widgets.grid import Grid

YES = Answers(yes=True)


async def kept(settings: Settings, act: str) -> str:
    """The id of a visit of the tower, prepared or applied."""
    async with Session(settings) as session:
        draft = planned(session)
        path = session.drafting.path(draft)
        await (session.visits.prepare(path, YES) if act == "prepare" else session.visits.apply(path, YES))
        (run,) = session.visits.runs
        assert run.error is None
        session.drafting.drop(draft.id)
        return run.record.job.id


def at(on: Stage) -> str:
    return on.app.step.NAME if on.app.step else ""


async def test_an_unfinished_visit_is_the_first_thing_shown_and_enter_goes_on(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        async with screen(Settings(home)) as on:
            await on.until(lambda: job_id in on.text)
            assert at(on) == "Visits"
            assert "► unfinished" in on.text
            assert "signed out" in on.text
            await on.press("enter")
            await on.until(lambda: at(on) == "Review")
            assert on.app.job_id == job_id
            assert on.app.settings.platform == "beta"
        assert not town.writes()


async def test_a_rehearsed_visit_is_found_and_gone_on_with_from_a_home_without_a_platform(
    folder: Path,
) -> None:
    home = folder / "home"
    job_id = await kept(Settings(home, platform="rehearsal"), "apply")
    async with screen(Settings(home)) as on:
        await on.go("Visits")
        await on.until(lambda: job_id in on.text)
        assert "rehearsal" in on.text
        await on.press("enter")
        await on.until(lambda: at(on) == "Registration")
        assert "REHEARSAL" in on.text


async def test_a_visit_is_called_registered_only_once_every_line_is(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        job_id = await kept(ada(home), "apply")
        async with screen(ada(home)) as on:
            for names, word in (
                ([], "○ made"),
                (["Elevator 1"], "○ made"),
                (["Elevator 1", "Elevator 2"], "● registered"),
            ):
                for name in names:
                    register(town, name)
                await look_once(on.app.session, job_id)
                await on.go("Account")
                await on.go("Visits")
                await on.until(lambda: job_id in on.text)
                assert word in on.text
                assert "finished" not in on.text


async def test_a_draft_is_gone_on_with_where_it_stopped_and_dropped_on_purpose(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with Session(ada(home)) as session:
            draft = planned(session)
            session.drafting.keep(filling.clear(draft, [0, 1]))
        async with screen(Settings(home)) as on:
            await on.until(lambda: "► draft" in on.text)
            await on.press("enter")
            await on.until(lambda: at(on) == "Ports")
            assert on.app.draft is not None
            await on.go("Visits")
            await on.until(lambda: "► draft" in on.text)
            await on.press("ctrl+d")
            await on.seen(Question)
            await on.press("enter")
            await on.until(lambda: at(on) == "Visits" and on.app.screen is on.app.step)
            assert on.app.session.drafting.drafts()[0]
            await on.press("ctrl+d")
            await on.seen(Question)
            await on.press("right", "enter")
            await on.until(lambda: "no visit yet" in on.text)
            assert on.app.session.drafting.drafts() == ((), ())


async def test_each_draft_that_was_open_and_is_kept_is_named_once_the_screen_is_left(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        async with screen(ada(home)) as on:
            on.app.open_visit(job_id)
            assert on.app.edit(lambda draft: filling.set_cell(draft, 0, "line_name", "Renamed"))
            on.app.draft_visit(TOWER, "Cedar Ridge")
            cedar = on.draft.id
            assert on.app.edit(lambda draft: _without_numbers(on.app.session))
            on.app.draft_visit(TOWER, "Dropped")
            on.app.session.drafting.drop(on.draft.id)
            await on.app.open_session(Settings(home, platform="rehearsal"))
            on.app.draft_visit(TOWER, "Practice")
            practice = on.draft.id
            assert not on.app.farewell
        assert on.app.farewell == [
            f"Tower {job_id}: draft kept, not provisioned",
            f"Cedar Ridge {cedar}: draft kept, not provisioned; 4 faults to mend first",
            f"Practice {practice}: draft kept, not provisioned; without a gateway yet",
        ]


async def test_a_draft_that_was_provisioned_or_edited_back_is_named_no_more(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        async with screen(ada(home)) as on:
            on.app.open_visit(job_id)
            assert on.app.edit(lambda draft: filling.set_cell(draft, 0, "line_name", "Renamed"))
            assert on.app.edit(lambda draft: filling.set_cell(draft, 0, "line_name", "Elevator 1"))
        assert not on.app.farewell


def _without_numbers(session: Session) -> Draft:
    """Two lines of Cedar Ridge; caller id and 911 callback of neither are known."""
    draft = editing.add_gateway(session.drafting.begin(TOWER, "Cedar Ridge"), session.drafting.models["4"])
    draft = filling.fill(draft, range(2), "line_name", "Fax 1")
    return filling.fill(draft, range(2), "line_use", "fax")


async def test_edits_of_a_kept_visit_are_not_lost(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        async with screen(ada(home)) as on:
            on.app.open_visit(job_id)
            assert on.app.edit(lambda draft: filling.set_cell(draft, 0, "line_name", "Renamed"))
        async with screen(ada(home)) as on:
            await on.until(lambda: "► edited" in on.text)
            await on.press("enter")
            await on.until(lambda: at(on) == "Review")
            assert on.draft.rows[0]["line_name"] == "Renamed"


async def test_choosing_an_account_whose_visit_stands_edits_nothing(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        async with screen(ada(home)) as on:
            on.app.draft_visit(TOWER, "Tower")
            assert (on.app.job_id, on.app.source) == (job_id, job_id)
            await on.go("Visits")
            await on.until(lambda: job_id in on.text)
            assert "► edited" not in on.text
            assert on.app.session.drafting.drafts() == ((), ())


async def test_credentials_that_could_not_be_made_offline_are_no_edit(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        town.fault(Kind.DROP_BEFORE_COMMIT, count=None)
        async with screen(ada(home)) as on:
            on.app.open_visit(job_id)
            await on.go("Credentials")
            await on.press("f3")
            await on.until(lambda: "What to do" in on.text and not on.app.is_writing, 30)
            assert on.app.session.drafting.drafts() == ((), ())
            assert on.app.source == job_id


async def test_a_draft_of_the_home_is_of_no_platform_whatever_is_looked_at(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            planned(on.app.session)
            await on.go("Visits")
            await on.until(lambda: "► draft" in on.text)
            assert "not said" in on.text


async def test_while_something_is_written_no_other_visit_is_begun(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            await on.go("Visits")
            on.app.start("run", asyncio.sleep(60))
            await on.press("ctrl+n")
            await on.until(lambda: "something is being written" in on.text)
            assert at(on) == "Visits"
            on.app.stop("run")


async def test_a_visit_is_taken_back_after_its_own_review(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        job_id = await kept(ada(home), "apply")
        assert len(town.lines) == 2
        async with screen(ada(home)) as on:
            await on.go("Visits")
            await on.until(lambda: job_id in on.text)
            await on.press("ctrl+u")
            await on.seen(Question)
            assert "make the line of GW-1:1 “Elevator 1”" in on.text
            await on.press("enter")
            await on.until(lambda: on.app.screen is on.app.step)
            assert len(town.lines) == 2
            await on.press("ctrl+u")
            await on.seen(Question)
            await on.press("right", "enter")
            await on.until(
                lambda: at(on) == "Provision" and not on.app.is_writing and "taken back" in on.text
            )
        assert not town.lines


async def test_a_line_that_is_registered_is_taken_off_by_its_name_only(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        await kept(ada(home), "apply")
        register(town)
        async with screen(ada(home)) as on:
            on.app.open_visit(on.app.session.kept.jobs()[0].job.id)
            on.app.take_back(frozenset())
            await on.until(lambda: "may be in use" in on.text and not on.app.is_writing)
            names = sorted(line.name for line in town.lines)
            assert "Elevator 1" in names
            grid = on.app.screen.query_one(Grid)
            grid.find("GW-1:001 create-line ")
            await on.press("enter")
            await on.seen(Prompt)
            await on.paste("Elevator 2")
            await on.press("enter")
            await on.until(lambda: "that is not its name" in on.text)
            assert sorted(line.name for line in town.lines) == names
            await on.press("enter")
            await on.seen(Prompt)
            await on.paste("Elevator 1")
            await on.press("enter")
            await on.until(lambda: "Elevator 1" not in {line.name for line in town.lines})


def register(town: Town, name: str = "Elevator 1") -> None:
    """Somebody registered as that line."""
    username = town.line(name).sip_username or ""
    platform = town.thread.platform
    binding = Binding("sip:x@127.0.0.1", ("127.0.0.1", 5060), time.time() + 3600, "call", 1, "box")
    town.change(lambda: platform.registrar._bindings.bind(username, binding))
