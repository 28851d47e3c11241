"""REGISTER as a conversation without I/O: requests come out, responses go in, the outcome is returned.

With a contact it registers, with `expires` 0 it takes the binding away, and without a contact it only asks
what is bound (RFC 3261 §10.2.3), which proves the credentials and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field

from installer.sip.digest import Challenge, answer, choose
from installer.sip.fields import NameAddr, NotSip, param, parse_name_addr
from installer.sip.message import Request, Response


@dataclass(frozen=True, slots=True)
class Registration:
    """Who registers, and from where."""

    username: str
    password: str = field(repr=False)
    domain: str
    sent_by: str
    """`host:port` for the Via, as this end sees itself."""
    contact: str | None
    """The URI to bind; None only asks."""
    expires: int
    """Seconds wanted; 0 takes the binding away."""
    call_id: str
    transport: str = "UDP"
    user_agent: str = "punchdown"


@dataclass(frozen=True, slots=True)
class Accepted:
    """200: for how many seconds our contact is bound (0: it is not), and every binding there is."""

    expires: int
    bindings: tuple[NameAddr, ...]
    response: Response
    cseq: int
    """The last one used; the next conversation with this Call-ID starts above it."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Any other final answer; a 401 here means that the credentials were tried and did not serve."""

    response: Response
    cseq: int


Outcome = Accepted | Refused


def register(
    wanted: Registration, token: Callable[[], str], cseq: int = 0
) -> Generator[Request, Response, Outcome]:
    """Converse until there is an outcome; `token` gives random text for tags, branches and cnonces.

    Credentials are tried once, and once more only when the server calls the nonce stale: repeating a wrong
    password gets whole sites banned. An interval too brief (423) is raised once to what the server wants.
    """
    challenge: Challenge | None = None
    expires, tag, retried, raised = wanted.expires, token(), False, False
    while True:
        cseq += 1
        response = yield _request(wanted, expires, cseq, tag, challenge, token)
        if response.status in {401, 407} and (asked := choose(response)) is not None:
            if challenge is None or (asked.stale and not retried):
                retried = challenge is not None
                challenge = asked
                continue
        elif response.status == 423 and not raised and (minimum := _seconds(response.header("Min-Expires"))):
            raised = True
            expires = max(minimum, expires)
            continue
        if 200 <= response.status < 300:
            return _accepted(wanted, expires, response, cseq)
        return Refused(response, cseq)


def _request(
    wanted: Registration,
    expires: int,
    cseq: int,
    tag: str,
    challenge: Challenge | None,
    token: Callable[[], str],
) -> Request:
    uri, aor = f"sip:{wanted.domain}", f"<sip:{wanted.username}@{wanted.domain}>"
    headers = [
        ("Via", f"SIP/2.0/{wanted.transport} {wanted.sent_by};branch=z9hG4bK{token()};rport"),
        ("Max-Forwards", "70"),
        ("From", f"{aor};tag={tag}"),
        ("To", aor),
        ("Call-ID", wanted.call_id),
        ("CSeq", f"{cseq} REGISTER"),
        ("User-Agent", wanted.user_agent),
    ]
    if wanted.contact is not None:
        headers += [("Contact", f"<{wanted.contact}>;expires={expires}"), ("Expires", str(expires))]
    if challenge is not None:
        made = answer(challenge, wanted.username, wanted.password, "REGISTER", uri, token())
        headers.append(("Proxy-Authorization" if challenge.proxy else "Authorization", str(made)))
    return Request(method="REGISTER", uri=uri, headers=(*headers, ("Content-Length", "0")))


def _accepted(wanted: Registration, expires: int, response: Response, cseq: int) -> Accepted:
    bindings = tuple(_contacts(response))
    ours = next((each for each in bindings if each.uri == wanted.contact), None)
    granted = None if ours is None else _seconds(param(ours.params, "expires"))
    if granted is None:
        granted = _seconds(response.header("Expires")) if ours is not None else 0
    return Accepted(expires if granted is None else granted, bindings, response, cseq)


def _contacts(response: Response) -> Generator[NameAddr, None, None]:
    for text in response.listed("Contact"):
        try:
            yield parse_name_addr(text)
        except NotSip:
            continue


def _seconds(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= 10 else None
