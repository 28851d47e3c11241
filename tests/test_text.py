import base64
import hashlib
import json
import unicodedata
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.text import MASK, Redactor, safe, safe_block, slug

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


SECRETS = st.text(st.characters(codec="utf-8"), min_size=6, max_size=40).filter(
    lambda text: text.strip(" ") == text and len(set(text)) > 3 and MASK not in text
)


def forms(secret: str) -> dict[str, str]:
    """The secret as it may travel, each from the standard library by its own way."""
    octets = secret.encode()
    found = {
        "raw": secret,
        "json": json.dumps({"password": secret}),
        "json unescaped": json.dumps({"password": secret}, ensure_ascii=False),
        "url": "a=" + quote(secret),
        "url strict": "a=" + quote(secret, safe=""),
        "form": "a=" + quote_plus(secret),
        "hex": octets.hex(),
        "hex upper": octets.hex().upper(),
        "utf-16": secret.encode("utf-16").decode("latin-1"),
        "utf-16 hex": secret.encode("utf-16-le").hex(),
        "basic": base64.b64encode(f"user:{secret}".encode()).decode(),
    }
    for lead in range(3):
        found[f"base64 {lead}"] = base64.b64encode(b"x" * lead + octets + b"tail").decode()
        found[f"base64url {lead}"] = base64.urlsafe_b64encode(b"x" * lead + octets).decode()
    return found


@given(SECRETS)
def test_a_planted_secret_survives_in_no_form(secret: str) -> None:
    redact = Redactor([secret])
    for name, form in forms(secret).items():
        shown = redact(f"<<{form}>>")
        assert MASK in shown, name
        assert form not in shown, name
        assert secret not in shown, name


@given(SECRETS, st.text(max_size=30), st.text(max_size=30))
def test_text_around_a_secret_stays(secret: str, before: str, after: str) -> None:
    redact = Redactor()
    text = f"{before}{secret}{after}"
    assert redact(text) == text
    redact.add(secret)
    assert secret not in redact(text)


def test_a_base64_form_leaves_nothing_that_decodes_to_the_secret() -> None:
    redact = Redactor(["planted-secret-42"])
    for lead in range(3):
        shown = redact(base64.b64encode(b"x" * lead + b"planted-secret-42" + b"yz").decode())
        before, after = shown.split(MASK)
        assert len(before) <= 3  # what stood before the secret, and one character that holds bits of both
        assert len(after) <= 6  # the same behind it, "yz" and padding


def test_a_derived_digest_is_taken_out_too() -> None:
    ha1 = hashlib.md5(b"user:realm:planted-secret", usedforsecurity=False).hexdigest()
    redact = Redactor()
    redact.add("planted-secret", ha1)
    for text in (ha1, f'response="{ha1}"', base64.b64encode(ha1.encode()).decode()):
        assert MASK in redact(text)
        assert ha1 not in redact(text)


def test_very_short_values_are_not_searched_for() -> None:
    assert Redactor(["abc"])("abcabc") == "abcabc"


def test_the_longer_of_two_secrets_goes_first() -> None:
    assert Redactor(["planted", "planted-secret"])("my planted-secret") == f"my {MASK}"
