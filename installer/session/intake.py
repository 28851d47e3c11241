"""From a read sheet to a job's events: what the sheet says, over what the job already is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from installer.domain.credential import PLATFORM_WORD, CredentialSource, RandBelow, SipCredential
from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort, Gateway, GatewayPlace
from installer.domain.job import PlatformAddress, PortPlan
from installer.domain.label import mint_label_id
from installer.domain.line import Account
from installer.domain.mac import MacAddress
from installer.journal.events import CredentialMade, GatewayBound, GatewayPlanned, JobOpened, PortPlanned
from installer.journal.store import Entry
from installer.planning.record import JobRecord
from installer.provisioning.logbook import Records
from installer.session.hardware import FROM_SHEET, SWAP_TODAY, bound, has_lines, rebound
from installer.session.jobs import known_place
from installer.sheets import PortRow, SheetGateway, SheetJob, port_cells


@dataclass(slots=True)
class Intake:
    """What a sheet adds to a job: events to append, and findings where it asks for what cannot be.

    `changes` say where the sheet differs from what the job has; `faulty` are gateways of which nothing is
    taken in.
    """

    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    changes: list[Finding] = field(default_factory=list)
    faulty: set[GatewayPlace] = field(default_factory=set)


def open_job(address: PlatformAddress, account: Account, site: str) -> Entry:
    """The first event of a job."""
    return Entry(JobOpened(address, account, site))


def take_in(
    sheet: SheetJob,
    left_out: frozenset[GatewayPlace],
    record: JobRecord | None,
    records: Records,
    randbelow: RandBelow,
) -> Intake:
    """The events that make the job what the sheet says; what the sheet leaves blank stays the job's.

    A gateway or row that is gone from the sheet is a finding, never a deletion. `left_out` are gateways that
    the sheet names and that cannot be read.
    """
    intake = Intake(faulty={known_place(place, record) for place in left_out})
    stands = bound(sheet, record)
    for gateway in sheet.gateways:
        one = _Gateway(gateway, record, records, randbelow, stands)
        one.take_in()
        intake.findings += one.findings
        if any(finding.severity is Severity.ERROR for finding in one.findings):
            intake.faulty.add(one.place)
        else:
            intake.entries += one.entries
            intake.changes += one.changes
    if record is not None:
        intake.findings.extend(_gone(sheet, record, intake.faulty))
    return intake


@dataclass(slots=True)
class _Gateway:
    """One gateway of the sheet, held against the job's."""

    sheet: SheetGateway
    record: JobRecord | None
    records: Records
    randbelow: RandBelow
    bound: Mapping[MacAddress, set[GatewayPlace]]
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    changes: list[Finding] = field(default_factory=list)
    place: GatewayPlace = field(init=False)
    known: Gateway | None = field(init=False)

    def __post_init__(self) -> None:
        self.place = known_place(self.sheet.place, self.record)
        self.known = self.record.job.by_place.get(self.place) if self.record else None

    def take_in(self) -> None:
        self.model()
        self.hardware()
        for row in self.sheet.ports:
            self.port(row)

    def model(self) -> None:
        if self.known is None:
            label = self.sheet.label_id or mint_label_id(self.randbelow)
            self.add(GatewayPlanned(self.place, self.sheet.model.id, label))
        elif self.known.model != self.sheet.model:
            if self.written():
                message = f"{self.place} is a {self.known.model.name}, lines were made on it"
                self.fault("model-changed", message, "model", self.sheet.model.id)
            else:
                self.add(GatewayPlanned(self.place, self.sheet.model.id, self.known.label_id))
                self.change("model")

    def hardware(self) -> None:
        mac = self.sheet.mac
        if mac is None or (self.known is not None and self.known.mac == mac):
            return
        found = rebound(self.record, self.place, mac, self.bound)
        if found is not None:
            self.findings.append(replace(found, row=self.first_row()))
        if found is None or found.severity is not Severity.ERROR:
            self.add(GatewayBound(self.place, mac, self.sheet.serial, FROM_SHEET))
            self.change("mac")

    def port(self, row: PortRow) -> None:
        port = FxsPort(self.place, row.fxs_port)
        known = self.planned(port)
        if row.row is None and known is not None:
            return
        label = known.label_id if known else row.label_id or mint_label_id(self.randbelow)
        source = self.source(row, port, known)
        extra = tuple({**dict(known.extra if known else ()), **row.extra}.items())
        plan = PortPlan(port, row.state, label, row.draft, source, extra)
        if plan != known:
            self.add(PortPlanned(port, plan.state, label, plan.draft, source, extra))
            self.differs(plan, known, row.row)
        if row.draft is None and self.record is not None and port in self.record.lines:
            self.kept(port, row.row)
        if row.source is not CredentialSource.GENERATED and not self.holds(port, row.credential):
            self.credential(port, row, source)

    def source(self, row: PortRow, port: FxsPort, known: PortPlan | None) -> CredentialSource:
        """Whose the port's credential is; what is blank, or can be chosen no more, is the job's."""
        held = self.record.credentials.get(port) if self.record else None
        stands = held.source if held else known.source if known else row.source
        is_blank = row.source is CredentialSource.GENERATED
        return stands if is_blank or self.keeps(port, row) or self.holds(port, row.credential) else row.source

    def keeps(self, port: FxsPort, row: PortRow) -> bool:
        """Whether the credential stays; of a line that was found a sheet may still know the password."""
        record, given = self.record, row.credential
        if record is None or not record.keeps_credential(port):
            return False
        held = record.credentials.get(port)
        is_same = held is not None and given is not None and held.username == given.username
        return record.create_was_sent(port) or not is_same

    def holds(self, port: FxsPort, given: SipCredential | None) -> bool:
        """Whether the job has that credential for the port."""
        held = self.record.credentials.get(port) if self.record else None
        if held is None or given is None or held.password_row is None or held.username != given.username:
            return False
        return self.records.unseal(held.password_row).decode() == given.password.reveal()

    def credential(self, port: FxsPort, row: PortRow, source: CredentialSource) -> None:
        held = self.record.credentials.get(port) if self.record else None
        given = row.credential
        if self.keeps(port, row) and (given is not None or source is not row.source):
            message = f"the credential of {port} is kept: a create carrying it was sent"
            asked = str(given.username) if given else PLATFORM_WORD
            self.fault("credential-differs", message, "sip_username", asked, row.row, port.number)
        elif given is not None:
            made = CredentialMade(port, given.username, CredentialSource.OWN)
            self.entries.append(Entry(made, given.password))
            self.change("sip_username", port.number, row.row)
        elif held is not None and held.source is not source:
            self.entries.append(Entry(CredentialMade(port, None, source)))
            self.change("sip_username", port.number, row.row)

    def planned(self, port: FxsPort) -> PortPlan | None:
        """The job's plan of the port, None where it has none."""
        return self.record.job.by_port.get(port) if self.record else None

    def written(self) -> bool:
        """Whether a write was sent for any of the gateway's ports."""
        return self.record is not None and has_lines(self.record, self.place)

    def add(self, event: GatewayPlanned | GatewayBound | PortPlanned) -> None:
        self.entries.append(Entry(event))

    def differs(self, plan: PortPlan, known: PortPlan | None, row: int | None) -> None:
        before, after = _cells(known), _cells(plan)
        columns = [name for name, text in after.items() if text != before.get(name, "")]
        columns += [name for name in before if name not in after]
        for column in columns if row is not None else ():
            self.change(column, plan.port.number, row)

    def change(self, column: str, port: int | None = None, row: int | None = None) -> None:
        if self.record is None:
            return  # a job that the sheet opens is the sheet
        message = f"the sheet differs from the job in {column}: an apply of this sheet takes it over"
        self.changes.append(
            Finding(
                Severity.WARNING,
                "sheet-ahead",
                message,
                row=row if row is not None else self.first_row(),
                column=column,
                gateway=self.place,
                fxs_port=port,
            )
        )

    def kept(self, port: FxsPort, row: int | None) -> None:
        self.findings.append(
            Finding(
                Severity.WARNING,
                "line-kept",
                f"{port} is not in use by the sheet, yet its line stands: it is kept",
                "a line is taken off by its name, with `lines delete`",
                row=row,
                column="port_state",
                gateway=port.gateway,
                fxs_port=port.number,
            )
        )

    def first_row(self) -> int | None:
        """The first row of the sheet that is about the gateway."""
        return next((each.row for each in self.sheet.ports if each.row is not None), None)

    def fault(
        self,
        code: str,
        message: str,
        column: str,
        value: str,
        row: int | None = None,
        port: int | None = None,
    ) -> None:
        self.findings.append(
            Finding(
                Severity.ERROR,
                code,
                message,
                f"keep what stands; {SWAP_TODAY}",
                row=row if row is not None else self.first_row(),
                column=column,
                value=value,
                gateway=self.place,
                fxs_port=port,
            )
        )


def _cells(plan: PortPlan | None) -> dict[str, str]:
    """What a sheet's row says of the port, its credential aside."""
    if plan is None:
        return {}
    return {**dict(plan.extra), "port_state": plan.state.value, **port_cells(plan)}


def _gone(sheet: SheetJob, record: JobRecord, faulty: set[GatewayPlace]) -> Iterator[Finding]:
    rows = {
        FxsPort(known_place(gateway.place, record), row.fxs_port)
        for gateway in sheet.gateways
        for row in gateway.ports
        if row.row is not None
    }
    gone: dict[GatewayPlace, list[int]] = {}
    for plan, _ in record.job.drafts():
        if plan.port not in rows and plan.port.gateway not in faulty:
            gone.setdefault(plan.port.gateway, []).append(plan.port.number)
    for place, numbers in gone.items():
        count = "1 row is" if len(numbers) == 1 else f"{len(numbers)} rows are"
        yield Finding(
            Severity.WARNING,
            "row-gone",
            f"{count} in the job, not in the sheet: FXS {', '.join(map(str, numbers))} of {place}; kept",
            "a line is taken off by its name, with `lines delete`",
            gateway=place,
            fxs_port=numbers[0] if len(numbers) == 1 else None,
        )
