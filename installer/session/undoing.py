"""An undo from its beginning to its end: what a resume goes on with, and what only an apply wants again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort, GatewayPlace
from installer.journal.events import UndoBegun, UndoEnded, WantedAgain
from installer.journal.store import Entry
from installer.planning.outcome import OutcomeKind, StepState
from installer.planning.record import JobRecord
from installer.planning.steps import Step
from installer.provisioning.undo import IN_SERVICE
from installer.provisioning.visit import Visit
from installer.session.run import JobRun

__all__ = ["IN_SERVICE", "begin_undo", "end_undo", "undone_within", "want_again"]

_NOTHING_LEFT = frozenset({StepState.REFUSED, StepState.CONFLICT, StepState.UNDONE})
STAYS_TAKEN_BACK = Finding(
    Severity.INFO, "taken-back", "the job was taken back, and stays so: `apply` makes it anew"
)
_OPEN = frozenset({OutcomeKind.UNKNOWN, OutcomeKind.REFUSED})


def begin_undo(visit: Visit, only: GatewayPlace | None) -> None:
    """Keep that it began; where nothing was done there is nothing to take back, and the job stays wanted."""
    steps = (
        step
        for step in visit.record.steps.values()
        if only is None or (isinstance(step.key.subject, FxsPort) and step.key.subject.gateway == only)
    )
    if only not in visit.record.undoing and any(step.state not in _NOTHING_LEFT for step in steps):
        visit.logbook.note(Entry(UndoBegun(only)))


def end_undo(run: JobRun, only: GatewayPlace | None) -> None:
    """Keep that it ended, unless the platform still has to answer for some of it."""
    visit, failed = run.visit, {failure.code for failure in run.visit.failures}
    unread = (each.kind is OutcomeKind.SKIPPED and each.code in failed for each in run.outcomes)
    is_open = visit.halted or any(each.kind in _OPEN for each in run.outcomes) or any(unread)
    if only in visit.record.undoing and not is_open:
        visit.logbook.note(Entry(UndoEnded(only)))


def want_again(visit: Visit, only: GatewayPlace | None) -> None:
    """An apply lifts an undo of what it is about."""
    record = visit.record
    if record.undoing or any(only in {None, port.gateway} for port in record.taken_back):
        visit.logbook.note(Entry(WantedAgain(only)))


def undone_within(record: JobRecord, only: GatewayPlace | None) -> AbstractSet[GatewayPlace | None]:
    """The undos of the job to go on with, each by its place, or its part at `only` where that is named."""
    return {only or place for place in record.undoing if only is None or place in {None, only}}


def made_anew(record: JobRecord, steps: Iterable[Step]) -> Iterator[Finding]:
    """Said with a plan: which of its lines an undo took back, so that nobody but an apply wants them."""
    ports = sorted({step.port for step in steps} & record.taken_back)
    if ports:
        said = "was taken back, and stays so" if len(ports) == 1 else "were taken back, and stay so"
        message = f"{', '.join(map(str, ports))} {said} unless somebody applies anew"
        yield Finding(Severity.INFO, "taken-back", message)
