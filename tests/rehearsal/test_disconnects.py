"""A client that leaves in the middle of a request: normal, and no request."""

import asyncio

import httpx
import pytest

from installer.rehearsal.platform import RehearsalPlatform
from tests.rehearsal.visitor import LINES, create


async def _leave_early(platform: RehearsalPlatform, path: str, token: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(platform.url.rpartition(":")[2]))
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\n{token}\r\nExpect: 100-continue\r\nContent-Length: 500\r\n\r\n"
    )
    writer.write(head.encode())
    assert b"100 Continue" in await reader.readline()  # the body is being waited for
    writer.write(b'{"name": "Elev')
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("control", [False, True])
async def test_who_leaves_before_the_request_is_whole_leaves_no_trace(
    platform: RehearsalPlatform,
    client: httpx.AsyncClient,
    caplog: pytest.LogCaptureFixture,
    *,
    control: bool,
) -> None:
    path = "/_rehearsal/clock" if control else LINES
    token = platform.control_token if control else client.headers["X-AUTH-TOKEN"]
    name = "X-Control-Token" if control else "X-AUTH-TOKEN"
    for _ in range(3):
        await _leave_early(platform, path, f"{name}: {token}")
    await create(client)
    assert [entry.operation for entry in platform.ledger.entries] == ["create-line"]
    assert caplog.records == []  # what is logged is printed where nobody set up logging
