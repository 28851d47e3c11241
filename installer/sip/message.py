"""SIP requests and responses, octets to values and back (RFC 3261 §7, §18.3, §20).

Reading is tolerant, since broken messages are what a diagnosis is about: what is wrong but readable is
named in `defects`, octets that are no UTF-8 are kept. Only what is no SIP message at all is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from installer.sip.fields import NotSip, split

Headers = tuple[tuple[str, str], ...]
"""In the order of the wire, names as written, compact forms spelt out."""

_COMPACT = {
    "a": "Accept-Contact",
    "b": "Referred-By",
    "c": "Content-Type",
    "e": "Content-Encoding",
    "f": "From",
    "i": "Call-ID",
    "k": "Supported",
    "l": "Content-Length",
    "m": "Contact",
    "o": "Event",
    "r": "Refer-To",
    "s": "Subject",
    "t": "To",
    "u": "Allow-Events",
    "v": "Via",
}
_TOKEN = re.compile(r"[A-Za-z0-9.!%*_+`'~-]+")
_STATUS_LINE = re.compile(r"SIP/2\.0 +([1-6]\d\d)(?: (.*))?", re.IGNORECASE)
_REQUEST_LINE = re.compile(r"([A-Za-z0-9.!%*_+`'~-]+) +(\S+) +SIP/2\.0", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\n|\r")
_HEAD_END = re.compile(rb"\r\n\r\n|\n\n|\r\r")


@dataclass(frozen=True, slots=True)
class _Message:
    headers: Headers
    body: bytes = b""
    defects: tuple[str, ...] = ()
    """What was wrong and could be read all the same; empty on messages we make."""

    def header(self, name: str) -> str | None:
        """The first header of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def listed(self, name: str) -> list[str]:
        """Every value of that name, repeated headers and comma lists alike (§7.3.1)."""
        wanted = name.lower()
        return [each for key, value in self.headers if key.lower() == wanted for each in split(value, ",")]

    def _encode(self, start: str) -> bytes:
        lines = [start, *(f"{name}: {value}" for name, value in self.headers)]
        if self.header("Content-Length") is None:
            lines.append(f"Content-Length: {len(self.body)}")
        if any("\r" in line or "\n" in line for line in lines):
            raise NotSip("a line end inside a header", wanted="one line each")
        return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(_Message):
    """A request; `uri` is its text."""

    method: str
    uri: str

    def encode(self) -> bytes:
        return self._encode(f"{self.method} {self.uri} SIP/2.0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(_Message):
    """A response; `reason` is the peer's wording."""

    status: int
    reason: str

    def encode(self) -> bytes:
        return self._encode(f"SIP/2.0 {self.status} {self.reason}")


def parse(datagram: bytes) -> Request | Response:
    """The message in one datagram; NotSip when there is none."""
    head, body, defects = _divide(datagram.lstrip(b"\r\n"))
    start, *lines = _LINE_END.split(head.decode("utf-8", "surrogateescape"))
    headers = _headers(lines, defects)
    body = _sized(headers, body, defects)
    if status := _STATUS_LINE.fullmatch(start):
        return Response(
            status=int(status[1]), reason=status[2] or "", headers=headers, body=body, defects=tuple(defects)
        )
    if request := _REQUEST_LINE.fullmatch(start):
        return Request(method=request[1], uri=request[2], headers=headers, body=body, defects=tuple(defects))
    raise NotSip("not a SIP message", wanted="a request or status line of SIP/2.0")


def _divide(octets: bytes) -> tuple[bytes, bytes, list[str]]:
    end = _HEAD_END.search(octets)
    if end is None:
        return octets.rstrip(b"\r\n"), b"", ["the headers do not end"]
    return octets[: end.start()], octets[end.end() :], []


def _headers(lines: list[str], defects: list[str]) -> Headers:
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in {" ", "\t"} and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {line.strip()}".strip())
            continue
        name, colon, value = line.partition(":")
        name = name.strip()
        if not colon or not _TOKEN.fullmatch(name):
            defects.append("a line that is no header")
            continue
        headers.append((_COMPACT.get(name.lower(), name), value.strip()))
    return tuple(headers)


def _sized(headers: Headers, body: bytes, defects: list[str]) -> bytes:
    """The body as far as Content-Length says; without one, all of the datagram (§18.3)."""
    stated = next((value for name, value in headers if name.lower() == "content-length"), None)
    if stated is None:
        return body
    if not re.fullmatch(r"[0-9]{1,9}", stated):
        defects.append("Content-Length is not a number")
        return body
    if int(stated) > len(body):
        defects.append("the body is shorter than Content-Length")
    return body[: int(stated)]
