"""What became of a step, and the only ways a step may go.

Two rules. Every edge a step can take stands in `EDGES`; the fold refuses any other. Nothing here knows
HTTP: a room that called the platform says which `Mark` it saw.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from installer.domain.numbers import TelephoneNumber
from installer.planning.steps import Action, Subject


class StepState(StrEnum):
    """Where a step of one generation stands (protocol, What is kept)."""

    PLANNED = "planned"
    INTENT = "intent"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    UNDO_INTENT = "undo-intent"
    UNDO_UNKNOWN = "undo-unknown"
    UNDONE = "undone"


class Mark(StrEnum):
    """A journalled event that moves a step."""

    INTENT = "intent"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    UNDO_INTENT = "undo-intent"
    UNDO_DONE = "undo-done"
    UNDO_REFUSED = "undo-refused"
    UNDO_UNKNOWN = "undo-unknown"


_S, _M = StepState, Mark
EDGES: dict[tuple[StepState, Mark], StepState] = {
    (_S.PLANNED, _M.INTENT): _S.INTENT,
    (_S.INTENT, _M.SENT): _S.SENT,
    (_S.INTENT, _M.UNKNOWN): _S.UNKNOWN,
    (_S.SENT, _M.DONE): _S.DONE,
    (_S.SENT, _M.REFUSED): _S.REFUSED,
    (_S.SENT, _M.UNKNOWN): _S.UNKNOWN,
    (_S.UNKNOWN, _M.DONE): _S.DONE,
    (_S.UNKNOWN, _M.SENT): _S.SENT,
    (_S.UNKNOWN, _M.CONFLICT): _S.CONFLICT,
    (_S.UNKNOWN, _M.REFUSED): _S.REFUSED,
    (_S.DONE, _M.UNDO_INTENT): _S.UNDO_INTENT,
    (_S.UNDO_INTENT, _M.UNDO_DONE): _S.UNDONE,
    (_S.UNDO_INTENT, _M.UNDO_REFUSED): _S.DONE,
    (_S.UNDO_INTENT, _M.UNDO_UNKNOWN): _S.UNDO_UNKNOWN,
    (_S.UNDO_UNKNOWN, _M.UNDO_DONE): _S.UNDONE,
    (_S.UNDO_UNKNOWN, _M.UNDO_INTENT): _S.UNDO_INTENT,
    (_S.UNDO_UNKNOWN, _M.UNDO_REFUSED): _S.DONE,
}

MAYBE_SENT_STATES = frozenset({StepState.INTENT, StepState.SENT, StepState.UNKNOWN})
"""States that a resume has to settle before the port may be written again.

An intent that stands alone is one of them: its rows behind may have been lost, not its call.
"""


class OutcomeKind(StrEnum):
    """The word a person and a script read (contract §7)."""

    DONE = "done"
    ALREADY_DONE = "already-done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    CONFLICT = "conflict"
    DEFERRED = "deferred"
    SKIPPED = "skipped"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one intended call; `code` is the platform's word, else http-NNN or ours."""

    action: Action
    subject: Subject
    kind: OutcomeKind
    number: TelephoneNumber | None = None
    line_id: str | None = None
    code: str | None = None
    message: str = ""
