"""What the journal knows of a job, folded: the planner's second source beside the snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from installer.domain.credential import CredentialSource, SipUsername
from installer.domain.gateway import FxsPort, GatewayPlace
from installer.domain.job import PortPlan, SiteJob
from installer.domain.line import LineDraft
from installer.domain.numbers import TelephoneNumber
from installer.planning.outcome import MAYBE_SENT_STATES, StepState
from installer.planning.steps import Action, StepKey, Subject


@dataclass(frozen=True, slots=True)
class PortCredential:
    """A port's credential; `password_row` is the journal row that seals the password, None where unknown."""

    username: SipUsername | None
    source: CredentialSource
    password_row: int | None


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step of one generation.

    `intent_row` seals the frozen body; `prior` is the value saved before the change, as JSON text.
    `line_id` is the line it made or touched.
    """

    key: StepKey
    state: StepState
    attempts: int
    method: str
    path: str
    intent_row: int
    prior: str | None
    line_id: str | None
    device_id: str | None
    code: str | None
    message: str
    at: datetime
    status: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has to be settled before the port may be written again."""
        return self.state in MAYBE_SENT_STATES


@dataclass(frozen=True, slots=True)
class LineRecord:
    """The line the journal holds for a port; `made_here` is False for one that was adopted."""

    line_id: str
    device_id: str | None
    made_here: bool


@dataclass(frozen=True, slots=True)
class RegistrationRecord:
    """The last change of registration seen, and since when it holds."""

    registered: bool
    since: datetime
    flaps: int


@dataclass(frozen=True, slots=True)
class ArtifactRecord:
    """A file that was written, the last of its kind."""

    kind: str
    path: str
    sha256: str
    revision: int
    at: datetime


@dataclass(frozen=True)
class JobRecord:
    """A job and all that was intended, done and seen of it.

    `user` is the platform user fixed at the first write. `finished` is whether the last closing audit,
    newer than every write, was clean. `looked_at` is when registrations were last asked about.
    `acknowledged` holds code and sentence of every finding that a person accepted. `fresh` are the kinds of
    artifacts written since the last change of what they tell. `undoing` are places whose undo began and did
    not end, None for the whole job; `taken_back` are ports of which an undo took something back or left
    nothing, until an apply wants them again. `blocked` are ports whose line something else kept off, as last
    looked at. `kept` is whether the journal has the job: a dry run's ends with it.
    """

    job: SiteJob
    opened_at: datetime
    user: str | None = None
    credentials: Mapping[FxsPort, PortCredential] = field(default_factory=dict)
    steps: Mapping[StepKey, StepRecord] = field(default_factory=dict)
    lines: Mapping[FxsPort, LineRecord] = field(default_factory=dict)
    registrations: Mapping[FxsPort, RegistrationRecord] = field(default_factory=dict)
    artifacts: Mapping[str, ArtifactRecord] = field(default_factory=dict)
    acknowledged: frozenset[tuple[str, str]] = frozenset()
    last_write_at: datetime | None = None
    last_event_at: datetime | None = None
    looked_at: datetime | None = None
    audited_at: datetime | None = None
    finished: bool = False
    fresh: frozenset[str] = frozenset()
    undoing: frozenset[GatewayPlace | None] = frozenset()
    taken_back: frozenset[FxsPort] = frozenset()
    blocked: frozenset[FxsPort] = frozenset()
    kept: bool = True

    @property
    def is_unfinished(self) -> bool:
        """Whether a resume may go on with it: an undo that did not end, or places not as they shall be."""
        return bool(self.undoing or (not self.finished and self.wanted))

    @property
    def wanted(self) -> frozenset[GatewayPlace]:
        """The gateways with ports that shall be as planned: those that were not wholly taken back."""
        return frozenset(port.gateway for port in self.job.by_port.keys() - self.taken_back)

    def wanted_drafts(self) -> Iterator[tuple[PortPlan, LineDraft]]:
        """The ports in use that were not taken back, with their lines."""
        return ((plan, draft) for plan, draft in self.job.drafts() if plan.port not in self.taken_back)

    def anew(self) -> JobRecord:
        """The same with nothing taken back: what an apply is about that somebody asks for."""
        return replace(self, taken_back=frozenset())

    @property
    def is_taken_back(self) -> bool:
        """Whether nothing is wanted of it any more."""
        return bool(self.taken_back) and not self.wanted

    def generations(
        self, subject: Subject, action: Action, number: TelephoneNumber | None = None
    ) -> Iterator[StepRecord]:
        """Every generation of that step, oldest first."""
        generation = 1
        while (step := self.steps.get(StepKey(subject, action, number, generation))) is not None:
            yield step
            generation += 1

    def latest(
        self, subject: Subject, action: Action, number: TelephoneNumber | None = None
    ) -> StepRecord | None:
        """The newest generation of that step, None where it was never intended."""
        return next(iter(reversed(list(self.generations(subject, action, number)))), None)

    def next_key(self, subject: Subject, action: Action, number: TelephoneNumber | None = None) -> StepKey:
        """The key under which that step is intended next."""
        last = self.latest(subject, action, number)
        return StepKey(subject, action, number, last.key.generation + 1 if last else 1)

    def unknown_steps(self) -> Iterator[StepRecord]:
        """Steps whose effect on the platform is not known: a resume has to settle them first."""
        return (step for step in self.steps.values() if step.is_open)

    def create_was_sent(self, port: FxsPort) -> bool:
        """Whether a create carrying this port's username may have reached the platform: it stays for good."""
        return any(self.generations(port, Action.CREATE_LINE))

    def keeps_credential(self, port: FxsPort) -> bool:
        """Whether nobody chooses the port's credential any more: a create was sent, or a line stands."""
        return port in self.lines or self.create_was_sent(port)
