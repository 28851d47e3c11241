"""The credential sheet: a job with everything its gateways' provisioning needs, one row per FXS port."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installer.domain.cabling import Rj21Position
from installer.domain.credential import PLATFORM_WORD, CredentialSource, SipCredential
from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort
from installer.domain.job import PortPlan, RowState, SiteJob
from installer.domain.registrar import Registrar
from installer.errors import InvalidValue, UsageFault
from installer.files import write_atomically
from installer.sheets import csv_file
from installer.sheets.columns import KNOWN, OF_A_LINE, OF_A_PORT
from installer.sheets.port_row import PortRow
from installer.text import safe

_MOVING = frozenset({"sheet_revision", "row_state", "registered"})
"""Columns that change by themselves from one sheet to the next."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """What the job does not hold of one port; None and "" where it is not known yet.

    `credential` is None for a port without one and where the password is not known.
    """

    port: FxsPort
    row_state: RowState
    credential: SipCredential | None = None
    line_id: str | None = None
    device_id: str | None = None
    registrar: Registrar = field(default_factory=Registrar)
    registered: bool | None = None


@dataclass(frozen=True, slots=True)
class CredentialSheet:
    """One job's sheet; a line for every port of the job, in its order. Raises InvalidValue otherwise."""

    job: SiteJob
    revision: int
    lines: tuple[SheetLine, ...]

    def __post_init__(self) -> None:
        if [line.port for line in self.lines] != [plan.port for plan in self.job.ports]:
            raise InvalidValue(
                "the sheet's lines are not the job's ports, in order",
                code="invalid-sheet",
                wanted="one line for every port of the job",
            )


def write_sheet(path: Path, sheet: CredentialSheet, columns: Sequence[str]) -> str:
    """Write the sheet as CSV where `path` ends in .csv, else as XLSX; gives its SHA-256 in hex.

    `columns` is a layout of profiles/sheets/; columns that the kit does not know follow. It holds passwords:
    mode 0600. Raises UsageFault for a layout that names no column of ours, and for a CSV in which a
    spreadsheet would show a credential otherwise than it is; DiskUnusable.
    """
    unknown = [name for name in columns if name not in KNOWN]
    if unknown:
        raise UsageFault(
            f"the sheet layout names {safe(', '.join(unknown))}, which is no column of the sheet",
            code="invalid-profile",
            remedy="correct the file in profiles/sheets/",
        )
    if path.suffix.lower() == ".csv":
        _refuse_altered(sheet)
        return write_atomically(path, lambda file: csv_file.write_rows(file, _table(sheet, columns)))
    from installer.sheets import xlsx_file  # noqa: PLC0415 - a CSV loads neither workbook library

    return write_atomically(
        path, lambda file: xlsx_file.write_rows(file, _table(sheet, columns), path.parent)
    )


def differences(sheet: CredentialSheet, row: PortRow, line: SheetLine) -> tuple[Finding, ...]:
    """Where the kit's own columns, as a sheet was read, differ from what stands in `sheet` for that line."""
    standing = _cells(sheet, sheet.job.port(line.port), line)
    return tuple(
        Finding(
            Severity.WARNING,
            "sheet-differs",
            f"the sheet says “{text}”, here it is “{safe(standing[name])}”",
            "what the kit writes is not read back: take the newest sheet, or empty the cell",
            row=row.row,
            column=name,
            value=text,
            gateway=line.port.gateway,
            fxs_port=line.port.number,
        )
        for name, text in row.written.items()
        if name not in _MOVING and standing[name] and text != standing[name]
    )


def _refuse_altered(sheet: CredentialSheet) -> None:
    for line in sheet.lines:
        known = line.credential
        if known and any(map(csv_file.is_altered, (known.username.text, known.password.reveal()))):
            raise UsageFault(
                f"a spreadsheet that opens this CSV would alter the credential of {line.port}",
                code="csv-alters",
                remedy="write the sheet as XLSX",
            )


def _table(sheet: CredentialSheet, columns: Sequence[str]) -> Iterator[list[str]]:
    extra = list(
        dict.fromkeys(name for plan in sheet.job.ports for name, _ in plan.extra if name not in KNOWN)
    )
    yield [*columns, *extra]
    for plan, line in zip(sheet.job.ports, sheet.lines, strict=True):
        cells = {**dict(plan.extra), **_cells(sheet, plan, line)}
        yield [cells.get(name, "") for name in (*columns, *extra)]


def _cells(sheet: CredentialSheet, plan: PortPlan, line: SheetLine) -> dict[str, str]:
    gateway = sheet.job.gateway(plan.port.gateway)
    jack = gateway.jack(plan.port.number)
    return {
        "account": sheet.job.account.id,
        "site": sheet.job.site,
        "gateway": gateway.place.name,
        "mac": str(gateway.mac or ""),
        "model": gateway.model.id,
        "fxs_port": str(plan.port.number),
        "port_state": plan.state.value,
        **port_cells(plan),
        **_of_credential(plan, line.credential),
        "job": sheet.job.id,
        "sheet_revision": str(sheet.revision),
        "row_state": line.row_state.value,
        "serial": gateway.binding.serial if gateway.binding else "",
        "label_id": plan.label_id.text,
        "connector": jack.connector,
        "pair": str(jack.pair.number) if isinstance(jack, Rj21Position) else "",
        "device_type": gateway.model.device_type,
        "line_id": line.line_id or "",
        "device_id": line.device_id or "",
        "sip_domain": line.registrar.domain,
        "registrar": line.registrar.host,
        "registrar_port": str(line.registrar.port or ""),
        "transport": line.registrar.transport,
        "registered": {True: "yes", False: "no", None: ""}[line.registered],
        "gateway_label_id": gateway.label_id.text,
    }


def port_cells(plan: PortPlan) -> dict[str, str]:
    """The columns that describe a port and its line, as a sheet spells them; blank where nothing is said."""
    draft, extra = plan.draft, dict(plan.extra)
    if draft is None:
        return {name: extra.get(name, "") if name in OF_A_PORT else "" for name in (*OF_A_LINE, *OF_A_PORT)}
    return {
        "line_name": draft.name,
        "line_use": draft.use,
        "caller_id": draft.caller_id.digits,
        "e911_callback": draft.e911_callback.digits,
        "calling_plan": ";".join(draft.calling_plans),
        "inbound_number": ";".join(number.digits for number in draft.inbound_numbers),
        "location": draft.location,
        "jack": draft.jack,
        "notes": draft.notes,
    }


def _of_credential(plan: PortPlan, credential: SipCredential | None) -> dict[str, str]:
    if credential is not None:
        return {"sip_username": credential.username.text, "sip_password": credential.password.reveal()}
    word = PLATFORM_WORD if plan.source is CredentialSource.PLATFORM else ""
    return {"sip_username": word, "sip_password": ""}
