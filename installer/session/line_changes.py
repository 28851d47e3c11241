"""What a change of one standing line is made of: its new plan, a person's yes, its removal."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace

from installer.domain.job import PortPlan, PortState
from installer.domain.line import DeviceSlot, LineChanges, LineDraft, SpecialtyLine
from installer.domain.numbers import TelephoneNumber, shown_number
from installer.errors import AnswerNeeded
from installer.journal.events import LineAdopted, LineLost, PortPlanned
from installer.journal.store import Entry
from installer.planning.outcome import Outcome, OutcomeKind
from installer.planning.record import LineRecord
from installer.planning.snapshot import Snapshot
from installer.planning.steps import Subject
from installer.provisioning.changing import delete, set_reference
from installer.provisioning.service import registration
from installer.provisioning.visit import Visit
from installer.session.consent import ask
from installer.session.settings import Answers
from installer.text import safe

Entries = Sequence[Entry]


def planned(plan: PortPlan) -> PortPlanned:
    """The event by which the job wants `plan`."""
    return PortPlanned(plan.port, plan.state, plan.label_id, plan.draft, plan.source, plan.extra)


def changed(draft: LineDraft, changes: LineChanges) -> LineDraft:
    """The line that is wanted once `changes` are made."""
    return replace(
        draft,
        name=changes.name or draft.name,
        caller_id=changes.caller_id or draft.caller_id,
        e911_callback=changes.e911_callback or draft.e911_callback,
        calling_plans=changes.calling_plan_ids or draft.calling_plans,
    )


def moved(here: PortPlan, there: PortPlan) -> PortPlan:
    """What is wanted of the port `there` once the line of `here` is on it."""
    return replace(there, state=PortState.USE, draft=here.draft)


def relocation(here: PortPlan, there: PortPlan, held: LineRecord) -> tuple[Entries, Entries]:
    """What lets the job want its line on the port `there`, and what lets it want it `here` again."""
    after = (
        Entry(planned(moved(here, there))),
        Entry(planned(replace(here, state=PortState.SPARE, draft=None))),
        Entry(LineLost(here.port, held.line_id)),
        Entry(LineAdopted(there.port, held.line_id, held.device_id)),
    )
    before = (
        Entry(planned(here)),
        Entry(planned(there)),
        Entry(LineLost(there.port, held.line_id)),
        Entry(LineAdopted(here.port, held.line_id, held.device_id)),
    )
    return after, before


Change = tuple[tuple[str, str, str], ...]
"""For people: of each field that an act changes its name, what it is and what it becomes."""


def differing(line: SpecialtyLine, changes: LineChanges) -> Change:
    """Where `changes` differ from what `line` is."""
    fields = (
        ("name", safe(line.name, 60), changes.name),
        ("caller id", shown_number(line.caller_id), _national(changes.caller_id)),
        ("E911 callback", shown_number(line.e911_callback), _national(changes.e911_callback)),
        ("calling plans", _listed(line.calling_plan_ids), _listed(changes.calling_plan_ids or ())),
        ("hardware", _slot(line), _slot(changes.slot)),
    )
    return tuple((what, old or "none", new) for what, old, new in fields if new and new != old)


def once_moved(snapshot: Snapshot, line_id: str, slot: DeviceSlot | None) -> Snapshot:
    """What will be seen once the line stands at `slot`: what is found there is about its new place."""
    if slot is None:
        return snapshot
    lines = (
        replace(line, mac=slot.mac, fxs_port=slot.fxs_port, device_type=slot.device_type)
        if line.id == line_id
        else line
        for line in snapshot.lines
    )
    return replace(snapshot, lines=tuple(lines))


async def agree_to(line: SpecialtyLine, answers: Answers, act: str) -> None:
    """Returns once a person agreed to `act` on the line. Raises AnswerNeeded."""
    if not answers.yes:
        question = f"{act} “{safe(line.name, 60)}” on {line.mac or 'no device'}?"
        await ask(answers, question, "confirmation", "--yes")


async def take_off(visit: Visit, subject: Subject, line_id: str, snapshot: Snapshot) -> Outcome:
    """Silence the line's numbers, then delete it; the outcome that ended it."""
    for held in snapshot.numbers:
        if held.rings(line_id):
            done = await set_reference(visit, subject, held.number, None, held.reference)
            if done.kind is not OutcomeKind.DONE:
                return done
    return await delete(visit, subject, line_id)


async def out_of_use(visit: Visit, line: SpecialtyLine, answers: Answers) -> None:
    """A line that is registered loses its registration with its password: its name is to be typed."""
    named_if(line, await registration(visit, line), answers)


def named_if(line: SpecialtyLine, reason: str | None, answers: Answers) -> None:
    """Raises AnswerNeeded where there is a `reason` to have the line's name typed, and it was not."""
    if reason is not None and line.name not in answers.confirm:
        name = safe(line.name)
        option = f"--confirm {shlex.quote(name)}"
        raise AnswerNeeded(f"“{name}” is {reason}", code="line-in-service", option=option)


def _national(number: TelephoneNumber | None) -> str | None:
    return number.national if number else None


def _listed(ids: Iterable[str]) -> str:
    return safe(", ".join(sorted(ids)))


def _slot(stands: SpecialtyLine | DeviceSlot | None) -> str | None:
    return f"{stands.mac} port {stands.fxs_port}" if stands and stands.mac else None
