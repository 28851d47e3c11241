"""What the platform keeps: partitions, users, accounts, plans, lines. Numbers stay JSON objects.

A number is kept as the object that PUT sends back whole, fields unknown to us included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from installer.rehearsal.storage import JsonObject

PORTS_BY_TYPE = {"SIP_4_Port_MTA": 4, "SIP_8_Port_MTA": 8, "SIP_24_Port_MTA": 24, "SIP_50_Port_MTA": 50}
"""Specialty Lines guide, Add a Specialty Line: deviceType."""

MASK = "********"
_MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|[0-9a-f]{12}")


def parse_mac(text: str) -> str | None:
    """12 lower-case hex digits; None for anything but the guide's two spellings."""
    lowered = text.lower()
    return lowered.replace(":", "") if _MAC.fullmatch(lowered) else None


@dataclass(frozen=True, slots=True)
class User:
    """Who may sign in."""

    username: str
    password: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Account:
    """A customer; `number` is the account number."""

    id: str
    partition_id: str
    number: str
    name: str
    status: str = "ACTIVE"


@dataclass(frozen=True, slots=True)
class Plan:
    """A calling plan product."""

    id: str
    name: str
    minutes: int
    default: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A specialty line. The four device fields are all set or all None."""

    id: str
    account_id: str
    partition_id: str
    name: str
    caller_id: str
    e911_callback_number: str
    calling_plan_ids: tuple[str, ...]
    device_type: str | None
    device_id: str | None
    mac_address: str | None
    port_number: int | None
    sip_username: str
    sip_password: str
    created_at: float

    @property
    def device_port(self) -> tuple[str, int] | None:
        if self.mac_address is None or self.port_number is None:
            return None
        return self.mac_address, self.port_number

    def to_wire(self, linked: tuple[str, ...], *, mask: bool) -> JsonObject:
        """The published SpecialtyLineX; no linked numbers is null, as the guide prints it."""
        return {
            "id": self.id,
            "accountId": self.account_id,
            "partitionId": self.partition_id,
            "name": self.name,
            "linkedPhoneNumbers": list(linked) or None,
            "callerId": self.caller_id,
            "e911CallbackNumber": self.e911_callback_number,
            "callingPlanIds": list(self.calling_plan_ids),
            "deviceType": self.device_type,
            "deviceId": self.device_id,
            "macAddress": self.mac_address,
            "portNumber": self.port_number,
            "sipUsername": self.sip_username,
            "sipPassword": MASK if mask else self.sip_password,
        }
