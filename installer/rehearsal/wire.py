"""The listening socket, and the faults that lie below HTTP: resets, cut and dripping bodies, refusal.

uvicorn's own protocol runs unchanged; each request's scope also carries its transport, so that a fault can
write to the wire itself. In-process (no transport) such a fault raises ConnectionResetError.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import cast

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from installer.rehearsal.answers import Answer

_KEEP_ALIVE = 75
"""Seconds that an idle connection is kept."""
_LINGER_0 = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
"""Closing with RST: struct linger is two shorts on Windows, else two ints."""


class _Protocol(H11Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as its parent
        super().connection_made(transport)
        self.app_state = {"transport": transport}


class WireAnswer(Response):
    """An answer written past HTTP: the head, then `pieces`, `interval` seconds apart, then the end.

    `reset` ends the connection with RST, else it is closed in good order.
    """

    def __init__(
        self, head: bytes, pieces: Iterable[bytes], *, interval: float = 0.0, reset: bool = False
    ) -> None:
        super().__init__()
        self._head = head
        self._pieces = pieces
        self._interval = interval
        self._reset = reset

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the ASGI signature
        transport = cast("asyncio.Transport | None", scope.get("state", {}).get("transport"))
        if transport is None:
            raise ConnectionResetError("the injected fault cuts the connection")
        if self._head:
            transport.write(self._head)
        gone = asyncio.ensure_future(receive())  # the body is read: what comes next is the disconnect
        for piece in self._pieces:
            if gone.done():
                break
            transport.write(piece)
            await asyncio.wait((gone,), timeout=self._interval)
        if self._reset:
            _reset(transport)
        else:
            transport.close()
        await gone


def reset() -> WireAnswer:
    """No answer at all."""
    return WireAnswer(b"", (), reset=True)


def truncated(answer: Answer, length: int) -> WireAnswer:
    """The head promises the whole body, `length` octets come."""
    return WireAnswer(_head(answer), (answer.body[:length],))


def dripping(answer: Answer, interval: float) -> WireAnswer:
    """The whole body, one octet every `interval` seconds."""
    octets = (answer.body[index : index + 1] for index in range(len(answer.body)))
    return WireAnswer(_head(answer), octets, interval=interval)


def _head(answer: Answer) -> bytes:
    lines = [
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        f"content-type: {answer.media}",
        f"content-length: {len(answer.body)}",
        *(f"{name}: {value}" for name, value in answer.headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def _reset(transport: asyncio.Transport) -> None:
    endpoint = transport.get_extra_info("socket")
    endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_0)
    transport.abort()


class Listener:
    """One address on loopback where the application answers; can refuse for a while, then is back."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._host = host

        async def until_closed(scope: Scope, receive: Receive, send: Send) -> None:
            with suppress(asyncio.CancelledError):  # only `close` cancels, when the connection is gone
                await app(scope, receive, send)

        self._config = uvicorn.Config(
            until_closed,
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            ws="none",
            timeout_keep_alive=_KEEP_ALIVE,
        )
        self._config.load()
        self._state = ServerState()
        self._server: asyncio.Server | None = None
        self._reopening: asyncio.Task[None] | None = None
        self.port = 0

    async def open(self, port: int) -> None:
        """Listen; port 0 is any free one, found in `port`."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, self._host, port)
        self.port = self._server.sockets[0].getsockname()[1]

    def _protocol(self) -> asyncio.Protocol:
        return _Protocol(config=self._config, server_state=self._state, app_state={})

    def refuse(self, seconds: float) -> None:
        """Refuse connections and drop the open ones, for `seconds` of the machine's clock."""
        self._shut()
        self._reopening = asyncio.get_running_loop().create_task(self._reopen(seconds))

    async def _reopen(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.open(self.port)

    def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in list(self._state.connections):
            _reset(connection.transport)

    async def close(self) -> None:
        if self._reopening is not None:
            self._reopening.cancel()
        self._shut()
        await asyncio.sleep(0)  # connections learn that they are lost
        for task in list(self._state.tasks):
            task.cancel()
        await asyncio.gather(*self._state.tasks, return_exceptions=True)
