"""Error answers, in every shape the platform is known to use, as one typed failure.

The shapes: {status, messages, data}; {errorCode, message, traceId} on specialty lines; {code, message} on
account look-up; {errors}; a bare code as text; and a gateway's page or nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from installer.alianza.reply import Reply, decode
from installer.errors import Certainty, NetworkFailure, PlatformFailure, Rejected, SignInFailure
from installer.text import safe

NOT_EXECUTED = frozenset({400, 401, 403, 404, 422, 429})
"""Statuses that say the platform did nothing (protocol R3); every other leaves the outcome unknown."""

THROTTLED = frozenset({429, 503})
LONGEST_WAIT = 120.0
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{0,79}")
_MOST_WORDS = 8
_NOT_PERMITTED = "NotPermitted"


class Throttled(Rejected):
    """The platform asks for fewer calls (429, 503); `retry_after` in seconds, None where it did not say."""

    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """What an error body says, cleaned: codes, sentences, the platform's trace id."""

    codes: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    trace_id: str | None = None


def failure_of(reply: Reply, now: datetime) -> PlatformFailure:
    """The failure that an answer other than 2xx stands for; `now` is for a Retry-After that is a date."""
    status = reply.status
    if status == 404 and reply.is_page:
        return not_the_platform(status)
    said = _read(reply)
    certainty = Certainty.NOT_EXECUTED if status in NOT_EXECUTED else Certainty.UNKNOWN
    kind, message, remedy = _kind(status, said)
    failure = kind(
        message,
        code=said.codes[0] if said.codes else f"http-{status}",
        certainty=certainty,
        status=status,
        codes=said.codes,
        trace_id=said.trace_id,
        remedy=remedy,
    )
    if isinstance(failure, Throttled):
        failure.retry_after = seconds_to_wait(reply.retry_after, reply.date or now)
    return failure


def bad_reply(what: str, status: int) -> NetworkFailure:
    """An answer that is JSON but not what was asked for; `what` is ours, never the answer's text."""
    return NetworkFailure(
        f"the platform's answer cannot be used: {what}",
        code="bad-reply",
        certainty=Certainty.UNKNOWN,
        status=status,
    )


def portal(host: str, status: int) -> NetworkFailure:
    """A captive portal between us and the platform."""
    return NetworkFailure(
        f"a web page answered instead of {safe(host, 80)}: this network wants a sign-in page filled in first",
        code="portal",
        certainty=Certainty.UNKNOWN,
        status=status,
        remedy="open any web page in a browser on this network, sign in there, then try again",
    )


def not_the_platform(status: int) -> NetworkFailure:
    """A web server that is not the platform's API said that it has no such page."""
    return NetworkFailure(
        "a web page answered where the platform's API should be",
        code="not-the-platform",
        certainty=Certainty.NOT_EXECUTED,
        status=status,
        remedy="check the platform's address",
    )


def seconds_to_wait(header: str | None, now: datetime) -> float | None:
    """Retry-After (RFC 9110 §10.2.3) in seconds, 0 to 120; None where there is none to be understood."""
    if header is None:
        return None
    text = header.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(float(text), LONGEST_WAIT)
    date = http_date(text)
    return None if date is None else min(max((date - now).total_seconds(), 0.0), LONGEST_WAIT)


def http_date(text: str) -> datetime | None:
    """The moment an HTTP header names, None where it names none with a time zone."""
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else None


def _kind(status: int, said: _Said) -> tuple[type[PlatformFailure], str, str]:
    """Who has to act, the sentence, and what to do."""
    words = "; ".join((*said.codes, *said.sentences)) or "without saying why"
    if status == 403:
        return (
            SignInFailure,
            f"the platform refused (403, {words}): no permission, or no such partition or account",
            "check the account, and the login's permissions in the Admin Portal",
        )
    if status == 401:
        return SignInFailure, f"the platform does not accept the sign-in (401, {words})", "sign in again"
    if status == 400 and _NOT_PERMITTED in said.codes:
        return (
            SignInFailure,
            f"this login is not permitted there (400, {words}): it belongs to another partition",
            "sign in with a login of the account's partition",
        )
    if status in THROTTLED:
        return Throttled, f"the platform asks for fewer calls ({status}, {words})", "try again later"
    return Rejected, f"the platform answered {status}: {words}", ""


def _read(reply: Reply) -> _Said:
    if reply.is_page:
        return _Said()
    try:
        document = decode(reply.body)
    except ValueError:
        return _sorted([reply.body[:2000].decode("utf-8", "replace")], None)
    if not isinstance(document, dict):
        return _sorted(list(_words(document)), None)
    trace = document.get("traceId")
    keys = ("errorCode", "messages", "errors", "code", "message")
    found = [word for key in keys for word in _words(document.get(key))]
    return _sorted(found, safe(trace, 80) if isinstance(trace, str) and trace else None)


def _words(value: object) -> Iterator[str]:
    """Every string that `value` says as an error: itself, its elements, or its code and message."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for element in value[:_MOST_WORDS]:
            yield from _words(element)
    elif isinstance(value, dict):
        for key in ("errorCode", "code", "message"):
            yield from _words(value.get(key))


def _sorted(words: list[str], trace_id: str | None) -> _Said:
    """Words parted into codes (one word each) and sentences, each once, cleaned."""
    clean = [text for text in dict.fromkeys(safe(word).strip() for word in words) if text][:_MOST_WORDS]
    return _Said(
        codes=tuple(text for text in clean if _CODE.fullmatch(text)),
        sentences=tuple(text for text in clean if not _CODE.fullmatch(text)),
        trace_id=trace_id,
    )
