"""Runs: n of m, cancelled without a doubt, decided by a person, and never lost from sight."""

from pathlib import Path

from installer.domain.credential import Secret
from installer.rehearsal import seed
from installer.rehearsal.faults import Kind
from installer.session.drafting import filling
from tests.tui.beta import ada, beta, planned, with_vault
from tests.tui.stage import TOWER, Stage, screen
from tests.tui.test_visits import kept
from tui.screens.dialog import Choice, Question
from tui.widgets.grid import Grid

LINES = "*/specialty-line"


async def begin(on: Stage, lines: int = 2) -> None:
    """The plan of a visit of the tower, agreed to."""
    on.app.draft_visit(TOWER, planned(on.app.session, lines).site)
    await on.go("Review")
    await on.until(lambda: "F3 makes" in on.text)
    await on.press("f3")
    await on.seen(Question)
    await on.press("right", "enter")
    await on.until(lambda: on.app.step is not None and on.app.step.NAME == "Provision")


def ended(on: Stage) -> bool:
    return not on.app.is_writing and on.app.progress.ended is not None


async def test_a_visit_is_provisioned_and_says_how_far_it_is(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        async with screen(ada(home)) as on:
            await begin(on)
            await on.until(lambda: ended(on) and "F4 goes on" in on.text, 30)
            assert "● 4 of 4 steps done" in on.text
            assert on.text.count("● done") == 4
            assert len(town.writes("create-line")) == len(town.lines) == 2
            assert on.app.session.drafting.drafts() == ((), ())
            assert any(line.startswith("credential-sheet: ") for line in on.app.farewell)


async def test_cancelled_it_says_at_once_what_is_unknown_and_goes_on_without_a_double(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        town.fault(Kind.SLOW, "POST", LINES, seconds=2.0, count=1)
        async with screen(ada(home, concurrency=1)) as on:
            await begin(on)
            await on.until(lambda: bool(on.app.progress.interrupted()) and bool(town.lines), 30)
            await on.press("f3")
            assert any("1 step on the way: not known yet" in text for _, text, _ in on.app.said)
            await on.until(lambda: ended(on) and "not known yet. F5" in on.text)
            town.heal()
            await on.press("f5")
            await on.until(lambda: ended(on) and "F4 goes on" in on.text, 30)
        assert sorted(line.name for line in town.lines) == ["Elevator 1", "Elevator 2"]


async def test_a_run_goes_on_while_another_step_is_looked_at_and_quitting_asks(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        town.fault(Kind.SLOW, "POST", LINES, seconds=1.5, count=1)
        async with screen(ada(home, concurrency=1)) as on:
            await begin(on)
            await on.until(lambda: bool(on.app.progress.interrupted()))
            await on.go("Gateways")
            assert on.app.is_writing
            await on.press("ctrl+q")
            await on.seen(Question)
            assert "Something is being written" in on.text
            await on.press("enter")
            await on.until(lambda: on.app.screen is on.app.step)
            await on.until(lambda: ended(on), 30)
            await on.go("Provision")
            assert "● 4 of 4 steps done" in on.text
        assert len(town.lines) == 2


async def test_a_lost_reply_is_looked_up_and_called_done(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        town.fault(Kind.DROP_AFTER_COMMIT, "POST", LINES, count=1)
        async with screen(ada(home)) as on:
            await begin(on)
            await on.until(lambda: ended(on) and "F4 goes on" in on.text, 30)
            assert "failed" not in on.text
        assert len(town.lines) == 2


async def test_a_person_decides_on_what_nobody_can_tell(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        town.fault(Kind.SLOW, "POST", LINES, seconds=2.0, count=1)
        async with screen(ada(home, concurrency=1)) as on:
            await begin(on)
            await on.until(lambda: bool(on.app.progress.interrupted()) and bool(town.lines), 30)
            await on.press("f3")
            await on.until(lambda: ended(on))
            town.heal()
        async with screen(ada(home)) as on:
            on.app.open_visit(on.app.session.kept.jobs()[0].job.id)
            await on.go("Provision")
            assert "? not known yet" in on.text
            on.app.screen.query_one(Grid).find("GW-1:001 create-line ")
            await on.press("enter")
            await on.seen(Choice)
            assert on.app.screen.query_one(Grid).find("adopt")
            await on.press("enter")
            await on.until(lambda: ended(on) and "● stood already" in on.text, 30)
            assert on.app.record is not None
            assert len(on.app.record.lines) == 1


async def test_what_comes_up_meanwhile_is_asked_and_a_no_writes_nothing(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        job_id = await kept(ada(home), "apply")
        other = seed.USERS[1]
        settings = ada(home, username=other.username, password=Secret(other.password))
        async with screen(settings) as on:
            on.app.open_visit(job_id)
            on.app.edit(lambda draft: filling.set_cell(draft, 0, "line_name", "Lobby phone"))
            await on.go("Review")
            await on.until(lambda: "F3 makes 1 write" in on.text)
            for answer in (("enter",), ("right", "enter")):
                on.app.provision(on.app.step._steps if on.app.step and on.app.step.NAME == "Review" else ())  # type: ignore[attr-defined]
                await on.until(lambda: isinstance(on.app.screen, Question), 30)
                await on.seen(Question)
                assert "would take it over" in " ".join(on.text.replace("│", " ").split())
                await on.press(*answer)
                if answer == ("enter",):
                    await on.until(lambda: ended(on))
                    assert {line.name for line in town.lines} == {"Elevator 1", "Elevator 2"}
                    await on.go("Review")
                    await on.until(lambda: "F3 makes 1 write" in on.text)
            await on.until(lambda: ended(on) and "F4 goes on" in on.text, 30)
        assert {line.name for line in town.lines} == {"Lobby phone", "Elevator 2"}


async def test_without_a_visit_there_is_nothing_to_cancel_or_resume(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            await on.go("Provision")
            await on.press("f3")
            assert "nothing is being written" in on.text
            await on.press("f5")
            assert "No visit is open" in on.text
