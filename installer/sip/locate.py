"""Where to send (RFC 3263 §4): DNS questions come out, records go in, hops are returned in order of trial."""

from __future__ import annotations

import ipaddress
from bisect import bisect_left
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate


class Transport(StrEnum):
    """As in a Via."""

    UDP = "UDP"
    TCP = "TCP"
    TLS = "TLS"

    @property
    def default_port(self) -> int:
        return 5061 if self is Transport.TLS else 5060

    @property
    def srv_prefix(self) -> str:
        return "_sips._tcp." if self is Transport.TLS else f"_sip._{self.lower()}."


_SERVICES = {"SIP+D2U": Transport.UDP, "SIP+D2T": Transport.TCP, "SIPS+D2T": Transport.TLS}


@dataclass(frozen=True, slots=True)
class Naptr:
    """One NAPTR record, as far as SIP reads it."""

    order: int
    preference: int
    service: str
    replacement: str


@dataclass(frozen=True, slots=True)
class Srv:
    """One SRV record; `target` "." means that the service is not offered."""

    priority: int
    weight: int
    port: int
    target: str


class Kind(StrEnum):
    """What a question asks for."""

    NAPTR = "NAPTR"
    SRV = "SRV"
    ADDRESS = "ADDRESS"
    """A and AAAA, answered with addresses as text."""


@dataclass(frozen=True, slots=True)
class Question:
    """One DNS question; the answer to send in is empty where the name or type does not exist."""

    kind: Kind
    name: str


Record = Naptr | Srv | str
Lookup = Generator[Question, Sequence[Record], list["Hop"]]


@dataclass(frozen=True, slots=True)
class Hop:
    """Where to send and how; `name` is the host name that a certificate must show."""

    transport: Transport
    address: str
    port: int
    name: str


@dataclass(frozen=True, slots=True)
class Server:
    """A SIP server as a profile or URI names it; None is not given."""

    host: str
    port: int | None = None
    transport: Transport | None = None
    secure: bool = False
    """A sips URI: TLS alone will do."""


def locate(server: Server, pick: Callable[[int], int]) -> Lookup:
    """Hops in order of trial; `pick(n)` gives a random number from 0 to n, for SRV weights (RFC 2782)."""
    fallback = Transport.TLS if server.secure else Transport.UDP
    transport = server.transport or fallback
    if _is_address(server.host):
        return [Hop(transport, server.host.strip("[]"), server.port or transport.default_port, server.host)]
    if server.port is not None:
        return (yield from _addresses(server.host, server.port, transport))
    if server.transport is not None:
        services = [(server.transport, server.transport.srv_prefix + server.host)]
    else:
        services = yield from _services(server)
    hops: list[Hop] = []
    for offered, name in services:
        hops += yield from _srv(name, offered, pick)
    return hops or (yield from _addresses(server.host, transport.default_port, transport))


def _services(server: Server) -> Generator[Question, Sequence[Record], list[tuple[Transport, str]]]:
    """Transports with the SRV name of each: by NAPTR, else by asking for every transport (§4.1)."""
    usable = (Transport.TLS,) if server.secure else tuple(Transport)
    answer = yield Question(Kind.NAPTR, server.host)
    records = sorted(
        (record for record in answer if isinstance(record, Naptr)),
        key=lambda record: (record.order, record.preference),
    )
    named = [
        (transport, record.replacement.rstrip("."))
        for record in records
        if (transport := _SERVICES.get(record.service.upper())) in usable and transport is not None
    ]
    return named or [(transport, transport.srv_prefix + server.host) for transport in usable]


def _srv(name: str, transport: Transport, pick: Callable[[int], int]) -> Lookup:
    answer = yield Question(Kind.SRV, name)
    records = [record for record in answer if isinstance(record, Srv) and record.target != "."]
    hops: list[Hop] = []
    for record in _ordered(records, pick):
        hops += yield from _addresses(record.target.rstrip("."), record.port, transport)
    return hops


def _ordered(records: list[Srv], pick: Callable[[int], int]) -> list[Srv]:
    """By priority, and within one at random by weight (RFC 2782)."""
    ordered: list[Srv] = []
    for priority in sorted({record.priority for record in records}):
        left = sorted((each for each in records if each.priority == priority), key=lambda each: each.weight)
        while left:
            running = list(accumulate(each.weight for each in left))
            ordered.append(left.pop(bisect_left(running, pick(running[-1]))))
    return ordered


def _addresses(host: str, port: int, transport: Transport) -> Lookup:
    if _is_address(host):
        return [Hop(transport, host.strip("[]"), port, host)]
    answer = yield Question(Kind.ADDRESS, host)
    return [Hop(transport, address, port, host) for address in answer if isinstance(address, str)]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
