"""The chapter of lines that stand: list, show, set, move, delete, reissue, on the protocol of the visit.

A line that a job of this home holds is changed through its job, so that job and platform stay one; any other
is changed by itself, in a job that only keeps the record of it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from installer.domain.credential import (
    CredentialSource,
    SipCredential,
    generate_credential,
    generate_password,
)
from installer.domain.finding import Finding
from installer.domain.gateway import FxsPort
from installer.domain.job import PortPlan, PortState
from installer.domain.line import Account, DeviceSlot, LineChanges, LineDraft, SpecialtyLine
from installer.errors import AnswerNeeded, Conflict, UsageFault
from installer.journal.events import CredentialMade, Event, JobOpened, LineAdopted, LineLost, PortPlanned
from installer.journal.store import Entry
from installer.planning.outcome import OutcomeKind
from installer.planning.record import JobRecord
from installer.planning.steps import LineRef, Subject
from installer.provisioning.audit import audit
from installer.provisioning.changing import delete, set_reference, update
from installer.provisioning.observe import observe
from installer.provisioning.reconcile import mark_interrupted, settle_changes
from installer.provisioning.undo import in_service
from installer.session.outputs import Outputs
from installer.session.rooms import Rooms
from installer.session.run import JobRun
from installer.session.settings import Answers
from installer.session.sheet_in import find_account, new_job_id
from installer.session.visits import Visits
from installer.text import safe

LOOSE_SITE = "existing lines"
"""The site of the job that keeps the record of lines no other job holds."""


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A line of the platform, with the job and port of this home that hold it, if any do."""

    account: Account
    line: SpecialtyLine
    job: JobRecord | None
    port: FxsPort | None

    @property
    def subject(self) -> Subject:
        """Whose step a change of the line is."""
        return self.port or LineRef(self.line.id)


class ExistingLines:
    """Acts on one line at a time, named by its id or its exact, unique name; runs gather on `visits`."""

    def __init__(self, rooms: Rooms, outputs: Outputs, visits: Visits) -> None:
        self._rooms = rooms
        self._outputs = outputs
        self._visits = visits

    async def list(self, account: str) -> tuple[StandingLine, ...]:
        """Every line of the account, as the platform has it at this moment."""
        found = await find_account(self._rooms, account)
        if isinstance(found, Finding):
            raise UsageFault(found.message, code=found.code, remedy=found.remedy)
        client = await self._rooms.platform()
        address = await self._rooms.address()
        holders = {
            held.line_id: (record, port)
            for record in self._rooms.dry_records().all()
            if record.job.platform == address and record.job.account.id == found.id
            for port, held in record.lines.items()
        }
        return tuple(
            StandingLine(found, line, *holders.get(line.id, (None, None)))
            for line in await client.lines.list(found.id)
        )

    async def show(self, account: str, text: str) -> StandingLine:
        """The line of that id or name. Raises UsageFault where none or several fit."""
        lines = await self.list(account)
        fits = [each for each in lines if each.line.id == text] or [
            each for each in lines if each.line.name == text
        ]
        if len(fits) == 1:
            return fits[0]
        what = "several lines are" if fits else "no line is"
        ids = ", ".join(safe(each.line.id, 40) for each in fits[:8])
        raise UsageFault(
            f"{what} called “{safe(text, 60)}”", code="which-line", remedy=f"name it by its id: {ids}"
        )

    async def set(self, account: str, text: str, changes: LineChanges, answers: Answers) -> None:
        """Change name, caller id, callback or plans of a line."""
        found = await self.show(account, text)
        if found.job is not None and found.port is not None:
            plan = found.job.job.port(found.port)
            await self._replan(
                found.job, answers, _planned(replace(plan, draft=_changed(plan.draft, changes)))
            )
            return
        async with self._acting(found, answers, "change") as run:
            await update(run.visit, found.subject, found.line.id, changes, None)

    async def move(self, account: str, text: str, target: FxsPort | DeviceSlot, answers: Answers) -> None:
        """Put a line on another port: on a job's port it takes that port's credential, numbers go with it."""
        found = await self.show(account, text)
        if found.job is not None and found.port is not None:
            if not isinstance(target, FxsPort):
                raise UsageFault(
                    "this line is a job's", code="move-in-job", remedy="name GATEWAY:PORT of the job"
                )
            await self._move_in_job(found.job, found.port, target, answers)
            return
        if isinstance(target, FxsPort):
            raise UsageFault("no job holds this line", code="move-loose", remedy="name MAC and port")
        async with self._acting(found, answers, "move") as run:
            await update(run.visit, found.subject, found.line.id, LineChanges(slot=target), None)

    async def delete(self, account: str, text: str, answers: Answers) -> None:
        """Take a line off, its numbers first; one in service only where its name was typed."""
        found = await self.show(account, text)
        async with self._acting(found, answers, "delete") as run:
            snapshot = await observe(run.visit)
            reason = await in_service(run.visit, found.line, snapshot)
            if reason is not None and found.line.name not in answers.confirm:
                name = safe(found.line.name, 60)
                option = f"--confirm “{name}”"
                raise AnswerNeeded(f"“{name}” is {reason}", code="line-in-service", option=option)
            for held in snapshot.numbers:
                if held.rings(found.line.id):
                    done = await set_reference(run.visit, found.subject, held.number, None, held.reference)
                    if done.kind is not OutcomeKind.DONE:
                        return
            done = await delete(run.visit, found.subject, found.line.id)
            if done.kind is OutcomeKind.DONE and found.port is not None:
                plan = run.record.job.port(found.port)
                spare = replace(plan, state=PortState.SPARE, draft=None)
                run.visit.logbook.note(Entry(_planned(spare)))

    async def reissue(self, account: str, text: str, answers: Answers) -> None:
        """Give a line a new password under its username, and write the sheet that carries it."""
        found = await self.show(account, text)
        if found.line.sip_username is None or found.line.mac is None:
            raise Conflict("the line has no credential", code="no-credential", remedy="it has no device yet")
        fresh = SipCredential(found.line.sip_username, generate_password(self._rooms.randbelow))
        async with self._acting(found, answers, "reissue") as run:
            await update(run.visit, found.subject, found.line.id, LineChanges(credential=fresh), None)
            if found.port is None:
                run.artifacts += self._outputs.loose_sheet(run.record, found.account, found.line, fresh)

    async def _replan(self, record: JobRecord, answers: Answers, *events: Event) -> None:
        """Keep the changed plan of the job, then apply it."""
        self._rooms.records.append(record.job.id, *(Entry(event) for event in events))
        await self._visits.apply_job(record.job.id, answers, None)

    async def _move_in_job(self, record: JobRecord, port: FxsPort, target: FxsPort, answers: Answers) -> None:
        job, held = record.job, record.lines[port]
        there = job.by_port.get(target)
        if there is None or there.draft is not None or target in record.lines:
            raise Conflict(
                f"{target} is not a free port of the job", code="port-not-free", remedy="choose another"
            )
        here = job.port(port)
        entries = [
            Entry(_planned(replace(there, state=PortState.USE, draft=here.draft))),
            Entry(_planned(replace(here, state=PortState.SPARE, draft=None))),
            Entry(LineLost(port, held.line_id)),
            Entry(LineAdopted(target, held.line_id, held.device_id)),
        ]
        if target not in record.credentials:
            fresh = generate_credential(self._rooms.randbelow)
            made = CredentialMade(target, fresh.username, CredentialSource.GENERATED)
            entries.append(Entry(made, fresh.password))
        self._rooms.records.append(job.id, *entries)
        await self._visits.apply_job(job.id, answers, None)

    @asynccontextmanager
    async def _acting(self, found: StandingLine, answers: Answers, act: str) -> AsyncIterator[JobRun]:
        """A run on the line's own job, or on the one for loose lines, agreed to, settled before and after."""
        await _agree(found, answers, act)
        records = self._rooms.records
        job_id = found.job.job.id if found.job else await self._loose_job(found.account)
        async with self._visits.running(records, job_id) as run:
            await self._visits.check_place(run)
            with self._rooms.hold_gateways(run.record.job):
                mark_interrupted(run.visit)
                settle_changes(run.visit, await observe(run.visit))
                yield run
                run.differences = await audit(run.visit)
                if found.job is not None:
                    run.artifacts += self._outputs.after_run(run.record)

    async def _loose_job(self, account: Account) -> str:
        address, records = await self._rooms.address(), self._rooms.records
        for record in records.all():
            job = record.job
            if (job.platform, job.account.id, job.site) == (address, account.id, LOOSE_SITE):
                return job.id
        job_id = new_job_id(self._rooms)
        records.append(job_id, Entry(JobOpened(address, account, LOOSE_SITE)))
        return job_id


def _planned(plan: PortPlan) -> PortPlanned:
    return PortPlanned(plan.port, plan.state, plan.label_id, plan.draft, plan.source, plan.extra)


def _changed(draft: LineDraft | None, changes: LineChanges) -> LineDraft | None:
    if draft is None:
        return None
    return replace(
        draft,
        name=changes.name or draft.name,
        caller_id=changes.caller_id or draft.caller_id,
        e911_callback=changes.e911_callback or draft.e911_callback,
        calling_plans=changes.calling_plan_ids or draft.calling_plans,
    )


async def _agree(found: StandingLine, answers: Answers, act: str) -> None:
    if answers.yes:
        return
    question = f"{act} “{safe(found.line.name, 60)}” on {found.line.mac or 'no device'}?"
    if answers.ask is None:
        raise AnswerNeeded(question, code="confirmation", option="--yes")
    if not await answers.ask(question):
        raise AnswerNeeded("not agreed to; nothing was written", code="confirmation", option="--yes")
