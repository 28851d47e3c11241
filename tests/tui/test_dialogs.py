"""Dialogs: nothing struck too soon or scanned answers one, and the harmless button has the focus."""

from pathlib import Path

import pytest
from textual.widgets import Button

from installer.errors import AnswerNeeded, PunchdownError
from installer.text import safe
from tests.tui.beta import ada, beta, submit, with_vault
from tests.tui.stage import SIZES, Stage, screen, stage
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
            prompt = Prompt("Why?", "", "reason")
            opened(on, prompt)
            await on.seen(Prompt)
            await on.typed("was ")
            await on.burst(MAC)
            assert prompt.query_one(Line).value == f"was {MAC}"


@pytest.mark.parametrize("way", ["typed", "scanned", "text at once", "pasted", "kept"])
async def test_what_a_prompt_begins_with_is_replaced_by_what_comes(folder: Path, way: str) -> None:
    async with stage(folder) as on:
        prompt = Prompt("Rename", "", "place", "GW-1")
        answers = opened(on, prompt)
        await on.seen(Prompt)
        match way:
            case "typed":
                await on.typed("5x")
            case "scanned":
                await on.burst(MAC)
            case "text at once":
                await on.burst("Roof", "tab")
            case "pasted":
                await on.paste("Cellar 2")
            case _:
                await on.press("end", "2")
        await on.pilot.pause(LULL)
        await on.press("enter")
        said = {"typed": "5x", "scanned": MAC, "text at once": "Roof", "pasted": "Cellar 2"}
        await on.until(lambda: answers == [said.get(way, "GW-12")])


async def test_what_a_prompt_begins_with_is_seen_to_be_selected_without_color(folder: Path) -> None:
    async with stage(folder) as on:
        prompt = Prompt("Rename", "", "place", "GW-1")
        opened(on, prompt)
        await on.seen(Prompt)
        shown = prompt.query_one(Line).render_line(0)
        assert [each.text for each in shown if each.style and each.style.reverse and each.text.strip()] == [
            "GW-1"
        ]


async def test_a_text_that_is_wrong_stays_in_its_prompt_with_why(folder: Path) -> None:
    async with stage(folder) as on:
        prompt = Prompt("How many?", "", "ports", "9", wrong=lambda text: "at most 8" * (text == "9"))
        answers = opened(on, prompt)
        await on.seen(Prompt)
        await on.press("enter")
        assert "■ at most 8" in on.text
        assert (on.app.screen, prompt.query_one(Line).value, answers) == (prompt, "9", [])
        await on.typed("8")
        assert "at most 8" not in on.text
        await on.press("enter")
        await on.until(lambda: answers == ["8"])


@pytest.mark.parametrize("size", SIZES)
async def test_a_question_names_its_keys_however_long_it_is(folder: Path, size: tuple[int, int]) -> None:
    async with stage(folder, size) as on:
        for words in ("It goes.", "\n".join(f"line {number}" for number in range(60))):
            answers = opened(on, Question("Delete it?", words, "Delete it"))
            await on.seen(Question)
            assert "Left/right choose, Enter takes it, Escape leaves it." in on.text
            assert "Leave it       Delete it" in on.text
            await on.press("right", "enter")
            await on.until(lambda: answers == [True])  # noqa: B023 - waited for here


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
