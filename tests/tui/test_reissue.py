"""A new password for a line that stands: a run of its own, told by what became of it."""

from pathlib import Path

from installer.provisioning.visit import Happening
from installer.rehearsal.faults import Kind
from tests.tui.beta import ada, beta, submit, with_vault
from tests.tui.stage import Stage, screen, stage
from tests.tui.test_credentials import choose, opened, password
from tests.tui.test_visits import kept, register
from tui.screens.dialog import Prompt, Question

LINE = "*/specialty-line/*"


async def reissuing(on: Stage, name: str = "Fax 1") -> None:
    """A new password for the first line, its name typed."""
    await opened(on)
    await choose(on, "reissue")
    await on.seen(Prompt)
    await submit(on, name)


async def test_a_standing_line_gets_a_new_password_only_by_its_name(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        job_id = await kept(ada(home), "apply")
        register(town)
        before = town.at(1).sip_password
        async with screen(ada(home)) as on:
            on.app.open_visit(job_id)
            await opened(on)
            await choose(on, "reissue")
            await on.seen(Prompt)
            await submit(on, "Elevator 2")
            await on.until(lambda: "not its name" in on.text)
            assert town.at(1).sip_password == before
            await choose(on, "reissue")
            await on.seen(Prompt)
            await submit(on, "Elevator 1")
            await on.until(lambda: town.at(1).sip_password != before)
            await on.until(lambda: "a new password" in on.text)
            assert password(on) == town.at(1).sip_password


async def test_a_new_password_that_was_refused_is_told_as_such(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        before = password(on)
        on.fault(Kind.STATUS, LINE, "PUT", status=400)
        await reissuing(on)
        await on.until(lambda: "GW-1:1: not changed: " in on.text)
        assert password(on) == before
        assert not any("a new password; the sheet" in text for _, text, _ in on.app.said)


async def test_a_new_password_nobody_knows_of_is_not_called_done(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        on.fault(Kind.STATUS, LINE, "PUT", status=500)
        await reissuing(on)
        await on.until(lambda: "GW-1:1: not known yet whether it was changed" in on.text)
        assert not any("a new password; the sheet" in text for _, text, _ in on.app.said)
        on.heal()
        await on.go("Provision")
        await on.press("f5")
        await on.until(lambda: not on.app.is_writing, 30)
        assert on.app.record is not None
        assert not any(on.app.record.unknown_steps())


async def test_a_new_password_is_told_also_where_the_platform_fails_right_after_it(folder: Path) -> None:
    async with stage(folder) as on:
        await on.stand()
        before, told = password(on), on.app.happened

        def happened(happening: Happening) -> None:
            told(happening)
            if happening.moment == "settled":
                on.fault(Kind.STATUS, "*/specialty-line*", "GET", status=403)

        on.app.session.rooms.watcher = happened
        await reissuing(on)
        await on.until(lambda: "GW-1:1: a new password; the sheet" in on.text)
        assert password(on) != before
        assert "What to do" in on.text


async def test_a_new_password_is_a_run_that_nothing_ends_and_that_is_asked_for_on_leaving(
    folder: Path,
) -> None:
    async with stage(folder) as on:
        await on.stand()
        before = password(on)
        on.fault(Kind.SLOW, LINE, "PUT", seconds=5.0)
        await reissuing(on)
        await on.until(lambda: bool(on.app.progress.interrupted()))
        await reissuing(on)
        assert "a run is under way" in on.text
        await on.press("f10")
        await on.seen(Question)
        assert "Something is being written" in on.text
        await on.press("escape", "f4")
        await on.until(lambda: not on.app.is_writing, 30)
        assert password(on) != before
        assert any("GW-1:1: a new password; the sheet" in text for _, text, _ in on.app.said)
