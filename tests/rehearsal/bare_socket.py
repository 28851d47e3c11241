"""A create as a bare socket sees its answer."""

import asyncio
import json

import httpx

from installer.rehearsal.platform import RehearsalPlatform
from tests.rehearsal.visitor import LINES, draft


async def create_octets(platform: RehearsalPlatform, client: httpx.AsyncClient) -> bytes:
    """Every octet that a create gets back before the connection ends; ConnectionResetError on a reset."""
    body = json.dumps(draft()).encode()
    port = int(platform.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST {LINES} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"X-AUTH-TOKEN: {client.headers['X-AUTH-TOKEN']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    try:
        writer.write(head.encode() + body)
        return await reader.read()
    finally:
        writer.close()
