"""What is read is told apart from its ground: 4.5:1 in both themes; no state is told by its color alone."""

from itertools import product

import pytest
from textual.color import Color
from textual.theme import Theme

from tui import words
from tui.themes import DARK, LIGHT

TONES = ("good", "bad", "warn", "quiet")


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 §1.4.3."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(text: str) -> float:
    parts = (part / 255 for part in Color.parse(text).rgb)
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_measure_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_every_text_is_read_on_every_ground(theme: Theme) -> None:
    texts = [theme.variables[tone] for tone in TONES] + [str(theme.foreground), theme.primary]
    grounds = [str(theme.background), str(theme.panel), str(theme.surface)]
    low = [(text, ground) for text, ground in product(texts, grounds) if contrast(text, ground) < 4.5]
    assert low == []
    assert contrast(theme.variables["bad-text"], theme.variables["bad-ground"]) >= 4.5


def test_states_differ_by_sign_or_word_and_each_has_both() -> None:
    for group in (words.OUTCOMES, words.SEVERITIES, words.REGISTRATIONS):
        said = [str(word) for word in group.values()]
        assert len(set(said)) == len(said)
        for word in group.values():
            assert word.sign in "●○►◄▲■·?-x"
            assert word.word
