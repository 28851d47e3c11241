"""The fold: rows in, what is known of each job out. No state is kept anywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import singledispatch

from installer.domain.gateway import Binding, FxsPort, GatewayModel
from installer.domain.job import PortPlan
from installer.errors import JournalUnusable
from installer.journal import events
from installer.journal.job_state import JobState
from installer.journal.rows import SCRATCH, Entry, Row, damaged
from installer.planning.outcome import EDGES, Mark, StepState
from installer.planning.record import (
    ArtifactRecord,
    JobRecord,
    LineRecord,
    PortCredential,
    RegistrationRecord,
    StepRecord,
)
from installer.planning.steps import Action

_MARKS: dict[type, Mark] = {
    events.StepIntended: Mark.INTENT,
    events.StepSent: Mark.SENT,
    events.StepDone: Mark.DONE,
    events.StepRefused: Mark.REFUSED,
    events.StepUnknown: Mark.UNKNOWN,
    events.StepConflicted: Mark.CONFLICT,
    events.UndoIntended: Mark.UNDO_INTENT,
    events.UndoDone: Mark.UNDO_DONE,
    events.UndoRefused: Mark.UNDO_REFUSED,
    events.UndoUnknown: Mark.UNDO_UNKNOWN,
}
_NEVER = datetime.min.replace(tzinfo=UTC)


def fold(rows: Iterable[Row], models: Mapping[str, GatewayModel]) -> dict[str, JobRecord]:
    """What is known of each job, by id, in the order they were opened. Raises JournalUnusable."""
    folded = Fold(models)
    for row in rows:
        folded.add(row)
    return {record.job.id: record for record in folded.records()}


class Fold:
    """The jobs of a journal, row by row; the mappings in its records are live views that move with `add`."""

    def __init__(self, models: Mapping[str, GatewayModel]) -> None:
        self._models = models
        self._jobs: dict[str, JobState] = {}

    def add(self, row: Row) -> None:
        """Takes in the next row. Raises JournalUnusable where it cannot follow what was before."""
        if isinstance(row.event, events.JobOpened):
            if row.job_id in self._jobs:
                raise damaged(f"row {row.seq} opens a job that is open")
            self._jobs[row.job_id] = JobState(row.job_id, row.event, row.at, kept=row.kind != SCRATCH)
        job = self._jobs.get(row.job_id)
        if job is None:
            raise damaged(f"row {row.seq} belongs to no job")
        job.last_event_at = row.at
        _take(row.event, row, job)

    def check(self, job_id: str, intended: Iterable[Entry]) -> None:
        """Raises RuntimeError where `intended`, in this order, cannot follow, or leads to what is no job.

        Asked before they are written: a row that cannot be folded would cost the home its journal.
        """
        trial = Fold(self._models)
        if job_id in self._jobs:
            trial._jobs[job_id] = self._jobs[job_id].copy()
        try:
            for entry in intended:
                sealed = None if entry.secret is None else b""
                trial.add(Row(0, _NEVER, "", job_id, "", entry.event, sealed))
            trial.records()
        except JournalUnusable as fault:
            raise RuntimeError(fault.message) from fault

    def record(self, job_id: str) -> JobRecord:
        """What is known of that job; KeyError where there is none. Raises JournalUnusable."""
        return self._jobs[job_id].record(self._models)

    def records(self) -> tuple[JobRecord, ...]:
        """What is known of every job, in the order they were opened. Raises JournalUnusable."""
        return tuple(job.record(self._models) for job in self._jobs.values())


@singledispatch
def _take(_event: object, _row: Row, _job: JobState) -> None:
    """A row that changes nothing of what is kept here: a job's opening, a note, a newer kit's kind."""


@_take.register
def _(event: events.GatewayPlanned, _row: Row, job: JobState) -> None:
    if job.gateways.get(event.place) != event:
        job.gateways[event.place] = event
        job.redo()


@_take.register
def _(event: events.GatewayBound, row: Row, job: JobState) -> None:
    binding = Binding(event.mac, event.serial, event.why, row.at)
    job.bindings[event.place] = (*job.bindings.get(event.place, ()), binding)
    job.redo()


@_take.register
def _(event: events.PortPlanned, _row: Row, job: JobState) -> None:
    plan = PortPlan(event.port, event.state, event.label_id, event.draft, event.source, event.extra)
    if job.ports.get(event.port) != plan:
        job.ports[event.port] = plan
        job.redo()


@_take.register
def _(event: events.CredentialMade, row: Row, job: JobState) -> None:
    sealed = row.seq if row.sealed is not None else None
    job.credentials[event.port] = PortCredential(event.username, event.source, sealed)


@_take.register
def _(event: events.UserFixed, _row: Row, job: JobState) -> None:
    job.user = event.username


@_take.register
def _(event: events.StepIntended, row: Row, job: JobState) -> None:
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
def _(event: events.StepSent, row: Row, job: JobState) -> None:
    step = job.move(row, event.key, Mark.SENT)
    job.put(replace(step, attempts=event.attempt, code=None, message="", status=None))
    if event.key.action is Action.CREATE_LINE and isinstance(event.key.subject, FxsPort):
        job.sent_creates.add(event.key.subject)


@_take.register
def _(event: events.StepDone, row: Row, job: JobState) -> None:
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
def _(
    event: events.StepRefused | events.StepConflicted | events.UndoRefused | events.UndoUnknown,
    row: Row,
    job: JobState,
) -> None:
    # A conflict names somebody else's line: it never becomes the step's, which undo would take off.
    job.put(replace(job.move(row, event.key, _MARKS[type(event)]), code=event.code, message=event.message))


@_take.register
def _(event: events.StepUnknown, row: Row, job: JobState) -> None:
    step = job.move(row, event.key, Mark.UNKNOWN)
    job.put(replace(step, code=event.code, message=event.message, status=event.status))


@_take.register
def _(event: events.UndoIntended | events.UndoDone, row: Row, job: JobState) -> None:
    step = job.move(row, event.key, _MARKS[type(event)])
    job.put(replace(step, code=None, message=""))
    if isinstance(event, events.UndoDone):
        port = event.key.subject
        # Where no undo goes on, a run yielded its line to a colleague's, and still wants one.
        if isinstance(port, FxsPort) and job.undoing & {None, port.gateway}:
            job.taken_back |= {port}
        if event.key.action is Action.CREATE_LINE:
            job.drop_line(step)


@_take.register
def _(event: events.UndoBegun, _row: Row, job: JobState) -> None:
    job.undoing |= {event.place}


@_take.register
def _(event: events.UndoEnded, _row: Row, job: JobState) -> None:
    job.end_undo(event.place)
    job.taken_back |= job.within(event.place) - job.lines.keys()
    job.fresh = frozenset()


@_take.register
def _(event: events.WantedAgain, _row: Row, job: JobState) -> None:
    job.end_undo(event.place)
    job.taken_back -= job.within(event.place)
    job.finished = False


@_take.register
def _(event: events.LineAdopted, _row: Row, job: JobState) -> None:
    job.fresh = frozenset()
    job.taken_back -= {event.port}
    made_here = event.port in job.sent_creates
    job.lines[event.port] = LineRecord(event.line_id, event.device_id, made_here=made_here)


@_take.register
def _(event: events.LineLost, _row: Row, job: JobState) -> None:
    job.lose(event.port, event.line_id)
    job.finished = False
    job.fresh = frozenset()


@_take.register
def _(event: events.Acknowledged, _row: Row, job: JobState) -> None:
    job.acknowledged |= {(event.code, event.message)}


@_take.register
def _(event: events.Audited, row: Row, job: JobState) -> None:
    job.audited_at = row.at
    job.finished = event.clean


@_take.register
def _(event: events.LinesBlocked, _row: Row, job: JobState) -> None:
    job.blocked = (job.blocked - job.within(event.place)) | frozenset(event.ports)
    job.fresh = frozenset()


@_take.register
def _(event: events.RegistrationSeen, row: Row, job: JobState) -> None:
    last = job.registrations.get(event.port)
    if last is None or last.registered is not event.registered:
        flaps = last.flaps + (not event.registered) if last else 0
        job.registrations[event.port] = RegistrationRecord(event.registered, row.at, flaps)


@_take.register
def _(_event: events.RegistrationsLooked, row: Row, job: JobState) -> None:
    job.looked_at = row.at


@_take.register
def _(event: events.ArtifactWritten, row: Row, job: JobState) -> None:
    job.artifacts[event.kind] = ArtifactRecord(event.kind, event.path, event.sha256, event.revision, row.at)
    job.fresh |= {event.kind}
