"""A journal that cannot be read is told, on every step and at every key, and ends none."""

from pathlib import Path

import pytest

from installer.session import Settings
from tests.tui.beta import ada, beta, submit, with_vault
from tests.tui.stage import Stage, screen, stage
from tests.tui.test_visits import kept
from tui.screens import STEPS
from tui.screens.step import Step


def here(on: Stage) -> str:
    return on.app.step.NAME if on.app.step else ""


async def test_a_damaged_journal_is_told_whatever_is_scanned_or_pressed(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.stand()
    (path,) = tmp_path.rglob("journal.sqlite3")
    octets = bytearray(path.read_bytes())
    octets[4096:7096] = b"\x55" * 3000
    path.write_bytes(bytes(octets))
    async with stage(tmp_path) as on:
        await on.go("Visits")
        for code in ("005058123401", "PD-ZZZZZZ22Z"):
            await on.burst(code)
            await on.until(lambda: "What to do" in on.text)
            await on.press("escape")
        on.app.lead_to("Fax 1")
        await on.until(lambda: "What to do" in on.text)
        for name in ("Account", "Gateways", "Ports", "Registration", "Done", "Visits"):
            await on.go(name)
            await on.press("f5", "f7", "escape")
        assert here(on) == "Visits"


async def test_a_journal_that_is_damaged_under_an_open_visit_ends_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.stand()
        job = on.app.job_id
    async with stage(tmp_path) as on:
        (path,) = tmp_path.rglob("journal.sqlite3")
        path.write_bytes(b"\x55" * path.stat().st_size)
        on.app.job_id = job
        for name in (step.NAME for step in STEPS if step.NAME != "Sign in"):
            await on.go(name)
            await on.until(lambda: "What to do" in on.text)
            await on.press("escape", "f5", "f7", "escape")


async def test_an_account_whose_journal_is_damaged_is_not_begun(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        await on.stand()
    (path,) = tmp_path.rglob("journal.sqlite3")
    path.write_bytes(b"\x55" * path.stat().st_size)
    async with stage(tmp_path) as on:
        await on.app.session.login.enter()
        await on.go("Account")
        await submit(on, "harbor")
        await on.until(lambda: "2 accounts found" in on.text)
        await on.until(lambda: "What to do" in on.text)
        await on.press("escape", "enter")
        await on.until(lambda: "What to do" in on.text)
        assert here(on) == "Account"


@pytest.mark.parametrize("name", [step.NAME for step in STEPS])
async def test_it_breaks_while_a_step_is_open_whatever_is_pressed(folder: Path, name: str) -> None:
    home = folder / "home"
    with beta(home):
        with_vault(home)
        job = await kept(ada(home), "apply")
        async with screen(Settings(home, platform="beta")) as on:
            on.app.open_visit(job)
            await on.go(name)
            (path,) = home.rglob("journal.sqlite3")
            path.write_bytes(b"\x55" * path.stat().st_size)
            assert isinstance(on.app.step, Step)
            own = [each.keys.split(",")[0] for each in on.app.step.COMMANDS_HERE if each.keys]
            for key in ("down", "enter", "f5", "f7", *own):
                await on.press(key)
                await on.press("escape", "escape")
            await on.burst("005058123401")
            assert any("journal" in text for _, text, _ in on.app.said)
