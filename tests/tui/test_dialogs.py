"""Dialogs: nothing struck too soon or scanned answers one, and the harmless button has the focus."""

from pathlib import Path

import pytest
from textual.widgets import Button

from installer.errors import AnswerNeeded, PunchdownError
from installer.text import safe
from tests.tui.beta import ada, beta, submit, with_vault
from tests.tui.stage import Stage, screen
from tests.tui.test_visits import kept
from tui.screens.dialog import Choice, Dialog, Prompt, Question, Said
from tui.screens.own import OwnCredential
from tui.screens.secrets import LoginAsked, PassphraseAsked
from tui.wedge import LULL
from tui.widgets.field import Line

MAC, WEAK = "005058123401", "VEGA00017"
WIDE = "[/oops] [@click=app.quit]x[/] \x1b[31mred"


def opened(on: Stage, dialog: Dialog) -> list[Said]:
    """What it was answered with, once it was."""
    answers: list[Said] = []
    on.app.push_screen(dialog, answers.append)
    return answers


def dialogs() -> list[Dialog]:
    return [
        Dialog("Title", "words"),
        Question("Delete it?", "It goes.", "Delete it"),
        Prompt("Name", "Type it.", "name", "as it was"),
        Choice("Which?", "", [("one", "first"), ("two", "second")]),
        PassphraseAsked("", new=True),
    ]


@pytest.mark.parametrize("index", range(5))
async def test_a_scan_answers_no_dialog(folder: Path, index: int) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            dialog = dialogs()[index]
            answers = opened(on, dialog)
            await on.seen(type(dialog))
            for code in (MAC, WEAK):
                for end in ("enter", "tab", "ctrl+j"):
                    await on.burst(code, end)
            await on.paste(f"{MAC}\n{MAC}\n")
            assert on.app.screen is dialog
            assert answers == []


@pytest.mark.parametrize("code", ["00:50:58:12:34:01", "PD-ZZZZZZZZZ"])
async def test_a_code_is_scanned_or_pasted_into_the_line_that_asks_for_one(folder: Path, code: str) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            prompt = Prompt("MAC of GW-1", "As on the box.", "MAC", MAC)
            answers = opened(on, prompt)
            await on.seen(Prompt)
            line = prompt.query_one(Line)
            for end in ("enter", "tab", "ctrl+j"):
                line.value = MAC
                await on.burst(code, end)
                assert line.value == code
            await on.paste(MAC, "enter")
            assert line.value == MAC
            await on.paste(f"{code}\n")
            assert (line.value, answers) == (code, [])
            await on.pilot.pause(LULL)
            await on.press("enter")
            assert answers == [code]


async def test_a_code_is_put_where_a_text_is_being_written(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            prompt = Prompt("Why?", "", "reason", "was ")
            opened(on, prompt)
            await on.seen(Prompt)
            await on.burst(MAC)
            assert prompt.query_one(Line).value == f"was {MAC}"


async def test_a_code_is_looked_for_where_it_is_scanned_into_find(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            await on.press("f8")
            await on.seen(Prompt)
            await on.paste(MAC)
            await on.pilot.pause(LULL)
            await on.press("enter")
            await on.until(lambda: f"nothing of this home is called {MAC}" in on.text)


@pytest.mark.parametrize("index", range(4))
async def test_a_key_that_was_struck_too_soon_answers_no_dialog(folder: Path, index: int) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            dialog = dialogs()[index]
            answers = opened(on, dialog)
            await on.until(lambda: on.app.screen is dialog)
            dialog._opened += 60
            await on.press("enter", "right", "enter")
            assert answers == []
            await on.pilot.pause(0.3)  # a button that was pressed takes no key for a moment
            dialog._opened -= 120
            await on.press("enter")
            await on.until(lambda: bool(answers))


async def test_enter_on_a_question_is_a_no(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            answers = opened(on, Question("Delete it?", "It goes.", "Delete it"))
            await on.seen(Question)
            assert isinstance(on.app.focused, Button)
            assert on.app.focused.id == "no"
            await on.press("enter")
            await on.until(lambda: answers == [False])


async def test_text_from_outside_is_only_text(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home)) as on:
            opened(on, Choice(safe(WIDE), safe(WIDE), [("one", WIDE)]))
            await on.seen(Choice)
            assert "[/oops]" in on.text
            assert "\x1b" not in on.text


async def test_a_long_text_is_read_to_its_end(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home), (60, 20)) as on:
            opened(on, Dialog("Long", "\n".join(f"line {number}" for number in range(60))))
            await on.seen(Dialog)
            assert "line 59" not in on.text
            await on.press(*["pagedown"] * 6)
            assert "line 59" in on.text
            assert "Close" in on.text


async def test_no_dialog_of_a_secret_shows_it(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        async with screen(ada(home)) as on:
            record = on.app.session.kept.record(job_id)
            port, _ = on.app.session.credentials.ports(record)
            asked: tuple[Dialog, ...] = (
                PassphraseAsked("", new=False),
                LoginAsked(on.app.settings, _failure()),
                OwnCredential(on.app.session.credentials, port),
            )
            for dialog in asked:
                opened(on, dialog)
                await on.seen(type(dialog))
                line = dialog.query("#first Input, #password Input").first()
                line.focus()
                await on.paste("a-planted-secret")
                assert "a-planted-secret" not in on.text
                await on.press("escape")
                await on.until(lambda: on.app.screen is on.app.step)


async def test_leaving_while_a_question_waits_loses_nothing(folder: Path) -> None:
    home = folder / "home"
    with beta(home):
        async with screen(ada(home, username=None, password=None)) as on:
            await on.go("Account")
            await submit(on, "Harbor")
            await on.seen(LoginAsked)
            await on.press("ctrl+q")
            await on.until(lambda: on.app.return_code == 0)


def _failure() -> PunchdownError:
    return AnswerNeeded("nobody said who signs in", code="no-login", option="--username")
