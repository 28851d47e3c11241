"""What of a job's steps an undo has to do with, as far as its journal knows."""

from __future__ import annotations

import json

from installer.domain.gateway import FxsPort, GatewayPlace
from installer.planning.outcome import StepState
from installer.planning.record import JobRecord, StepRecord
from installer.planning.steps import Action
from installer.provisioning.changing import reference_of

UNDOABLE = frozenset({StepState.DONE, StepState.UNDO_INTENT, StepState.UNDO_UNKNOWN})


def newest_first(record: JobRecord) -> list[StepRecord]:
    """The steps whose effect may stand, newest first."""
    steps = (step for step in record.steps.values() if step.state in UNDOABLE)
    return sorted(steps, key=lambda step: -step.intent_row)


def takes_back(record: JobRecord, only: GatewayPlace | None) -> tuple[StepRecord, ...]:
    """The steps that an undo of the place, or of the whole job, is about to take back: lines last.

    Not among them is what has no way back, and what was done to a line that is known to be gone.
    """
    gone = gone_lines(record)
    steps = [
        step
        for step in newest_first(record)
        if (only is None or (isinstance(step.key.subject, FxsPort) and step.key.subject.gateway == only))
        and _has_way_back(step)
        and line_concerned(step) not in gone
    ]
    return tuple(sorted(steps, key=lambda step: step.key.action is Action.CREATE_LINE))


def gone_lines(record: JobRecord) -> frozenset[str | None]:
    """Lines that this journal knows to be off the platform, by id."""
    return frozenset(
        step.line_id
        for step in record.steps.values()
        if (step.key.action, step.state)
        in {
            (Action.DELETE_LINE, StepState.DONE),
            (Action.DELETE_LINE, StepState.UNDONE),
            (Action.CREATE_LINE, StepState.UNDONE),
        }
    )


def made_here(record: JobRecord) -> frozenset[str | None]:
    """Lines that a step of this job made, by id: before it there was none to restore."""
    return frozenset(
        step.line_id for step in record.steps.values() if step.key.action is Action.CREATE_LINE
    ) - {None}


def line_concerned(step: StepRecord) -> str | None:
    """The line that taking the step back would touch, by id."""
    prior = step.prior or "null"
    match step.key.action:
        case Action.ROUTE_NUMBER if reference_of(prior) is not None:
            return None
        case Action.UNROUTE_NUMBER:
            rung = reference_of(prior)
            return rung.id if rung else None
        case _:
            return step.line_id


def replaced_password(step: StepRecord) -> bool:
    """Whether the step set another password: the one before is not known any more."""
    return step.key.action is Action.UPDATE_LINE and "credential" in json.loads(step.prior or "{}")


def _has_way_back(step: StepRecord) -> bool:
    return step.key.action is not Action.DELETE_LINE and not replaced_password(step)
