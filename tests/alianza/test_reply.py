from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.alianza.reply import MAX_DEPTH, Reply, decode
from installer.errors import Certainty, NetworkFailure

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_decodes_whatever_is_json(value: object) -> None:
    assert decode(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"NaN",
        b"[Infinity]",
        b'{"a": -Infinity}',
        b"1e999",
        b'{"a": [1, -1e999]}',
        b'{"a": 1, "a": 2}',
        b'[{"x": {"b": 1, "b": 1}}]',
        b"\xff\xfe",
        b'"\xc3"',
        b"9" * 5000,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b"{} trailing",
        b'{"name": "\\ud800"}',
        b'{"\\udfff": 1}',
    ],
    ids=lambda body: f"{len(body)} octets: {body[:16]!r}",
)
def test_refuses_what_is_not_strict_json(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of them means the same to Reply.document
        decode(body)
    with pytest.raises(NetworkFailure) as caught:
        Reply(200, "application/json", body).document()
    assert (caught.value.code, caught.value.certainty) == ("unreadable", Certainty.UNKNOWN)
    assert caught.value.__cause__ is None


def test_accepts_the_greatest_depth() -> None:
    decode(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_network_failure(body: bytes) -> None:
    with contextlib.suppress(NetworkFailure):
        Reply(200, "", body).document()


@pytest.mark.parametrize(
    "media, body, is_page",
    [
        ("text/html", b"", True),
        ("application/xhtml+xml", b"x", True),
        ("application/json", b" \n<!DOCTYPE HTML><p>", True),
        ("", b"<HTML>", True),
        ("application/json", b"{}", False),
        ("text/plain", b"true", False),
    ],
)
def test_knows_a_web_page(media: str, body: bytes, is_page: bool) -> None:
    assert Reply(200, media, body).is_page is is_page


def test_prints_without_its_body() -> None:
    assert "hunter2" not in repr(Reply(200, "application/json", b'{"sipPassword": "hunter2"}'))
