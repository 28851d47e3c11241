"""Gateways: the place at the site, the model planned for it, and the hardware that was bound to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from installer.domain.cabling import Jack
from installer.domain.label import LabelId
from installer.domain.mac import MacAddress
from installer.errors import InvalidValue
from installer.text import safe

_PLACE_LENGTH = 40


@dataclass(frozen=True, slots=True, order=True)
class GatewayPlace:
    """Where a gateway stands, planned before the hardware is known: GW-1, B2-closet."""

    name: str

    def __str__(self) -> str:
        return self.name


def parse_place(text: str) -> GatewayPlace:
    """A place name; a colon, which separates place and port, is not in it. Raises InvalidValue."""
    name = text.strip()
    if (
        not name
        or len(name) > _PLACE_LENGTH
        or ":" in name
        or safe(name) != name
        or name != " ".join(name.split())
    ):
        raise InvalidValue(
            f"“{safe(text, 60)}” cannot name a gateway place",
            code="invalid-place",
            wanted=f"1 to {_PLACE_LENGTH} printable characters without a colon",
        )
    return GatewayPlace(name)


@dataclass(frozen=True, slots=True, order=True)
class FxsPort:
    """An analog port, by the gateway's place and its number from 1; what a credential belongs to."""

    gateway: GatewayPlace
    number: int

    def __str__(self) -> str:
        return f"{self.gateway}:{self.number}"


@dataclass(frozen=True, slots=True)
class GatewayModel:
    """A gateway type from profiles/gateways/; `jacks` has one entry per FXS port, in order.

    `device_type` is the platform's id. `confirmed` is False where the jack layout is not proven.
    """

    id: str
    device_type: str
    name: str
    jacks: tuple[Jack, ...]
    confirmed: bool

    @property
    def fxs_ports(self) -> int:
        """How many FXS ports it has."""
        return len(self.jacks)


@dataclass(frozen=True, slots=True)
class Binding:
    """Hardware scanned onto a place: when, and why it replaced what was there before."""

    mac: MacAddress
    serial: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Gateway:
    """A place with its model and its bindings, oldest first; the last one stands."""

    place: GatewayPlace
    model: GatewayModel
    label_id: LabelId
    bindings: tuple[Binding, ...] = ()

    @property
    def binding(self) -> Binding | None:
        """The hardware in place, None until bound."""
        return self.bindings[-1] if self.bindings else None

    @property
    def mac(self) -> MacAddress | None:
        """The address of the hardware in place, None until bound."""
        return self.bindings[-1].mac if self.bindings else None

    def jack(self, number: int) -> Jack:
        """The jack of FXS port `number`, from 1."""
        return self.model.jacks[number - 1]
