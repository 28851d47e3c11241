"""Hardware bound to a place by scan (contract §3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import GatewayPlace
from installer.domain.mac import MacAddress
from installer.errors import Conflict, UsageFault
from installer.journal.events import GatewayBound
from installer.journal.store import Entry
from installer.planning.record import JobRecord
from installer.provisioning.logbook import Records
from installer.session.hardware import SWAP_TODAY, has_lines
from installer.session.jobs import known_place
from installer.session.outputs import SHEET
from installer.text import safe


def bind(records: Records, job_id: str, scanned: GatewayBound) -> list[Finding]:
    """Keep what was scanned; the same again is no new binding, unless its serial number is known only now.

    Gives what is worth a second look.

    Raises UsageFault without such a place, Conflict where the hardware stands elsewhere, or where lines were
    made on what stands there.
    """
    record = records.record(job_id)
    scanned = replace(scanned, place=known_place(scanned.place, record))
    place, mac = scanned.place, scanned.mac
    gateway = record.job.by_place.get(place)
    if gateway is None:
        places = ", ".join(str(each.place) for each in record.job.gateways)
        raise UsageFault(f"the job has no gateway {place}", code="no-gateway", remedy=f"one of {places}")
    for other in record.job.gateways:
        if other.mac == mac and other.place != place:
            raise Conflict(
                f"{mac} is bound to {other.place}", code="mac-bound", remedy="one MAC stands at one place"
            )
    if gateway.mac != mac:
        if gateway.mac is not None and has_lines(record, place):
            raise Conflict(
                f"{place} has {gateway.mac}, and lines were made on it",
                code="swap-needed",
                remedy=SWAP_TODAY,
            )
        records.append(job_id, Entry(scanned))
    elif gateway.binding is not None and scanned.serial.strip() not in {"", gateway.binding.serial}:
        records.append(job_id, Entry(scanned))
    return [*_replaced(record, place, gateway.mac, mac), *([] if mac.is_sangoma else [foreign(mac, place)])]


def _replaced(
    record: JobRecord, place: GatewayPlace, before: MacAddress | None, mac: MacAddress
) -> Iterator[Finding]:
    if before == mac:
        return
    if before is not None:
        yield Finding(Severity.INFO, "mac-replaced", f"{before} stands at {place} no more", gateway=place)
    sheet = record.artifacts.get(SHEET)
    bindings = record.job.by_place[place].bindings
    stood = next((each.mac for each in reversed(bindings) if sheet and each.at <= sheet.at), None)
    if sheet is not None and stood != mac:
        path = Path(sheet.path)
        kind = "" if path.suffix == ".xlsx" else f" --format {path.suffix[1:]}"
        yield Finding(
            Severity.WARNING if stood is not None else Severity.INFO,
            "sheet-stale",
            f"the credential sheet that was written has {stood or 'no hardware'} at {place}: it is stale",
            f"`punchdown sheet {record.job.id}{kind}` writes it anew",
            gateway=place,
        )


def foreign(mac: MacAddress, place: GatewayPlace) -> Finding:
    """What is to be said of hardware that is not of the vendor's block; it is warned of, never refused."""
    from installer.oui import vendor

    owner = vendor(mac)
    whose = f"the block of {safe(owner, 60)}" if owner else "a block that nobody registered"
    return Finding(
        Severity.WARNING,
        "mac-vendor",
        f"{mac} is of {whose}, not Sangoma's 00:50:58",
        "compare it with the label on the gateway",
        value=str(mac),
        gateway=place,
    )
