"""Hardware as a sheet names it, held against what is bound at the job's places (contract §3)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import Binding, FxsPort, GatewayPlace
from installer.domain.mac import MacAddress
from installer.planning.record import JobRecord
from installer.session.jobs import known_place
from installer.sheets import SheetJob

FROM_SHEET = "sheet"
"""Why hardware is bound that nobody scanned."""
SWAP_TODAY = (
    "until there is a verb for a swap: give the new box rows of its own as a spare place in the sheet, "
    "apply, then `lines move` each line there"
)


def has_lines(record: JobRecord, place: GatewayPlace) -> bool:
    """Whether a write was sent for the gateway, or a line stands on it: other hardware is then a swap."""
    touched = (*(key.subject for key in record.steps), *record.lines)
    return any(isinstance(subject, FxsPort) and subject.gateway == place for subject in touched)


def bound(sheet: SheetJob, record: JobRecord | None) -> dict[MacAddress, set[GatewayPlace]]:
    """Where each piece of hardware stands, once the sheet is taken in."""
    macs = {each.place: each.mac for each in record.job.gateways} if record else {}
    for gateway in sheet.gateways:
        place = known_place(gateway.place, record)
        if record is None or _fixed(record, place) is None:
            macs[place] = gateway.mac or macs.get(place)
    found: dict[MacAddress, set[GatewayPlace]] = {}
    for place, mac in macs.items():
        if mac is not None:
            found.setdefault(mac, set()).add(place)
    return found


def rebound(
    record: JobRecord | None,
    place: GatewayPlace,
    mac: MacAddress,
    stands: Mapping[MacAddress, AbstractSet[GatewayPlace]],
) -> Finding | None:
    """What is to be said where a sheet binds `mac` to `place`: an error where it cannot, None for nothing."""
    others = stands.get(mac, set()) - {place}
    if others:
        where = ", ".join(sorted(map(str, others)))
        return _fault("mac-bound", f"{mac} is bound to {where}", "one MAC stands at one place", place, mac)
    gateway = record.job.by_place.get(place) if record else None
    if record is None or gateway is None or gateway.binding is None:
        return None
    if has_lines(record, place):
        message = f"{place} has {gateway.mac}, and lines were made on it"
        return _fault("swap-needed", message, SWAP_TODAY, place, mac)
    if (fixed := _fixed(record, place)) is not None:
        message = f"the sheet says {mac}, yet {fixed.mac} was bound to {place} "
        message += f"on {fixed.at:%Y-%m-%d %H:%M} UTC ({fixed.why})"
        remedy = f"correct the cell or leave it blank; where {mac} is on the wall, `punchdown bind` binds it"
        return _fault("mac-differs", message, remedy, place, mac)
    message = f"{place} has {mac} from this sheet on, no more {gateway.mac} of an earlier one"
    return Finding(Severity.INFO, "mac-replaced", message, column="mac", value=str(mac), gateway=place)


def _fixed(record: JobRecord, place: GatewayPlace) -> Binding | None:
    """The binding that no sheet replaces: somebody scanned it, or lines were made on it."""
    gateway = record.job.by_place.get(place)
    binding = gateway.binding if gateway else None
    if binding is not None and (binding.why != FROM_SHEET or has_lines(record, place)):
        return binding
    return None


def _fault(code: str, message: str, remedy: str, place: GatewayPlace, mac: MacAddress) -> Finding:
    return Finding(Severity.ERROR, code, message, remedy, column="mac", value=str(mac), gateway=place)
