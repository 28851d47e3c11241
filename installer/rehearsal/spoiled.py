"""Answers that look right until they are read: bad bodies, sign-in pages, and how much of a body is sent."""

from __future__ import annotations

import gzip
from dataclasses import replace

from installer.rehearsal.answers import HTML, Answer

HUGE = 64 * 1024 * 1024
"""Octets of the huge body, and of what the gzip bomb unpacks to."""
_DEPTH = 100_000
_PAGE = b"<!doctype html><html><head><title>Welcome</title></head><body>Sign in to the network</body>"

BODIES = (
    "empty",
    "invalid-json",
    "wrong-type",
    "other-fields",
    "nan",
    "deep",
    "gzip-bomb",
    "huge",
    "html",
    "bad-utf8",
)
"""What `Rule.body` may be for the kind `body`."""


def spoil(answer: Answer, body: str) -> Answer:
    """The same status with a body of the named kind; an unknown name is a KeyError."""
    if body == "gzip-bomb":
        packed = gzip.compress(b"[" + b" " * HUGE + b"]", 9)
        return replace(answer, body=packed, headers=(*answer.headers, ("content-encoding", "gzip")))
    if body == "html":
        return replace(answer, body=_PAGE, media=HTML)
    return replace(answer, body=_made(answer.body, body))


def _made(original: bytes, body: str) -> bytes:
    if body == "huge":
        return b'["' + b"x" * HUGE + b'"]'
    if body == "deep":
        return b"[" * _DEPTH + b"]" * _DEPTH
    return {
        "empty": b"",
        "invalid-json": original[:-1] + b",,",
        "wrong-type": b'{"value": 7}' if original.startswith(b"[") else b"[7]",
        "other-fields": b'[{"unexpected": true}]' if original.startswith(b"[") else b'{"unexpected": true}',
        "nan": b'{"id": NaN, "registered": Infinity, "portNumber": 1e999}',
        "bad-utf8": b'{"id": "\xff\xfe"}',
    }[body]


def portal(status: int) -> Answer:
    """What a hotel's network answers in the platform's place."""
    if status == 302:
        return Answer(302, b"", HTML, (("location", "http://login.portal.example/welcome"),))
    return Answer(status or 200, _PAGE, HTML)


def sent_part(at: str, length: int) -> int:
    """How many octets of a body of `length` go out: `at` is a number, `half`, or `last` for all but one."""
    if at == "half":
        return length // 2
    return max(length - 1, 0) if at == "last" else min(int(at), length)
