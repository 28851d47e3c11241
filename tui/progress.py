"""A run as it goes, folded from its moments. Pure: no clock, no screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from installer.domain.gateway import FxsPort
from installer.domain.numbers import TelephoneNumber
from installer.planning.outcome import MAYBE_SENT_STATES, Outcome, OutcomeKind, StepState
from installer.planning.record import JobRecord, StepRecord
from installer.planning.steps import Action, Plan, StepKey, Subject
from tui.words import ACTIONS, ON_ITS_WAY, OUTCOMES, WAITING, Word

Identity = tuple[Subject, Action, TelephoneNumber | None]

_KEPT = {
    StepState.DONE: OutcomeKind.DONE,
    StepState.REFUSED: OutcomeKind.REFUSED,
    StepState.CONFLICT: OutcomeKind.CONFLICT,
    StepState.UNDONE: OutcomeKind.UNDONE,
    StepState.UNDO_INTENT: OutcomeKind.UNKNOWN,
    StepState.UNDO_UNKNOWN: OutcomeKind.UNKNOWN,
    **dict.fromkeys(MAYBE_SENT_STATES, OutcomeKind.UNKNOWN),
}


@dataclass(slots=True)
class Progress:
    """The steps of a plan in its order, each with how far it is; `what` is empty before any run.

    `began` and `ended` are monotonic seconds; `waits` is seconds of a quiet window; `failed` is told of a run
    that something ended, its steps aside.
    """

    what: str = ""
    began: float = 0.0
    ended: float | None = None
    cancelled: bool = False
    failed: bool = False
    stands: dict[Identity, Word] = field(default_factory=dict)
    why: dict[Identity, str] = field(default_factory=dict)
    last: dict[Identity, OutcomeKind] = field(default_factory=dict)
    codes: dict[Identity, str] = field(default_factory=dict)
    waits: float = 0.0

    def planned(self, plan: Plan) -> None:
        """The steps that are to come; what was told before stays."""
        for step in plan.steps:
            self.stands.setdefault((step.port, step.action, step.number), WAITING)

    def taken_back(self, steps: Sequence[StepRecord]) -> None:
        """The steps whose effect is about to be taken back."""
        for step in steps:
            self.stands.setdefault(_identity(step.key), WAITING)

    def recorded(self, record: JobRecord) -> None:
        """What a journal knows of the runs before this one."""
        for key, step in record.steps.items():
            of = _identity(key)
            if (kind := _KEPT.get(step.state)) is not None:
                self._set(of, kind, step.message or "", step.code)

    def begun(self, key: StepKey) -> None:
        """A step is on its way."""
        self.waits = 0.0
        self.stands[_identity(key)] = ON_ITS_WAY

    def settled(self, outcome: Outcome) -> None:
        """A step has its outcome."""
        self.waits = 0.0
        of = (outcome.subject, outcome.action, outcome.number)
        self._set(of, outcome.kind, outcome.message, outcome.code)

    def _set(self, of: Identity, kind: OutcomeKind, message: str, code: str | None) -> None:
        self.stands[of] = OUTCOMES[kind]
        self.why[of], self.last[of], self.codes[of] = message, kind, code or ""

    def interrupted(self) -> tuple[Identity, ...]:
        """The steps that were on their way as the run was broken off: nobody knows what became of them."""
        return tuple(of for of, word in self.stands.items() if word is ON_ITS_WAY)

    def ended_as(self, *kinds: OutcomeKind) -> tuple[Identity, ...]:
        """The steps whose last outcome is one of `kinds`."""
        return tuple(of for of, kind in self.last.items() if kind in kinds)

    @property
    def done(self) -> int:
        """How many steps have an outcome that is known."""
        return len(self.last) - self.count([OutcomeKind.UNKNOWN])

    @property
    def all(self) -> int:
        """How many steps there are."""
        return len(self.stands)

    def count(self, kinds: Iterable[OutcomeKind]) -> int:
        """How many ended as one of `kinds`."""
        return len(self.ended_as(*kinds))


def subject_key(of: Identity) -> str:
    """A key of its own for each step, for tables."""
    subject, action, number = of
    place = f"{subject.gateway}:{subject.number:03}" if isinstance(subject, FxsPort) else str(subject)
    return f"{place} {action} {number or ''}"


def in_words(of: Identity) -> str:
    """The step as a person says it."""
    subject, action, number = of
    return " ".join([str(subject), ACTIONS[action], *([number.national] if number else [])])


def _identity(key: StepKey) -> Identity:
    return key.subject, key.action, key.number
