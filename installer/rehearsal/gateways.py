"""Virtual gateways: what the partner's hardware does with an exported credential sheet, on loopback.

Each port in use registers over UDP, resends as RFC 3261 has it, refreshes at half its time, and tries again
after growing pauses when it is refused, so that a port loaded before its line exists comes up once it does.
At the end ports take their registrations back; those of ports that `stay` run out by themselves.
"""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self, cast

from installer.errors import InvalidValue
from installer.rehearsal.sheet import SheetPort
from installer.sip.fields import NotSip
from installer.sip.message import Request, Response, parse
from installer.sip.registration import Accepted, Outcome, Registration, register
from installer.sip.transaction import Due, NonInvite, Timers

PortKey = tuple[str, int]
"""MAC as 12 lower-case hex digits, and FXS port."""

_HOST = "127.0.0.1"
_FAREWELL = 1.0
"""Seconds that de-registering may take at the end."""


class Failing(StrEnum):
    """How a virtual port can be told to fail."""

    WRONG_PASSWORD = "wrong-password"  # noqa: S105 - the name of a fault
    SILENT = "silent"
    """Nothing is sent."""


class State(StrEnum):
    """What a port last came to; `OFF` is silent, or of a transport that is not UDP."""

    OFF = "off"
    TRYING = "trying"
    REGISTERED = "registered"
    REFUSED = "refused"
    NO_ANSWER = "no-answer"


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a port speaks, in seconds; 600 is what the gateways' exports ask for."""

    expires: int = 600
    first_pause: float = 1.0
    """After the first refusal; doubled after each further one."""
    longest_pause: float = 30.0
    timers: Timers = field(default_factory=Timers)


@dataclass(slots=True)
class PortStatus:
    """One virtual port as it stands; `status` is the last SIP status, None where there was none."""

    port: SheetPort
    state: State = State.OFF
    status: int | None = None
    call_id: str = field(default_factory=lambda: secrets.token_hex(12))
    cseq: int = 0


class VirtualGateways:
    """The gateways of one sheet; inside the async context their ports are powered.

    `registrar` stands in for what the sheet says, for a sheet that an earlier run exported. InvalidValue
    when a port would register anywhere but on loopback.
    """

    def __init__(
        self,
        ports: Sequence[SheetPort],
        *,
        failing: Mapping[PortKey, Failing] | None = None,
        registrar: tuple[str, int] | None = None,
        pace: Pace | None = None,
        stay: bool = False,
    ) -> None:
        self._failing = dict(failing or {})
        self._registrar = registrar
        self._pace = pace or Pace()
        self._stay = stay
        self._status = {(port.mac, port.fxs_port): PortStatus(port) for port in ports}
        self._powered = [
            status
            for key, status in self._status.items()
            if self._failing.get(key) is not Failing.SILENT and status.port.transport == "UDP"
        ]
        for status in self._powered:
            _check_loopback(self._peer(status)[0])
        self._changed = asyncio.Condition()
        self._tasks: list[asyncio.Task[None]] = []
        self._sockets: dict[str, _Socket] = {}

    @property
    def ports(self) -> tuple[PortStatus, ...]:
        return tuple(self._status.values())

    async def __aenter__(self) -> Self:
        for mac in {status.port.mac for status in self._powered}:
            self._sockets[mac] = await _open_socket()
        for status in self._powered:
            status.state = State.TRYING
            self._tasks.append(asyncio.create_task(self._live(status)))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if not self._stay:
            await self._leave()
        for socket in self._sockets.values():
            socket.close()

    async def _leave(self) -> None:
        leaving = [self._converse(s, 0) for s in self._powered if s.state is State.REGISTERED]
        with suppress(TimeoutError):  # the registrar is gone; its bindings run out by themselves
            async with asyncio.timeout(_FAREWELL):
                await asyncio.gather(*leaving)

    async def settled(self) -> None:
        """Return when every powered port has registered, or has been refused or left unanswered once."""
        async with self._changed:
            await self._changed.wait_for(lambda: all(s.state is not State.TRYING for s in self._powered))

    async def registered(self, key: PortKey) -> None:
        """Return when that port is registered."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._status[key].state is State.REGISTERED)

    async def _live(self, status: PortStatus) -> None:
        pause = self._pace.first_pause
        while True:
            outcome = await self._converse(status, self._pace.expires)
            if isinstance(outcome, Accepted):
                await self._tell(status, State.REGISTERED, outcome.response.status)
                pause = self._pace.first_pause
                await asyncio.sleep(outcome.expires / 2)
            else:
                if outcome is None:
                    await self._tell(status, State.NO_ANSWER, None)
                else:
                    await self._tell(status, State.REFUSED, outcome.response.status)
                await asyncio.sleep(pause)
                pause = min(2 * pause, self._pace.longest_pause)

    async def _tell(self, status: PortStatus, state: State, code: int | None) -> None:
        async with self._changed:
            status.state, status.status = state, code
            self._changed.notify_all()

    async def _converse(self, status: PortStatus, expires: int) -> Outcome | None:
        """Register for `expires` seconds; None when no answer came."""
        socket = self._sockets[status.port.mac]
        talk = register(self._registration(status, socket, expires), _token, status.cseq)
        request = next(talk)
        while True:
            status.cseq += 1
            response = await socket.exchange(request, self._peer(status), self._pace.timers)
            if response is None:
                return None
            try:
                request = talk.send(response)
            except StopIteration as end:
                return cast("Outcome", end.value)

    def _registration(self, status: PortStatus, socket: _Socket, expires: int) -> Registration:
        port = status.port
        wrong = self._failing.get((port.mac, port.fxs_port)) is Failing.WRONG_PASSWORD
        return Registration(
            username=port.username,
            password=f"not-{port.password}" if wrong else port.password,
            domain=port.domain,
            sent_by=socket.sent_by,
            contact=f"sip:{port.username}@{socket.sent_by}",
            expires=expires,
            call_id=status.call_id,
            user_agent="virtual-gateway",
        )

    def _peer(self, status: PortStatus) -> tuple[str, int]:
        return self._registrar or (status.port.registrar, status.port.registrar_port)


def _check_loopback(host: str) -> None:
    if host != "localhost" and not (_is_ip(host) and ipaddress.ip_address(host).is_loopback):
        raise InvalidValue(
            "virtual gateways register on loopback only",
            code="not-loopback",
            wanted="a sheet made on the rehearsal platform",
        )


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _token() -> str:
    return secrets.token_hex(8)


class _Socket(asyncio.DatagramProtocol):
    """One gateway's UDP socket: requests out, each response to whoever waits for its Call-ID and CSeq."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str | None, str | None], Callable[[Response], None]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)
        host, port = transport.get_extra_info("sockname")
        self.sent_by = f"{host}:{port}"

    def datagram_received(self, datagram: bytes, source: tuple[str, int]) -> None:  # noqa: ARG002 - asyncio's
        try:
            message = parse(datagram)
        except NotSip:
            return
        waiting = self._waiting.get((message.header("Call-ID"), message.header("CSeq")))
        if isinstance(message, Response) and waiting is not None:
            waiting(message)

    async def exchange(self, request: Request, peer: tuple[str, int], timers: Timers) -> Response | None:
        """The final response; None when timer F ran out."""
        key = (request.header("Call-ID"), request.header("CSeq"))
        arrived: asyncio.Queue[Response] = asyncio.Queue()
        self._waiting[key] = arrived.put_nowait
        now = asyncio.get_running_loop().time
        octets = request.encode()
        try:
            self._transport.sendto(octets, peer)
            transaction = NonInvite.start(now(), timers)
            while True:
                try:
                    async with asyncio.timeout_at(transaction.next_at):
                        response = await arrived.get()
                except TimeoutError:
                    transaction, due = transaction.tick(now())
                    if due is Due.TIMED_OUT:
                        return None
                    if due is Due.RESEND:
                        self._transport.sendto(octets, peer)
                else:
                    if response.status >= 200:
                        return response
                    transaction = transaction.received(response.status, now())
        finally:
            del self._waiting[key]

    def close(self) -> None:
        self._transport.close()


async def _open_socket() -> _Socket:
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_datagram_endpoint(_Socket, local_addr=(_HOST, 0))
    return socket
