"""Values inside SIP headers."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.sip.fields import (
    NameAddr,
    NotSip,
    Uri,
    Via,
    param,
    parse_name_addr,
    parse_uri,
    parse_via,
    quote,
    split,
    unquote,
)

TOKENS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12)


@pytest.mark.parametrize(
    "text,parts",
    [
        ("a, b ,c", ["a", "b", "c"]),
        ('"a, b" <sip:x>, <sip:y;p=1,2>', ['"a, b" <sip:x>', "<sip:y;p=1,2>"]),
        ('"say \\", then", z', ['"say \\", then"', "z"]),
        (" , ,", []),
        ('<sip:"x,y">, z', ['<sip:"x,y">', "z"]),
    ],
)
def test_lists_are_split_outside_quotes_and_angle_brackets(text: str, parts: list[str]) -> None:
    assert split(text, ",") == parts


@given(st.text())
def test_quoting_is_undone_by_unquoting(text: str) -> None:
    assert unquote(quote(text.replace("\n", " "))) == text.replace("\n", " ")


def test_unquoted_text_is_left_as_it_is() -> None:
    assert unquote("abc") == "abc"
    assert unquote('"') == '"'


@pytest.mark.parametrize(
    "text,uri",
    [
        ("sip:alice@Example.COM", Uri("sip", "alice", "example.com")),
        (
            "SIPS:alice:pw@h:5061;transport=TLS;lr",
            Uri("sips", "alice", "h", 5061, (("transport", "TLS"), ("lr", None))),
        ),
        ("sip:[2001:db8::1]:5070", Uri("sip", None, "[2001:db8::1]", 5070)),
        ("sip:host?subject=x", Uri("sip", None, "host")),
    ],
)
def test_uris_are_read(text: str, uri: Uri) -> None:
    assert parse_uri(text) == uri


@pytest.mark.parametrize(
    "text", ["", "http://x", "sip:", "sip:a@h:0", "sip:a@h:70000", "sip:a@h:5x", "sip:<a@h>"]
)
def test_what_is_no_sip_uri_is_refused(text: str) -> None:
    with pytest.raises(NotSip):
        parse_uri(text)


@pytest.mark.parametrize(
    "text,address",
    [
        ("<sip:a@h>;tag=1", NameAddr("sip:a@h", "", (("tag", "1"),))),
        ("sip:a@h;tag=1", NameAddr("sip:a@h", "", (("tag", "1"),))),
        (
            '"A <b> \\" c" <sip:a@h;x=1> ; expires=3',
            NameAddr("sip:a@h;x=1", 'A <b> " c', (("expires", "3"),)),
        ),
        ("Alice <sip:a@h>", NameAddr("sip:a@h", "Alice")),
        ("*", NameAddr("*")),
        ("", NameAddr("")),
    ],
)
def test_addresses_are_read_with_and_without_brackets(text: str, address: NameAddr) -> None:
    assert parse_name_addr(text) == address


@pytest.mark.parametrize("text", ["<sip:a@h", '"open <sip:a@h>', '"name"', '"name" x <sip:a@h>'])
def test_addresses_left_open_are_refused(text: str) -> None:
    with pytest.raises(NotSip):
        parse_name_addr(text)


def test_parameters_are_found_by_name_and_bare_ones_have_no_value() -> None:
    params = parse_name_addr("<sip:a@h>;Expires=60;ob").params
    assert param(params, "expires") == "60"
    assert param(params, "ob") is None
    assert param(params, "absent") is None


@given(
    TOKENS,
    st.none() | st.integers(1, 65535),
    st.lists(st.tuples(TOKENS, st.none() | TOKENS), max_size=4),
)
def test_a_via_survives_writing_and_reading(
    host: str, port: int | None, params: list[tuple[str, str | None]]
) -> None:
    via = Via("UDP", host, port, tuple(params))
    assert parse_via(str(via)) == via


def test_a_via_with_spaces_and_ipv6_is_read() -> None:
    assert parse_via("SIP / 2.0 / udp [2001:db8::1] : 5070 ;rport") == Via(
        "UDP", "[2001:db8::1]", 5070, (("rport", None),)
    )


@pytest.mark.parametrize("text", ["", ";branch=1", "SIP/1.0/UDP h", "SIP/2.0/UDP", "SIP/2.0/UDP h:99999"])
def test_what_is_no_via_is_refused(text: str) -> None:
    with pytest.raises(NotSip):
        parse_via(text)


@given(st.text())
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    for parser in (parse_uri, parse_name_addr, parse_via):
        with suppress(NotSip):
            parser(text)
