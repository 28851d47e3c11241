"""The fold: rows in, what is known of each job out. No state is kept anywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import singledispatch
from types import MappingProxyType

from installer.domain.gateway import Binding, FxsPort, Gateway, GatewayModel, GatewayPlace
from installer.domain.job import PortPlan, SiteJob
from installer.errors import InvalidValue, JournalUnusable
from installer.journal import events
from installer.journal.rows import Row, damaged
from installer.planning.outcome import EDGES, Mark, StepState
from installer.planning.record import (
    ArtifactRecord,
    JobRecord,
    LineRecord,
    PortCredential,
    RegistrationRecord,
    StepRecord,
)
from installer.planning.steps import Action, StepKey
from installer.text import safe


def fold(rows: Iterable[Row], models: Mapping[str, GatewayModel]) -> dict[str, JobRecord]:
    """What is known of each job, by id, in the order they were opened. Raises JournalUnusable."""
    folded = Fold(models)
    for row in rows:
        folded.add(row)
    return folded.records()


class Fold:
    """The jobs of a journal, row by row; the mappings in its records are live views that move with `add`."""

    def __init__(self, models: Mapping[str, GatewayModel]) -> None:
        self._models = models
        self._jobs: dict[str, _Job] = {}

    def add(self, row: Row) -> None:
        """Takes in the next row. Raises JournalUnusable where it cannot follow what was before."""
        if isinstance(row.event, events.JobOpened):
            if row.job_id in self._jobs:
                raise damaged(f"row {row.seq} opens a job that is open")
            self._jobs[row.job_id] = _Job(row.job_id, row.event, row.at)
        job = self._jobs.get(row.job_id)
        if job is None:
            raise damaged(f"row {row.seq} belongs to no job")
        job.last_event_at = row.at
        _take(row.event, row, job)

    def record(self, job_id: str) -> JobRecord:
        """What is known of that job; KeyError where there is none. Raises JournalUnusable."""
        return self._jobs[job_id].record(self._models)

    def records(self) -> dict[str, JobRecord]:
        """What is known of every job, by id. Raises JournalUnusable."""
        return {job_id: job.record(self._models) for job_id, job in self._jobs.items()}


@dataclass(slots=True)
class _Job:
    """A job while it is folded; `built` is its SiteJob until a row changes that."""

    id: str
    opened: events.JobOpened
    opened_at: datetime
    gateways: dict[GatewayPlace, events.GatewayPlanned] = field(default_factory=dict)
    bindings: dict[GatewayPlace, tuple[Binding, ...]] = field(default_factory=dict)
    ports: dict[FxsPort, PortPlan] = field(default_factory=dict)
    built: SiteJob | None = None
    user: str | None = None
    credentials: dict[FxsPort, PortCredential] = field(default_factory=dict)
    steps: dict[StepKey, StepRecord] = field(default_factory=dict)
    lines: dict[FxsPort, LineRecord] = field(default_factory=dict)
    registrations: dict[FxsPort, RegistrationRecord] = field(default_factory=dict)
    artifacts: dict[str, ArtifactRecord] = field(default_factory=dict)
    acknowledged: frozenset[str] = frozenset()
    sent_creates: set[FxsPort] = field(default_factory=set)
    last_write_at: datetime | None = None
    last_event_at: datetime | None = None
    audited_at: datetime | None = None
    finished: bool = False

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
            finished=self.finished,
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

    def drop_line(self, step: StepRecord) -> None:
        port = step.key.subject
        if isinstance(port, FxsPort):
            self.lose(port, step.line_id)

    def lose(self, port: FxsPort, line_id: str | None) -> None:
        line = self.lines.get(port)
        if line is not None and line.line_id == line_id:
            del self.lines[port]


@singledispatch
def _take(_event: object, _row: Row, _job: _Job) -> None:
    """A row that changes nothing of what is kept here: a job's opening, a note, a newer kit's kind."""


@_take.register
def _(event: events.GatewayPlanned, _row: Row, job: _Job) -> None:
    if job.gateways.get(event.place) != event:
        job.gateways[event.place] = event
        job.redo()


@_take.register
def _(event: events.GatewayBound, row: Row, job: _Job) -> None:
    binding = Binding(event.mac, event.serial, event.why, row.at)
    job.bindings[event.place] = (*job.bindings.get(event.place, ()), binding)
    job.redo()


@_take.register
def _(event: events.PortPlanned, _row: Row, job: _Job) -> None:
    plan = PortPlan(event.port, event.state, event.label_id, event.draft, event.source)
    if job.ports.get(event.port) != plan:
        job.ports[event.port] = plan
        job.redo()


@_take.register
def _(event: events.CredentialMade, row: Row, job: _Job) -> None:
    sealed = row.seq if row.sealed is not None else None
    job.credentials[event.port] = PortCredential(event.username, event.source, sealed)


@_take.register
def _(event: events.UserFixed, _row: Row, job: _Job) -> None:
    job.user = event.username


@_take.register
def _(event: events.StepIntended, row: Row, job: _Job) -> None:
    key = event.key
    if key in job.steps:
        raise damaged(f"row {row.seq} intends a step twice")
    if key.generation > 1 and replace(key, generation=key.generation - 1) not in job.steps:
        raise damaged(f"row {row.seq} intends a step whose generation before is missing")
    job.put(
        StepRecord(
            key=key,
            state=EDGES[StepState.PLANNED, Mark.INTENT],
            attempts=0,
            method=event.method,
            path=event.path,
            intent_row=row.seq,
            prior=event.prior,
            line_id=event.line_id,
            device_id=None,
            code=None,
            message="",
            at=row.at,
        )
    )


@_take.register
def _(event: events.StepSent, row: Row, job: _Job) -> None:
    step = job.move(row, event.key, Mark.SENT)
    job.put(replace(step, attempts=event.attempt, code=None, message=""))
    if event.key.action is Action.CREATE_LINE and isinstance(event.key.subject, FxsPort):
        job.sent_creates.add(event.key.subject)


@_take.register
def _(event: events.StepDone, row: Row, job: _Job) -> None:
    step = job.move(row, event.key, Mark.DONE)
    step = replace(
        step,
        line_id=event.line_id or step.line_id,
        device_id=event.device_id or step.device_id,
        code=None,
        message="",
    )
    job.put(step)
    port = event.key.subject
    match event.key.action:
        case Action.CREATE_LINE if isinstance(port, FxsPort):
            if step.line_id is None:
                raise damaged(f"row {row.seq} makes a line without an id")
            job.lines[port] = LineRecord(step.line_id, step.device_id, made_here=True)
        case Action.UPDATE_LINE if isinstance(port, FxsPort):
            line = job.lines.get(port)
            if line is not None and line.line_id == step.line_id and step.device_id is not None:
                job.lines[port] = replace(line, device_id=step.device_id)
        case Action.DELETE_LINE:
            job.drop_line(step)


@_take.register
def _(event: events.StepRefused, row: Row, job: _Job) -> None:
    job.put(replace(job.move(row, event.key, Mark.REFUSED), code=event.code, message=event.message))


@_take.register
def _(event: events.StepUnknown, row: Row, job: _Job) -> None:
    job.put(replace(job.move(row, event.key, Mark.UNKNOWN), code=event.code, message=event.message))


@_take.register
def _(event: events.StepConflicted, row: Row, job: _Job) -> None:
    # The event names somebody else's line: it never becomes the step's, which undo would take off.
    job.put(replace(job.move(row, event.key, Mark.CONFLICT), code=event.code, message=event.message))


@_take.register
def _(event: events.UndoIntended, row: Row, job: _Job) -> None:
    job.put(replace(job.move(row, event.key, Mark.UNDO_INTENT), undo_row=row.seq, code=None, message=""))


@_take.register
def _(event: events.UndoDone, row: Row, job: _Job) -> None:
    step = job.move(row, event.key, Mark.UNDO_DONE)
    job.put(replace(step, code=None, message=""))
    if event.key.action is Action.CREATE_LINE:
        job.drop_line(step)


@_take.register
def _(event: events.UndoRefused, row: Row, job: _Job) -> None:
    job.put(replace(job.move(row, event.key, Mark.UNDO_REFUSED), code=event.code, message=event.message))


@_take.register
def _(event: events.UndoUnknown, row: Row, job: _Job) -> None:
    job.put(replace(job.move(row, event.key, Mark.UNDO_UNKNOWN), code=event.code, message=event.message))


@_take.register
def _(event: events.LineAdopted, _row: Row, job: _Job) -> None:
    made_here = event.port in job.sent_creates
    job.lines[event.port] = LineRecord(event.line_id, event.device_id, made_here=made_here)


@_take.register
def _(event: events.LineLost, _row: Row, job: _Job) -> None:
    job.lose(event.port, event.line_id)
    job.finished = False


@_take.register
def _(event: events.Acknowledged, _row: Row, job: _Job) -> None:
    job.acknowledged |= {event.code}


@_take.register
def _(event: events.Audited, row: Row, job: _Job) -> None:
    job.audited_at = row.at
    job.finished = event.clean


@_take.register
def _(event: events.RegistrationSeen, row: Row, job: _Job) -> None:
    last = job.registrations.get(event.port)
    if last is None or last.registered is not event.registered:
        flaps = last.flaps + (not event.registered) if last else 0
        job.registrations[event.port] = RegistrationRecord(event.registered, row.at, flaps)


@_take.register
def _(event: events.ArtifactWritten, row: Row, job: _Job) -> None:
    job.artifacts[event.kind] = ArtifactRecord(event.kind, event.path, event.sha256, event.revision, row.at)


def _model(models: Mapping[str, GatewayModel], model_id: str) -> GatewayModel:
    try:
        return models[model_id]
    except KeyError:
        raise JournalUnusable(
            f"the journal names the gateway model “{safe(model_id, 40)}”, which has no profile",
            code="journal-unknown-model",
            remedy="put its profile back into profiles/gateways/",
        ) from None
