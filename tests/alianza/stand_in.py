"""What the client is tested against beside the rehearsal platform: scripted answers, raw sockets, a clock."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from installer.alianza.auth import SignIn
from installer.alianza.client import Alianza
from installer.alianza.exchange import Observer
from installer.alianza.transport import Wire
from installer.clock import Clock
from installer.domain.credential import Secret

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LOGIN = {"authToken": "token-1", "partitionId": "p1", "username": "tech@example.com", "pwdHash": "5f4dcc"}


@dataclass
class VirtualClock:
    """Time that only sleeping and `pass_by` move."""

    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)

    @property
    def clock(self) -> Clock:
        return Clock(
            now=lambda: NOW + timedelta(seconds=self.seconds - 1000.0),
            monotonic=lambda: self.seconds,
            sleep=self.sleep,
        )


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, object]:
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


@dataclass(frozen=True)
class Given:
    """An answer to give; `value` is sent as JSON unless `body` says otherwise."""

    status: int = 200
    value: object = None
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    media: str = "application/json"


Answerer = Callable[[Asked], Given]


class StandIn:
    """An ASGI platform that signs anybody in and answers the rest from a script, then from `answer`."""

    def __init__(self, answer: Answerer | None = None) -> None:
        self.asked: list[Asked] = []
        self.script: list[Given] = []
        self.logins: list[Given] = []
        self.logouts: list[Given] = []
        self.answer = answer
        self.hold: asyncio.Event | None = None
        self.most_at_once = 0
        self._at_once = 0

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        asked = Asked(
            scope["method"],
            scope["raw_path"].decode(),
            scope["query_string"].decode(),
            {name.decode(): value.decode() for name, value in scope["headers"]},
            body,
        )
        self.asked.append(asked)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        if self.hold is not None:
            await self.hold.wait()
        else:
            await asyncio.sleep(0)
        given = self._given(asked)
        self._at_once -= 1
        octets = given.body
        if octets is None:
            octets = json.dumps(given.value).encode()
        headers = {"content-type": given.media, **given.headers}
        await send(
            {
                "type": "http.response.start",
                "status": given.status,
                "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            }
        )
        await send({"type": "http.response.body", "body": octets})

    def _given(self, asked: Asked) -> Given:
        if asked.path == "/v2/authorize":
            return self.logins.pop(0) if self.logins else Given(value=LOGIN)
        if asked.path == "/v2/authorize/logout":
            return self.logouts.pop(0) if self.logouts else Given(body=b"")
        if self.script:
            return self.script.pop(0)
        assert self.answer is not None, f"no answer for {asked.method} {asked.path}"
        return self.answer(asked)

    @property
    def calls(self) -> list[Asked]:
        """Requests but for signing in and out."""
        return [asked for asked in self.asked if not asked.path.startswith("/v2/authorize")]

    @property
    def sign_ins(self) -> int:
        return sum(asked.path == "/v2/authorize" for asked in self.asked)


def client(
    stand_in: StandIn,
    time: VirtualClock | None = None,
    *,
    concurrency: int = 4,
    observer: Observer | None = None,
) -> Alianza:
    """The client on a stand-in, in-process."""
    return Alianza(
        Wire("http://127.0.0.1", ca_file=None, deadline=5.0, asgi_app=stand_in),
        SignIn("tech@example.com", Secret("correct horse")),
        clock=(time or VirtualClock()).clock,
        random=lambda: 1.0,
        concurrency=concurrency,
        observer=observer,
    )


Piece = bytes | float
"""Octets to send, or seconds to wait before the next."""


class RawServer:
    """A socket that answers the n-th request with the n-th script of pieces, then closes or resets."""

    def __init__(
        self, *scripts: Sequence[Piece], reset: bool = False, tls: ssl.SSLContext | None = None
    ) -> None:
        self._scripts = list(scripts)
        self._reset = reset
        self._tls = tls
        self.received = b""
        self.connections = 0
        self.asked = asyncio.Event()
        self._serving: set[asyncio.Task[object]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._over = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self._over.set()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*self._serving)
        async with asyncio.timeout(10):  # a handshake may still be going on; 3.11's wait_closed does not wait
            while vars(self._server)["_active_count"]:
                await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self.connections += 1
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.received += head
            for line in head.split(b"\r\n"):
                if line.lower().startswith(b"content-length:"):
                    self.received += await reader.readexactly(int(line.partition(b":")[2]))
            self.asked.set()
            for piece in self._scripts.pop(0):
                if isinstance(piece, bytes):
                    writer.write(piece)
                    await writer.drain()
                else:
                    await self._pause(piece)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if self._reset:
                writer.transport.abort()
            else:
                writer.close()

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), seconds)


def http(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    """A whole HTTP answer; `length` is the Content-Length it claims."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body) if length is None else length}",
        *(headers or ("Content-Type: application/json",)),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
