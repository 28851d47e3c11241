"""Who may register: digests, nonces, passwords, and whose address it is."""

from dataclasses import replace

import pytest

from installer.rehearsal.registrar import Policy
from installer.sip.digest import Algorithm, choose
from installer.sip.registration import Refused, register
from tests.rehearsal.bench import WANTED, Bench, status_of, tokens


def test_a_wrong_password_and_an_unknown_user_look_alike(bench: Bench) -> None:
    wrong = bench.converse(replace(WANTED, password="wrong"))
    unknown = bench.converse(replace(WANTED, username="nobody-0000", contact="sip:nobody-0000@h"))
    assert [status_of(wrong), status_of(unknown)] == [401, 401]
    assert isinstance(wrong, Refused)
    names = [[name for name, _ in each.response.headers] for each in (wrong, unknown)]
    assert names[0] == names[1]
    assert {seen.reason for seen in bench.registrar.observations} == {
        "no credentials",
        "wrong password or unknown user",
    }


def test_another_domain_is_not_here_and_anothers_address_forbidden(bench: Bench) -> None:
    assert status_of(bench.converse(replace(WANTED, domain="else.test"))) == 404
    forged = bench.answered(WANTED, ("To", "<sip:line-two-0002@sip.test>"))
    assert forged is not None
    assert forged.status == 403
    assert not bench.registrar.registered("line-two-0002")


def test_another_name_of_the_registrar_serves_too(bench: Bench) -> None:
    bench.registrar.also_known_as("127.0.0.1")
    assert status_of(bench.converse(replace(WANTED, domain="127.0.0.1"))) == 200


def test_an_old_nonce_is_called_stale_and_a_new_one_serves(bench: Bench) -> None:
    talk = register(WANTED, tokens())
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


def test_a_nonce_nobody_gave_is_stale_even_with_a_good_answer(bench: Bench) -> None:
    outcome = Bench().ask(next(register(WANTED, tokens())))
    assert outcome is not None
    talk = register(WANTED, tokens())
    next(talk)
    stale = bench.ask(talk.send(outcome))
    assert stale is not None
    assert "stale=true" in (stale.header("WWW-Authenticate") or "")


@pytest.mark.parametrize("qop", [True, False])
@pytest.mark.parametrize(
    "algorithms", [(Algorithm.MD5,), (Algorithm.SHA256,), (Algorithm.SHA256, Algorithm.MD5)]
)
def test_each_digest_serves(bench: Bench, qop: bool, algorithms: tuple[Algorithm, ...]) -> None:
    bench.registrar.policy = Policy(algorithms=algorithms, qop=qop)
    assert status_of(bench.converse(WANTED)) == 200


def test_a_digest_that_was_not_offered_does_not_serve(bench: Bench) -> None:
    talk = register(WANTED, tokens())
    challenged = bench.ask(next(talk))
    assert challenged is not None
    request = talk.send(challenged)
    bench.registrar.policy = Policy(algorithms=(Algorithm.SHA256,))
    refused = bench.ask(request)
    assert refused is not None
    assert refused.status == 401
