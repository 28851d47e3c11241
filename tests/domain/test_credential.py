import copy
import json
import math
import pickle
import random
import re
import traceback
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.domain.credential import (
    LETTERS,
    PASSWORD_ALPHABET,
    PASSWORD_LENGTH,
    USERNAME_ALPHABET,
    USERNAME_LENGTH,
    Secret,
    SipCredential,
    SipUsername,
    generate_credential,
    generate_password,
    generate_username,
    parse_password,
    parse_username,
)
from installer.errors import InvalidValue
from installer.text import MASK

SEEDS = st.integers(0, 2**64)


@given(SEEDS)
def test_a_made_credential_is_accepted_unambiguous_and_survives_spreadsheets(seed: int) -> None:
    made = generate_credential(random.Random(seed).randrange)
    username, password = made.username.text, made.password.reveal()
    assert parse_username(username) == made.username
    assert parse_password(password) == made.password
    assert (len(username), len(password)) == (14, 24)
    assert not set("0O1lI") & set(username + password)
    assert username.isalnum()
    assert username.islower()
    for text in (username, password):
        assert text[0].isalpha()
        with pytest.raises(ValueError, match="could not convert"):
            float(text)
    for wanted in ("[a-z]", "[A-Z]", "[2-9]"):
        assert re.search(wanted, password)


def test_a_made_password_holds_128_bits_counted() -> None:
    # Letter first and each class present, counted exactly by inclusion and exclusion of the classes.
    lower, upper, digit = 25, 24, 8
    assert len(PASSWORD_ALPHABET) == len(set(PASSWORD_ALPHABET)) == lower + upper + digit

    def ways(first: int, rest: int) -> int:
        return int(first * rest ** (PASSWORD_LENGTH - 1))

    counted = (
        ways(lower + upper, lower + upper + digit)
        - ways(upper, upper + digit)
        - ways(lower, lower + digit)
        - ways(lower + upper, lower + upper)
        + ways(upper, upper)
        + ways(lower, lower)
    )
    assert math.log2(counted) >= 128


def test_a_made_username_holds_64_bits() -> None:
    assert len(set(USERNAME_ALPHABET)) == len(USERNAME_ALPHABET) == 33
    assert math.log2(len(LETTERS) * 33 ** (USERNAME_LENGTH - 1)) >= 64


def test_a_password_lacking_a_class_is_drawn_again() -> None:
    def draws(*indexes: int) -> list[int]:
        return [*indexes, *[0] * (PASSWORD_LENGTH - len(indexes))]

    digit = PASSWORD_ALPHABET.index("2")
    upper = PASSWORD_ALPHABET.index("A")
    lacking = draws() + draws(0, upper) + draws(upper, digit, upper) + draws(0, upper, digit)
    lacking[2 * PASSWORD_LENGTH + 3 : 3 * PASSWORD_LENGTH] = [upper] * (PASSWORD_LENGTH - 3)
    left = iter(lacking)
    assert generate_password(lambda _below: next(left)).reveal() == "aA2" + "a" * (PASSWORD_LENGTH - 3)
    assert next(left, None) is None


@given(SEEDS)
def test_every_draw_is_below_what_was_asked(seed: int) -> None:
    rng = random.Random(seed)
    asked: list[int] = []

    def draw(below: int) -> int:
        asked.append(below)
        return rng.randrange(below)

    generate_username(draw)
    assert asked == [25] + [33] * 13


@pytest.mark.parametrize("text", ["abcdefgh", "A2345678", "lobby.phone_1@site+x-y", "a" * 36])
def test_usernames_within_the_platforms_range_are_taken(text: str) -> None:
    assert str(parse_username(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "a" * 7, "a" * 37, "-abcdefgh", "=abcdefgh", "abc defgh", 'abcdefg"', "abcdéfgh", "abcdefgh\n"],
)
def test_other_usernames_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="SIP username"):
        parse_username(text)


@pytest.mark.parametrize("text", ["abc123", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~", "*a****", "x" * 64])
def test_passwords_a_gateway_can_carry_are_taken(text: str) -> None:
    assert parse_password(text).reveal() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc12",
        "x" * 65,
        "******",
        "********",
        'abc"123',
        "abc\\123",
        "abc 123",
        "abc\t123",
        "abcé123",
        "abc123\n",
    ],
)
def test_other_passwords_are_refused_without_being_shown(text: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        parse_password(text)
    assert not text or text not in raised.value.message + raised.value.wanted


@dataclass(frozen=True, slots=True)
class _Holder:
    secret: Secret


@given(st.text(min_size=6).filter(lambda text: text not in "Secret(•••)"))
def test_a_secret_never_prints(value: str) -> None:
    secret = Secret(value)
    credential = SipCredential(SipUsername("u"), secret)
    assert str(secret) == f"{secret}" == "•••"
    assert repr(secret) == "Secret(•••)"
    assert "%s" % secret == "•••"  # noqa: UP031 - the old way prints no more
    for text in (
        f"{secret:>10}", f"{secret!r}", f"{secret}", repr(_Holder(secret)), repr([secret]),
        repr({"a": secret}), repr(credential), str(credential), ascii(secret),
    ):  # fmt: skip
        assert text.strip() in {
            "•••", "Secret(•••)", "[Secret(•••)]", "{'a': Secret(•••)}", "_Holder(secret=Secret(•••))",
            "SipCredential(username=SipUsername(text='u'), password=Secret(•••))",
            "Secret(\\u2022\\u2022\\u2022)",
        }  # fmt: skip


def test_a_secret_stays_out_of_pickles_json_and_tracebacks() -> None:
    secret = Secret("planted-secret")
    for escape in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps, vars):
        with pytest.raises(TypeError) as raised:
            escape(secret)
        assert "planted" not in str(raised.value)
    with pytest.raises(ValueError, match=MASK) as failed:
        _fail_with(secret)
    seen = traceback.TracebackException.from_exception(failed.value, capture_locals=True)
    shown = "".join(seen.format())
    assert "ValueError: •••" in shown
    assert "Secret(•••)" in shown


def _fail_with(secret: Secret) -> None:
    raise ValueError(secret)


def test_secrets_compare_by_value_and_only_with_secrets() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert hash(Secret("a")) == hash(Secret("a")) != hash("a")
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
