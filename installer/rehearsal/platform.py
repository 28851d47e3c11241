"""The rehearsal platform put together: state directory, API and registrar, on loopback."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

from installer.clock import Clock, system_clock
from installer.rehearsal import seed
from installer.rehearsal.api import application, operations
from installer.rehearsal.desk import Desk
from installer.rehearsal.faults import FaultScript, Rule
from installer.rehearsal.ledger import Ledger
from installer.rehearsal.registrar import Registrar, RegistrarProtocol
from installer.rehearsal.storage import Storage
from installer.rehearsal.things import Line
from installer.rehearsal.timeline import Timeline
from installer.rehearsal.wire import Listener
from installer.rehearsal.world import Rules, World

HOST = "127.0.0.1"


class RehearsalPlatform:
    """An async context: inside it the platform answers. `Busy` when another process has the directory.

    `port` and `sip_port` 0 are any free one; `latency` is seconds before each answer.
    """

    def __init__(  # noqa: PLR0913 - each is one thing a test may want different
        self,
        directory: Path,
        *,
        clock: Clock | None = None,
        rules: Rules | None = None,
        faults: Sequence[Rule] = (),
        latency: float = 0.0,
        port: int = 0,
        sip_port: int = 0,
        chance: random.Random | None = None,
        control_token: str | None = None,
    ) -> None:
        self.username = seed.USERS[0].username
        self.password = seed.USERS[0].password
        self.sip_domain = seed.SIP_DOMAIN
        self.control_token = control_token or secrets.token_urlsafe(18)
        self.accounts = tuple((each.id, each.number, each.name, each.status) for each in seed.OFFERED)
        """Id, number, name and status of each customer that can be rehearsed."""
        self.customers = tuple(f"{each.name} ({each.number})" for each in seed.OFFERED)
        self.timeline = Timeline(clock or system_clock())
        storage = Storage(directory)
        world = World(rules or Rules(), chance or random.Random())  # noqa: S311 - ids and made-up credentials
        self.desk = Desk(world, storage, self.timeline, latency)
        self.desk.faults.load(faults)
        self.registrar_host = HOST
        kept = directory / "registered.jsonl"
        self.registrar = Registrar(seed.SIP_DOMAIN, self._passwords, self.timeline.now, _token, kept)
        self.registrar.also_known_as(HOST)
        served = operations(self.desk, self.registrar.registered, lambda: (HOST, self.registrar_port))
        self.app = application(self.desk, served, self.control_token)
        """The ASGI application, for use in-process."""
        self._listener = Listener(self.app, HOST)
        self.desk.refuse = self._listener.refuse
        self._ports = port, sip_port
        self.registrar_port = 0

    @property
    def url(self) -> str:
        """The base under which /v2/… lies."""
        return f"http://{HOST}:{self._listener.port}"

    @property
    def ledger(self) -> Ledger:
        self.desk.settle()
        return self.desk.ledger

    @property
    def faults(self) -> FaultScript:
        return self.desk.faults

    def lines(self) -> tuple[Line, ...]:
        """Every line there is, over all accounts."""
        self.desk.settle()
        return tuple(self.desk.world.lines.values())

    def advance(self, seconds: float) -> None:
        """Move the platform's clock on, and commit what is then due."""
        self.timeline.advance(seconds)
        self.desk.settle()

    def _passwords(self, username: str) -> list[str]:
        return [line.sip_password for line in self.desk.world.lines_with_username(username)]

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opened:
            opened.callback(self.desk.close)
            await self._listener.open(self._ports[0])
            opened.push_async_callback(self._listener.close)
            sip, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: RegistrarProtocol(self.registrar), local_addr=(HOST, self._ports[1])
            )
            opened.callback(sip.close)
            self.registrar_port = sip.get_extra_info("sockname")[1]
            self._opened = opened.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._opened.aclose()


def _token() -> str:
    return secrets.token_hex(16)
