"""An answer as it came, and the strict JSON decoder.

The standard decoder takes NaN, infinities and duplicate keys silently; each of them could turn into
something else when the object is sent back.
"""

from __future__ import annotations

import json
import math
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Never

from installer.errors import Certainty, NetworkFailure

MAX_DEPTH = 32
_PAGE_STARTS = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer: `media` is the bare type in lower case, `date` and `retry_after` the headers."""

    status: int
    media: str
    body: bytes
    date: datetime | None = None
    retry_after: str | None = None

    def __repr__(self) -> str:
        return f"Reply({self.status}, {len(self.body)} bytes)"

    @property
    def is_success(self) -> bool:
        """Whether the status is a 2xx: the guide names hardly any code, so each of them counts."""
        return 200 <= self.status < 300

    @property
    def is_page(self) -> bool:
        """Whether this is a web page, which the platform's API never sends on success."""
        start = self.body[:200].lstrip().lower()
        return self.media in {"text/html", "application/xhtml+xml"} or start.startswith(_PAGE_STARTS)

    def document(self) -> object:
        """The JSON value in the body. Raises NetworkFailure `unreadable`: it may have been cut."""
        with suppress(ValueError):
            return decode(self.body)
        # Not from within: what json.loads fails with carries the whole text, which may hold a password.
        raise NetworkFailure(
            f"the answer ({self.status}) is not the JSON it should be",
            code="unreadable",
            certainty=Certainty.UNKNOWN,
            status=self.status,
        )


def decode(body: bytes) -> object:
    """The JSON value in `body`, as RFC 7493 narrows it, at most 32 deep. Raises ValueError."""
    try:
        value: object = json.loads(
            body.decode(), object_pairs_hook=_distinct, parse_constant=_refuse, parse_float=_finite
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None
    _check_depth(value, MAX_DEPTH)
    if b"\\u" in body:
        json.dumps(value, ensure_ascii=False).encode()  # a half surrogate cannot be: UnicodeEncodeError
    return value


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice")
    return members


def _refuse(word: str) -> Never:
    raise ValueError(f"{word} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number out of range")
    return number


def _check_depth(value: object, room: int) -> None:
    if isinstance(value, dict):
        children = list(value.values())
    elif isinstance(value, list):
        children = value
    else:
        return
    if not room:
        raise ValueError("nested too deeply")
    for child in children:
        _check_depth(child, room - 1)
