"""A line sheet as jobs: read, its accounts looked up, held against the jobs of this home."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort
from installer.domain.job import PlatformAddress
from installer.domain.label import ALPHABET
from installer.domain.line import Account
from installer.errors import SheetFaults
from installer.journal.store import Entry
from installer.planning.record import JobRecord
from installer.provisioning.logbook import Records
from installer.session.intake import open_job, take_in
from installer.session.rooms import Rooms
from installer.sheets import SheetJob, read_sheet
from installer.text import safe

_JOB_ID_LENGTH = 6


@dataclass(frozen=True, slots=True)
class SheetTaken:
    """One job of a sheet: its id, old or new, the events that bring it there, and findings."""

    job_id: str
    sheet: SheetJob
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]

    def locate(self, finding: Finding) -> Finding:
        """`finding` with the sheet's row, where it is about a port that has one."""
        if finding.row is not None or finding.gateway is None or finding.fxs_port is None:
            return finding
        return replace(finding, row=self.rows.get(FxsPort(finding.gateway, finding.fxs_port)))

    @property
    def rows(self) -> dict[FxsPort, int | None]:
        """The sheet's row of each port."""
        return {
            FxsPort(gateway.place, row.fxs_port): row.row
            for gateway in self.sheet.gateways
            for row in gateway.ports
        }


async def take_sheet(
    rooms: Rooms, path: Path, records: Records, *, partial: bool
) -> tuple[tuple[SheetTaken, ...], tuple[Finding, ...]]:
    """Every job of the sheet and the sheet's own findings; nothing is kept yet.

    Raises SheetFaults, with every fault, where one stops the sheet.
    """
    reading = read_sheet(path, rooms.profiles)
    sheets = reading.grouped(partial=partial)
    address = await rooms.address()
    faults: list[Finding] = []
    taken: dict[tuple[str, str], SheetTaken] = {}
    for sheet in sheets:
        account = await _account(rooms, sheet, faults)
        if account is None:
            continue
        site = sheet.site or safe(account.name, 80)
        key = (account.id, site.casefold())
        if key in taken:
            faults.append(_spelled_twice(sheet, taken[key].sheet))
        else:
            taken[key] = _taken(rooms, sheet, account, address, records)
    found = tuple(taken.values())
    faults += [finding for each in found for finding in each.findings if finding.severity is Severity.ERROR]
    if faults:
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise SheetFaults(f"the sheet has {count}; nothing was sent", faults)
    return found, reading.findings


def _taken(
    rooms: Rooms, sheet: SheetJob, account: Account, address: PlatformAddress, records: Records
) -> SheetTaken:
    site = sheet.site or safe(account.name, 80)
    known = _known(records, address, account, site)
    intake = take_in(sheet, known, records, rooms.randbelow)
    if known is not None:
        return SheetTaken(known.job.id, sheet, tuple(intake.entries), tuple(intake.findings))
    entries = (open_job(address, account, site), *intake.entries)
    return SheetTaken(new_job_id(rooms), sheet, entries, tuple(intake.findings))


def _known(records: Records, address: PlatformAddress, account: Account, site: str) -> JobRecord | None:
    for record in records.all():
        job = record.job
        if (job.platform, job.account.id, job.site.casefold()) == (address, account.id, site.casefold()):
            return record
    return None


async def _account(rooms: Rooms, sheet: SheetJob, faults: list[Finding]) -> Account | None:
    found = await find_account(rooms, sheet.account)
    if isinstance(found, Account):
        return found
    faults.append(_in_account_cell(sheet, found))
    return None


def _spelled_twice(sheet: SheetJob, first: SheetJob) -> Finding:
    message = f"“{safe(sheet.account, 60)}” is the account that other rows call “{safe(first.account, 60)}”"
    wanted = "one spelling of an account for all rows of a site"
    return _in_account_cell(sheet, Finding(Severity.ERROR, "account-spelled-twice", message, wanted))


def _in_account_cell(sheet: SheetJob, finding: Finding) -> Finding:
    rows = [row.row for gateway in sheet.gateways for row in gateway.ports if row.row is not None]
    return replace(finding, row=min(rows, default=None), column="account", value=safe(sheet.account, 60))


async def find_account(rooms: Rooms, text: str) -> Account | Finding:
    """The account that `text` names by id, by number, or by exact and unique name; else why it does not."""
    accounts = (await rooms.platform()).accounts
    hits = [hit for hit in await accounts.search(text) if text in {hit.id, hit.number, hit.name}]
    exact = {hit.id: hit for hit in hits if text in {hit.id, hit.number}} or {hit.id: hit for hit in hits}
    if len(exact) == 1:
        return next(iter(exact.values()))
    found = None if exact else await accounts.look_up(text, "Id")
    if found is not None:
        return found
    code = "account-not-unique" if exact else "account-not-found"
    what = "names several accounts" if exact else "names no account here"
    wanted = "an account id, an account number, or the exact name of one account"
    return Finding(Severity.ERROR, code, f"“{safe(text, 60)}” {what}", wanted)


def new_job_id(rooms: Rooms) -> str:
    """A fresh job id."""
    return "J" + "".join(ALPHABET[rooms.randbelow(len(ALPHABET))] for _ in range(_JOB_ID_LENGTH))
