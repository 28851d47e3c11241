from __future__ import annotations

import asyncio
import contextlib
import gzip
import logging
import socket
import tracemalloc
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from installer.alianza.reply import Reply
from installer.alianza.transport import Wire
from installer.alianza.unpacking import MAX_BODY
from installer.domain.credential import Secret
from installer.errors import Certainty, NetworkFailure
from tests.alianza.stand_in import Asked, Given, Piece, RawServer, StandIn, http

GOOD = http(b'{"ok":true}')


async def call(port: int, *, deadline: float = 5.0, method: str = "GET", body: bytes | None = None) -> Reply:
    async with Wire(f"http://127.0.0.1:{port}", ca_file=None, deadline=deadline) as wire:
        return await wire.call(method, ("v2", "thing"), body=body, token=Secret("token"))


async def failing(*pieces: Piece, deadline: float = 5.0, reset: bool = False) -> NetworkFailure:
    async with RawServer(pieces, reset=reset) as server:
        with pytest.raises(NetworkFailure) as caught:
            await call(server.port, deadline=deadline)
    assert caught.value.__cause__ is None
    return caught.value


async def test_sends_what_it_was_given_and_returns_the_whole_answer() -> None:
    headers = (
        "Content-Type: Application/JSON; charset=utf-8",
        "Date: Sun, 22 Nov 2026 08:00:00 GMT",
        "Retry-After: 3",
    )
    async with (
        RawServer([http(b'{"a":1}', "201 Created", *headers)]) as server,
        Wire(f"http://127.0.0.1:{server.port}", ca_file=None, deadline=5) as wire,
    ):
        reply = await wire.call(
            "POST", ("v2", "a b", "c?d"), query=(("q", "x&y=z"),), body=b'{"b":2}', token=Secret("t0ken")
        )
    assert (reply.status, reply.media, reply.body, reply.retry_after) == (
        201,
        "application/json",
        b'{"a":1}',
        "3",
    )
    assert reply.date is not None
    assert reply.date.isoformat() == "2026-11-22T08:00:00+00:00"
    lines = server.received.split(b"\r\n")
    assert lines[0] == b"POST /v2/a%20b/c%3Fd?q=x%26y%3Dz HTTP/1.1"
    assert b"X-AUTH-TOKEN: t0ken" in lines
    assert b"Content-Type: application/json" in lines
    assert lines[-1] == b'{"b":2}'


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "a\nb", "\u2028", "tök", "\x00", "a\x7f"])
async def test_a_token_that_would_write_headers_is_never_sent(token: str) -> None:
    async with (
        RawServer([GOOD]) as server,
        Wire(f"http://127.0.0.1:{server.port}", ca_file=None, deadline=5) as wire,
    ):
        with pytest.raises(NetworkFailure) as caught:
            await wire.call("GET", ("x",), token=Secret(token))
        assert server.connections == 0
    assert (caught.value.code, caught.value.certainty) == ("bad-reply", Certainty.NEVER_SENT)


@pytest.mark.parametrize("status", ["300 X", "301 X", "302 Found", "304 X", "307 X", "308 X"])
async def test_a_redirect_is_never_followed(status: str) -> None:
    async with RawServer([GOOD]) as elsewhere:
        failure = await failing(http(b"", status, f"Location: http://127.0.0.1:{elsewhere.port}/"))
        assert elsewhere.connections == 0
    assert failure.code == "redirect"
    assert failure.certainty is Certainty.UNKNOWN


@pytest.mark.parametrize(
    "answer",
    [
        http(b"", "302 Found", "Location: https://login.hotel.example/?u=1"),
        http(b"", "302 Found", "Location: //login.hotel.example/"),
        http(b"", "302 Found", "Location: http://[broken"),
        http(b"{}", "511 Network Authentication Required"),
        http(b"<p>Welcome", "200 OK", "Content-Type: text/html; charset=utf-8"),
        http(b"\r\n<!DOCTYPE html><title>Wi-Fi", "200 OK", "Content-Type: application/json"),
    ],
    ids=["302", "302 without scheme", "302 broken", "511", "200 html", "200 html as json"],
)
async def test_a_captive_portal_is_named(answer: bytes) -> None:
    failure = await failing(answer)
    assert failure.code == "portal"
    assert "sign-in page" in failure.message
    assert "browser" in failure.remedy


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("cut", range(len(GOOD)))
async def test_an_answer_cut_anywhere_is_an_unknown_outcome(cut: int, reset: bool) -> None:
    failure = await failing(GOOD[:cut], reset=reset)
    assert (failure.code, failure.certainty) == ("cut", Certainty.UNKNOWN)


@pytest.mark.parametrize(
    "octets",
    [
        b"garbage\r\n\r\n",
        b"HTTP/1.1 999999 X\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x16",
    ],
    ids=[
        "no HTTP",
        "status",
        "negative length",
        "two lengths",
        "chunk",
        "cut chunk",
        "long header",
        "TLS alert",
    ],
)
async def test_bad_framing_is_an_unknown_outcome(octets: bytes) -> None:
    failure = await failing(octets)
    assert failure.certainty is Certainty.UNKNOWN


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(octets=st.binary(max_size=120), as_http=st.booleans())
def test_any_octets_are_an_answer_or_a_network_failure(octets: bytes, as_http: bool) -> None:
    async def attempt() -> None:
        answer = b"HTTP/1.1 200 OK\r\n" + octets if as_http else octets
        async with RawServer([answer]) as server:
            with contextlib.suppress(NetworkFailure):
                await call(server.port)

    asyncio.run(attempt())


async def test_a_dripping_answer_ends_at_the_deadline() -> None:
    drip: Sequence[Piece] = [GOOD[:-8], *(piece for octet in GOOD[-8:] for piece in (0.1, bytes([octet])))]
    loop = asyncio.get_running_loop()
    started = loop.time()
    failure = await failing(*drip, deadline=0.3)
    assert loop.time() - started < 0.7
    assert (failure.code, failure.certainty) == ("deadline", Certainty.UNKNOWN)


async def test_silence_ends_at_the_deadline() -> None:
    failure = await failing(30.0, deadline=0.1)
    assert (failure.code, failure.certainty) == ("deadline", Certainty.UNKNOWN)


async def test_a_handshake_that_never_ends_was_never_sent() -> None:
    async with (
        RawServer([30.0]) as server,
        Wire(f"https://127.0.0.1:{server.port}", ca_file=None, deadline=2.5) as wire,
    ):
        with pytest.raises(NetworkFailure) as caught:
            await wire.call("POST", ("x",), body=b"{}")
    assert (caught.value.code, caught.value.certainty) == ("deadline", Certainty.NEVER_SENT)


async def test_a_refused_connection_was_never_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening
        with pytest.raises(NetworkFailure) as caught:
            await call(taken.getsockname()[1], method="POST", body=b"{}")
    assert (caught.value.code, caught.value.certainty) == ("unreachable", Certainty.NEVER_SENT)


async def test_a_name_that_is_not_known_was_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    async with Wire("https://no-such-host.invalid", ca_file=None, deadline=5) as wire:
        with pytest.raises(NetworkFailure) as caught:
            await wire.call("GET", ("x",))
    assert (caught.value.code, caught.value.certainty) == ("dns", Certainty.NEVER_SENT)


async def test_a_cancelled_call_stays_cancelled() -> None:
    async with RawServer([30.0]) as server:
        task = asyncio.create_task(call(server.port))
        async with asyncio.timeout(5):
            await server.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def gzipped(body: bytes) -> bytes:
    return http(gzip.compress(body), "200 OK", "Content-Type: application/json", "Content-Encoding: gzip")


async def test_unpacks_gzip() -> None:
    async with RawServer([gzipped(b"[1,2]" * 1000)]) as server:
        assert (await call(server.port)).body == b"[1,2]" * 1000


async def test_an_empty_answer_marked_gzip_is_empty() -> None:
    async with RawServer([http(b"", "204 No Content", "Content-Encoding: gzip")]) as server:
        assert (await call(server.port)).body == b""


async def test_a_gzip_bomb_stops_at_the_cap() -> None:
    bomb = gzipped(b"\0" * (8 * MAX_BODY))
    assert len(bomb) < 200_000
    tracemalloc.start()
    try:
        failure = await failing(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (failure.code, failure.certainty) == ("too-large", Certainty.UNKNOWN)
    assert peak < 3 * MAX_BODY


async def test_a_plain_answer_over_the_cap_stops() -> None:
    failure = await failing(http(b"x" * (MAX_BODY + 1)))
    assert failure.code == "too-large"


@pytest.mark.parametrize(
    "body, coding",
    [
        (b"not gzip", "gzip"),
        (gzip.compress(b"[]" * 500, mtime=0)[:-9], "gzip"),
        (b"x", "br"),
        (b"x", "gzip, gzip"),
    ],
)
async def test_a_body_that_cannot_be_unpacked_is_unreadable(body: bytes, coding: str) -> None:
    failure = await failing(http(body, "200 OK", f"Content-Encoding: {coding}"))
    assert (failure.code, failure.certainty) == ("unreadable", Certainty.UNKNOWN)


async def test_cookies_are_not_kept() -> None:
    seen: list[dict[str, str]] = []

    def answer(asked: Asked) -> Given:
        seen.append(asked.headers)
        return Given(value=1, headers={"set-cookie": "portal=1; Path=/"})

    stand_in = StandIn(answer)
    async with Wire("http://127.0.0.1", ca_file=None, deadline=5, asgi_app=stand_in) as wire:
        await wire.call("GET", ("x",))
        await wire.call("GET", ("x",))
    assert [headers.get("cookie") for headers in seen] == [None, None]


async def test_addresses_with_ids_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with RawServer([GOOD]) as server:
        await call(server.port)
    assert [record for record in caplog.records if record.name.startswith("httpx")] == []
