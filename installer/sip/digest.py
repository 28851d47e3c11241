"""Digest authentication, both ends (RFC 2617, RFC 7616, RFC 3261 §22, RFC 8760).

MD5 and SHA-256, with qop=auth and without. Other algorithms and auth-int are not supported: a challenge that
asks for them is passed over.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from enum import StrEnum

from installer.sip.fields import NotSip, quote, unquote
from installer.sip.message import Response

_SCHEME = re.compile(r"\s*digest\s+", re.IGNORECASE)
_PARAM = re.compile(r'\s*([A-Za-z0-9_-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]*)\s*(?:,|$)')


class Algorithm(StrEnum):
    """As spelt on the wire."""

    MD5 = "MD5"
    SHA256 = "SHA-256"

    def hex(self, text: str) -> str:
        octets = text.encode("utf-8", "surrogateescape")
        made = (
            hashlib.sha256(octets) if self is Algorithm.SHA256 else hashlib.md5(octets, usedforsecurity=False)
        )
        return made.hexdigest()


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server asks for."""

    realm: str
    nonce: str
    algorithm: Algorithm = Algorithm.MD5
    qop: bool = True
    """Whether qop=auth is offered; without it the answer has the form of RFC 2069."""
    opaque: str | None = None
    stale: bool = False
    """The credentials were right, the nonce was too old."""
    proxy: bool = False
    """Came as Proxy-Authenticate (407)."""

    def __str__(self) -> str:
        parts = [f"realm={quote(self.realm)}", f"nonce={quote(self.nonce)}", f"algorithm={self.algorithm}"]
        if self.qop:
            parts.append('qop="auth"')
        if self.opaque is not None:
            parts.append(f"opaque={quote(self.opaque)}")
        if self.stale:
            parts.append("stale=true")
        return "Digest " + ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client answers; `count` and `cnonce` are None without qop."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    algorithm: Algorithm = Algorithm.MD5
    count: str | None = None
    cnonce: str | None = None
    opaque: str | None = None

    def __str__(self) -> str:
        parts = [
            f"username={quote(self.username)}",
            f"realm={quote(self.realm)}",
            f"nonce={quote(self.nonce)}",
            f"uri={quote(self.uri)}",
            f"response={quote(self.response)}",
            f"algorithm={self.algorithm}",
        ]
        if self.count is not None and self.cnonce is not None:
            parts += ["qop=auth", f"nc={self.count}", f"cnonce={quote(self.cnonce)}"]
        if self.opaque is not None:
            parts.append(f"opaque={quote(self.opaque)}")
        return "Digest " + ", ".join(parts)

    def proves(self, password: str, method: str) -> bool:
        """Whether they were made with that password for that method."""
        expected = _response(self, password, method)
        return hmac.compare_digest(
            expected.encode(), self.response.lower().encode("utf-8", "surrogateescape")
        )


def answer(
    challenge: Challenge, username: str, password: str, method: str, uri: str, cnonce: str
) -> Credentials:
    """The credentials for the first request under this challenge's nonce."""
    blank = Credentials(
        username=username,
        realm=challenge.realm,
        nonce=challenge.nonce,
        uri=uri,
        response="",
        algorithm=challenge.algorithm,
        count="00000001" if challenge.qop else None,
        cnonce=cnonce if challenge.qop else None,
        opaque=challenge.opaque,
    )
    return replace(blank, response=_response(blank, password, method))


def _response(given: Credentials, password: str, method: str) -> str:
    """RFC 7616 §3.4.1; without qop, RFC 2617 §3.2.2.1."""
    digest = given.algorithm.hex
    ha1 = digest(f"{given.username}:{given.realm}:{password}")
    ha2 = digest(f"{method}:{given.uri}")
    if given.count is None:
        return digest(f"{ha1}:{given.nonce}:{ha2}")
    return digest(f"{ha1}:{given.nonce}:{given.count}:{given.cnonce}:auth:{ha2}")


def choose(response: Response) -> Challenge | None:
    """The topmost challenge of a 401 or 407 that we can answer (RFC 8760 §2.4)."""
    proxy = response.status == 407
    wanted = "proxy-authenticate" if proxy else "www-authenticate"
    for name, value in response.headers:
        if name.lower() == wanted and (challenge := _parse_challenge(value, proxy=proxy)) is not None:
            return challenge
    return None


def _parse_challenge(value: str, *, proxy: bool) -> Challenge | None:
    params = _params(value)
    algorithm = _algorithm(params)
    offered = [each.strip().lower() for each in params["qop"].split(",")] if "qop" in params else None
    if algorithm is None or "realm" not in params or "nonce" not in params:
        return None
    if offered is not None and "auth" not in offered:
        return None
    return Challenge(
        realm=params["realm"],
        nonce=params["nonce"],
        algorithm=algorithm,
        qop=offered is not None,
        opaque=params.get("opaque"),
        stale=params.get("stale", "").lower() == "true",
        proxy=proxy,
    )


def parse_credentials(value: str) -> Credentials:
    """An Authorization header; NotSip when it is no digest that we support."""
    params = _params(value)
    algorithm = _algorithm(params)
    needed = ["username", "realm", "nonce", "uri", "response"]
    if "qop" in params:
        needed += ["nc", "cnonce"]
    if (
        algorithm is None
        or params.get("qop", "auth").lower() != "auth"
        or any(key not in params for key in needed)
    ):
        raise NotSip(
            "credentials that are not supported", wanted="Digest with MD5 or SHA-256, qop auth or none"
        )
    return Credentials(
        username=params["username"],
        realm=params["realm"],
        nonce=params["nonce"],
        uri=params["uri"],
        response=params["response"],
        algorithm=algorithm,
        count=params["nc"] if "qop" in params else None,
        cnonce=params["cnonce"] if "qop" in params else None,
        opaque=params.get("opaque"),
    )


def _params(value: str) -> dict[str, str]:
    """Parameters of a Digest header, names lower-case; empty when it is another scheme."""
    scheme = _SCHEME.match(value)
    if scheme is None:
        return {}
    return {match[1].lower(): unquote(match[2]) for match in _PARAM.finditer(value, scheme.end())}


def _algorithm(params: dict[str, str]) -> Algorithm | None:
    """MD5 where none is named (RFC 7616 §3.3); None for one that we do not support."""
    named = params.get("algorithm", "MD5").upper()
    return next((each for each in Algorithm if each == named), None)
