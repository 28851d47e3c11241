"""One attempt of one step: intent durable before the first byte, the outcome after (protocol R1 to R3)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from installer.errors import Certainty, NetworkFailure, PlatformFailure, SignInFailure
from installer.journal.events import StepIntended, StepRefused, StepSent, StepUnknown
from installer.journal.store import Entry
from installer.planning.outcome import Outcome, OutcomeKind
from installer.planning.steps import StepKey
from installer.provisioning.visit import Moment, Visit

Reply = TypeVar("Reply")
CANCELLED = "cancelled"
NOT_SENT = "not-sent"
STOPPED = "cancelled before the call was made"


@dataclass(frozen=True, slots=True)
class Call:
    """A writing call, frozen: what is journalled before it is made."""

    method: str
    path: str
    body: bytes = field(repr=False)
    line_id: str | None = None
    prior: str | None = None


async def intend(visit: Visit, key: StepKey, call: Call) -> None:
    """Make the step durable as intended and sent, in one synced transaction.

    Cancelled meanwhile, the step is marked as never sent before the cancellation goes on.
    """
    frozen = StepIntended(
        key, call.method, call.path, visit.logbook.body_mac(call.body), call.line_id, call.prior
    )
    try:
        await visit.logbook.commit(Entry(frozen, call.body), Entry(StepSent(key, 1)))
    except asyncio.CancelledError:
        visit.logbook.note(Entry(StepRefused(key, NOT_SENT, STOPPED)))
        refused = OutcomeKind.REFUSED
        visit.settle(
            Outcome(key.action, key.subject, refused, key.number, call.line_id, NOT_SENT, STOPPED), key
        )
        raise
    visit.tell(Moment.INTENDED, key)


def send_again(visit: Visit, key: StepKey, attempt: int) -> None:
    """Make it durable that the frozen body goes out once more."""
    visit.logbook.note(Entry(StepSent(key, attempt)))
    visit.tell(Moment.INTENDED, key)


async def attempt(
    visit: Visit, key: StepKey, call: Callable[[], Awaitable[Reply]]
) -> Reply | PlatformFailure:
    """Make the call of a step that was intended; a failure is journalled as refused or unknown and returned.

    The caller journals success. Cancelled, the step is marked unknown before the cancellation goes on.
    """
    try:
        reply = await call()
    except asyncio.CancelledError:
        visit.logbook.note(Entry(StepUnknown(key, CANCELLED, "cancelled while the call was under way")))
        visit.settle(
            Outcome(
                key.action, key.subject, OutcomeKind.UNKNOWN, key.number, code=CANCELLED, message="cancelled"
            ),
            key,
        )
        raise
    except PlatformFailure as failure:
        visit.tell(Moment.ANSWERED, key)
        visit.logbook.note(Entry(_failed(key, failure)))
        keep_failure(visit, failure)
        return failure
    visit.tell(Moment.ANSWERED, key)
    return reply


async def keep(visit: Visit, key: StepKey, outcome: Outcome, *entries: Entry) -> Outcome:
    """The outcome once its entries are durable, for the caller to settle.

    Cancelled meanwhile, it is settled here before the cancellation goes on: it stands.
    """
    try:
        await visit.logbook.commit(*entries)
    except asyncio.CancelledError:
        visit.settle(outcome, key)
        raise
    return outcome


def keep_failure(visit: Visit, failure: PlatformFailure) -> None:
    """Keep the failure of a writing call; one that every further call would meet too halts the run."""
    visit.failures.append(failure)
    if failure.certainty is Certainty.NEVER_SENT or isinstance(failure, SignInFailure):
        visit.halted = visit.halted or failure.message


def failed_outcome(key: StepKey, failure: PlatformFailure, line_id: str | None = None) -> Outcome:
    """The outcome that a journalled failure stands for."""
    unknown = failure.certainty is Certainty.UNKNOWN
    kind = OutcomeKind.UNKNOWN if unknown else OutcomeKind.REFUSED
    return Outcome(key.action, key.subject, kind, key.number, line_id, _code(failure), failure.message)


def _failed(key: StepKey, failure: PlatformFailure) -> StepRefused | StepUnknown:
    if failure.certainty is Certainty.UNKNOWN:
        return StepUnknown(key, _code(failure), failure.message, failure.status)
    return StepRefused(key, _code(failure), failure.message)


def _code(failure: PlatformFailure) -> str:
    never_sent = isinstance(failure, NetworkFailure) and failure.certainty is Certainty.NEVER_SENT
    return NOT_SENT if never_sent else failure.code
