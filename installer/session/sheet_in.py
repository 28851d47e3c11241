"""A line sheet as jobs: read, its accounts looked up, held against the jobs of this home."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort, GatewayPlace
from installer.domain.job import PlatformAddress
from installer.domain.label import ALPHABET
from installer.domain.line import Account
from installer.errors import PunchdownError, SheetFaults
from installer.journal.events import CredentialMade, GatewayBound, GatewayPlanned, PortPlanned
from installer.journal.store import Entry
from installer.planning.record import JobRecord
from installer.provisioning.logbook import Records
from installer.session.intake import Intake, open_job, take_in
from installer.session.jobs import known_place
from installer.session.outputs import standing_sheet
from installer.session.rooms import Rooms
from installer.sheets import JobKey, SheetJob, SheetReading, differences, read_sheet
from installer.text import safe

_ID_LENGTH = 6
_BLANK = frozenset({"missing-value", "missing-column"})
_MOST_NAMED = 4


@dataclass(frozen=True)
class SheetTaken:
    """One job of a sheet: its id, old or new, the events that bring it there, and findings.

    `changes` say where the sheet differs from the job as it is kept; `left_out` are its gateways at fault.
    """

    job_id: str
    sheet: SheetJob
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    changes: tuple[Finding, ...]
    left_out: frozenset[GatewayPlace]

    def without(self, faulty: AbstractSet[GatewayPlace]) -> SheetTaken:
        """The same with nothing of those gateways taken in."""
        entries = tuple(entry for entry in self.entries if _place_of(entry) not in faulty)
        return replace(self, entries=entries, left_out=self.left_out | faulty)

    def locate(self, finding: Finding) -> Finding:
        """`finding` with the sheet's row, where it is about a port that has one."""
        if finding.row is not None or finding.gateway is None or finding.fxs_port is None:
            return finding
        return replace(finding, row=self.rows.get((finding.gateway.name.casefold(), finding.fxs_port)))

    @cached_property
    def rows(self) -> dict[tuple[str, int], int | None]:
        """The sheet's row of each port, by its gateway's name in small letters and its number."""
        return {
            (gateway.place.name.casefold(), row.fxs_port): row.row
            for gateway in self.sheet.gateways
            for row in gateway.ports
        }


def _place_of(entry: Entry) -> GatewayPlace | None:
    """The gateway that an event is about, None where it is about the whole job."""
    match entry.event:
        case GatewayPlanned(place=place) | GatewayBound(place=place):
            return place
        case PortPlanned(port=port) | CredentialMade(port=port):
            return port.gateway
        case _:
            return None


async def take_sheet(
    rooms: Rooms, path: Path, records: Records, *, partial: bool
) -> tuple[tuple[SheetTaken, ...], tuple[Finding, ...]]:
    """Every job of the sheet and the sheet's own findings; nothing is kept yet.

    Raises SheetFaults, with every fault, where one stops the sheet; with `partial` a fault stops its gateway.
    """
    reading = read_sheet(path, rooms.profiles)
    texts = dict.fromkeys(text for text, _ in reading.places)
    with faults_first(rooms, path, partial=partial):
        address = await rooms.address()
        accounts = {text: await find_account(rooms, text) for text in texts}
    known = _continued(reading, records, address, accounts)
    if known:
        reading = read_sheet(path, rooms.profiles, {key: record.job for key, record in known.items()})
    faults: list[Finding] = [*_stopping(reading, partial=partial), *_unknown(reading, accounts)]
    taken: dict[tuple[str, str], SheetTaken] = {}
    for sheet in reading.sound:
        account = accounts[sheet.account]
        if isinstance(account, Finding):
            continue
        key = account.id, _site(sheet.site, account).casefold()
        if key in taken:
            faults.append(_spelled_twice(sheet, taken[key].sheet))
            continue
        record = known.get((sheet.account, sheet.site))
        intake = take_in(sheet, reading.left_out(sheet), record, records, rooms.randbelow)
        if record is None:
            intake.entries.insert(0, open_job(address, account, _site(sheet.site, account)))
        else:
            intake.findings += _edited(rooms, record, sheet)
        job_id = record.job.id if record else _written_id(sheet, records) or new_id(rooms, "J")
        taken[key] = _taken(job_id, sheet, intake)
    found = tuple(taken.values())
    faults += [] if partial else [each for one in found for each in one.findings if _stops(each)]
    if faults:
        faults.sort(key=lambda fault: fault.row or 0)
        raise SheetFaults("sheet", faults)
    return found, reading.findings


@contextmanager
def faults_first(rooms: Rooms, path: Path, *, partial: bool) -> Iterator[None]:
    """Where the block fails, faults of the sheet that nobody else answers for are told in its place.

    A blank cell may be answered for by a job of this home, which only who signs in can tell.
    """
    try:
        yield
    except PunchdownError:
        faults = _stopping(read_sheet(path, rooms.profiles), partial=partial)
        blank = _BLANK if rooms.dry_records().all() else frozenset()
        if told := [fault for fault in faults if fault.code not in blank]:
            raise SheetFaults("sheet", told) from None
        raise


def _stopping(reading: SheetReading, *, partial: bool) -> list[Finding]:
    """The faults that stop the sheet as it reads."""
    try:
        reading.grouped(partial=partial)
    except SheetFaults:
        return list(reading.faults)
    return []


def _unknown(reading: SheetReading, accounts: Mapping[str, Account | Finding]) -> Iterator[Finding]:
    for text, found in accounts.items():
        if isinstance(found, Finding):
            row = min(row for (account, _), row in reading.rows.items() if account == text)
            yield replace(found, row=row, column="account", value=safe(text, 60))


def _continued(
    reading: SheetReading,
    records: Records,
    address: PlatformAddress,
    accounts: Mapping[str, Account | Finding],
) -> dict[JobKey, JobRecord]:
    """The jobs of this home that the sheet goes on with, by account and site as it writes them."""
    return {
        (text, site): record
        for text, site in reading.places
        if isinstance(account := accounts[text], Account)
        and (record := _known(records, address, account, _site(site, account))) is not None
    }


def _taken(job_id: str, sheet: SheetJob, intake: Intake) -> SheetTaken:
    return SheetTaken(
        job_id,
        sheet,
        tuple(intake.entries),
        tuple(intake.findings),
        tuple(intake.changes),
        frozenset(intake.faulty),
    )


def _stops(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR


def _site(written: str, account: Account) -> str:
    return written or safe(account.name, 80)


def _known(records: Records, address: PlatformAddress, account: Account, site: str) -> JobRecord | None:
    for record in records.all():
        job = record.job
        if (job.platform, job.account.id, job.site.casefold()) == (address, account.id, site.casefold()):
            return record
    return None


def _written_id(sheet: SheetJob, records: Records) -> str | None:
    """The id of the job that wrote the sheet on another laptop, where this home has no job of that id."""
    ids = {row.written.get("job", "") for gateway in sheet.gateways for row in gateway.ports if row.row}
    written = ids.pop() if len(ids) == 1 else ""
    if not re.fullmatch(f"J[{ALPHABET}]{{{_ID_LENGTH}}}", written):
        return None
    return None if any(record.job.id == written for record in records.all()) else written


def _edited(rooms: Rooms, record: JobRecord, sheet: SheetJob) -> Iterator[Finding]:
    """Where the columns that the kit writes differ from what it would write today."""
    standing = standing_sheet(record, rooms.registrar, 1, lambda _port: None)
    lines = {line.port: line for line in standing.lines}
    for gateway in sheet.gateways:
        for row in gateway.ports:
            line = lines.get(FxsPort(known_place(gateway.place, record), row.fxs_port))
            if line is not None:
                yield from differences(standing, row, line)


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
    near = await accounts.search(text)
    hits = [hit for hit in near if text in {hit.id, hit.number, hit.name}]
    exact = {hit.id: hit for hit in hits if text in {hit.id, hit.number}} or {hit.id: hit for hit in hits}
    if len(exact) == 1:
        return next(iter(exact.values()))
    found = None if exact else await accounts.look_up(text, "Id")
    if found is not None:
        return found
    code = "account-not-unique" if exact else "account-not-found"
    what = "names several accounts" if exact else "is no account's id, number or exact name"
    wanted = "an account id, an account number, or the exact name of one account"
    offered = near or (_rehearsed(rooms) if rooms.is_rehearsal else ())
    if offered:
        known = ", ".join(
            f"“{safe(each.name, 40)}” ({safe(each.number, 20)})" for each in offered[:_MOST_NAMED]
        )
        wanted += f"; {'found by search' if near else 'the rehearsal has'}: {known}"
    return Finding(Severity.ERROR, code, f"“{safe(text, 60)}” {what}", wanted)


def _rehearsed(rooms: Rooms) -> tuple[Account, ...]:
    return tuple(Account(*each) for each in rooms.rehearsal.platform.accounts)


def new_id(rooms: Rooms, kind: str) -> str:
    """A fresh id; J is the `kind` of jobs, D of drafts."""
    return kind + "".join(ALPHABET[rooms.randbelow(len(ALPHABET))] for _ in range(_ID_LENGTH))
