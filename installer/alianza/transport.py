"""One connection pool to one origin, and what is known of a call that brought no answer (protocol R3).

The only module that imports httpx, and of it the transport alone: no cookie is kept, no redirect followed,
which would carry the token to another origin. What would hurt of its defaults is met here: a time limit would
hold per chunk, a small compressed body could fill memory (`unpacking`), and the environment's proxy would be
used even for loopback.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import sys
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

# Its command line, which nothing here runs, would load rich and pygments where they are installed.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
import httpx

from installer import __version__
from installer.alianza import certificate
from installer.alianza.failures import http_date, portal
from installer.alianza.origin import environment_proxy, parse_origin, trust, without_login
from installer.alianza.paths import quoted
from installer.alianza.reply import Reply
from installer.alianza.unpacking import unpacked
from installer.domain.credential import Secret
from installer.errors import Certainty, NetworkFailure
from installer.text import safe

MAX_CONNECTIONS = 8
_CONNECT = 10.0
_IDLE = 4.0
"""Seconds an unused connection is kept: below the 5 s of common servers, so that they do not close first."""

# httpcore asks for sniffio at every lock and event, and nothing of ours installs it: searched for anew each
# time, that is a fifth of a call's cost. An entry of None says at once that it is not there.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

_E = TypeVar("_E", bound=Exception)

AsgiApp = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Awaitable[None],
]


@dataclass(slots=True)
class _Progress:
    """Whether the first byte of the request may have left; a proxy's CONNECT is not the request."""

    sent: bool

    async def trace(self, event: str, facts: dict[str, Any]) -> None:
        if event == "http11.send_request_headers.started" and facts["request"].method != b"CONNECT":
            self.sent = True

    @property
    def certainty(self) -> Certainty:
        return Certainty.UNKNOWN if self.sent else Certainty.NEVER_SENT


class Wire:
    """Calls to `base_url`: https, or plain http to loopback. Raises InvalidValue for any other.

    `ca_file` is trusted beside the system's roots; `deadline` in seconds for a whole call, body included;
    `asgi_app` answers in-process instead of a server. `proxy` is the environment's that is used, for people.
    """

    def __init__(
        self,
        base_url: str,
        *,
        ca_file: Path | None,
        deadline: float,
        connections: int = MAX_CONNECTIONS,
        asgi_app: AsgiApp | None = None,
    ) -> None:
        self._at = parse_origin(base_url)
        self.origin = str(self._at)
        self.host = self._at.host
        self._deadline = deadline
        self._in_process = asgi_app is not None
        proxy_url = environment_proxy(self._at)
        self.proxy = None if proxy_url is None else without_login(proxy_url)
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._transport = (
            _network(trust(self._at, ca_file), connections, proxy_url)
            if asgi_app is None
            else httpx.ASGITransport(asgi_app)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def call(
        self,
        method: str,
        segments: tuple[str, ...],
        *,
        query: tuple[tuple[str, str], ...] = (),
        body: bytes | None = None,
        token: Secret | None = None,
        deadline: float | None = None,
    ) -> Reply:
        """The answer, whatever its status but a redirect or a portal's. Raises NetworkFailure."""
        request = httpx.Request(
            method,
            self.origin + quoted(segments),
            params=query or None,
            content=body,
            headers=_headers(body, token),
        )
        progress = _Progress(sent=self._in_process)
        limit = self._deadline if deadline is None else deadline
        # httpcore closes a socket whose handshake runs into its own limit, and forgets one that is cancelled.
        request.extensions["timeout"] = {"connect": min(_CONNECT, 0.8 * limit)}
        request.extensions["trace"] = progress.trace
        try:
            async with asyncio.timeout(limit):
                reply = await self._exchange(request)
        except (TimeoutError, httpx.TimeoutException):
            raise self._late(limit, progress) from None
        except (httpx.HTTPError, OSError) as error:
            raise await self._no_answer(error, progress) from None
        return reply

    async def _exchange(self, request: httpx.Request) -> Reply:
        response = await self._transport.handle_async_request(request)
        try:
            self._refuse_detour(response)
            coding = response.headers.get("Content-Encoding", "identity").strip().lower()
            body = await unpacked(response.aiter_raw(), coding, response.status_code)
        finally:
            await response.aclose()
        date = response.headers.get("Date")
        reply = Reply(
            status=response.status_code,
            media=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            body=body,
            date=None if date is None else http_date(date),
            retry_after=response.headers.get("Retry-After"),
        )
        if reply.is_success and reply.is_page:
            raise portal(self.host, reply.status)
        return reply

    def _refuse_detour(self, response: httpx.Response) -> None:
        """A redirect is never followed: the token would go along."""
        if response.status_code == 511:  # RFC 6585 §6
            raise portal(self.host, 511)
        if not 300 <= response.status_code < 400:
            return
        target = _host_of(response.headers.get("Location", ""))
        if target not in {"", self.host}:
            raise portal(self.host, response.status_code)
        raise NetworkFailure(
            f"{self.host} answered with a redirect ({response.status_code}), which is never followed",
            code="redirect",
            certainty=Certainty.UNKNOWN,
            status=response.status_code,
            remedy="check the platform's address, and any proxy in the way",
        )

    def _late(self, limit: float, progress: _Progress) -> NetworkFailure:
        what = f"no whole answer came within {limit:g} s" if progress.sent else "no connection in time"
        return NetworkFailure(
            f"{self._named()}: {what}",
            code="deadline",
            certainty=progress.certainty,
            remedy="check the network, then try again",
        )

    async def _no_answer(self, error: Exception, progress: _Progress) -> NetworkFailure:
        refused = _first(error, ssl.SSLError)
        if refused is not None and not progress.sent:
            return await self._untrusted(refused)
        code, what, remedy = _classified(error, sent=progress.sent)
        return NetworkFailure(
            f"{self._named()}: {what}", code=code, certainty=progress.certainty, remedy=remedy
        )

    async def _untrusted(self, refused: ssl.SSLError) -> NetworkFailure:
        reason = getattr(refused, "verify_message", "") or refused.reason or "the handshake failed"
        whose = ""
        if self.proxy is None and isinstance(refused, ssl.SSLCertVerificationError):
            whose = await certificate.presented(self.host, self._at.port)
        return NetworkFailure(
            f"{self._named()}: no trusted TLS connection: {safe(reason)}" + (f" ({whose})" if whose else ""),
            code="tls",
            certainty=Certainty.NEVER_SENT,
            remedy="if your company or test platform issued that certificate, name its CA with --ca-file; "
            "a network's sign-in page can look like this too",
        )

    def _named(self) -> str:
        return self.host if self.proxy is None else f"{self.host} through the proxy {self.proxy}"


def _network(believed: ssl.SSLContext, connections: int, proxy_url: str | None) -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(
        verify=believed,
        limits=httpx.Limits(
            max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=_IDLE
        ),
        proxy=None if proxy_url is None else _proxy(proxy_url, believed),
        trust_env=False,
    )


def _proxy(url: str, believed: ssl.SSLContext) -> httpx.Proxy:
    return httpx.Proxy(url, ssl_context=believed if url.startswith("https:") else None)


def _headers(body: bytes | None, token: Secret | None) -> dict[str, str]:
    headers = {
        "User-Agent": f"punchdown/{__version__}",
        "Accept": "application/json, text/plain;q=0.9",
        "Accept-Encoding": "gzip",
    }
    if body is not None:
        headers["Content-Type"] = "application/json"
    if token is not None:
        text = token.reveal()
        if not text.isascii() or not text.isprintable():
            raise NetworkFailure(
                "the platform gave a token that no header can carry",
                code="bad-reply",
                certainty=Certainty.NEVER_SENT,
            )
        headers["X-AUTH-TOKEN"] = text
    return headers


def _host_of(location: str) -> str:
    try:
        return urlsplit(location).hostname or ""
    except ValueError:
        return "?"


def _classified(error: Exception, *, sent: bool) -> tuple[str, str, str]:
    """Our code, what happened, and what to do, for a call without an answer."""
    if isinstance(error, httpx.ProxyError):
        return "proxy", f"the proxy refused: {safe(str(error), 80)}", "check the proxy in the environment"
    if sent:
        return "cut", "the connection broke before the whole answer came", "check the network, then try again"
    if _first(error, socket.gaierror) is not None:
        return "dns", "the name could not be looked up", "check the network, its DNS, and the address"
    return "unreachable", "no connection could be made", "check the network, and any firewall or VPN"


def _first(error: BaseException, kind: type[_E]) -> _E | None:
    return next((each for each in _causes(error) if isinstance(each, kind)), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
