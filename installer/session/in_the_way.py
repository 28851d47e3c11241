"""What stands in the way, and the way on: whose line it is and the commands that look at it or move it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort
from installer.domain.numbers import TelephoneNumber
from installer.planning.outcome import Outcome, OutcomeKind
from installer.planning.record import JobRecord
from installer.planning.steps import Blocked, Subject
from installer.session.run import JobRun
from installer.text import safe

_Obstacle = tuple[Subject, TelephoneNumber | None, str | None]
_Holder = tuple[JobRecord, FxsPort]


def is_in_the_way(run: JobRun) -> bool:
    """Whether a line or a number stood where the run wanted to write."""
    return any(filter(None, map(_obstacle, _told(run))))


def ways_on(run: JobRun, records: Iterable[JobRecord]) -> Iterator[Finding]:
    """One finding for each line or number in the way of the run; `records` are the jobs of this home."""
    known = tuple(records)
    for subject, number, line_id in dict.fromkeys(filter(None, map(_obstacle, _told(run)))):
        own = run.record.job.id, subject
        holder = _ringing(known, number, own) if number else _holding(known, line_id)
        account = shlex.quote(safe(run.record.job.account.number or run.record.job.account.id))
        remedy = f"`punchdown lines list {account}` shows what each number rings"
        if number is None and line_id is not None:
            remedy = f"`punchdown lines show {account} {safe(line_id)}`, then `lines move` or `lines delete`"
        what = number.national if number else f"the line on {subject}"
        message = f"{what} is held by {_name(holder)}"
        yield Finding(Severity.INFO, "in-the-way", message, remedy)


def _told(run: JobRun) -> tuple[Outcome | Blocked, ...]:
    return (*run.outcomes, *(run.plan.blocked if run.plan else ()))


def _obstacle(told: Outcome | Blocked) -> _Obstacle | None:
    if isinstance(told, Outcome):
        return (told.subject, told.number, told.line_id) if told.kind is OutcomeKind.CONFLICT else None
    return (told.port, told.number, told.line_id) if told.number or told.line_id else None


def _holding(records: tuple[JobRecord, ...], line_id: str | None) -> _Holder | None:
    held = ((record, port, line) for record in records for port, line in record.lines.items())
    return next(((record, port) for record, port, line in held if line.line_id == line_id), None)


def _ringing(
    records: tuple[JobRecord, ...], number: TelephoneNumber, own: tuple[str, Subject]
) -> _Holder | None:
    for record in records:
        for plan, draft in record.job.drafts():
            rings = number in draft.inbound_numbers and plan.port in record.lines
            if rings and (record.job.id, plan.port) != own:
                return record, plan.port
    return None


def _name(holder: _Holder | None) -> str:
    if holder is None:
        return "no job of this home"
    record, port = holder
    return f"{port} of {safe(record.job.site, 60)} ({record.job.id})"
