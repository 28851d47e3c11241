import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.text import safe, safe_block, slug

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
ANY = st.text(st.characters(codec=None), max_size=300)


def visible(text: str) -> bool:
    return not any(unicodedata.category(char) in HIDDEN for char in text)


@given(ANY, st.integers(1, 250))
def test_safe_text_is_one_visible_line_and_stays_as_it_is(text: str, width: int) -> None:
    once = safe(text, width)
    assert visible(once)
    assert len(once) <= width
    assert safe(once, width) == once


@given(ANY, st.integers(1, 60), st.integers(1, 5))
def test_a_safe_block_is_few_visible_lines_and_stays_as_it_is(text: str, width: int, lines: int) -> None:
    once = safe_block(text, width, lines)
    shown = once.split("\n")
    assert len(shown) <= lines
    assert all(visible(line) and len(line) <= width for line in shown)
    assert safe_block(once, width, lines) == once


@pytest.mark.parametrize(
    "text,shown",
    [
        ("plain", "plain"),
        ("Étage 3 ✓", "Étage 3 ✓"),
        ("a\r\nb\tc\rd\ne", "a b c d e"),
        ("\x1b[31mred\x07", "\ufffd[31mred\ufffd"),
        ("\u202eevil\u200b", "\ufffdevil\ufffd"),
        ("\x9b31m", "\ufffd31m"),
        ("a\u2028b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_hostile_text_is_made_harmless(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_huge_text_is_cut_before_it_is_worked_on() -> None:
    assert len(safe("\x1b" * 50_000_000)) == 200
    assert safe_block("a\n" * 10_000_000, lines=3) == "a\na\na"


@given(ANY)
def test_a_slug_is_a_harmless_file_name_part(text: str) -> None:
    name = slug(text)
    assert 1 <= len(name) <= 40
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not name.startswith("-")
    assert not name.endswith("-")
    assert slug(name) == name


@pytest.mark.parametrize(
    "text,name",
    [
        ("Tower 5, East", "tower-5-east"),
        ("Café Übergröße", "cafe-ubergroe"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "site-con"),
        ("lpt9", "site-lpt9"),
        ("電話", "site"),
        ("a" * 39 + "-b", "a" * 39),
    ],
)
def test_names_become_slugs(text: str, name: str) -> None:
    assert slug(text) == name
