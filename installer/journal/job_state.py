"""A job while its rows are folded, and the record it gives out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from installer.domain.gateway import Binding, FxsPort, Gateway, GatewayModel, GatewayPlace
from installer.domain.job import PortPlan, SiteJob
from installer.errors import InvalidValue, JournalUnusable
from installer.journal.events import GatewayPlanned, JobOpened
from installer.journal.rows import Row, damaged
from installer.planning.outcome import EDGES, Mark
from installer.planning.record import (
    ArtifactRecord,
    JobRecord,
    LineRecord,
    PortCredential,
    RegistrationRecord,
    StepRecord,
)
from installer.planning.steps import StepKey
from installer.text import safe


@dataclass(slots=True)
class JobState:
    """A job while it is folded; `built` is its SiteJob until a row changes that."""

    id: str
    opened: JobOpened
    opened_at: datetime
    kept: bool
    gateways: dict[GatewayPlace, GatewayPlanned] = field(default_factory=dict)
    bindings: dict[GatewayPlace, tuple[Binding, ...]] = field(default_factory=dict)
    ports: dict[FxsPort, PortPlan] = field(default_factory=dict)
    built: SiteJob | None = None
    user: str | None = None
    credentials: dict[FxsPort, PortCredential] = field(default_factory=dict)
    steps: dict[StepKey, StepRecord] = field(default_factory=dict)
    lines: dict[FxsPort, LineRecord] = field(default_factory=dict)
    registrations: dict[FxsPort, RegistrationRecord] = field(default_factory=dict)
    artifacts: dict[str, ArtifactRecord] = field(default_factory=dict)
    acknowledged: frozenset[tuple[str, str]] = frozenset()
    sent_creates: set[FxsPort] = field(default_factory=set)
    last_write_at: datetime | None = None
    last_event_at: datetime | None = None
    audited_at: datetime | None = None
    looked_at: datetime | None = None
    finished: bool = False
    fresh: frozenset[str] = frozenset()
    undoing: frozenset[GatewayPlace | None] = frozenset()
    taken_back: frozenset[FxsPort] = frozenset()
    blocked: frozenset[FxsPort] = frozenset()

    def copy(self) -> JobState:
        """One that moves on by itself."""
        return replace(
            self,
            gateways=dict(self.gateways),
            bindings=dict(self.bindings),
            ports=dict(self.ports),
            credentials=dict(self.credentials),
            steps=dict(self.steps),
            lines=dict(self.lines),
            registrations=dict(self.registrations),
            artifacts=dict(self.artifacts),
            sent_creates=set(self.sent_creates),
        )

    def record(self, models: Mapping[str, GatewayModel]) -> JobRecord:
        self.built = self.built or self._build(models)
        return JobRecord(
            job=self.built,
            opened_at=self.opened_at,
            user=self.user,
            credentials=MappingProxyType(self.credentials),
            steps=MappingProxyType(self.steps),
            lines=MappingProxyType(self.lines),
            registrations=MappingProxyType(self.registrations),
            artifacts=MappingProxyType(self.artifacts),
            acknowledged=self.acknowledged,
            last_write_at=self.last_write_at,
            last_event_at=self.last_event_at,
            audited_at=self.audited_at,
            looked_at=self.looked_at,
            finished=self.finished,
            fresh=self.fresh,
            undoing=self.undoing,
            taken_back=self.taken_back,
            blocked=self.blocked,
            kept=self.kept,
        )

    def _build(self, models: Mapping[str, GatewayModel]) -> SiteJob:
        gateways = tuple(
            Gateway(place, _model(models, planned.model_id), planned.label_id, self.bindings.get(place, ()))
            for place, planned in self.gateways.items()
        )
        # A place that got a smaller model keeps the rows of the ports it no longer has.
        ports = (
            FxsPort(gateway.place, number)
            for gateway in gateways
            for number in range(1, gateway.model.fxs_ports + 1)
        )
        opened = self.opened
        try:
            return SiteJob(
                self.id,
                opened.platform,
                opened.account,
                opened.site,
                gateways,
                tuple(self.ports[port] for port in ports if port in self.ports),
            )
        except InvalidValue as fault:
            raise damaged(fault.message) from fault

    def redo(self) -> None:
        """What shall hang on its ports changed: what was audited is not this."""
        self.built = None
        self.finished = False

    def move(self, row: Row, key: StepKey, mark: Mark) -> StepRecord:
        """The step after `mark`, along an edge that a step has, else JournalUnusable."""
        step = self.steps.get(key)
        if step is None:
            raise damaged(f"row {row.seq} moves a step that was not intended")
        state = EDGES.get((step.state, mark))
        if state is None:
            raise damaged(f"row {row.seq} moves a step from {step.state} by {mark}")
        return replace(step, state=state, at=row.at)

    def put(self, step: StepRecord) -> None:
        self.steps[step.key] = step
        self.last_write_at = step.at
        self.finished = False
        self.fresh = frozenset()

    def places(self, place: GatewayPlace | None) -> frozenset[GatewayPlace]:
        """That one, or all of the job's."""
        return frozenset(self.gateways) if place is None else frozenset({place})

    def within(self, place: GatewayPlace | None) -> frozenset[FxsPort]:
        """The ports there, or all of the job's."""
        return frozenset(port for port in self.ports if place in {None, port.gateway})

    def end_undo(self, place: GatewayPlace | None) -> None:
        """Of a whole job's undo the other places' remain."""
        left = self.places(None) if None in self.undoing else self.undoing
        self.undoing = frozenset() if place is None else left - {place}

    def drop_line(self, step: StepRecord) -> None:
        # On whichever port it stands by then: a line that was made on one may have been moved to another.
        for port in [port for port, line in self.lines.items() if line.line_id == step.line_id]:
            del self.lines[port]
            self.registrations.pop(port, None)

    def lose(self, port: FxsPort, line_id: str | None) -> None:
        line = self.lines.get(port)
        if line is not None and line.line_id == line_id:
            del self.lines[port]
            self.registrations.pop(port, None)


def _model(models: Mapping[str, GatewayModel], model_id: str) -> GatewayModel:
    try:
        return models[model_id]
    except KeyError:
        raise JournalUnusable(
            f"the journal names the gateway model “{safe(model_id, 40)}”, which has no profile",
            code="journal-unknown-model",
            remedy="put its profile back into profiles/gateways/",
        ) from None
