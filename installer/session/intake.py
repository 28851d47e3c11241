"""From a read sheet to a job's events: what the sheet says, over what the job already is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from installer.domain.credential import CredentialSource, RandBelow, SipCredential
from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort, Gateway
from installer.domain.job import PlatformAddress, PortPlan
from installer.domain.label import mint_label_id
from installer.domain.line import Account, LineDraft
from installer.journal.events import CredentialMade, GatewayBound, GatewayPlanned, JobOpened, PortPlanned
from installer.journal.store import Entry
from installer.planning.record import JobRecord
from installer.provisioning.logbook import Records
from installer.sheets import PortRow, SheetGateway, SheetJob


@dataclass(slots=True)
class Intake:
    """What a sheet adds to a job: events to append, and findings where it asks for what cannot be."""

    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def open_job(address: PlatformAddress, account: Account, site: str) -> Entry:
    """The first event of a job."""
    return Entry(JobOpened(address, account, site))


def take_in(sheet: SheetJob, record: JobRecord | None, records: Records, randbelow: RandBelow) -> Intake:
    """The events that make the job what the sheet says; what the sheet leaves blank stays the job's.

    A gateway or row that is gone from the sheet is a finding, never a deletion.
    """
    intake = Intake()
    for gateway in sheet.gateways:
        _Gateway(intake, gateway, record, records, randbelow).take_in()
    if record is not None:
        intake.findings.extend(_gone(sheet, record))
    return intake


@dataclass(slots=True)
class _Gateway:
    """One gateway of the sheet, held against the job's."""

    intake: Intake
    sheet: SheetGateway
    record: JobRecord | None
    records: Records
    randbelow: RandBelow
    known: Gateway | None = None

    def take_in(self) -> None:
        if self.record is not None:
            gateways = self.record.job.gateways
            self.known = next((each for each in gateways if each.place == self.sheet.place), None)
        self.model()
        self.hardware()
        for row in self.sheet.ports:
            self.port(row)

    def model(self) -> None:
        if self.known is None:
            self.add(GatewayPlanned(self.sheet.place, self.sheet.model.id, mint_label_id(self.randbelow)))
        elif self.known.model != self.sheet.model:
            if self.written():
                message = f"{self.sheet.place} is a {self.known.model.name}, lines were made on it"
                self.fault("model-changed", message, "model", self.sheet.model.id)
            else:
                self.add(GatewayPlanned(self.sheet.place, self.sheet.model.id, self.known.label_id))

    def hardware(self) -> None:
        mac = self.sheet.mac
        if mac is None or (self.known is not None and self.known.mac == mac):
            return
        if self.known is not None and self.known.mac is not None and self.written():
            message = f"{self.sheet.place} has {self.known.mac}, and lines were made on it"
            self.fault("swap-needed", message, "mac", str(mac))
        else:
            self.add(GatewayBound(self.sheet.place, mac, self.sheet.serial, "sheet"))

    def port(self, row: PortRow) -> None:
        port = FxsPort(self.sheet.place, row.fxs_port)
        known = self.planned(port)
        if row.row is None and known is not None:
            return
        label = known.label_id if known else row.label_id or mint_label_id(self.randbelow)
        draft = _over(row.draft, known.draft if known else None)
        held = self.record.credentials.get(port) if self.record else None
        source = held.source if held else row.source
        extra = tuple(row.extra.items())
        if PortPlan(port, row.state, label, draft, source, extra) != known:
            self.add(PortPlanned(port, row.state, label, draft, source, extra))
        if row.credential is not None:
            self.credential(port, row.credential, row.row)

    def credential(self, port: FxsPort, given: SipCredential, row: int | None) -> None:
        held = self.record.credentials.get(port) if self.record else None
        if held is not None and held.username is not None and held.password_row is not None:
            password = self.records.unseal(held.password_row).decode()
            if held.username == given.username and password == given.password.reveal():
                return
        if self.record is not None and self.record.create_was_sent(port):
            message = f"the credential of {port} is kept: a create carrying it was sent"
            self.fault("credential-differs", message, "sip_username", str(given.username), row, port.number)
            return
        made = CredentialMade(port, given.username, CredentialSource.OWN)
        self.intake.entries.append(Entry(made, given.password))

    def planned(self, port: FxsPort) -> PortPlan | None:
        """The job's plan of the port, None where it has none."""
        return self.record.job.by_port.get(port) if self.record else None

    def written(self) -> bool:
        """Whether a write was sent for any of the gateway's ports."""
        return self.record is not None and any(
            isinstance(key.subject, FxsPort) and key.subject.gateway == self.sheet.place
            for key in self.record.steps
        )

    def add(self, event: GatewayPlanned | GatewayBound | PortPlanned) -> None:
        self.intake.entries.append(Entry(event))

    def fault(
        self,
        code: str,
        message: str,
        column: str,
        value: str,
        row: int | None = None,
        port: int | None = None,
    ) -> None:
        if row is None:
            row = next((each.row for each in self.sheet.ports if each.row is not None), None)
        self.intake.findings.append(
            Finding(
                Severity.ERROR,
                code,
                message,
                "keep what stands; a swap is its own act",
                row=row,
                column=column,
                value=value,
                gateway=self.sheet.place,
                fxs_port=port,
            )
        )


def _over(given: LineDraft | None, known: LineDraft | None) -> LineDraft | None:
    """`given`, with the optional cells it leaves blank taken from `known`."""
    if given is None or known is None:
        return given
    return replace(
        given,
        use=given.use or known.use,
        calling_plans=given.calling_plans or known.calling_plans,
        inbound_numbers=given.inbound_numbers or known.inbound_numbers,
        location=given.location or known.location,
        jack=given.jack or known.jack,
        notes=given.notes or known.notes,
    )


def _gone(sheet: SheetJob, record: JobRecord) -> Iterator[Finding]:
    rows = {
        FxsPort(gateway.place, row.fxs_port)
        for gateway in sheet.gateways
        for row in gateway.ports
        if row.row is not None
    }
    for plan, draft in record.job.drafts():
        if plan.port not in rows:
            yield Finding(
                Severity.WARNING,
                "row-gone",
                f"“{draft.name}” is in the job, not in the sheet: it is kept",
                gateway=plan.port.gateway,
                fxs_port=plan.port.number,
            )
