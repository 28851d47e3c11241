"""Tones are told from their ground at 4.5:1, no state by its color alone; signs that old fonts have.

That what is drawn is told from it as well is looked at with every golden (looking.py).
"""

from itertools import product
from pathlib import Path

import pytest
from textual.theme import Theme

from installer.planning.outcome import OutcomeKind
from tests.tui.contrast import LEAST, contrast
from tests.tui.stage import stage
from tui import words
from tui.screens import review, visits
from tui.themes import DARK, LIGHT

GOLDENS = Path(__file__).parent / "goldens"
WGL4 = "·●○►◄▲▼■▀│─┌┐└┘•…“”→"
"""Of Microsoft's list what is used here."""
TONES = ("good", "bad", "warn", "quiet")


def test_the_measure_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_every_text_is_read_on_every_ground(theme: Theme) -> None:
    texts = [theme.variables[tone] for tone in TONES] + [str(theme.foreground), theme.primary]
    grounds = [str(theme.background), str(theme.panel), str(theme.surface)]
    low = [(text, ground) for text, ground in product(texts, grounds) if contrast(text, ground) < LEAST]
    assert low == []
    assert contrast(theme.variables["bad-text"], theme.variables["bad-ground"]) >= LEAST


def test_states_differ_by_sign_or_word_and_each_has_both() -> None:
    alone = [word for module in (words, review, visits) for word in vars(module).values()]
    alone = [word for word in alone if isinstance(word, words.Word)]
    groups = [list(each.values()) for each in (words.OUTCOMES, words.SEVERITIES, words.REGISTRATIONS)]
    for group in [*groups, alone]:
        said = {str(word) for word in group}
        assert len(said) == len(set(group))
        assert len({text[2:] for text in said}) == len(said)
        for word in group:
            assert word.sign in "●○►◄▲■·?-x"
            assert word.word


def test_every_outcome_has_its_word() -> None:
    assert set(words.OUTCOMES) == {kind.value for kind in OutcomeKind}


def test_no_screen_shows_a_sign_that_an_old_font_lacks() -> None:
    shown = set("".join(path.read_text("utf-8") for path in GOLDENS.iterdir())) - {"\n"}
    assert {each for each in shown if not " " <= each <= "~"} <= set(WGL4)
    assert set("●○►▲■·▀│─┌┘") <= shown


async def test_light_letters_or_dark_ones_are_a_matter_of_the_list_of_all_keys(folder: Path) -> None:
    async with stage(folder) as on:
        for theme in (LIGHT, DARK):
            await on.press("f9")
            await on.typed("light or dark")
            await on.seen()
            await on.press("enter")
            await on.until(lambda: on.app.screen is on.app.step)
            assert on.app.theme == theme.name
            (ground,) = {str(on.app.screen.styles.background.hex).lower()}
            assert ground == theme.background
