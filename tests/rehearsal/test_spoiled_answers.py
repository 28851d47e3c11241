"""Answers at fault, as they look from a bare socket: status, shape, pace and body."""

import asyncio
import gzip
import json
import time

import httpx
import pytest

from installer.rehearsal import spoiled
from installer.rehearsal.answers import Shape
from installer.rehearsal.faults import Kind, Rule
from installer.rehearsal.platform import RehearsalPlatform
from tests.rehearsal import schemas
from tests.rehearsal.bare_socket import create_octets
from tests.rehearsal.visitor import LINES, NUMBERS, draft


@pytest.mark.parametrize("at,missing", [("0", None), ("1", None), ("half", None), ("last", 1)])
async def test_a_truncated_answer_promises_more_than_comes(
    platform: RehearsalPlatform, client: httpx.AsyncClient, at: str, missing: int | None
) -> None:
    platform.faults.load([Rule(Kind.TRUNCATED, "POST", "*/specialty-line", at=at)])
    head, _, body = (await create_octets(platform, client)).partition(b"\r\n\r\n")
    promised = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    assert head.startswith(b"HTTP/1.1 201 Created\r\n")
    assert b"\r\ndate: Mon, 02 Mar 2026 09:00:00 GMT" in head
    wanted = {"0": 0, "1": 1, "half": promised // 2, "last": promised - 1}[at]
    assert len(body) == wanted < promised
    assert missing is None or promised - len(body) == missing
    assert len(platform.lines()) == 1


async def test_a_dripping_answer_is_whole_but_slow(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.faults.load([Rule(Kind.DRIPPING, "POST", "*/specialty-line", seconds=0.001)])
    begun = time.monotonic()
    head, _, body = (await create_octets(platform, client)).partition(b"\r\n\r\n")
    assert b"\r\ndate: Mon, 02 Mar 2026 09:00:00 GMT" in head
    schemas.check(json.loads(body), schemas.LINE)
    assert time.monotonic() - begun > 0.001 * len(body)


async def test_dripping_ends_when_nobody_listens(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.faults.load([Rule(Kind.DRIPPING, "GET", seconds=0.01)])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await client.get(NUMBERS)
    assert (await client.get(LINES)).status_code == 200


async def test_a_slow_answer_comes_in_the_end(platform: RehearsalPlatform, client: httpx.AsyncClient) -> None:
    platform.faults.load([Rule(Kind.SLOW, "POST", "*/specialty-line", seconds=0.2)])
    with pytest.raises(httpx.ReadTimeout):
        await client.post(LINES, json=draft(), timeout=0.05)
    assert len(platform.lines()) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("after", [False, True])
async def test_a_status_comes_before_or_after_the_work(
    platform: RehearsalPlatform, client: httpx.AsyncClient, status: int, after: bool
) -> None:
    platform.faults.load(
        [
            Rule(
                Kind.STATUS,
                "POST",
                "*/specialty-line",
                status=status,
                after_commit=after,
                code="Odd",
                retry_after="7",
            )
        ]
    )
    answer = await client.post(LINES, json=draft())
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "7")
    assert len(platform.lines()) == after
    assert platform.ledger.entries[0].committed is after
    assert answer.json()["errorCode"] == "Odd"


@pytest.mark.parametrize(
    "shape,schema",
    [
        (Shape.PLATFORM, schemas.ERROR_PLATFORM),
        (Shape.LINE, schemas.ERROR_LINE),
        (Shape.SINGLE, schemas.ERROR_SINGLE),
        (Shape.ERRORS, schemas.ERROR_LIST),
    ],
)
async def test_an_error_can_have_each_shape(
    platform: RehearsalPlatform, client: httpx.AsyncClient, shape: Shape, schema: dict[str, object]
) -> None:
    platform.faults.load([Rule(Kind.STATUS, status=500, shape=shape)])
    schemas.check((await client.get(LINES)).json(), schema)


async def test_an_error_can_be_plain_text(platform: RehearsalPlatform, client: httpx.AsyncClient) -> None:
    platform.faults.load([Rule(Kind.STATUS, status=500, shape=Shape.TEXT, code="TrunkGone")])
    answer = await client.get(LINES)
    assert (answer.text, answer.headers["content-type"].partition(";")[0]) == ("TrunkGone", "text/plain")


@pytest.mark.parametrize("status,seen", [(0, 200), (302, 302), (511, 511)])
async def test_a_portal_answers_in_the_platforms_place(
    platform: RehearsalPlatform, client: httpx.AsyncClient, status: int, seen: int
) -> None:
    platform.faults.load([Rule(Kind.PORTAL, status=status)])
    answer = await client.post(LINES, json=draft())
    assert answer.status_code == seen
    assert answer.headers["content-type"].startswith("text/html")
    assert ("location" in answer.headers) == (status == 302)
    assert platform.lines() == ()


@pytest.mark.parametrize("body", [name for name in spoiled.BODIES if name not in {"huge", "gzip-bomb"}])
async def test_a_spoiled_body_cannot_be_read_as_a_line(
    platform: RehearsalPlatform, client: httpx.AsyncClient, body: str
) -> None:
    platform.faults.load([Rule(Kind.BODY, "POST", "*/specialty-line", body=body)])
    head, _, octets = (await create_octets(platform, client)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 201 ")
    assert not _is_line(octets)
    assert len(platform.lines()) == 1


def _is_line(octets: bytes) -> bool:
    try:
        value = json.loads(octets)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and isinstance(value.get("id"), str)


async def test_a_spoiled_list_is_no_list(platform: RehearsalPlatform, client: httpx.AsyncClient) -> None:
    platform.faults.load(
        [Rule(Kind.BODY, "GET", body="wrong-type"), Rule(Kind.BODY, "GET", body="other-fields", first=2)]
    )
    assert (await client.get(LINES)).json() == {"value": 7}
    assert (await client.get(LINES)).json() == [{"unexpected": True}]


async def test_a_gzip_bomb_is_small_on_the_wire(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.faults.load([Rule(Kind.BODY, "POST", "*/specialty-line", body="gzip-bomb")])
    head, _, octets = (await create_octets(platform, client)).partition(b"\r\n\r\n")
    assert b"content-encoding: gzip" in head.lower()
    assert len(octets) < spoiled.HUGE / 500
    assert len(gzip.decompress(octets)) > spoiled.HUGE


async def test_a_huge_body_is_sent_until_nobody_listens(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.faults.load([Rule(Kind.BODY, "GET", body="huge")])
    async with client.stream("GET", LINES) as answer:
        assert int(answer.headers["content-length"]) > spoiled.HUGE
        async for piece in answer.aiter_raw():
            assert piece
            break
    assert (await client.get(LINES)).json() == []
