"""The octets of an answer's body: unpacked in bounded steps, so that a small one cannot fill memory."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable

from installer.errors import Certainty, NetworkFailure

MAX_BODY = 16 * 1024 * 1024


async def unpacked(pieces: AsyncIterator[bytes], coding: str, status: int) -> bytes:
    """The whole body that comes in `pieces`, packed by `coding` (RFC 9110 §8.4); at most 16 MB.

    Raises NetworkFailure, of an answer with `status`, whose outcome is then unknown.
    """
    if coding not in {"identity", "gzip"}:
        raise _unusable(status, "unreadable", "a compression that was not offered")
    unpack = zlib.decompressobj(wbits=31) if coding == "gzip" else None
    body = bytearray()
    async for packed in pieces:
        room = MAX_BODY - len(body)
        body += packed if unpack is None else _step(unpack.decompress, packed, room, status)
        if len(body) > MAX_BODY:
            raise _unusable(status, "too-large", f"more than {MAX_BODY >> 20} MB")
    if unpack is not None and not unpack.eof and body:
        raise _unusable(status, "unreadable", "a compressed body that ends early")
    return bytes(body)


def _step(unpack: Callable[[bytes, int], bytes], packed: bytes, room: int, status: int) -> bytes:
    try:
        return unpack(packed, room + 1)
    except zlib.error:
        raise _unusable(status, "unreadable", "a damaged compressed body") from None


def _unusable(status: int, code: str, what: str) -> NetworkFailure:
    return NetworkFailure(
        f"the answer ({status}) cannot be read: {what}",
        code=code,
        certainty=Certainty.UNKNOWN,
        status=status,
    )
