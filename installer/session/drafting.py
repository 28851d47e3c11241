"""The chapter of a visit while it is written on the screen: drafts, kept after every edit.

A draft is a line sheet (contract §4) without credentials: its rules and faults are those of the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import GatewayModel
from installer.domain.job import PlatformAddress
from installer.domain.line import Account, LineUse
from installer.errors import InvalidValue, JournalUnusable
from installer.files import disk_faults
from installer.planning.record import JobRecord
from installer.session.kept import Kept
from installer.session.rewritten import keep_file, writing_in
from installer.session.rooms import DRAFTS, Rooms
from installer.sheets import editing, filling, read_sheet
from installer.sheets.draft import (
    Cell,
    Draft,
    DraftGateway,
    cell_text,
    draft_bytes,
    draft_of,
    in_cells,
    load_draft,
    read_draft,
    staying,
)
from installer.sheets.opening import OpenedSheet, of_one_job, open_sheet
from installer.text import safe

__all__ = [
    "Cell",
    "Draft",
    "DraftFaults",
    "DraftGateway",
    "Drafting",
    "OpenedSheet",
    "editing",
    "filling",
    "in_cells",
]

_SITE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class DraftFaults:
    """Everything a sheet reader and the job it continues say of a draft; `cells` by the cell it is about."""

    findings: tuple[Finding, ...]
    cells: Mapping[Cell, tuple[Finding, ...]]

    @property
    def stop(self) -> bool:
        """Whether one of them stops the sheet."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


class Drafting:
    """Drafts of this home. They are edited with `editing` and `filling`, then kept."""

    def __init__(self, rooms: Rooms, kept: Kept) -> None:
        self._rooms = rooms
        self._kept = kept

    @property
    def models(self) -> Mapping[str, GatewayModel]:
        """Gateway models by id, fewest ports first."""
        return self._rooms.profiles.gateways

    @property
    def uses(self) -> Mapping[str, LineUse]:
        """Line uses by id."""
        return self._rooms.profiles.uses

    def drafts(self) -> tuple[tuple[Draft, ...], tuple[Finding, ...]]:
        """The kept drafts, the one written last first; and a finding for each file that is none any more.

        Raises DiskUnusable.
        """
        found: list[tuple[int, Draft]] = []
        damaged: list[Finding] = []
        with disk_faults(self._folder):
            for path in sorted(self._folder.glob("*.csv")):
                try:
                    found.append((path.stat().st_mtime_ns, load_draft(path, path.stem)))
                except FileNotFoundError:
                    continue  # dropped by another run meanwhile
                except InvalidValue as fault:
                    message = f"the draft {safe(path.name, 40)} cannot be used: {fault.message}"
                    damaged.append(Finding(Severity.WARNING, "draft-damaged", message, fault.wanted))
        found.sort(key=lambda each: each[0], reverse=True)
        return tuple(draft for _, draft in found), tuple(damaged)

    def begin(self, account: Account, site: str = "") -> Draft:
        """The draft of that account and site: the kept one, else that of its job, else a new one.

        The site is by default the account's name. Raises DiskUnusable, InvalidValue for what no cell holds.
        """
        from installer.session.sheet_in import new_id

        name = site.strip() or safe(account.name, _SITE_LENGTH)
        fresh = Draft(new_id(self._rooms, "D"), cell_text(account.id), cell_text(name))
        if (same := self.kept(fresh)) is not None:
            return same
        record = self.standing(fresh)
        return fresh if record is None else self.of_job(record)

    def of_visit(self, record: JobRecord) -> tuple[Draft, bool]:
        """The draft of that job, and whether one was kept; else the job as it stands. Raises DiskUnusable."""
        of_job = self.of_job(record)
        kept = self.kept(of_job)
        return (of_job, False) if kept is None else (kept, True)

    def kept(self, draft: Draft) -> Draft | None:
        """The draft that is kept of that account and site, None where none is. Raises DiskUnusable."""
        return next((each for each in self.drafts()[0] if _same_job(each, draft)), None)

    async def of_sheet(self, path: Path) -> OpenedSheet:
        """That line sheet over its job as it stands, as a draft of its account and site; nothing is kept.

        It has the id of the draft that is kept of these. Raises UsageFault where a draft cannot hold the
        sheet, or nobody can tell whose account it is; InvalidValue, PlatformFailure.
        """
        from installer.session.customers import Customers
        from installer.session.sheet_in import new_id

        key = of_one_job(read_sheet(path, self._rooms.profiles))
        account = await Customers(self._rooms, self._kept).named(key[0])
        name = key[1] or safe(account.name, _SITE_LENGTH)
        fresh = Draft(new_id(self._rooms, "D"), cell_text(account.id), cell_text(name))
        record = self.standing(fresh)
        base = fresh if record is None else self.of_job(record)
        kept = self.kept(base)
        base = base if kept is None else replace(base, id=kept.id)
        with disk_faults(path):
            return open_sheet(path, self._rooms.profiles, base, key)

    def sheet_faults(self, path: Path) -> tuple[Finding, ...]:
        """Everything a reading of that line sheet finds, held against the jobs of this home; nobody is asked.

        Raises InvalidValue or UsageFault where it cannot be read at all.
        """
        first = read_sheet(path, self._rooms.profiles)
        jobs = {
            (account, site): record.job
            for account, site in first.places
            for record in self._kept.jobs()
            if account in {record.job.account.id, record.job.account.number, record.job.account.name}
            and (site or safe(record.job.account.name, _SITE_LENGTH)).casefold() == record.job.site.casefold()
        }
        return (read_sheet(path, self._rooms.profiles, jobs) if jobs else first).findings

    def of_job(self, record: JobRecord) -> Draft:
        """The job's own sheet without credentials, under the job's id: taken in again it changes nothing."""
        return draft_of(record.job)

    def standing(self, draft: Draft) -> JobRecord | None:
        """The job of this home and platform that the draft continues, None where it begins one.

        Its places are neither renamed nor removed by a draft. Raises UsageFault where no platform is named.
        """
        for record in self._kept.jobs():
            job = record.job
            here = PlatformAddress(*self._rooms.named, job.platform.partition_id)
            if here == job.platform and self.continues(draft, record):
                return record
        return None

    def keep(self, draft: Draft) -> None:
        """The draft is kept, whole or as it was before; a kill loses nothing. Raises DiskUnusable, Busy."""
        keep_file(self._rooms, self._path(draft.id), draft_bytes(draft))

    def source(self, draft: Draft) -> Path | str:
        """What a plan of the draft is made of: its file, kept as it is now; the job's id where it is the job.

        Nothing is edited then, and no draft of it is kept. Raises DiskUnusable, Busy.
        """
        path = self.path(draft)
        with suppress(JournalUnusable, KeyError):  # a journal that tells of no such job loses no edit
            if draft == self.of_job(self._kept.record(draft.id)):
                self.drop(draft.id)
                return draft.id
        return path

    def path(self, draft: Draft) -> Path:
        """The draft's file, kept as it is now: a sheet to prepare, plan and apply. Raises as `keep`."""
        self.keep(draft)
        return self._path(draft.id)

    def drop(self, draft_id: str) -> None:
        """The draft is kept no longer. Raises DiskUnusable, Busy."""
        path = self._path(draft_id)
        with writing_in(self._rooms, self._folder), disk_faults(path):
            path.unlink(missing_ok=True)

    def continues(self, draft: Draft, record: JobRecord) -> bool:
        """Whether the draft is about the account and site of that job, both of one home."""
        return _same_job(draft, Draft("", record.job.account.id, record.job.site))

    def read(self, draft: Draft) -> DraftFaults:
        """What a reading of the draft by itself says, whatever job it continues; no platform is needed."""
        findings = read_draft(draft, self._rooms.profiles).findings
        return DraftFaults(findings, in_cells(draft, findings))

    def faults(self, draft: Draft) -> DraftFaults:
        """What a reading of the draft, and its job where it continues one, say of it; nobody is asked."""
        from installer.session.intake import take_in  # the first frame needs no journal

        record = self.standing(draft)
        jobs = {} if record is None else {(draft.account, draft.site): record.job}
        reading = read_draft(draft, self._rooms.profiles, jobs)
        findings = list(reading.findings)
        if record is not None:
            findings += staying(draft, record.job)
            for sheet in reading.sound:
                records, randbelow = self._kept.records, self._rooms.randbelow
                findings += take_in(sheet, reading.left_out(sheet), record, records, randbelow).findings
        return DraftFaults(tuple(findings), in_cells(draft, findings))

    def cells(self, draft: Draft, finding: Finding) -> tuple[Cell, ...]:
        """The cell of the draft that the finding is about, if it is about one."""
        return tuple(in_cells(draft, [finding]))

    @property
    def _folder(self) -> Path:
        return self._rooms.folder / DRAFTS

    def _path(self, draft_id: str) -> Path:
        return self._folder / f"{draft_id}.csv"


def _same_job(one: Draft, other: Draft) -> bool:
    return (one.account, one.site.casefold()) == (other.account, other.site.casefold())
