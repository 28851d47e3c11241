"""The chapter of the visit itself: prepare, bind, plan, apply, resume, resolve, undo, audit, watch."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

from installer.domain.finding import Finding
from installer.domain.gateway import FxsPort, GatewayPlace
from installer.domain.mac import MacAddress
from installer.errors import PlatformFailure, SheetFaults
from installer.journal.events import GatewayBound
from installer.outputs.written import WrittenFile
from installer.planning.planner import LINE_GONE
from installer.planning.record import JobRecord
from installer.planning.steps import Plan
from installer.provisioning.apply import apply, preview
from installer.provisioning.audit import audit, note_blocked
from installer.provisioning.logbook import Logbook, Records, overtaken
from installer.provisioning.prepare import mint_credentials, validate_usernames
from installer.provisioning.resolve import abandon, adopt
from installer.provisioning.undo import undo
from installer.provisioning.visit import Visit
from installer.provisioning.watch import Sighting, watch
from installer.session import undoing
from installer.session.binding import bind
from installer.session.consent import ShowUndo, agree_to_undo, agreement, take_over
from installer.session.jobs import find_job, held_job, known_port, unfinished, with_gateway
from installer.session.keeping import kept
from installer.session.outputs import SHEET, Outputs, sheet_is_late, wrong_platform
from installer.session.rehearsing import partner_gateways
from installer.session.rooms import Rooms
from installer.session.run import JobRun
from installer.session.settings import Answers
from installer.session.sheet_in import SheetTaken, faults_first, take_sheet


class Visits:
    """Acts on jobs. `runs` holds every run begun, also one that was interrupted, `late` the late sheets."""

    def __init__(self, rooms: Rooms, outputs: Outputs) -> None:
        self._rooms = rooms
        self._outputs = outputs
        self.runs: list[JobRun] = []
        self.findings: list[Finding] = []
        self.late: list[tuple[JobRecord, list[WrittenFile]]] = []
        self.show_plan: Callable[[Plan], None] = lambda _plan: None
        self.show_undo: ShowUndo = lambda _steps: None

    async def plan(self, source: Path | str | None, answers: Answers, only: GatewayPlace | None) -> None:
        """What an apply would do; nothing is kept and nothing written."""
        records = self._rooms.dry_records(sealed=isinstance(source, Path))
        sources = await self._sources(source, records, answers)
        for job_id, place in with_gateway(records, sources, only).items():
            async with self.running(records, job_id, sources[job_id]) as run:
                await self._preview(run, answers, place)

    async def prepare(self, sheet: Path, answers: Answers) -> None:
        """Check everything, keep the job with its credentials, write the sheet; no platform write."""
        for job_id, taken in (await self._kept(sheet, answers)).items():
            async with self.running(self._rooms.records, job_id, taken) as run:
                await self.check_place(run)
                async with self.holding(run):
                    mint_credentials(run.visit)
                    run.findings += await validate_usernames(run.visit)
                    run.plan = await preview(run.visit)
                    note_blocked(run.visit, run.plan, None)
                    run.note(run.plan.findings)

    async def apply(
        self, source: Path | str | None, answers: Answers, only: GatewayPlace | None = None
    ) -> None:
        """Bring the jobs of a sheet, or one job, to what they say."""
        if not isinstance(source, Path):
            await self._apply(held_job(self._rooms, source).job.id, answers, only)
            return
        sources = await self._kept(source, answers)
        for job_id in with_gateway(self._rooms.records, sources, only):
            await self._apply(job_id, answers, only, sources[job_id])

    async def resume(self, text: str | None, answers: Answers, only: GatewayPlace | None = None) -> bool:
        """Go on with an unfinished job, or undo, or sheet, for which nobody signs in; False without any."""
        dry = self._rooms.dry_records()
        late = [] if text else [record.job.id for record in dry.all() if sheet_is_late(record)]
        begun = text or unfinished(dry)
        goes_on = bool(begun) and await self._go_on(held_job(self._rooms, text), answers, only)
        for job_id in late:
            record = self._rooms.records.record(job_id)
            self.late.append((record, await self._outputs.sheet(record, "xlsx")))
            self.findings += self._outputs.lacking()
        return goes_on or bool(late)

    async def _go_on(self, record: JobRecord, answers: Answers, only: GatewayPlace | None) -> bool:
        job_id = record.job.id
        only = with_gateway(self._rooms.records, (job_id,), only)[job_id]
        if undos := undoing.undone_within(record, only):
            for place in sorted(undos, key=str):
                await self._take_back(job_id, answers, place, resumes=True)
        elif record.finished or record.is_unfinished:
            await self._apply(job_id, answers, only, wants=False)
        else:
            self.findings.append(undoing.STAYS_TAKEN_BACK)
            return False
        return True

    async def resolve(self, text: str | None, port: FxsPort, verdict: Literal["adopt", "abandon"]) -> None:
        """A person decides on a create of unknown outcome."""
        record = held_job(self._rooms, text)
        port = known_port(record, port)
        async with self.running(self._rooms.records, record.job.id) as run:
            await self.check_place(run)
            async with self.holding(run):
                await (adopt if verdict == "adopt" else abandon)(run.visit, port)

    async def undo(self, text: str | None, answers: Answers, only: GatewayPlace | None) -> None:
        """Take back what the job's journal did."""
        job_id = held_job(self._rooms, text).job.id
        await self._take_back(job_id, answers, with_gateway(self._rooms.records, (job_id,), only)[job_id])

    async def _take_back(
        self, job_id: str, answers: Answers, only: GatewayPlace | None, *, resumes: bool = False
    ) -> None:
        async with self.running(self._rooms.records, job_id) as run:
            await self.check_place(run)
            async with self.holding(run):
                if resumes and not undoing.undone_within(run.record, only):
                    raise overtaken("its undo goes on no more")
                await take_over(run.visit, answers)
                await agree_to_undo(run.visit, answers, only, self.show_undo)
                undoing.begin_undo(run.visit, only)
                was_finished = run.record.finished
                await undo(run.visit, answers.confirm, lambda port: only in {None, port.gateway})
                undoing.end_undo(run, only)
                if was_finished and run.record.wanted and not run.record.undoing:
                    run.audited(await audit(run.visit))

    async def audit(self, source: Path | str | None, answers: Answers, only: GatewayPlace | None) -> None:
        """What differs between sheet, journal and platform. A sheet is compared, not kept."""
        is_sheet = isinstance(source, Path)
        records = self._rooms.dry_records(sealed=True) if is_sheet else self._rooms.records
        sources = await self._sources(source, records, answers)
        for job_id, place in with_gateway(records, sources, only).items():
            async with self.running(records, job_id, sources[job_id]) as run:
                await self.check_place(run)
                run.audited(await audit(run.visit, place))
                run.differences = (*(run.sheet.changes if run.sheet else ()), *run.differences)

    async def watch(
        self,
        text: str | None,
        only: GatewayPlace | None,
        seconds: float,
        show: Callable[[JobRecord, tuple[Sighting, ...]], None],
    ) -> None:
        """Poll registration until every line registers or the time is up; `show` sees each look."""
        record = held_job(self._rooms, text)
        only = with_gateway(self._rooms.records, (record.job.id,), only)[record.job.id]
        async with self.running(self._rooms.records, record.job.id) as run:
            await self.check_place(run)
            ports = tuple(port for port in record.lines if only in {None, port.gateway})
            async with partner_gateways(self._rooms, record, SHEET):
                await watch(run.visit, ports, seconds, lambda seen: show(run.record, seen))

    def bind(
        self, text: str | None, place: GatewayPlace, mac: MacAddress, serial: str, why: str
    ) -> JobRecord:
        """Bind hardware to a place of the job; after its first write that is a swap, which is refused."""
        record = held_job(self._rooms, text)
        with self._rooms.hold_gateways(record.job, others=(mac,)):
            self.findings += bind(self._rooms.records, record.job.id, GatewayBound(place, mac, serial, why))
        return self._rooms.records.record(record.job.id)

    async def _apply(
        self,
        job_id: str,
        answers: Answers,
        only: GatewayPlace | None,
        taken: SheetTaken | None = None,
        *,
        wants: bool = True,
    ) -> None:
        """Bring one job to what it says; `wants` where somebody asked for it anew, which lifts an undo."""
        only = with_gateway(self._rooms.records, (job_id,), only)[job_id]
        async with self.running(self._rooms.records, job_id, taken) as run:
            await self.check_place(run)
            async with self.holding(run):
                if not wants and undoing.undone_within(run.record, only):
                    raise overtaken("it is being taken back")
                run.visit.remakes_lost = LINE_GONE in answers.accept
                mint_credentials(run.visit)

                def show(plan: Plan) -> None:
                    run.plan = run.plan or plan
                    run.note(plan.findings)
                    self.show_plan(plan)

                async def agree(plan: Plan) -> None:
                    await agreement(run.visit, answers, show)(plan)
                    if wants:
                        undoing.want_again(run.visit, only)

                run.audited(await apply(run.visit, agree, only, wants=wants))

    async def _kept(self, sheet: Path, answers: Answers) -> dict[str, SheetTaken]:
        """The sheet's jobs, checked whole on a dry run first, then kept."""
        with faults_first(self._rooms, sheet, partial=answers.partial):
            await self._rooms.platform()  # while the vault may be opening on its thread
        if self._rooms.journal_path.exists():
            _ = self._rooms.records  # a locked vault is told before anybody is asked
        told = len(self.findings)

        async def check(dry: Records) -> dict[str, SheetTaken]:
            del self.findings[told:]
            return await self._checked(sheet, dry, answers)

        return await kept(self._rooms, check)

    async def _checked(self, sheet: Path, dry: Records, answers: Answers) -> dict[str, SheetTaken]:
        sources = await self._taken(sheet, dry, answers)
        faults: list[Finding] = []
        for job_id, taken in tuple(sources.items()):
            run = await self._new_run(dry, job_id, taken)
            await self._preview(run, answers, None)
            faults += run.faults
            sources[job_id] = taken.without({fault.gateway for fault in run.faults if fault.gateway})
            if sources[job_id].left_out >= run.record.job.by_place.keys():
                del sources[job_id]
        if faults and not (answers.partial and sources):
            raise SheetFaults("sheet", faults)
        self.findings += faults
        return sources

    async def _sources(
        self, source: Path | str | None, records: Records, answers: Answers
    ) -> Mapping[str, SheetTaken | None]:
        """The jobs to act on, by id, with what a sheet says of them, taken into `records`."""
        if not isinstance(source, Path):
            return {find_job(records, source).job.id: None}
        return await self._taken(source, records, answers)

    async def _taken(self, source: Path, records: Records, answers: Answers) -> dict[str, SheetTaken]:
        taken, findings = await take_sheet(self._rooms, source, records, partial=answers.partial)
        self.findings += [*findings, *(finding for each in taken for finding in each.findings)]
        for each in taken:
            records.append(each.job_id, *each.entries)
        return {each.job_id: each for each in taken}

    async def _preview(self, run: JobRun, answers: Answers, only: GatewayPlace | None) -> None:
        await self.check_place(run)
        plan = await preview(run.visit, only)
        run.note((*plan.findings, *undoing.made_anew(run.record, plan.steps)))
        left_out = run.visit.left_out | {fault.gateway for fault in run.faults if answers.partial}
        run.plan = replace(plan, steps=tuple(s for s in plan.steps if s.port.gateway not in left_out))

    async def check_place(self, run: JobRun) -> None:
        """No act on another platform or partition than the job's (protocol R11)."""
        address, stands = await self._rooms.address(), run.record.job.platform
        if address != stands:
            raise wrong_platform(stands)

    @asynccontextmanager
    async def running(
        self, records: Records, job_id: str, taken: SheetTaken | None = None
    ) -> AsyncIterator[JobRun]:
        """A run that is remembered; what ends it is kept on it, and only what ends every run is raised."""
        run = await self._new_run(records, job_id, taken)
        self.runs.append(run)
        with run.ending():
            yield run

    @asynccontextmanager
    async def holding(self, run: JobRun, *others: MacAddress) -> AsyncIterator[None]:
        """Gateways and `others` are the run's; in the end, also of a failed call, the sheet is true."""
        with self._rooms.hold_gateways(run.record.job, others=others):
            try:
                yield
            except PlatformFailure:
                await self._leave_sheet(run)
                raise
            await self._leave_sheet(run)

    async def _leave_sheet(self, run: JobRun) -> None:
        if not run.record.job.gateways:
            return  # of loose lines: each has a sheet of its own
        is_first = SHEET not in run.record.artifacts
        run.artifacts += await self._outputs.sheet(run.record, "xlsx")
        if is_first:  # told once: the hand-over says it for as long as it is so
            run.findings += self._outputs.lacking()

    async def _new_run(self, records: Records, job_id: str, taken: SheetTaken | None) -> JobRun:
        rooms, logbook = self._rooms, Logbook(records, job_id)
        platform, uses, chance = await rooms.platform(), rooms.profiles.uses, rooms.randbelow
        visit = Visit(platform, logbook, uses, rooms.clock, chance, rooms.quiet_window, rooms.watcher)
        visit.at_once = rooms.settings.concurrency
        visit.left_out = set(taken.left_out) if taken else set()
        return JobRun(visit, sheet=taken)
