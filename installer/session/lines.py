"""The chapter of lines that stand: list, show, set, move, delete, reissue, on the protocol of the visit.

A line that a job of this home holds is changed through its job, so that job and platform stay one; any other
is changed by itself, in a job that only keeps the record of it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from installer.domain.credential import (
    CredentialSource,
    SipCredential,
    generate_credential,
    generate_password,
)
from installer.domain.finding import Finding
from installer.domain.gateway import FxsPort
from installer.domain.job import PortPlan, PortState
from installer.domain.line import Account, DeviceSlot, LineChanges
from installer.domain.mac import MacAddress
from installer.errors import Conflict, PlatformFailure, UsageFault
from installer.journal.events import CredentialMade, JobOpened
from installer.journal.store import Entry
from installer.planning.outcome import OutcomeKind
from installer.planning.planner import plan as make_plan
from installer.planning.record import JobRecord
from installer.planning.snapshot import Snapshot
from installer.planning.steps import Blocked, Deferral, UpdateLine
from installer.provisioning.apply import change_line
from installer.provisioning.audit import audit
from installer.provisioning.changing import update
from installer.provisioning.logbook import overtaken
from installer.provisioning.observe import observe
from installer.provisioning.reconcile import mark_interrupted, settle_changes
from installer.provisioning.service import in_service
from installer.session.consent import agreement, take_over
from installer.session.jobs import known_place
from installer.session.line_changes import (
    Change,
    Entries,
    agree_to,
    changed,
    differing,
    moved,
    named_if,
    once_moved,
    out_of_use,
    planned,
    relocation,
    take_off,
)
from installer.session.outputs import Outputs
from installer.session.rooms import Rooms
from installer.session.run import JobRun
from installer.session.settings import Answers
from installer.session.sheet_in import find_account, new_id
from installer.session.standing import StandingLine
from installer.session.summary import created
from installer.session.visits import Visits
from installer.text import safe

LOOSE_SITE = "existing lines"
"""The site of the job that keeps the record of lines no other job holds."""

_NOT_DONE = frozenset({OutcomeKind.REFUSED, OutcomeKind.SKIPPED, OutcomeKind.CONFLICT})
"""Outcomes after which the platform is as it was."""


class ExistingLines:
    """Acts on one line at a time, named by its id or its exact, unique name; runs gather on `visits`."""

    def __init__(self, rooms: Rooms, outputs: Outputs, visits: Visits) -> None:
        self._rooms = rooms
        self._outputs = outputs
        self._visits = visits
        self.show_change: Callable[[StandingLine, Change], None] = lambda _line, _change: None
        """Is told what an act changes, before it is agreed to."""

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
        fits = [each for each in lines if each.line.id == text]
        fits = fits or [each for each in lines if each.line.name == text]
        if len(fits) == 1:
            return fits[0]
        ids = ", ".join(safe(each.line.id) for each in fits[:8])
        remedy = f"name it by its id: {ids}" if fits else "`lines list` shows every line, with --json each id"
        what = "several lines are" if fits else "no line is"
        raise UsageFault(f"{what} called “{safe(text, 60)}”", code="which-line", remedy=remedy)

    async def look(self, account: str, text: str) -> StandingLine:
        """The same, and whether it registers at this moment."""
        found, client = await self.show(account, text), await self._rooms.platform()
        device = found.line.device_id
        try:
            registered = await client.lines.registered(found.account.id, device) if device else False
        except PlatformFailure:
            registered = None
        return replace(found, registered=registered, checked_at=self._rooms.clock.now())

    async def set(self, account: str, text: str, changes: LineChanges, answers: Answers) -> None:
        """Change name, caller id, callback or plans of a line."""
        found = await self.show(account, text)
        if (plan := found.plan) is not None and plan.draft is not None:
            wanted = replace(plan, draft=changed(plan.draft, changes))
            after, before = (Entry(planned(wanted)),), (Entry(planned(plan)),)
            await self._change_in_job(found, wanted, after, before, answers)
            return
        self.show_change(found, differing(found.line, changes))
        async with self._acting(found, answers, "change") as run, self._settled(run, found, answers):
            await update(run.visit, found.subject, found.line.id, changes, None)

    async def move(self, account: str, text: str, target: FxsPort | DeviceSlot, answers: Answers) -> None:
        """Put a line on another port: on a job's port it takes that port's credential, numbers go with it."""
        found = await self.show(account, text)
        if found.job is not None and found.plan is not None:
            if not isinstance(target, FxsPort):
                raise UsageFault(
                    "this line is a job's", code="move-in-job", remedy="name GATEWAY:PORT of the job"
                )
            await self._move_in_job(found, found.job, found.plan, target, answers)
            return
        if isinstance(target, FxsPort):
            raise UsageFault("no job holds this line", code="move-loose", remedy="name MAC and port")
        changes = LineChanges(slot=target)
        self.show_change(found, differing(found.line, changes))
        async with (
            self._acting(found, answers, "move") as run,
            self._settled(run, found, answers, target.mac),
        ):
            await update(run.visit, found.subject, found.line.id, changes, None)

    async def delete(self, account: str, text: str, answers: Answers) -> None:
        """Take a line off, its numbers first; one in service only where its name was typed."""
        found = await self.show(account, text)
        async with (
            self._acting(found, answers, "delete") as run,
            self._settled(run, found, answers) as snapshot,
        ):
            named_if(found.line, await in_service(run.visit, found.line, snapshot), answers)
            plan = found.plan
            if plan is not None:
                # Before the first call: a run that ends here must not make the line anew when it is resumed.
                run.visit.logbook.note(Entry(planned(replace(plan, state=PortState.SPARE, draft=None))))
            done = await take_off(run.visit, found.subject, found.line.id, snapshot)
            if plan is not None and done.kind in _NOT_DONE:
                run.visit.logbook.note(Entry(planned(plan)))

    async def reissue(self, account: str, text: str, answers: Answers) -> None:
        """Give a line a new password under its username, and write the sheet that carries it."""
        found = await self.show(account, text)
        if found.line.sip_username is None or found.line.mac is None:
            raise Conflict("the line has no credential", code="no-credential", remedy="it has no device yet")
        fresh = SipCredential(found.line.sip_username, generate_password(self._rooms.randbelow))
        async with self._acting(found, answers, "reissue") as run, self._settled(run, found, answers):
            await out_of_use(run.visit, found.line, answers)
            # What cannot be handed over on a sheet must not be set on the line.
            loose = None if found.port else self._outputs.loose_job(run.record, found.account, found.line)
            changes = LineChanges(credential=fresh)
            done = await update(run.visit, found.subject, found.line.id, changes, None)
            if loose is not None and done.kind is OutcomeKind.DONE:
                run.artifacts += await self._outputs.loose_sheet(run.record, loose, found.line, fresh)

    async def _move_in_job(
        self, found: StandingLine, record: JobRecord, here: PortPlan, target: FxsPort, answers: Answers
    ) -> None:
        target = FxsPort(known_place(target.gateway, record), target.number)
        there, held = record.job.by_port.get(target), record.lines[here.port]
        free = there is not None and there.draft is None and created(record, target) is False
        if there is None or not free:
            message = f"{target} is not a free port of the job"
            raise Conflict(message, code="port-not-free", remedy="choose another")
        after, before = relocation(here, there, held)
        if target not in record.credentials:
            fresh = generate_credential(self._rooms.randbelow)
            made = CredentialMade(target, fresh.username, CredentialSource.GENERATED)
            after = (*after, Entry(made, fresh.password))
        await self._change_in_job(found, moved(here, there), after, before, answers)

    async def _change_in_job(
        self, found: StandingLine, plan: PortPlan, entries: Entries, back: Entries, answers: Answers
    ) -> None:
        """Let the job want what `entries` say, then write it; refused, the job wants again what it did.

        The job comes first, so that a run that ends in between is finished by the next apply.
        """
        async with (
            self._acting(found, answers, None) as run,
            self._settled(run, found, None) as snapshot,
        ):
            step = await self._agreed(run, found, snapshot, plan, entries, answers)
            run.visit.logbook.note(*entries)
            if step is not None and (await change_line(run.visit, step)).kind in _NOT_DONE:
                run.visit.logbook.note(*back)

    async def _agreed(
        self,
        run: JobRun,
        found: StandingLine,
        snapshot: Snapshot,
        plan: PortPlan,
        entries: Entries,
        answers: Answers,
    ) -> UpdateLine | None:
        """The one write that `entries` lead to, agreed to with what comes of it; None where it is nothing."""
        visit, port = run.visit, plan.port
        dry = self._rooms.dry_records()
        dry.append(visit.record.job.id, *entries)
        known = make_plan(visit.record.anew(), snapshot, visit.uses).findings
        asked = dry.record(visit.record.job.id).anew()
        wanted = make_plan(asked, snapshot, visit.uses)
        obstacles: tuple[Deferral | Blocked, ...] = (*wanted.deferred, *wanted.blocked)
        for each in obstacles:
            if each.port == port:
                raise Conflict(each.message, code=each.code, remedy="nothing was changed")
        steps = tuple(step for step in wanted.steps if step.port == port and isinstance(step, UpdateLine))
        slot = steps[0].changes.slot if steps else None
        ahead = once_moved(snapshot, found.line.id, slot)
        stands = make_plan(asked, ahead, visit.uses).findings
        findings = tuple(each for each in stands if each not in known)
        run.plan = replace(wanted, steps=steps, standing=(), deferred=(), blocked=(), findings=findings)
        run.findings += findings
        agree = agreement(visit, replace(answers, partial=False), lambda _: self._show(found, port, steps))
        await agree(run.plan)
        return steps[0] if steps else None

    def _show(self, found: StandingLine, port: FxsPort, steps: tuple[UpdateLine, ...]) -> None:
        for step in steps:
            change = differing(found.line, step.changes)
            if port != found.port:
                credential = "SIP credential", f"that of {found.port}", f"that of {port}"
                change = (("port", str(found.port), str(port)), *change, credential)
            self.show_change(found, change)

    @asynccontextmanager
    async def _acting(self, found: StandingLine, answers: Answers, act: str | None) -> AsyncIterator[JobRun]:
        """A run on the line's own job, or on the one for loose lines; agreed to here where `act` is named."""
        if act is not None:
            await agree_to(found.line, answers, act)
        job_id = found.job.job.id if found.job else await self._loose_job(found.account)
        async with self._visits.running(self._rooms.records, job_id) as run:
            await self._visits.check_place(run)
            yield run

    @asynccontextmanager
    async def _settled(
        self, run: JobRun, found: StandingLine, answers: Answers | None, *others: MacAddress
    ) -> AsyncIterator[Snapshot]:
        """Hardware held, what was open settled, an audit after; `answers` where no plan is agreed to."""
        macs = (*others, *((found.line.mac,) if found.line.mac else ()))
        async with self._visits.holding(run, *macs):
            if not _stands_still(found, run):
                raise overtaken("the line is not the job's as it was")
            if found.job and answers is not None:
                await take_over(run.visit, answers)
            mark_interrupted(run.visit)
            await settle_changes(run.visit)
            yield await observe(run.visit)
            run.audited(await audit(run.visit))

    async def _loose_job(self, account: Account) -> str:
        address, records = await self._rooms.address(), self._rooms.records
        async with self._rooms.opening_jobs():
            for record in records.all():
                job = record.job
                if (job.platform, job.account.id, job.site) == (address, account.id, LOOSE_SITE):
                    return job.id
            job_id = new_id(self._rooms, "J")
            records.append(job_id, Entry(JobOpened(address, account, LOOSE_SITE)))
            return job_id


def _stands_still(found: StandingLine, run: JobRun) -> bool:
    """Whether the line, and the job that holds it, are what they were when it was looked up."""
    if found.job is None:
        return found.line.id not in run.visit.logbook.held_lines
    before, now = found.job, run.record
    return (before.job, dict(before.lines)) == (now.job, dict(now.lines))
