"""A frozen body held against a line as it came back (protocol R6)."""

from __future__ import annotations

import json

from installer.domain.credential import Secret, SipCredential, SipUsername
from installer.domain.line import DeviceSlot, SpecialtyLine
from installer.domain.mac import MacAddress, parse_mac


def differences(body: bytes, line: SpecialtyLine) -> tuple[str, ...]:
    """The members of a create or update body that `line` has otherwise, by their wire names.

    What the platform hides, a masked password, is not held against it.
    """
    sent = json.loads(body)
    stands: dict[str, object] = {
        "name": line.name,
        "callerId": line.caller_id,
        "e911CallbackNumber": line.e911_callback,
        "callingPlanIds": sorted(line.calling_plan_ids),
        "deviceType": line.device_type,
        "macAddress": line.mac,
        "portNumber": line.fxs_port,
        "sipUsername": line.sip_username and line.sip_username.text,
    }
    if line.sip_password is not None:
        stands["sipPassword"] = line.sip_password.reveal()
    return tuple(name for name, value in stands.items() if name in sent and _wanted(name, sent) != value)


def slot_of(body: bytes) -> DeviceSlot:
    """The hardware port that a create body of ours names."""
    sent = json.loads(body)
    return DeviceSlot(MacAddress(sent["macAddress"]), sent["portNumber"], sent["deviceType"])


def credential_of(body: bytes) -> SipCredential:
    """The credential that an update body of ours sets."""
    sent = json.loads(body)
    return SipCredential(SipUsername(sent["sipUsername"]), Secret(sent["sipPassword"]))


def _wanted(name: str, sent: dict[str, object]) -> object:
    value = sent[name]
    if name == "callingPlanIds" and isinstance(value, list):
        return sorted(value)
    if name == "macAddress" and isinstance(value, str):
        return parse_mac(value)
    return value
