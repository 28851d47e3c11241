"""Lines: what shall hang on an FXS port, and what the platform has."""

from __future__ import annotations

from dataclasses import dataclass, field

from installer.domain.credential import Secret, SipCredential, SipUsername
from installer.domain.mac import MacAddress
from installer.domain.numbers import TelephoneNumber
from installer.errors import InvalidValue
from installer.text import safe

NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class LineUse:
    """What a line serves, from profiles/uses/: `life_safety` lines are never touched on a general yes."""

    id: str
    name: str
    symbol: str
    life_safety: bool


@dataclass(frozen=True, slots=True)
class CallingPlan:
    """A calling plan of the partition."""

    id: str
    name: str
    default: bool


@dataclass(frozen=True, slots=True)
class Account:
    """A customer account; `status` is the platform's word, an open list."""

    id: str
    number: str
    name: str
    status: str = "ACTIVE"

    @property
    def is_active(self) -> bool:
        """Whether the account is in service."""
        return self.status == "ACTIVE"


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A line before it exists. `use` is a profile's id, "" treated as life-safety.

    `calling_plans` are ids or exact names as written; empty means the platform's only or default plan.
    """

    name: str
    use: str
    caller_id: TelephoneNumber
    e911_callback: TelephoneNumber
    calling_plans: tuple[str, ...] = ()
    inbound_numbers: tuple[TelephoneNumber, ...] = ()
    location: str = ""
    jack: str = ""
    notes: str = ""

    @property
    def numbers(self) -> frozenset[TelephoneNumber]:
        """Every number the line needs on the account."""
        return frozenset({self.caller_id, self.e911_callback, *self.inbound_numbers})


@dataclass(frozen=True, slots=True)
class DeviceSlot:
    """A port of a piece of hardware, as the create call names it: all three or none."""

    mac: MacAddress
    fxs_port: int
    device_type: str


@dataclass(frozen=True, slots=True)
class NewLine:
    """A create request; without `credential` the platform generates it, without `slot` there is no device."""

    name: str
    caller_id: TelephoneNumber
    e911_callback: TelephoneNumber
    calling_plan_ids: tuple[str, ...]
    slot: DeviceSlot | None = None
    credential: SipCredential | None = None


@dataclass(frozen=True, slots=True)
class LineChanges:
    """What an update sets; None leaves a field as the platform has it."""

    name: str | None = None
    caller_id: TelephoneNumber | None = None
    e911_callback: TelephoneNumber | None = None
    calling_plan_ids: tuple[str, ...] | None = None
    slot: DeviceSlot | None = None
    credential: SipCredential | None = None


@dataclass(frozen=True, slots=True)
class SpecialtyLine:
    """A line as the platform has it.

    None stands for what it did not say: no device (mac, fxs_port, device_type, device_id), a masked password.
    `name` is as sent by the platform: pass it through text.safe before showing it.
    """

    id: str
    account_id: str
    name: str
    caller_id: str | None
    e911_callback: str | None
    calling_plan_ids: tuple[str, ...]
    device_type: str | None
    device_id: str | None
    mac: MacAddress | None
    fxs_port: int | None
    sip_username: SipUsername | None
    sip_password: Secret | None
    linked_numbers: tuple[str, ...] = field(default=())


def parse_line_name(text: str) -> str:
    """A line's name: 1 to 100 printable characters in one line. Raises InvalidValue."""
    name = text.strip()
    if not name or len(name) > NAME_LENGTH or safe(name) != name:
        raise InvalidValue(
            f"“{safe(text, 60)}” cannot name a line",
            code="invalid-line-name",
            wanted=f"1 to {NAME_LENGTH} printable characters in one line",
        )
    return name
