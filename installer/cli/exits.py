"""Exit codes, and how they follow from what a command came to (contract §6)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from enum import IntEnum

from installer.domain.finding import Finding, Severity
from installer.errors import (
    Busy,
    Conflict,
    DiskUnusable,
    JournalUnusable,
    NetworkFailure,
    PunchdownError,
    Rejected,
    SignInFailure,
    VaultUnusable,
)
from installer.planning.outcome import Outcome, OutcomeKind
from installer.planning.planner import OUTCOME_UNKNOWN
from installer.planning.steps import Plan

NOT_SENT = "not-sent"
"""What provisioning calls a step that never left this machine; that room is more than help needs."""
IN_SERVICE = "line-in-service"
"""What it calls a line that an undo leaves until its name is given with --confirm."""


class Exit(IntEnum):
    """In the order in which the first that applies counts."""

    INTERRUPTED = 130
    HUNG_UP = 129
    TERMINATED = 143
    DEFECT = 1
    UNUSABLE = 8
    DISK = 9
    UNKNOWN = 4
    CONFLICT = 5
    SIGN_IN = 6
    REFUSED = 3
    NETWORK = 7
    BUSY = 10
    USAGE = 2
    LEFT_OVER = 11
    DONE = 0


_ORDER = list(Exit)
_OF_ERROR: tuple[tuple[type[PunchdownError], Exit], ...] = (
    (JournalUnusable, Exit.UNUSABLE),
    (VaultUnusable, Exit.UNUSABLE),
    (DiskUnusable, Exit.DISK),
    (Conflict, Exit.CONFLICT),
    (SignInFailure, Exit.SIGN_IN),
    (Rejected, Exit.REFUSED),
    (NetworkFailure, Exit.NETWORK),
    (Busy, Exit.BUSY),
)
_OF_OUTCOME = {
    OutcomeKind.REFUSED: Exit.REFUSED,
    OutcomeKind.UNKNOWN: Exit.UNKNOWN,
    OutcomeKind.CONFLICT: Exit.CONFLICT,
    OutcomeKind.DEFERRED: Exit.LEFT_OVER,
    OutcomeKind.SKIPPED: Exit.LEFT_OVER,
}
_EXPLAINED_BY_FAILURES = frozenset({OutcomeKind.REFUSED, OutcomeKind.UNKNOWN, OutcomeKind.SKIPPED})


def first_of(exits: Iterable[Exit]) -> Exit:
    """The one that counts; DONE where there is none."""
    return min(exits, key=_ORDER.index, default=Exit.DONE)


def of_error(error: PunchdownError) -> Exit:
    """Who must act, as a code; whatever is about the command or the sheet is 2."""
    return next((code for kind, code in _OF_ERROR if isinstance(error, kind)), Exit.USAGE)


def of_outcomes(outcomes: Iterable[Outcome], failures: Iterable[PunchdownError]) -> Iterator[Exit]:
    """What the last word on each step says.

    A call that failed counts where a step was left unsettled by it, not where reconciling made it good.
    """
    kinds = set()
    for outcome in outcomes:
        kinds.add(outcome.kind)
        if outcome.kind is OutcomeKind.REFUSED and outcome.code == NOT_SENT:
            yield Exit.NETWORK
        elif outcome.kind is OutcomeKind.SKIPPED and outcome.code == IN_SERVICE:
            yield Exit.USAGE
        elif outcome.kind in _OF_OUTCOME:
            yield _OF_OUTCOME[outcome.kind]
    if kinds & _EXPLAINED_BY_FAILURES:
        yield from (of_error(failure) for failure in failures)


def of_findings(findings: Iterable[Finding], fault: Exit) -> Iterator[Exit]:
    """`fault` for each error among them."""
    return (fault for finding in findings if finding.severity is Severity.ERROR)


def of_plan(plan: Plan, acknowledged: Container[tuple[str, str]], accept: Container[str]) -> Iterator[Exit]:
    """As an apply would end that is agreed to.

    `acknowledged` holds code and sentence of what a person took on before, `accept` the codes taken on now.
    """
    yield from (Exit.CONFLICT for _ in plan.blocked)
    yield from (Exit.UNKNOWN if each.code == OUTCOME_UNKNOWN else Exit.LEFT_OVER for each in plan.deferred)
    yield from of_findings(plan.findings, Exit.USAGE)
    for finding in plan.findings:
        taken_on = finding.code in accept or (finding.code, finding.message) in acknowledged
        if finding.life_safety and finding.severity is Severity.WARNING and not taken_on:
            yield Exit.USAGE
