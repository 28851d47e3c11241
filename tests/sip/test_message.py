"""SIP messages, octets to values and back."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.sip.fields import NotSip
from installer.sip.message import Request, Response, parse

HEADER_NAMES = st.sampled_from(["Via", "From", "To", "Contact", "X-Anything", "Subject"])
VALUES = st.text(st.characters(blacklist_characters="\r\n", codec="utf-8"), max_size=30).map(str.strip)
HEADERS = st.lists(st.tuples(HEADER_NAMES, VALUES), max_size=6)
BODIES = st.binary(max_size=60)

REGISTER = (
    b"REGISTER sip:h SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z9hG4bK1\r\nm: <sip:a@b>, <sip:c@d>\r\n"
    b"Contact: <sip:e@f>\r\ni: 7\r\nSubject: one\r\n  and two\r\nl: 4\r\n\r\nbodyEXTRA"
)


@given(HEADERS, BODIES)
def test_a_request_survives_writing_and_reading(headers: list[tuple[str, str]], body: bytes) -> None:
    kept = (*headers, ("Content-Length", str(len(body))))
    request = Request(method="OPTIONS", uri="sip:x", headers=tuple(kept), body=body)
    assert parse(request.encode()) == request


@given(HEADERS, BODIES, st.integers(100, 699))
def test_a_response_survives_writing_and_reading(
    headers: list[tuple[str, str]], body: bytes, status: int
) -> None:
    kept = (*headers, ("Content-Length", str(len(body))))
    response = Response(status=status, reason="Any Thing", headers=tuple(kept), body=body)
    assert parse(response.encode()) == response


@given(st.binary(max_size=300) | st.binary(max_size=80).map(lambda tail: REGISTER[:60] + tail))
def test_no_datagram_does_worse_than_being_refused(datagram: bytes) -> None:
    try:
        message = parse(datagram)
    except NotSip:
        return
    assert parse(message.encode()).headers[: len(message.headers)] == message.headers


@given(st.integers(0, len(REGISTER)), st.binary(min_size=1, max_size=3))
def test_damage_anywhere_does_no_worse_than_being_refused(at: int, octets: bytes) -> None:
    with suppress(NotSip):
        parse(REGISTER[:at] + octets + REGISTER[at + 1 :])


def test_compact_names_folded_lines_and_lists_are_understood() -> None:
    message = parse(b"\r\n" + REGISTER)
    assert isinstance(message, Request)
    assert (message.method, message.uri, message.body, message.defects) == ("REGISTER", "sip:h", b"body", ())
    assert message.header("VIA") == "SIP/2.0/UDP a;branch=z9hG4bK1"
    assert message.listed("contact") == ["<sip:a@b>", "<sip:c@d>", "<sip:e@f>"]
    assert message.header("Subject") == "one and two"
    assert message.header("Absent") is None


@pytest.mark.parametrize(
    "datagram,defect",
    [
        (b"SIP/2.0 200 OK\r\nTo: x", "the headers do not end"),
        (b"SIP/2.0 200 OK\r\nno header here\r\n\r\n", "a line that is no header"),
        (b"SIP/2.0 200 OK\r\nbad name: x\r\n\r\n", "a line that is no header"),
        (b"SIP/2.0 200 OK\r\n folded nothing\r\n\r\n", "a line that is no header"),
        (b"SIP/2.0 200 OK\r\nContent-Length: x\r\n\r\nab", "Content-Length is not a number"),
        (b"SIP/2.0 200 OK\r\nContent-Length: 9\r\n\r\nab", "the body is shorter than Content-Length"),
    ],
)
def test_what_is_wrong_but_readable_is_named(datagram: bytes, defect: str) -> None:
    assert parse(datagram).defects == (defect,)


@pytest.mark.parametrize("end", [b"\n\n", b"\r\r"])
def test_bare_line_ends_are_read(end: bytes) -> None:
    message = parse(b"SIP/2.0 180" + end[:1] + b"To: x" + end + b"body")
    assert isinstance(message, Response)
    assert (message.status, message.reason, message.header("To"), message.body) == (180, "", "x", b"body")


def test_octets_that_are_no_utf8_come_back_as_they_were() -> None:
    datagram = b"SIP/2.0 200 OK\r\nSubject: \xff\xfe\r\nContent-Length: 0\r\n\r\n"
    assert parse(datagram).encode() == datagram


@pytest.mark.parametrize("datagram", [b"", b"\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"SIP/2.0 999 x\r\n\r\n"])
def test_what_is_no_sip_message_is_refused(datagram: bytes) -> None:
    with pytest.raises(NotSip):
        parse(datagram)


def test_a_line_end_in_a_header_is_never_written() -> None:
    with pytest.raises(NotSip):
        Request(method="OPTIONS", uri="sip:x", headers=(("To", "a\r\nVia: b"),)).encode()


def test_content_length_is_added_where_it_is_missing() -> None:
    assert (
        b"Content-Length: 3\r\n\r\nabc" in Response(status=200, reason="OK", headers=(), body=b"abc").encode()
    )
