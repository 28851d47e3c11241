"""The chapter of what a visit leaves: credential sheet, hand-over, labels, report."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from installer.domain.credential import SipCredential
from installer.domain.finding import Finding, Severity
from installer.domain.gateway import Binding, FxsPort, Gateway, GatewayPlace
from installer.domain.job import PlatformAddress, PortPlan, PortState, RowState, SiteJob
from installer.domain.label import mint_label_id
from installer.domain.line import Account, LineDraft, SpecialtyLine, parse_line_name
from installer.domain.numbers import parse_number
from installer.domain.registrar import Registrar
from installer.errors import Conflict, InvalidValue, UsageFault
from installer.files import UNFINISHED, disk_faults
from installer.journal.events import ArtifactWritten
from installer.journal.store import Entry
from installer.outputs.handover import SheetSent, write_handover
from installer.outputs.visit import VisitSummary
from installer.outputs.written import WrittenFile
from installer.planning.record import JobRecord
from installer.provisioning.logbook import Logbook
from installer.session.beside import in_thread
from installer.session.folder import alone_in
from installer.session.rooms import Rooms
from installer.session.summary import created, visit_summary
from installer.sheets import CredentialSheet, SheetLine, write_sheet
from installer.text import safe, slug

SHEET = "credential-sheet"
SheetFormat = Literal["xlsx", "csv"]


class Outputs:
    """Writes a job's files into its folder and journals each with its hash."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def folder(self, record: JobRecord) -> Path:
        """Where the job's files go: --out, else out/ of the home, by job.

        Each file bears the job's id: --out is one folder for every job.
        """
        return self._rooms.settings.out or self._rooms.home / "out" / record.job.id

    async def sheet(self, record: JobRecord, kind: SheetFormat) -> list[WrittenFile]:
        """The credential sheet and the hand-over that goes with it. Unchanged, it keeps its revision.

        Raises UsageFault where another platform is named than the job's: its registrar would stand in it.
        """
        stands = record.job.platform
        if PlatformAddress(*self._rooms.named, stands.partition_id) != stands:
            raise wrong_platform(stands)
        columns = self._rooms.profiles.sheets["credential"]
        async with alone_in(self._rooms, self.folder(record)) as folder:
            record = self._rooms.records.record(record.job.id)
            path = folder / f"{slug(record.job.site)}-{record.job.id}-credentials.{kind}"
            record, sheet, digest = await self._standing(record, path, columns)
            written = WrittenFile(SHEET, path, digest)
            state = SheetSent(
                written,
                _state(record, sheet),
                self._as_of(record),
                bool(self._rooms.registrar.host),
                record.taken_back - record.lines.keys(),
            )
            note = write_handover(record.job, state, folder)
            for each in (written, note):
                self._journal(record, each, sheet.revision)
        return [written, note]

    def lacking(self) -> list[Finding]:
        """What a credential sheet written now does not say: where lines register, unless a profile has it."""
        if self._rooms.registrar.host:
            return []
        name = self._rooms.settings.platform or "NAME"
        message = "no profile says where lines register: the sheet leaves registrar and SIP domain blank"
        remedy = f"copy profiles/platforms/{name}.toml into the home's profiles/platforms/ and set registrar"
        return [Finding(Severity.WARNING, "registrar-not-set", message, remedy)]

    def loose_job(self, record: JobRecord, account: Account, line: SpecialtyLine) -> SiteJob:
        """What a sheet for one line that no job holds is about: its hardware, every other port spare.

        Raises Conflict where the line has no device of a model that is known here.
        """
        return _job_of(record, account, line, self._rooms)

    async def loose_sheet(
        self, record: JobRecord, job: SiteJob, line: SpecialtyLine, credential: SipCredential
    ) -> list[WrittenFile]:
        """A credential sheet for that line."""
        name = f"{slug(line.name, 'line')}-{slug(line.id, 'id')}-credential.xlsx"
        lines = tuple(
            SheetLine(plan.port, RowState.FINAL, credential, line.id, line.device_id, self._rooms.registrar)
            if plan.draft
            else SheetLine(plan.port, RowState.FINAL)
            for plan in job.ports
        )
        columns = self._rooms.profiles.sheets["credential"]
        async with alone_in(self._rooms, self.folder(record)) as folder:
            sheet = CredentialSheet(job, 1, lines)
            digest = await in_thread(partial(write_sheet, folder / name, sheet, columns))
            written = WrittenFile(SHEET, folder / name, digest)
            self._journal(record, written, 1)
        return [written]

    async def labels(self, record: JobRecord, stock: str, start_cell: int) -> list[WrittenFile]:
        """A label sheet to print and a picture of each label; the pictures are not journalled one by one."""
        from installer.outputs.labels import write_labels  # draws: an apply does without

        known = self._rooms.profiles.labels
        if stock not in known:
            raise UsageFault(
                f"no label stock “{stock}”", code="no-stock", remedy=f"one of {', '.join(known)}"
            )
        uses, now = self._rooms.profiles.uses, partial(self._rooms.records.record, record.job.id)
        async with alone_in(self._rooms, self.folder(record) / f"labels-{record.job.id}") as folder:
            drawn, written = None, list[WrittenFile]()
            while drawn != (drawn := now().job):  # what was journalled meanwhile is drawn as well
                files = write_labels(drawn, uses, known[stock], start_cell, folder)
                written = [each async for each in _left_one_by_one(files)]
            for each in written:
                if each.kind == "labels":
                    self._journal(now(), each, 1)
        return written

    def unprintable(self, record: JobRecord) -> list[Finding]:
        """What the labels cannot spell."""
        from installer.outputs.labels import unprintable

        return list(unprintable(record.job))

    async def report(self, record: JobRecord) -> list[WrittenFile]:
        """The one-page summary, as text and as a page."""
        from installer.outputs.report import write_report

        async with alone_in(self._rooms, self.folder(record)) as folder:
            written = write_report(self.summary(record), folder)
            for each in written:
                self._journal(record, each, 1)
        return list(written)

    def summary(self, record: JobRecord) -> VisitSummary:
        """The visit as the journal knows it."""
        rooms = self._rooms
        return visit_summary(record, rooms.profiles.uses, rooms.settings.operator, rooms.clock.now())

    async def _standing(
        self, record: JobRecord, path: Path, columns: tuple[str, ...]
    ) -> tuple[JobRecord, CredentialSheet, str]:
        """The sheet that was written at `path` and its hash; what was journalled meanwhile stands in it."""
        while True:
            sheet = await self._revised(record, path, columns)
            digest = await in_thread(partial(write_sheet, path, sheet, columns))
            record = self._rooms.records.record(record.job.id)
            if self._sheet(record, sheet.revision) == sheet:
                return record, sheet, digest

    async def _revised(self, record: JobRecord, path: Path, columns: tuple[str, ...]) -> CredentialSheet:
        """The sheet, at the last revision where it is that one still, else at the next.

        It is tried beside `path`: what stands there never shows a revision with another one's content.
        """
        last = record.artifacts.get(SHEET)
        sheet = self.credential_sheet(record)
        if last is None:
            return sheet
        with disk_faults(path), TemporaryDirectory(prefix=UNFINISHED, dir=path.parent) as beside:
            # In the format it was last written in: another one of the same sheet is no new revision.
            trial = Path(beside) / Path(last.path).name
            if await in_thread(partial(write_sheet, trial, sheet, columns)) == last.sha256:
                return sheet
        return self._sheet(record, last.revision + 1)

    def credential_sheet(self, record: JobRecord) -> CredentialSheet:
        """The sheet as it would be written, at its present revision."""
        last = record.artifacts.get(SHEET)
        return self._sheet(record, last.revision if last else 1)

    def _sheet(self, record: JobRecord, revision: int) -> CredentialSheet:
        logbook = Logbook(self._rooms.records, record.job.id)
        return standing_sheet(record, self._rooms.registrar, revision, logbook.credential)

    def _as_of(self, record: JobRecord) -> datetime:
        """When the job was last acted on, so that an unchanged hand-over keeps its bytes."""
        return record.last_write_at or record.opened_at

    def _journal(self, record: JobRecord, written: WrittenFile, revision: int) -> None:
        last = record.artifacts.get(written.kind)
        known = last is not None and (last.path, last.sha256) == (str(written.path), written.sha256)
        if not known or written.kind not in record.fresh:
            event = ArtifactWritten(written.kind, str(written.path), written.sha256, revision)
            self._rooms.records.append(record.job.id, Entry(event))


async def _left_one_by_one(files: Iterator[WrittenFile]) -> AsyncIterator[WrittenFile]:
    """Each file, drawn in a thread: somebody who leaves waits for the one that is being drawn."""
    while (file := await in_thread(partial(next, files, None))) is not None:
        yield file


def wrong_platform(stands: PlatformAddress) -> UsageFault:
    """The fault of acting on a job of another platform or partition (protocol R11)."""
    return UsageFault(
        f"the job belongs to {stands.profile} ({stands.base_url}), partition {stands.partition_id}",
        code="wrong-platform",
        remedy="name that platform, and sign in to that partition",
    )


def sheet_is_late(record: JobRecord) -> bool:
    """Whether a job that is through lacks the sheet that says so: a run was killed before it wrote it."""
    return bool(record.job.gateways) and not record.is_unfinished and SHEET not in record.fresh


def standing_sheet(
    record: JobRecord,
    registrar: Registrar,
    revision: int,
    credential: Callable[[FxsPort], SipCredential | None],
) -> CredentialSheet:
    """The job's sheet as the journal has it."""
    lines = []
    for plan in record.job.ports:
        held = record.lines.get(plan.port)
        seen = record.registrations.get(plan.port)
        lines.append(
            SheetLine(
                plan.port,
                row_state(record, plan),
                credential(plan.port),
                held.line_id if held else None,
                held.device_id if held else None,
                registrar,
                seen.registered if seen else None,
            )
        )
    return CredentialSheet(record.job, revision, tuple(lines))


def row_state(record: JobRecord, plan: PortPlan) -> RowState:
    """How far a port's row may be used: final once its line stands, draft while that is not settled.

    Draft is also what was taken back, and a line that something else keeps off.
    """
    if plan.port in record.lines or (record.lines and plan.state is not PortState.USE):
        return RowState.FINAL
    if plan.port in record.taken_back | record.blocked or created(record, plan.port) is None:
        return RowState.DRAFT
    return RowState.PREPARED


def _state(record: JobRecord, sheet: CredentialSheet) -> RowState:
    """Of the sheet as a whole: that of the lines that stand or are wanted, draft where they differ."""
    used = {plan.port for plan, _ in record.wanted_drafts()} | record.lines.keys()
    states = {line.row_state for line in sheet.lines if line.port in used}
    return states.pop() if len(states) == 1 else RowState.DRAFT


def _job_of(record: JobRecord, account: Account, line: SpecialtyLine, rooms: Rooms) -> SiteJob:
    """A job that is nothing but `line` on its hardware."""
    try:
        model = rooms.profiles.model(line.device_type or "")
        numbers = parse_number(line.caller_id or ""), parse_number(line.e911_callback or "")
        draft = LineDraft(parse_line_name(line.name), "", *numbers, line.calling_plan_ids)
    except InvalidValue as fault:
        message = f"“{safe(line.name, 60)}” cannot stand in a sheet: {fault.message}"
        wanted = "a known model, a plain name and both numbers"
        raise Conflict(message, code=fault.code, remedy=wanted) from fault
    place = GatewayPlace(line.mac.bare if line.mac else "gateway")
    bindings = (Binding(line.mac, "", "platform", rooms.clock.now()),) if line.mac else ()
    gateway = Gateway(place, model, mint_label_id(rooms.randbelow), bindings)
    ports = tuple(
        PortPlan(
            FxsPort(place, number),
            PortState.USE if number == line.fxs_port else PortState.SPARE,
            mint_label_id(rooms.randbelow),
            draft if number == line.fxs_port else None,
        )
        for number in range(1, model.fxs_ports + 1)
    )
    job = record.job
    return SiteJob(job.id, job.platform, account, job.site, (gateway,), ports)
