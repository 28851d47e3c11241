"""The platform as one kit reaches it in-process: what was asked is kept, and judged before it is answered."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True)
class Asked:
    """One request, with its body as it came."""

    method: str
    path: str
    body: bytes

    @property
    def writes(self) -> bool:
        """Whether it is to change something on the platform."""
        if self.path.startswith("/v2/rpc") or "/v2/authorize" in self.path:
            return False
        return self.method != "GET"


class Door:
    """An ASGI application that hands on to the platform's.

    A request is carried out to its end even when the kit has hung up, as on a real server. One that writes
    and that no other reader of the journal's file could find there is kept in `unannounced` (protocol R1).
    """

    def __init__(self, app: ASGIApp, has_durable_intent: Callable[[str, bytes], bool]) -> None:
        self._app = app
        self._has_durable_intent = has_durable_intent
        self.asked: list[Asked] = []
        self.unannounced: list[Asked] = []
        self.shut = False
        """The kit is dead: what its tasks still do before they are cancelled reaches nobody."""
        self.before: Callable[[Asked], None] = lambda _: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        asked = Asked(scope["method"], scope["raw_path"].decode(), body)
        if self.shut:
            raise ConnectionResetError
        self.before(asked)
        self.asked.append(asked)
        if asked.writes and not self._has_durable_intent(asked.path, body):
            self.unannounced.append(asked)

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        serving = asyncio.ensure_future(self._app(scope, again, send))
        serving.add_done_callback(_heard)
        # Not `await serving`: it would be thrown into the kit's coroutines, and where one of them catches
        # what is thrown, Python 3.11 traces nothing of those around it until they next wait.
        await asyncio.wait([serving])
        serving.result()


def _heard(serving: "asyncio.Future[None]") -> None:
    """The kit may be gone when an injected fault cuts the connection."""
    if not serving.cancelled():
        serving.exception()
