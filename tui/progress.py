"""A run as it goes, folded from its moments. Pure: no clock, no screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from installer.domain.gateway import FxsPort
from installer.domain.numbers import TelephoneNumber
from installer.planning.outcome import Outcome, OutcomeKind
from installer.planning.steps import Action, Plan, StepKey, Subject
from tui.words import ON_ITS_WAY, OUTCOMES, WAITING, Word

Identity = tuple[Subject, Action, TelephoneNumber | None]


@dataclass(slots=True)
class Progress:
    """The steps of a plan in its order, each with how far it is; `waits` is seconds of a quiet window."""

    stands: dict[Identity, Word] = field(default_factory=dict)
    why: dict[Identity, str] = field(default_factory=dict)
    last: dict[Identity, OutcomeKind] = field(default_factory=dict)
    waits: float = 0.0

    def planned(self, plan: Plan) -> None:
        """The steps that are to come; what was told before stays."""
        for step in plan.steps:
            self.stands.setdefault((step.port, step.action, step.number), WAITING)

    def begun(self, key: StepKey) -> None:
        """A step is on its way."""
        self.waits = 0.0
        self.stands[_identity(key)] = ON_ITS_WAY

    def settled(self, outcome: Outcome) -> None:
        """A step has its outcome."""
        self.waits = 0.0
        of = (outcome.subject, outcome.action, outcome.number)
        self.stands[of] = OUTCOMES[outcome.kind]
        self.why[of] = outcome.message
        self.last[of] = outcome.kind

    def interrupted(self) -> tuple[Identity, ...]:
        """The steps that were on their way as the run was broken off: nobody knows what became of them."""
        return tuple(of for of, word in self.stands.items() if word is ON_ITS_WAY)

    @property
    def done(self) -> int:
        """How many steps have an outcome."""
        return len(self.last)

    @property
    def all(self) -> int:
        """How many steps there are."""
        return len(self.stands)

    def count(self, kinds: Iterable[OutcomeKind]) -> int:
        """How many ended as one of `kinds`."""
        wanted = frozenset(kinds)
        return sum(kind in wanted for kind in self.last.values())


def subject_key(of: Identity) -> str:
    """A key of its own for each step, for tables."""
    subject, action, number = of
    place = f"{subject.gateway}:{subject.number:03}" if isinstance(subject, FxsPort) else str(subject)
    return f"{place} {action} {number or ''}"


def _identity(key: StepKey) -> Identity:
    return key.subject, key.action, key.number
