"""The SIP registrar: UDP, digest, bindings (RFC 3261 §10.3), knowing the lines the platform has.

A wrong password and an unknown user get the same 401, as real registrars answer; a domain that is not ours
404, another's address of record 403.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.utils import formatdate
from pathlib import Path
from typing import cast

from installer.rehearsal.bindings import Address, Binding, Bindings
from installer.sip.digest import Algorithm, Challenge, Credentials, parse_credentials
from installer.sip.fields import NameAddr, NotSip, Via, param, parse_name_addr, parse_uri, parse_via
from installer.sip.message import Headers, Request, Response, parse

_ALLOW = "OPTIONS, REGISTER"
_ANSWER_KEPT = 32.0
"""Seconds for which a resent request gets the answer it had: 64 T1."""
_OBSERVATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Policy:
    """How the registrar behaves; times in seconds."""

    algorithms: tuple[Algorithm, ...] = (Algorithm.MD5,)
    """One challenge each, in this order."""
    qop: bool = True
    nonce_life: float = 300.0
    default_expires: int = 3600
    min_expires: int = 10
    """Less is answered 423."""
    max_expires: int = 3600


@dataclass(frozen=True, slots=True)
class Observation:
    """One request that came in, and what it got."""

    at: float
    source: Address
    method: str
    username: str
    status: int | None
    """None: no answer was given."""
    reason: str
    user_agent: str


class Registrar:
    """Answers datagrams; `password_of` gives the passwords of lines with that SIP username.

    With `kept`, a file, bindings last until they run out, also where this process ends before.
    """

    def __init__(
        self,
        domain: str,
        password_of: Callable[[str], list[str]],
        now: Callable[[], float],
        token: Callable[[], str],
        kept: Path | None = None,
    ) -> None:
        self.domain = domain
        self.policy = Policy()
        self.muted: set[str] = set()
        """SIP usernames whose requests get no answer."""
        self.observations: deque[Observation] = deque(maxlen=_OBSERVATIONS)
        self._password_of = password_of
        self._now = now
        self._token = token
        self._hosts = {domain}
        self._bindings = Bindings(now, kept)
        self._nonces: dict[str, float] = {}
        self._answers: dict[tuple[Address, str], tuple[float, bytes]] = {}

    def also_known_as(self, host: str) -> None:
        """Take requests to this host as meant for the domain."""
        self._hosts.add(host)

    def bindings(self, username: str) -> tuple[Binding, ...]:
        """Those that have not run out."""
        return tuple(self._bindings.of(username).values())

    def registered(self, username: str) -> bool:
        return bool(self.bindings(username))

    def answer(self, datagram: bytes, source: Address) -> bytes | None:
        """What goes back to `source`; None for what gets no answer."""
        try:
            request = parse(datagram)
            if not isinstance(request, Request) or request.method == "ACK":
                return None
            via = parse_via(request.listed("Via")[0])
            resent = (source, f"{request.method} {param(via.params, 'branch')} {request.header('CSeq')}")
        except (NotSip, IndexError):
            self._observe(source, "", "", None, "not a SIP request", "")
            return None
        self._forget_answers()
        if resent not in self._answers:
            response = self._respond(request, source)
            if response is None:
                return None
            self._answers[resent] = (self._now(), _reply(request, response, via, source).encode())
        return self._answers[resent][1]

    def _forget_answers(self) -> None:
        oldest = self._now() - _ANSWER_KEPT
        while self._answers:
            key, (made, _) = next(iter(self._answers.items()))
            if made > oldest:
                break
            del self._answers[key]

    def _respond(self, request: Request, source: Address) -> Response | None:
        username = ""
        try:
            target = parse_uri(parse_name_addr(request.header("To") or "").uri)
            username = target.user or ""
            if username in self.muted:
                response, reason = None, "muted"
            else:
                response, reason = self._dispatch(request, username, target.host, source)
        except _Refusal as refusal:
            response, reason = refusal.response, refusal.reason
        except NotSip as fault:
            response, reason = Response(status=400, reason="Bad Request", headers=()), fault.message
        status = None if response is None else response.status
        self._observe(source, request.method, username, status, reason, request.header("User-Agent") or "")
        return response

    def _observe(
        self, source: Address, method: str, username: str, status: int | None, reason: str, agent: str
    ) -> None:
        self.observations.append(Observation(self._now(), source, method, username, status, reason, agent))

    def _dispatch(self, request: Request, username: str, host: str, source: Address) -> tuple[Response, str]:
        if request.method == "OPTIONS":
            return _response(200, "OK", ("Allow", _ALLOW), ("Accept", "application/sdp")), "options"
        if request.method != "REGISTER":
            raise _Refusal(_response(405, "Method Not Allowed", ("Allow", _ALLOW)), "method")
        if host not in self._hosts:
            raise _Refusal(_response(404, "Not here"), "domain")
        self._authenticate(request, username)
        return self._register(request, username, source)

    def _authenticate(self, request: Request, username: str) -> None:
        header = request.header("Authorization")
        if header is None:
            raise self._challenge("no credentials")
        given = parse_credentials(header)
        if not self._proven(given, request.method):
            raise self._challenge("wrong password or unknown user")
        if self._nonces.get(given.nonce, 0.0) < self._now():
            raise self._challenge("stale nonce", stale=True)
        if given.username != username:
            raise _Refusal(_response(403, "Forbidden"), "another's address of record")

    def _proven(self, given: Credentials, method: str) -> bool:
        known = given.realm == self.domain and given.algorithm in self.policy.algorithms
        return known and any(given.proves(password, method) for password in self._password_of(given.username))

    def _challenge(self, reason: str, *, stale: bool = False) -> _Refusal:
        now = self._now()
        self._nonces = {nonce: until for nonce, until in self._nonces.items() if until >= now}
        nonce = self._token()
        self._nonces[nonce] = now + self.policy.nonce_life
        headers = [
            (
                "WWW-Authenticate",
                str(Challenge(self.domain, nonce, algorithm, qop=self.policy.qop, stale=stale)),
            )
            for algorithm in self.policy.algorithms
        ]
        return _Refusal(_response(401, "Unauthorized", *headers), reason)

    def _register(self, request: Request, username: str, source: Address) -> tuple[Response, str]:
        contacts = request.listed("Contact")
        if contacts == ["*"]:
            if request.header("Expires") != "0":
                raise _Refusal(_response(400, "Invalid Request"), "* without Expires: 0")
            for held in self._bindings.of(username):
                self._bindings.end(username, held)
            return self._listing(username), "all bindings removed"
        wanted = [parse_name_addr(contact) for contact in contacts]
        stated = [(contact, self._expires(contact, request)) for contact in wanted]
        for contact, expires in stated:
            self._bind(username, contact.uri, expires, request, source)
        return self._listing(username), "bound" if contacts else "fetch"

    def _expires(self, contact: NameAddr, request: Request) -> int:
        text = param(contact.params, "expires") or request.header("Expires") or ""
        wanted = (
            int(text) if text.isascii() and text.isdigit() and len(text) < 11 else self.policy.default_expires
        )
        if 0 < wanted < self.policy.min_expires:
            brief = _response(423, "Interval Too Brief", ("Min-Expires", str(self.policy.min_expires)))
            raise _Refusal(brief, "interval too brief")
        return min(wanted, self.policy.max_expires)

    def _bind(self, username: str, contact: str, expires: int, request: Request, source: Address) -> None:
        call_id, cseq = request.header("Call-ID") or "", _cseq(request)
        standing = self._bindings.of(username).get(contact)
        if standing is not None and standing.call_id == call_id and cseq <= standing.cseq:
            raise _Refusal(_response(500, "Out of order"), "CSeq not above the last one")
        if expires == 0:
            self._bindings.end(username, contact)
            return
        agent = request.header("User-Agent") or ""
        binding = Binding(contact, source, self._now() + expires, call_id, cseq, agent)
        self._bindings.bind(username, binding)

    def _listing(self, username: str) -> Response:
        now = self._now()
        contacts = [
            ("Contact", f"<{each.contact}>;expires={round(each.expires_at - now)}")
            for each in self.bindings(username)
        ]
        return _response(200, "OK", *contacts, ("Date", formatdate(now, usegmt=True)))


class _Refusal(Exception):
    def __init__(self, response: Response, reason: str) -> None:
        super().__init__(reason)
        self.response = response
        self.reason = reason


def _response(status: int, reason: str, *headers: tuple[str, str]) -> Response:
    return Response(status=status, reason=reason, headers=headers)


def _cseq(request: Request) -> int:
    number, _, method = (request.header("CSeq") or "").partition(" ")
    if not (number.isascii() and number.isdigit() and len(number) < 11) or method.strip() != request.method:
        raise NotSip("not a CSeq", wanted="a number and the method")
    return int(number)


def _reply(request: Request, response: Response, via: Via, source: Address) -> Response:
    """With what every response copies (RFC 3261 §8.2.6), the Via marked by its source (RFC 3581)."""
    marked = tuple(
        (name, str(source[1]) if name == "rport" else value)
        for name, value in via.params
        if name != "received"
    )
    top = str(replace(via, params=(*marked, ("received", source[0]))))
    rest = request.listed("Via")[1:]
    copied: Headers = tuple(
        (name, value)
        for name in ("From", "To", "Call-ID", "CSeq")
        if (value := request.header(name)) is not None
    )
    vias: Headers = tuple(("Via", each) for each in (top, *rest))
    tagged = tuple((name, _tagged(value) if name == "To" else value) for name, value in copied)
    return replace(response, headers=(*vias, *tagged, *response.headers, ("Server", "rehearsal")))


def _tagged(to: str) -> str:
    return to if ";tag=" in to.lower() else f"{to};tag=rehearsal"


class RegistrarProtocol(asyncio.DatagramProtocol):
    """The registrar on a UDP socket."""

    def __init__(self, registrar: Registrar) -> None:
        self._registrar = registrar

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, datagram: bytes, source: Address) -> None:
        answer = self._registrar.answer(datagram, source)
        if answer is not None:
            self._transport.sendto(answer, source)
