from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from installer.cli.exits import Exit, first_of, of_error, of_findings, of_outcomes, of_plan
from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort, GatewayPlace
from installer.errors import (
    AnswerNeeded,
    Busy,
    Certainty,
    Conflict,
    DiskUnusable,
    InvalidValue,
    JournalUnusable,
    NetworkFailure,
    PunchdownError,
    Rejected,
    SheetFaults,
    SignInFailure,
    VaultUnusable,
)
from installer.planning.outcome import Outcome, OutcomeKind
from installer.planning.steps import Action, Blocked, Deferral, Plan

PORT = FxsPort(GatewayPlace("GW-1"), 1)
ORDER = [130, 129, 143, 1, 8, 9, 4, 5, 6, 3, 7, 10, 2, 11, 0]
CUT = NetworkFailure("cut", code="cut", certainty=Certainty.UNKNOWN)
REFUSED = SignInFailure("no", code="http-403", certainty=Certainty.NOT_EXECUTED)


def outcome(kind: OutcomeKind, code: str | None = None) -> Outcome:
    return Outcome(Action.CREATE_LINE, PORT, kind, code=code)


def plan(*, deferred: Iterable[str] = (), blocked: int = 0, findings: tuple[Finding, ...] = ()) -> Plan:
    later = tuple(Deferral(PORT, code, "") for code in deferred)
    return Plan("J", datetime.now(UTC), (), (), later, (Blocked(PORT, "taken", ""),) * blocked, findings)


def test_the_codes_stand_in_the_contracts_order() -> None:
    assert [int(code) for code in Exit] == ORDER


@pytest.mark.parametrize("first", range(len(ORDER)))
def test_the_first_that_applies_counts(first: int) -> None:
    assert first_of(Exit(code) for code in reversed(ORDER[first:])) == ORDER[first]


def test_nothing_at_all_is_done() -> None:
    assert first_of([]) is Exit.DONE


@pytest.mark.parametrize(
    "error, code",
    [
        (JournalUnusable("", code=""), 8),
        (VaultUnusable("", code=""), 8),
        (DiskUnusable("", code=""), 9),
        (Conflict("", code=""), 5),
        (REFUSED, 6),
        (Rejected("", code="", certainty=Certainty.NOT_EXECUTED), 3),
        (CUT, 7),
        (Busy("", code=""), 10),
        (SheetFaults("", []), 2),
        (AnswerNeeded("", code="", option="--yes"), 2),
        (InvalidValue("", code="", wanted=""), 2),
    ],
)
def test_every_error_says_who_must_act(error: PunchdownError, code: int) -> None:
    assert of_error(error) == code


@pytest.mark.parametrize(
    "outcomes, failures, code",
    [
        ([outcome(OutcomeKind.DONE)], [CUT], 0),
        ([outcome(OutcomeKind.ALREADY_DONE), outcome(OutcomeKind.UNDONE)], [], 0),
        ([outcome(OutcomeKind.UNKNOWN)], [CUT], 4),
        ([outcome(OutcomeKind.CONFLICT), outcome(OutcomeKind.REFUSED)], [], 5),
        ([outcome(OutcomeKind.REFUSED, "not-sent")], [CUT], 7),
        ([outcome(OutcomeKind.REFUSED, "InvalidName")], [], 3),
        ([outcome(OutcomeKind.REFUSED, "http-403"), outcome(OutcomeKind.SKIPPED)], [REFUSED], 6),
        ([outcome(OutcomeKind.SKIPPED)], [CUT], 7),
        ([outcome(OutcomeKind.SKIPPED)], [], 11),
        ([outcome(OutcomeKind.SKIPPED, "line-in-service"), outcome(OutcomeKind.SKIPPED)], [], 2),
        ([outcome(OutcomeKind.CONFLICT, "changed-since"), outcome(OutcomeKind.UNDONE)], [], 5),
        ([outcome(OutcomeKind.DEFERRED)], [CUT], 11),
    ],
)
def test_outcomes_and_the_failures_that_explain_them(
    outcomes: list[Outcome], failures: list[PunchdownError], code: int
) -> None:
    assert first_of(of_outcomes(outcomes, failures)) == code


def test_only_errors_among_findings_count() -> None:
    told = [Finding(severity, "c", "m") for severity in (Severity.INFO, Severity.WARNING)]
    assert list(of_findings(told, Exit.USAGE)) == []
    assert list(of_findings([Finding(Severity.ERROR, "c", "m")], Exit.LEFT_OVER)) == [Exit.LEFT_OVER]


def test_a_plan_ends_as_its_apply_would() -> None:
    life = Finding(Severity.WARNING, "callback", "no address", life_safety=True)
    for given, code in (
        (plan(), 0),
        (plan(deferred=["gateway-unbound"]), 11),
        (plan(deferred=["gateway-unbound", "outcome-unknown"]), 4),
        (plan(deferred=["gateway-unbound"], blocked=1), 5),
        (plan(findings=(Finding(Severity.ERROR, "capacity", "m"),)), 2),
        (plan(findings=(life,)), 2),
    ):
        assert first_of(of_plan(given, frozenset(), ())) == code
    assert list(of_plan(plan(findings=(life,)), frozenset(), ["callback"])) == []
    assert list(of_plan(plan(findings=(life,)), {("callback", "no address")}, ())) == []
    assert list(of_plan(plan(findings=(life,)), {("callback", "another")}, ())) == [Exit.USAGE]
