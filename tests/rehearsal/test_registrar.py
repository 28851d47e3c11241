"""The registrar, asked in memory: bindings and their time, odd requests, noise."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.sip.message import Response, parse
from installer.sip.registration import Accepted, register
from tests.rehearsal.bench import HOME, WANTED, Bench, status_of, tokens


def test_a_known_line_is_bound_for_the_time_it_asks(bench: Bench) -> None:
    outcome = bench.converse(WANTED)
    assert isinstance(outcome, Accepted)
    assert outcome.expires == 600
    (binding,) = bench.registrar.bindings("line-one-0001")
    assert (binding.contact, binding.source, binding.user_agent) == (WANTED.contact, HOME, "punchdown")


def test_a_binding_runs_out_by_the_clock(bench: Bench) -> None:
    bench.converse(WANTED)
    bench.now += 599.0
    assert bench.registrar.registered("line-one-0001")
    bench.now += 1.0
    assert not bench.registrar.registered("line-one-0001")


def test_a_refresh_begins_the_time_anew_and_expires_0_ends_it(bench: Bench) -> None:
    first = bench.converse(WANTED)
    bench.now += 500.0
    second = bench.converse(WANTED, first.cseq)
    assert isinstance(second, Accepted)
    assert second.expires == 600
    assert len(second.bindings) == 1
    assert status_of(bench.converse(replace(WANTED, expires=0), second.cseq)) == 200
    assert not bench.registrar.registered("line-one-0001")


def test_too_brief_an_interval_is_423_and_too_long_is_cut(bench: Bench) -> None:
    raised = bench.converse(replace(WANTED, expires=3))
    assert isinstance(raised, Accepted)
    assert raised.expires == 10
    cut = bench.converse(replace(WANTED, expires=100_000), raised.cseq)
    assert isinstance(cut, Accepted)
    assert cut.expires == 3600


def test_without_an_expires_the_default_is_granted(bench: Bench) -> None:
    response = bench.answered(WANTED, ("Contact", f"<{WANTED.contact}>"), ("Expires", "soon"))
    assert response is not None
    assert response.listed("Contact") == [f"<{WANTED.contact}>;expires=3600"]


def test_asking_shows_bindings_and_changes_none(bench: Bench) -> None:
    bench.converse(WANTED)
    fetched = bench.converse(replace(WANTED, contact=None, call_id="another"))
    assert isinstance(fetched, Accepted)
    assert [each.uri for each in fetched.bindings] == [WANTED.contact]
    assert len(bench.registrar.bindings("line-one-0001")) == 1
    assert bench.registrar.observations[-1].reason == "fetch"


def test_a_star_takes_everything_away_but_only_with_expires_0(bench: Bench) -> None:
    bench.converse(WANTED)
    kept = bench.answered(WANTED, ("Contact", "*"), ("Expires", "60"))
    gone = bench.answered(WANTED, ("Contact", "*"), ("Expires", "0"))
    assert kept is not None
    assert gone is not None
    assert (kept.status, gone.status, gone.listed("Contact")) == (400, 200, [])


def test_two_contacts_are_both_bound(bench: Bench) -> None:
    response = bench.answered(WANTED, ("Contact", "<sip:a@h>;expires=60, <sip:b@h>;expires=70"))
    assert response is not None
    assert len(response.listed("Contact")) == 2


def test_an_old_number_in_the_same_call_is_out_of_order(bench: Bench) -> None:
    bench.answered(WANTED, cseq=50)
    late = bench.answered(WANTED, cseq=40)
    assert late is not None
    assert late.status == 500


def test_a_resent_request_gets_the_answer_it_had(bench: Bench) -> None:
    request = next(register(WANTED, tokens()))
    first, again = bench.ask(request), bench.ask(request)
    assert first == again
    assert len(bench.registrar.observations) == 1
    bench.now += 33.0
    assert bench.ask(request) != first
    assert len(bench.registrar.observations) == 2


def test_the_via_says_where_the_request_came_from(bench: Bench) -> None:
    response = bench.ask(next(register(WANTED, tokens())), ("192.0.2.8", 6000))
    assert response is not None
    assert ";rport=6000" in (response.header("Via") or "")
    assert ";received=192.0.2.8" in (response.header("Via") or "")


def test_options_are_answered_and_other_methods_not_allowed(bench: Bench) -> None:
    request = next(register(WANTED, tokens()))
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
    bench: Bench, headers: tuple[tuple[str, str], ...]
) -> None:
    response = bench.answered(WANTED, *headers)
    assert response is not None
    assert response.status == 400


def test_a_muted_line_gets_no_answer_and_that_is_seen(bench: Bench) -> None:
    bench.registrar.muted.add("line-one-0001")
    assert bench.ask(next(register(WANTED, tokens()))) is None
    assert bench.registrar.observations[-1].reason == "muted"


@given(st.binary(max_size=200))
def test_no_datagram_upsets_it(datagram: bytes) -> None:
    bench = Bench()
    answer = bench.registrar.answer(datagram, HOME)
    assert answer is None or isinstance(parse(answer), Response)


@given(st.integers(0, 600), st.binary(min_size=1, max_size=4))
def test_no_damaged_request_upsets_it(at: int, octets: bytes) -> None:
    bench = Bench()
    whole = next(register(WANTED, tokens())).encode()
    answer = bench.registrar.answer(whole[:at] + octets + whole[at + 1 :], HOME)
    assert answer is None or isinstance(parse(answer), Response)
