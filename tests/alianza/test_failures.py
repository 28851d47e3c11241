from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.alianza.failures import Throttled, failure_of, seconds_to_wait
from installer.alianza.reply import Reply
from installer.errors import Certainty, NetworkFailure, PlatformFailure, Rejected, SignInFailure
from tests.alianza.stand_in import NOW


def fail(status: int, body: object, **rest: object) -> PlatformFailure:
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    return failure_of(Reply(status, str(rest.get("media", "application/json")), octets), NOW)


@pytest.mark.parametrize(
    "body, codes, trace",
    [
        ({"status": 400, "messages": ["InvalidMacAddress"], "data": {}}, ("InvalidMacAddress",), None),
        ({"status": 400, "messages": "ExpiredAuthToken", "message": "Unauthorized"},
         ("ExpiredAuthToken", "Unauthorized"), None),
        ({"errorCode": "InvalidLineNumber", "message": "no such port", "traceId": "t-1"},
         ("InvalidLineNumber",), "t-1"),
        ({"code": 400, "message": "accountIdType is not known"}, (), None),
        ({"errors": ["SipUsernameInUse"]}, ("SipUsernameInUse",), None),
        ({"errors": [{"code": "A1", "message": "two words"}]}, ("A1",), None),
        (["First", "Second"], ("First", "Second"), None),
        (b"EntityNotFound", ("EntityNotFound",), None),
        (b'"Quoted"', ("Quoted",), None),
        (b"", (), None),
        (b"<html>nginx</html>", (), None),
        (b"\xff\xfe\x00", (), None),
        (None, (), None),
        (7, (), None),
        ({"messages": [None, 3, {"x": 1}], "traceId": 9}, (), None),
    ],
)  # fmt: skip
def test_every_shape_of_error_body_gives_its_codes(
    body: object, codes: tuple[str, ...], trace: str | None
) -> None:
    failure = fail(400, body)
    assert isinstance(failure, Rejected)
    assert failure.codes == codes
    assert failure.code == (codes[0] if codes else "http-400")
    assert failure.trace_id == trace
    assert failure.status == 400


def test_a_sentence_is_told_but_is_no_code() -> None:
    failure = fail(400, {"code": 400, "message": "accountIdType is not known"})
    assert "accountIdType is not known" in failure.message


@pytest.mark.parametrize(
    "status, kind, certainty",
    [
        (400, Rejected, Certainty.NOT_EXECUTED),
        (401, SignInFailure, Certainty.NOT_EXECUTED),
        (403, SignInFailure, Certainty.NOT_EXECUTED),
        (404, Rejected, Certainty.NOT_EXECUTED),
        (422, Rejected, Certainty.NOT_EXECUTED),
        (429, Throttled, Certainty.NOT_EXECUTED),
        (405, Rejected, Certainty.UNKNOWN),
        (408, Rejected, Certainty.UNKNOWN),
        (409, Rejected, Certainty.UNKNOWN),
        (413, Rejected, Certainty.UNKNOWN),
        (500, Rejected, Certainty.UNKNOWN),
        (502, Rejected, Certainty.UNKNOWN),
        (503, Throttled, Certainty.UNKNOWN),
        (504, Rejected, Certainty.UNKNOWN),
        (599, Rejected, Certainty.UNKNOWN),
    ],
)
def test_the_status_says_who_acts_and_what_is_known(
    status: int, kind: type[PlatformFailure], certainty: Certainty
) -> None:
    failure = fail(status, {"messages": ["SomeCode"]})
    assert type(failure) is kind
    assert failure.certainty is certainty
    assert failure.status == status


def test_403_names_both_causes() -> None:
    failure = fail(403, {"errorCode": "Forbidden"})
    assert "permission" in failure.message
    assert "account" in failure.message


def test_not_permitted_is_about_signing_in_although_it_comes_as_400() -> None:
    failure = fail(400, {"status": 400, "messages": ["NotPermitted"]})
    assert isinstance(failure, SignInFailure)
    assert failure.certainty is Certainty.NOT_EXECUTED
    assert "partition" in failure.message


def test_a_web_page_for_404_is_no_word_of_the_platform() -> None:
    failure = fail(404, b"<!doctype html><h1>Not Found</h1>", media="text/html")
    assert isinstance(failure, NetworkFailure)
    assert failure.code == "not-the-platform"


def test_a_page_with_another_error_status_gives_none_of_its_text() -> None:
    failure = fail(502, b"<html><script>evil()</script>", media="text/html")
    assert failure.code == "http-502"
    assert "script" not in failure.message


def test_hostile_error_text_is_cleaned_and_cut() -> None:
    failure = fail(400, {"errorCode": "\x1b]52;c;x\x07", "message": "A\u202e" * 5000, "traceId": "\x9b31m"})
    shown = failure.message + failure.code + str(failure.trace_id) + "".join(failure.codes)
    assert shown.isprintable()
    assert len(failure.message) < 600
    assert failure.code == "http-400"


@given(st.integers(400, 599), st.binary(max_size=300))
def test_any_error_body_gives_a_failure_fit_to_print(status: int, body: bytes) -> None:
    failure = fail(status, body)
    assert failure.message.isprintable()
    assert failure.code.isprintable()


@pytest.mark.parametrize(
    "header, seconds",
    [
        (None, None),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("3600", 120.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("9" * 40, None),
        ("Sun, 22 Nov 2026 08:00:09 GMT", 9.0),
        ("Sun, 22 Nov 2026 07:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 08:00:00 GMT", 120.0),
        ("Sun, 22 Nov 2026 08:00:09 -0000", None),
        ("Sun, 99 Nov 2026 08:00:09 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_up_to_two_minutes(
    header: str | None, seconds: float | None
) -> None:
    assert seconds_to_wait(header, NOW) == seconds


@given(st.text(max_size=60))
def test_any_retry_after_is_a_wait_or_nothing(header: str) -> None:
    wait = seconds_to_wait(header, NOW)
    assert wait is None or 0 <= wait <= 120


def test_retry_after_as_a_date_is_measured_by_the_platforms_own_clock() -> None:
    ahead = NOW + timedelta(hours=1)
    reply = Reply(429, "", b"", date=ahead, retry_after="Sun, 22 Nov 2026 09:00:05 GMT")
    failure = failure_of(reply, NOW)
    assert isinstance(failure, Throttled)
    assert failure.retry_after == 5.0
