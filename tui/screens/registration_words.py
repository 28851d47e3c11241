"""Registration in words: a port's state, the visit's sum, how old it is. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from installer.domain.gateway import FxsPort
from installer.domain.job import PortPlan, PortState
from installer.planning.outcome import MAYBE_SENT_STATES
from installer.planning.record import JobRecord
from installer.planning.steps import Action
from installer.session.status import Registration, registration
from installer.text import safe
from tui import words
from tui.widgets.grid import Cell, Row, state
from tui.words import Tone, Word, counted, seconds_ago


def word_of(record: JobRecord, plan: PortPlan, *, silent: bool) -> Word:
    """How the port stands; `silent` where the platform did not say, at the last look."""
    if plan.state is PortState.SPARE:
        return words.SPARE
    if plan.state is PortState.OFF:
        return words.OFF
    if silent:
        return words.NOT_TOLD
    return words.REGISTRATIONS[registration(record, plan.port).value]


def row(record: JobRecord, plan: PortPlan, word: Word) -> Row:
    """The port in the table, since when by the clock: an age would be true only while it is drawn."""
    seen = record.registrations.get(plan.port)
    since = f"{seen.since.astimezone():%m-%d %H:%M}" if seen else ""
    flaps = str(seen.flaps) if seen and seen.flaps else ""
    name = safe(plan.draft.name, 100) if plan.draft else ""
    cells = Cell(str(plan.port)), Cell(name), state(word), Cell(since, Tone.QUIET), Cell(flaps, Tone.WARN)
    return Row(str(plan.port), cells)


def summed_up(
    record: JobRecord,
    silent: Collection[FxsPort],
    looked: datetime | None,
    now: datetime,
    *,
    held: bool,
    looking: bool,
) -> tuple[str, Tone]:
    """How many of the lines are up, and how old that is."""
    used = [plan for plan in record.job.ports if plan.state is PortState.USE]
    up = sum(
        registration(record, plan.port) is Registration.REGISTERED and plan.port not in silent
        for plan in used
    )
    if lost := unknown_lines(record):
        return f"? {counted(lost, 'line')} not known yet: step Provision looks them up (F5)", Tone.WARN
    if not record.lines:
        return f"· none of {len(used)} lines stands yet: step Provision makes them", Tone.PLAIN
    age = f"looked {seconds_ago((now - looked).total_seconds())}" if looked else "never looked yet"
    all_up = bool(used) and up == len(used)
    sign, tone = ("●", Tone.GOOD) if all_up else ("○", Tone.PLAIN)
    if held:
        age += "; ■ held still, F3 goes on"
        tone = Tone.WARN
    elif not looking:
        age += "; not looking, F5 looks"
    return f"{sign} {up} of {len(used)} lines registered, {age}", tone


def unknown_lines(record: JobRecord) -> int:
    """How many creates were sent of which nobody knows what became."""
    return sum(
        key.action is Action.CREATE_LINE and step.state in MAYBE_SENT_STATES
        for key, step in record.steps.items()
    )


def about(record: JobRecord, port: FxsPort) -> str:
    """The port under the cursor: socket, label, and since when by the clock."""
    plan = record.job.by_port[port]
    jack = record.job.gateway(port.gateway).jack(port.number)
    seen = record.registrations.get(port)
    when = f", since {seen.since.astimezone():%m-%d %H:%M:%S}" if seen else ""
    return f"{port} · {jack} · label {plan.label_id}{when}"
