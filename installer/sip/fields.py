"""Values inside SIP headers: lists, parameters, URIs, name-addr, Via (RFC 3261 §7.3.1, §19.1, §20)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from installer.errors import InvalidValue

Params = tuple[tuple[str, str | None], ...]
"""In order, names lower-case; None is a parameter without a value."""

_URI = re.compile(
    r"(?P<scheme>sips?|tel):(?:(?P<user>[^@;?:]*)(?::[^@]*)?@)?"
    r"(?P<host>\[[0-9a-f:.]+\]|[^:;?\s<>\[\]@]+)(?::(?P<port>\d{1,5}))?"
    r"(?:;(?P<params>[^?]*))?(?:\?.*)?",
    re.IGNORECASE,
)
_VIA = re.compile(
    r"SIP\s*/\s*2\.0\s*/\s*(?P<transport>[A-Za-z0-9-]+)\s+(?P<host>\[[0-9a-fA-F:.]+\]|[^\s:;]+)\s*"
    r"(?::\s*(?P<port>\d{1,5}))?\s*"
)


class NotSip(InvalidValue):
    """Text or octets that are not the SIP they should be."""

    def __init__(self, message: str, *, wanted: str) -> None:
        super().__init__(message, code="not-sip", wanted=wanted)


def split(text: str, separator: str) -> list[str]:
    """Parts of `text` at `separator` outside quotes and angle brackets; trimmed, empty ones left out."""
    parts, start, quoted, angle, escaped = [], 0, False, False, False
    for index, char in enumerate(text):
        if escaped:
            escaped = False
        elif char == '"' and not angle:
            quoted = not quoted
        elif quoted:
            escaped = char == "\\"
        elif char in "<>":
            angle = char == "<"
        elif char == separator and not angle:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def parse_params(parts: list[str]) -> Params:
    params: list[tuple[str, str | None]] = []
    for part in parts:
        name, equals, value = part.partition("=")
        params.append((name.strip().lower(), unquote(value.strip()) if equals else None))
    return tuple(params)


def unquote(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def quote(text: str) -> str:
    """A quoted-string (RFC 3261 §25.1)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def param(params: Params, name: str) -> str | None:
    """The first value of that name; None where it is absent or bare."""
    return next((value for key, value in params if key == name), None)


@dataclass(frozen=True, slots=True)
class Uri:
    """A sip, sips or tel URI; `port` None is the default of its scheme."""

    scheme: str
    user: str | None
    host: str
    port: int | None = None
    params: Params = ()


def parse_uri(text: str) -> Uri:
    match = _URI.fullmatch(text.strip())
    if match is None:
        raise NotSip("not a SIP URI", wanted="sip:user@host")
    return Uri(
        scheme=match["scheme"].lower(),
        user=match["user"],
        host=match["host"].lower(),
        port=_port(match["port"]),
        params=parse_params(split(match["params"] or "", ";")),
    )


def _port(text: str | None) -> int | None:
    if text is None:
        return None
    if not 0 < int(text) <= 65535:
        raise NotSip("not a port", wanted="1 to 65535")
    return int(text)


@dataclass(frozen=True, slots=True)
class NameAddr:
    """From, To or one Contact; `uri` is its text, unparsed, `*` in a Contact that means all."""

    uri: str
    display: str = ""
    params: Params = ()


def parse_name_addr(text: str) -> NameAddr:
    before, bracket, rest = text.partition("<") if not text.startswith('"') else _after_display(text)
    if not bracket:
        uri, *params = split(before, ";") or [""]
        return NameAddr(uri, "", parse_params(params))
    uri, closing, tail = rest.partition(">")
    if not closing:
        raise NotSip("an angle bracket is left open", wanted="<sip:user@host>")
    return NameAddr(uri.strip(), unquote(before.strip()), parse_params(split(tail, ";")))


def _after_display(text: str) -> tuple[str, str, str]:
    quoted = re.match(r'"(?:[^"\\]|\\.)*"', text)
    if quoted is None:
        raise NotSip("a quote is left open", wanted='"name" <sip:user@host>')
    gap, bracket, rest = text[quoted.end() :].partition("<")
    if not bracket or gap.strip():
        raise NotSip("a display name without an address", wanted='"name" <sip:user@host>')
    return quoted[0], bracket, rest


@dataclass(frozen=True, slots=True)
class Via:
    """One hop; `port` None is the transport's default. `rport` in `params` may be bare (RFC 3581)."""

    transport: str
    host: str
    port: int | None = None
    params: Params = field(default=())

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        params = "".join(f";{name}" if value is None else f";{name}={value}" for name, value in self.params)
        return f"SIP/2.0/{self.transport} {self.host}{port}{params}"


def parse_via(text: str) -> Via:
    sent, *params = split(text, ";") or [""]
    match = _VIA.fullmatch(sent)
    if match is None:
        raise NotSip("not a Via", wanted="SIP/2.0/UDP host:port;branch=…")
    return Via(match["transport"].upper(), match["host"], _port(match["port"]), parse_params(params))
