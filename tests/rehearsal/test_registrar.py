"""The registrar, asked in memory, and over a UDP socket as any user agent would."""

import asyncio
import random
import socket
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.registrar import Policy, Registrar
from installer.sip.digest import Algorithm, choose
from installer.sip.message import Request, Response, parse
from installer.sip.registration import Accepted, Outcome, Refused, Registration, register
from tests.rehearsal.visitor import LINES, TOWER, create

HOME = ("127.0.0.1", 40000)
WANTED = Registration(
    username="line-one-0001",
    password="s3cret",
    domain="sip.test",
    sent_by="127.0.0.1:40000",
    contact="sip:line-one-0001@127.0.0.1:40000",
    expires=600,
    call_id="one-call",
)


class _Bench:
    """A registrar that knows two lines, and the time."""

    def __init__(self) -> None:
        self.now = 1000.0
        numbers = count()
        lines = {"line-one-0001": ["s3cret"], "line-two-0002": ["other"]}
        self.registrar = Registrar(
            "sip.test",
            lambda username: lines.get(username, []),
            lambda: self.now,
            lambda: f"nonce{next(numbers)}",
        )

    def ask(self, request: Request, source: tuple[str, int] = HOME) -> Response | None:
        octets = self.registrar.answer(request.encode(), source)
        message = None if octets is None else parse(octets)
        assert not isinstance(message, Request)
        return message

    def converse(self, wanted: Registration, cseq: int = 0) -> Outcome:
        talk = register(wanted, _tokens(), cseq)
        request = next(talk)
        while True:
            response = self.ask(request)
            assert response is not None
            try:
                request = talk.send(response)
            except StopIteration as end:
                outcome: Outcome = end.value
                return outcome

    def answered(self, wanted: Registration, *headers: tuple[str, str], cseq: int = 50) -> Response | None:
        """What a request gets that carries good credentials and these headers besides."""
        talk = register(wanted, _tokens(), cseq)
        challenged = self.ask(next(talk))
        assert challenged is not None
        request = talk.send(challenged)
        names = {name for name, _ in headers}
        kept = tuple((name, value) for name, value in request.headers if name not in names)
        return self.ask(replace(request, headers=(*kept, *headers)))


def _tokens() -> Callable[[], str]:
    chance = random.Random()
    return lambda: f"{chance.getrandbits(64):x}"


def _status(outcome: Outcome) -> int:
    return outcome.response.status


@pytest.fixture
def bench() -> _Bench:
    return _Bench()


def test_a_known_line_is_bound_for_the_time_it_asks(bench: _Bench) -> None:
    outcome = bench.converse(WANTED)
    assert isinstance(outcome, Accepted)
    assert outcome.expires == 600
    (binding,) = bench.registrar.bindings("line-one-0001")
    assert (binding.contact, binding.source, binding.user_agent) == (WANTED.contact, HOME, "punchdown")


def test_a_binding_runs_out_by_the_clock(bench: _Bench) -> None:
    bench.converse(WANTED)
    bench.now += 599.0
    assert bench.registrar.registered("line-one-0001")
    bench.now += 1.0
    assert not bench.registrar.registered("line-one-0001")


def test_a_refresh_begins_the_time_anew_and_expires_0_ends_it(bench: _Bench) -> None:
    first = bench.converse(WANTED)
    bench.now += 500.0
    second = bench.converse(WANTED, first.cseq)
    assert isinstance(second, Accepted)
    assert second.expires == 600
    assert len(second.bindings) == 1
    assert _status(bench.converse(replace(WANTED, expires=0), second.cseq)) == 200
    assert not bench.registrar.registered("line-one-0001")


def test_a_wrong_password_and_an_unknown_user_look_alike(bench: _Bench) -> None:
    wrong = bench.converse(replace(WANTED, password="wrong"))
    unknown = bench.converse(replace(WANTED, username="nobody-0000", contact="sip:nobody-0000@h"))
    assert [_status(wrong), _status(unknown)] == [401, 401]
    assert isinstance(wrong, Refused)
    names = [[name for name, _ in each.response.headers] for each in (wrong, unknown)]
    assert names[0] == names[1]
    assert {seen.reason for seen in bench.registrar.observations} == {
        "no credentials",
        "wrong password or unknown user",
    }


def test_another_domain_is_not_here_and_anothers_address_forbidden(bench: _Bench) -> None:
    assert _status(bench.converse(replace(WANTED, domain="else.test"))) == 404
    forged = bench.answered(WANTED, ("To", "<sip:line-two-0002@sip.test>"))
    assert forged is not None
    assert forged.status == 403
    assert not bench.registrar.registered("line-two-0002")


def test_another_name_of_the_registrar_serves_too(bench: _Bench) -> None:
    bench.registrar.also_known_as("127.0.0.1")
    assert _status(bench.converse(replace(WANTED, domain="127.0.0.1"))) == 200


def test_an_old_nonce_is_called_stale_and_a_new_one_serves(bench: _Bench) -> None:
    talk = register(WANTED, _tokens())
    challenged = bench.ask(next(talk))
    assert challenged is not None
    second = talk.send(challenged)
    bench.now += bench.registrar.policy.nonce_life + 1
    stale = bench.ask(second)
    assert stale is not None
    asked = choose(stale)
    assert asked is not None
    assert asked.stale
    third = bench.ask(talk.send(stale))
    assert third is not None
    assert third.status == 200


def test_a_nonce_nobody_gave_is_stale_even_with_a_good_answer(bench: _Bench) -> None:
    outcome = _Bench().ask(next(register(WANTED, _tokens())))
    assert outcome is not None
    talk = register(WANTED, _tokens())
    next(talk)
    stale = bench.ask(talk.send(outcome))
    assert stale is not None
    assert "stale=true" in (stale.header("WWW-Authenticate") or "")


def test_too_brief_an_interval_is_423_and_too_long_is_cut(bench: _Bench) -> None:
    raised = bench.converse(replace(WANTED, expires=3))
    assert isinstance(raised, Accepted)
    assert raised.expires == 10
    cut = bench.converse(replace(WANTED, expires=100_000), raised.cseq)
    assert isinstance(cut, Accepted)
    assert cut.expires == 3600


def test_without_an_expires_the_default_is_granted(bench: _Bench) -> None:
    response = bench.answered(WANTED, ("Contact", f"<{WANTED.contact}>"), ("Expires", "soon"))
    assert response is not None
    assert response.listed("Contact") == [f"<{WANTED.contact}>;expires=3600"]


def test_asking_shows_bindings_and_changes_none(bench: _Bench) -> None:
    bench.converse(WANTED)
    fetched = bench.converse(replace(WANTED, contact=None, call_id="another"))
    assert isinstance(fetched, Accepted)
    assert [each.uri for each in fetched.bindings] == [WANTED.contact]
    assert len(bench.registrar.bindings("line-one-0001")) == 1
    assert bench.registrar.observations[-1].reason == "fetch"


def test_a_star_takes_everything_away_but_only_with_expires_0(bench: _Bench) -> None:
    bench.converse(WANTED)
    kept = bench.answered(WANTED, ("Contact", "*"), ("Expires", "60"))
    gone = bench.answered(WANTED, ("Contact", "*"), ("Expires", "0"))
    assert kept is not None
    assert gone is not None
    assert (kept.status, gone.status, gone.listed("Contact")) == (400, 200, [])


def test_two_contacts_are_both_bound(bench: _Bench) -> None:
    response = bench.answered(WANTED, ("Contact", "<sip:a@h>;expires=60, <sip:b@h>;expires=70"))
    assert response is not None
    assert len(response.listed("Contact")) == 2


def test_an_old_number_in_the_same_call_is_out_of_order(bench: _Bench) -> None:
    bench.answered(WANTED, cseq=50)
    late = bench.answered(WANTED, cseq=40)
    assert late is not None
    assert late.status == 500


def test_a_resent_request_gets_the_answer_it_had(bench: _Bench) -> None:
    request = next(register(WANTED, _tokens()))
    first, again = bench.ask(request), bench.ask(request)
    assert first == again
    assert len(bench.registrar.observations) == 1
    bench.now += 33.0
    assert bench.ask(request) != first
    assert len(bench.registrar.observations) == 2


def test_the_via_says_where_the_request_came_from(bench: _Bench) -> None:
    response = bench.ask(next(register(WANTED, _tokens())), ("192.0.2.8", 6000))
    assert response is not None
    assert ";rport=6000" in (response.header("Via") or "")
    assert ";received=192.0.2.8" in (response.header("Via") or "")


def test_options_are_answered_and_other_methods_not_allowed(bench: _Bench) -> None:
    request = next(register(WANTED, _tokens()))
    options = bench.ask(replace(request, method="OPTIONS"))
    invite = bench.ask(replace(request, method="INVITE"))
    assert options is not None
    assert invite is not None
    assert (options.status, invite.status) == (200, 405)
    assert options.header("Allow") == invite.header("Allow") == "OPTIONS, REGISTER"
    assert bench.ask(replace(request, method="ACK")) is None


@pytest.mark.parametrize(
    "headers",
    [(("To", "nothing"),), (("CSeq", "x REGISTER"),), (("CSeq", "7 INVITE"),), (("Contact", "<sip:open"),)],
)
def test_a_request_that_makes_no_sense_is_a_bad_request(
    bench: _Bench, headers: tuple[tuple[str, str], ...]
) -> None:
    response = bench.answered(WANTED, *headers)
    assert response is not None
    assert response.status == 400


def test_a_muted_line_gets_no_answer_and_that_is_seen(bench: _Bench) -> None:
    bench.registrar.muted.add("line-one-0001")
    assert bench.ask(next(register(WANTED, _tokens()))) is None
    assert bench.registrar.observations[-1].reason == "muted"


@pytest.mark.parametrize("qop", [True, False])
@pytest.mark.parametrize(
    "algorithms", [(Algorithm.MD5,), (Algorithm.SHA256,), (Algorithm.SHA256, Algorithm.MD5)]
)
def test_each_digest_serves(bench: _Bench, qop: bool, algorithms: tuple[Algorithm, ...]) -> None:
    bench.registrar.policy = Policy(algorithms=algorithms, qop=qop)
    assert _status(bench.converse(WANTED)) == 200


def test_a_digest_that_was_not_offered_does_not_serve(bench: _Bench) -> None:
    talk = register(WANTED, _tokens())
    challenged = bench.ask(next(talk))
    assert challenged is not None
    request = talk.send(challenged)
    bench.registrar.policy = Policy(algorithms=(Algorithm.SHA256,))
    refused = bench.ask(request)
    assert refused is not None
    assert refused.status == 401


@given(st.binary(max_size=200))
def test_no_datagram_upsets_it(datagram: bytes) -> None:
    bench = _Bench()
    answer = bench.registrar.answer(datagram, HOME)
    assert answer is None or isinstance(parse(answer), Response)


@given(st.integers(0, 600), st.binary(min_size=1, max_size=4))
def test_no_damaged_request_upsets_it(at: int, octets: bytes) -> None:
    bench = _Bench()
    whole = next(register(WANTED, _tokens())).encode()
    answer = bench.registrar.answer(whole[:at] + octets + whole[at + 1 :], HOME)
    assert answer is None or isinstance(parse(answer), Response)


def _over_udp(platform: RehearsalPlatform, wanted: Registration) -> Outcome:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(10)
        sock.connect((platform.registrar_host, platform.registrar_port))
        talk = register(wanted, _tokens())
        request = next(talk)
        while True:
            sock.send(request.encode())
            response = parse(sock.recv(65535))
            assert isinstance(response, Response)
            try:
                request = talk.send(response)
            except StopIteration as end:
                outcome: Outcome = end.value
                return outcome


async def test_a_created_line_registers_over_udp_and_the_api_says_so(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    line = await create(client, sipUsername="line-one-0001", sipPassword="s3cret")
    status = f"{TOWER}/deviceline/{line['deviceId']}/registrationstatus"
    wanted = replace(WANTED, domain=platform.sip_domain)
    assert _status(await asyncio.to_thread(_over_udp, platform, replace(wanted, password="wrong"))) == 401
    assert (await client.get(status)).json() == {"registered": False}
    assert _status(await asyncio.to_thread(_over_udp, platform, wanted)) == 200
    assert (await client.get(status)).json() == {"registered": True}
    platform.advance(601)
    assert (await client.get(status)).json() == {"registered": False}


async def test_a_deleted_line_registers_no_more(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    line = await create(client, sipUsername="line-one-0001", sipPassword="s3cret")
    await client.delete(f"{LINES}/{line['id']}")
    wanted = replace(WANTED, domain=platform.sip_domain)
    assert _status(await asyncio.to_thread(_over_udp, platform, wanted)) == 401
