"""The job: one account and one site on one platform, its gateways and what shall hang on their ports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from installer.domain.credential import CredentialSource
from installer.domain.gateway import FxsPort, Gateway, GatewayPlace
from installer.domain.label import LabelId
from installer.domain.line import Account, LineDraft
from installer.domain.mac import MacAddress
from installer.errors import InvalidValue


class PortState(StrEnum):
    """What an FXS port is for: a line, kept free, or switched off."""

    USE = "use"
    SPARE = "spare"
    OFF = "off"


class RowState(StrEnum):
    """How far a row of a sheet may be used: loaded but not enabled, incomplete, or as it stays."""

    PREPARED = "prepared"
    DRAFT = "draft"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class PortPlan:
    """One FXS port of the job; `draft` stands exactly where the state is USE.

    `extra` are cells of its row in a line sheet that nothing else here holds, by header name: of columns that
    the kit does not know, and without a line its location, jack and notes.
    """

    port: FxsPort
    state: PortState
    label_id: LabelId
    draft: LineDraft | None = None
    source: CredentialSource = CredentialSource.GENERATED
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlatformAddress:
    """Where a job lives: origin and partition; no write goes anywhere else (protocol R11).

    `profile` is a label: the same platform under another name, or its URL spelled otherwise, is the same.
    """

    profile: str = field(compare=False)
    base_url: str
    partition_id: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", _one_spelling(self.base_url))


@dataclass(frozen=True)
class SiteJob:
    """A job and its invariants; raises InvalidValue where one does not hold.

    Every port of every gateway stands in `ports`, by gateway and number. A place is named once, a MAC
    stands at one place, a port is one of the model's, and a draft stands exactly on the ports in use.
    """

    id: str
    platform: PlatformAddress
    account: Account
    site: str
    gateways: tuple[Gateway, ...]
    ports: tuple[PortPlan, ...]

    def __post_init__(self) -> None:
        places = [gateway.place.name.casefold() for gateway in self.gateways]
        _once(places, "gateway place")
        _once([str(gateway.mac) for gateway in self.gateways if gateway.mac], "MAC")
        expected = [
            FxsPort(gateway.place, number)
            for gateway in self.gateways
            for number in range(1, gateway.model.fxs_ports + 1)
        ]
        if [plan.port for plan in self.ports] != expected:
            raise _broken("its ports are not exactly those of its gateways, in order")
        for plan in self.ports:
            if (plan.draft is not None) != (plan.state is PortState.USE):
                raise _broken(f"{plan.port} is “{plan.state}” but {'has' if plan.draft else 'lacks'} a line")

    @cached_property
    def by_port(self) -> Mapping[FxsPort, PortPlan]:
        """The ports, by themselves."""
        return {plan.port: plan for plan in self.ports}

    @cached_property
    def by_place(self) -> Mapping[GatewayPlace, Gateway]:
        """The gateways, by their places."""
        return {gateway.place: gateway for gateway in self.gateways}

    def gateway(self, place: GatewayPlace) -> Gateway:
        """The gateway at `place`; KeyError where the job has none."""
        return self.by_place[place]

    def port(self, port: FxsPort) -> PortPlan:
        """The plan of `port`; KeyError where the job has none."""
        return self.by_port[port]

    def mac_of(self, port: FxsPort) -> MacAddress | None:
        """The hardware address under `port`, None until the gateway is bound."""
        return self.gateway(port.gateway).mac

    def drafts(self) -> tuple[tuple[PortPlan, LineDraft], ...]:
        """The ports in use with their lines."""
        return tuple((plan, plan.draft) for plan in self.ports if plan.draft is not None)


def _one_spelling(url: str) -> str:
    """`url` in lower case, without a closing slash or a port that its scheme implies, loopback by number."""
    scheme, _, netloc = url.strip().lower().rstrip("/").partition("://")
    netloc = netloc.removesuffix({"https": ":443", "http": ":80"}.get(scheme, ""))
    host, colon, port = netloc.rpartition(":")
    if not port.isdecimal():
        host, colon, port = netloc, "", ""
    if host in {"localhost", "[::1]"}:
        host = "127.0.0.1"
    return f"{scheme}://{host}{colon}{port}" if netloc else scheme


def _once(values: list[str], what: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise _broken(f"{what} {value} stands twice")
        seen.add(value)


def _broken(reason: str) -> InvalidValue:
    return InvalidValue(f"this is no job: {reason}", code="invalid-job", wanted="a job that holds together")
