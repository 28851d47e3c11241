from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.alianza.failures import Throttled
from installer.alianza.retry import Again, Budget, CallKind, Decision, SignInAgain, Stop, Tries, decide
from installer.errors import Certainty, NetworkFailure, PlatformFailure, Rejected, SignInFailure

WRITES = [CallKind.CREATE, CallKind.VALUE_WRITE, CallKind.DELETE]
FAILURES: dict[str, PlatformFailure] = {
    "never-sent": NetworkFailure("", code="dns", certainty=Certainty.NEVER_SENT),
    "late-connect": NetworkFailure("", code="deadline", certainty=Certainty.NEVER_SENT),
    "deadline": NetworkFailure("", code="deadline", certainty=Certainty.UNKNOWN),
    "cut": NetworkFailure("", code="cut", certainty=Certainty.UNKNOWN),
    "unreadable": NetworkFailure("", code="unreadable", certainty=Certainty.UNKNOWN, status=200),
    "bad-reply": NetworkFailure("", code="bad-reply", certainty=Certainty.UNKNOWN, status=200),
    "portal": NetworkFailure("", code="portal", certainty=Certainty.UNKNOWN, status=200),
    "redirect": NetworkFailure("", code="redirect", certainty=Certainty.UNKNOWN, status=302),
    "no-verdict": NetworkFailure("", code="no-verdict", certainty=Certainty.UNKNOWN, status=200),
    "500": Rejected("", code="http-500", certainty=Certainty.UNKNOWN, status=500),
    "503": Throttled("", code="http-503", certainty=Certainty.UNKNOWN, status=503),
    "429": Throttled("", code="http-429", certainty=Certainty.NOT_EXECUTED, status=429),
    "401": SignInFailure("", code="ExpiredAuthToken", certainty=Certainty.NOT_EXECUTED, status=401),
    "400": Rejected("", code="http-400", certainty=Certainty.NOT_EXECUTED, status=400),
    "403": SignInFailure("", code="http-403", certainty=Certainty.NOT_EXECUTED, status=403),
    "404": Rejected("", code="http-404", certainty=Certainty.NOT_EXECUTED, status=404),
    "409": Rejected("", code="http-409", certainty=Certainty.UNKNOWN, status=409),
    "422": Rejected("", code="http-422", certainty=Certainty.NOT_EXECUTED, status=422),
}
READ_AGAIN = {"never-sent", "late-connect", "deadline", "cut", "unreadable", "500", "503", "429"}
WRITE_AGAIN = {"never-sent", "late-connect", "429"}


def decided(kind: CallKind, failure: PlatformFailure, tries: Tries | None = None) -> Decision:
    return decide(kind, failure, tries or Tries(), Budget(), lambda: 0.5)


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize("kind", CallKind)
def test_the_table_of_the_protocol(kind: CallKind, name: str) -> None:
    again = READ_AGAIN if kind is CallKind.READ else WRITE_AGAIN
    decision = decided(kind, FAILURES[name])
    if name == "401":
        assert decision == SignInAgain()
    elif name in again:
        assert decision == Again(0.5)
    else:
        assert decision == Stop()


@pytest.mark.parametrize("kind", CallKind)
def test_a_second_401_stops(kind: CallKind) -> None:
    assert decided(kind, FAILURES["401"], Tries(2, signed_in_again=True)) == Stop()


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize("kind", CallKind)
def test_the_third_attempt_is_the_last(kind: CallKind, name: str) -> None:
    assert decided(kind, FAILURES[name], Tries(3)) == Stop()


def test_the_platforms_wait_is_kept_and_ours_doubles() -> None:
    throttle = Throttled("", code="http-429", certainty=Certainty.NOT_EXECUTED, status=429)
    throttle.retry_after = 90.0
    assert decided(CallKind.CREATE, throttle) == Again(90.0)
    assert decided(CallKind.READ, FAILURES["cut"], Tries(1)) == Again(0.5)
    assert decided(CallKind.READ, FAILURES["cut"], Tries(2)) == Again(1.0)


def test_the_budget_is_shared_and_runs_dry() -> None:
    budget = Budget(30)
    outcomes = [decide(CallKind.READ, FAILURES["cut"], Tries(), budget, lambda: 0.0) for _ in range(3)]
    assert outcomes == [Again(0.0), Again(0.0), Stop()]
    assert budget.tokens == 2
    assert decide(CallKind.READ, FAILURES["429"], Tries(), budget, lambda: 0.0) == Stop()
    for _ in range(3):
        budget.succeeded()
    assert decide(CallKind.READ, FAILURES["429"], Tries(), budget, lambda: 0.0) == Again(0.0)


def test_success_never_fills_the_budget_beyond_its_size() -> None:
    budget = Budget(5)
    budget.succeeded()
    assert budget.tokens == 5


@given(
    st.sampled_from(WRITES),
    st.sampled_from(sorted(FAILURES)),
    st.integers(1, 4),
    st.booleans(),
    st.integers(0, 500),
)
def test_a_write_is_only_repeated_where_the_platform_did_nothing(
    kind: CallKind, name: str, attempt: int, signed: bool, tokens: int
) -> None:
    failure = FAILURES[name]
    decision = decide(kind, failure, Tries(attempt, signed), Budget(tokens), lambda: 1.0)
    if not isinstance(decision, Stop):
        assert failure.certainty is not Certainty.UNKNOWN
        assert attempt < 3
