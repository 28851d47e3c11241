"""The REGISTER conversation, with answers made by hand and credentials checked as a server would."""

from collections.abc import Callable
from itertools import count

import pytest

from installer.sip.digest import Challenge, parse_credentials
from installer.sip.message import Request, Response
from installer.sip.registration import Accepted, Outcome, Refused, Registration, register

WANTED = Registration(
    username="line1",
    password="pass word",
    domain="sip.example",
    sent_by="127.0.0.1:5060",
    contact="sip:line1@127.0.0.1:5060",
    expires=600,
    call_id="call",
)
OURS = ("Contact", "<sip:line1@127.0.0.1:5060>;expires=300")


def _response(status: int, *headers: tuple[str, str]) -> Response:
    return Response(status=status, reason="", headers=headers)


def _challenge(nonce: str, *, stale: bool = False, name: str = "WWW-Authenticate") -> tuple[str, str]:
    return name, str(Challenge("realm", nonce, stale=stale))


def _tokens() -> Callable[[], str]:
    numbers = count()
    return lambda: f"t{next(numbers)}"


def _converse(wanted: Registration, *answers: Response) -> tuple[list[Request], Outcome]:
    talk = register(wanted, _tokens())
    requests = [next(talk), *(talk.send(response) for response in answers[:-1])]
    with pytest.raises(StopIteration) as end:
        talk.send(answers[-1])
    outcome: Outcome = end.value.value
    return requests, outcome


def test_a_challenge_is_answered_once_with_the_realm_that_was_sent() -> None:
    requests, outcome = _converse(WANTED, _response(401, _challenge("n1")), _response(200, OURS))
    assert requests[0].header("Authorization") is None
    credentials = parse_credentials(requests[1].header("Authorization") or "")
    assert (credentials.realm, credentials.nonce) == ("realm", "n1")
    assert credentials.proves("pass word", "REGISTER")
    assert isinstance(outcome, Accepted)
    assert (outcome.expires, outcome.cseq, len(outcome.bindings)) == (300, 2, 1)


def test_each_request_has_its_own_branch_and_number_and_the_same_call() -> None:
    requests, _ = _converse(WANTED, _response(401, _challenge("n1")), _response(200, OURS))
    assert [request.header("CSeq") for request in requests] == ["1 REGISTER", "2 REGISTER"]
    assert len({request.header("Via") for request in requests}) == 2
    assert len({request.header("Call-ID") for request in requests}) == 1
    assert len({request.header("From") for request in requests}) == 1


def test_a_second_challenge_ends_it_so_that_nobody_is_banned() -> None:
    requests, outcome = _converse(WANTED, _response(401, _challenge("n1")), _response(401, _challenge("n2")))
    assert len(requests) == 2
    assert isinstance(outcome, Refused)
    assert outcome.response.status == 401


def test_a_stale_nonce_is_renewed_once_and_no_more() -> None:
    stale = _response(401, _challenge("n2", stale=True))
    requests, outcome = _converse(WANTED, _response(401, _challenge("n1")), stale, stale)
    assert [parse_credentials(request.header("Authorization") or "").nonce for request in requests[1:]] == [
        "n1",
        "n2",
    ]
    assert isinstance(outcome, Refused)


def test_a_proxy_is_answered_in_its_own_header() -> None:
    requests, _ = _converse(
        WANTED, _response(407, _challenge("n", name="Proxy-Authenticate")), _response(200)
    )
    assert requests[1].header("Proxy-Authorization") is not None


def test_a_challenge_that_cannot_be_answered_is_a_refusal() -> None:
    _, outcome = _converse(WANTED, _response(401, ("WWW-Authenticate", "Bearer x")))
    assert isinstance(outcome, Refused)


def test_an_interval_too_brief_is_raised_once() -> None:
    brief = _response(423, ("Min-Expires", "1800"))
    requests, outcome = _converse(WANTED, brief, brief)
    assert requests[1].header("Expires") == "1800"
    assert isinstance(outcome, Refused)


@pytest.mark.parametrize("headers", [(), (("Min-Expires", "soon"),), (("Min-Expires", "0"),)])
def test_a_423_that_names_no_interval_is_a_refusal(headers: tuple[tuple[str, str], ...]) -> None:
    assert isinstance(_converse(WANTED, _response(423, *headers))[1], Refused)


@pytest.mark.parametrize(
    "headers,expires",
    [
        ((("Contact", "<sip:line1@127.0.0.1:5060>"), ("Expires", "120")), 120),
        ((("Contact", "<sip:line1@127.0.0.1:5060>"),), 600),
        ((("Contact", "<sip:other@h>;expires=9"), ("Expires", "120")), 0),
        ((("Contact", "<sip:broken"),), 0),
        ((), 0),
    ],
)
def test_the_time_granted_is_that_of_our_own_contact(
    headers: tuple[tuple[str, str], ...], expires: int
) -> None:
    _, outcome = _converse(WANTED, _response(200, *headers))
    assert isinstance(outcome, Accepted)
    assert outcome.expires == expires


def test_without_a_contact_it_only_asks() -> None:
    asking = Registration(
        username="line1",
        password="p",
        domain="sip.example",
        sent_by="h:1",
        contact=None,
        expires=600,
        call_id="c",
    )
    requests, outcome = _converse(asking, _response(200, OURS))
    assert requests[0].header("Contact") is None
    assert requests[0].header("Expires") is None
    assert isinstance(outcome, Accepted)
    assert (outcome.expires, outcome.bindings[0].uri) == (0, "sip:line1@127.0.0.1:5060")


def test_the_password_is_in_no_representation() -> None:
    assert "pass word" not in repr(WANTED)
