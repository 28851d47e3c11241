"""Every injected fault, as it looks from a bare socket, and what it left on the platform."""

import asyncio
import gzip
import json
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from installer.errors import InvalidValue
from installer.rehearsal import spoiled
from installer.rehearsal.answers import Shape
from installer.rehearsal.faults import FaultScript, Kind, Rule, rule_from_json
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.world import Rules
from tests.rehearsal import schemas
from tests.rehearsal.visitor import (
    LINES,
    NUMBER,
    NUMBERS,
    create,
    draft,
    still_clock,
    still_platform,
    visitor,
)


async def _post(platform: RehearsalPlatform, client: httpx.AsyncClient) -> bytes:
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


def _load(platform: RehearsalPlatform, *rules: Rule) -> None:
    platform.faults.load(rules)


async def test_a_drop_before_commit_leaves_nothing(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    _load(platform, Rule(Kind.DROP_BEFORE_COMMIT, "POST", "*/specialty-line"))
    with pytest.raises(ConnectionResetError):
        await _post(platform, client)
    assert platform.lines() == ()
    (entry,) = platform.ledger.entries
    assert (entry.committed, entry.status, entry.fault) == (False, None, "drop-before-commit")
    await create(client)


async def test_a_drop_after_commit_leaves_the_line(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    _load(platform, Rule(Kind.DROP_AFTER_COMMIT, "POST", "*/specialty-line"))
    with pytest.raises(ConnectionResetError):
        await _post(platform, client)
    (entry,) = platform.ledger.entries
    assert (entry.committed, entry.status, entry.fault) == (True, 201, "drop-after-commit")
    assert entry.objects == tuple(line.id for line in platform.lines())


@pytest.mark.parametrize("status", [0, 504])
async def test_a_late_commit_comes_when_the_clock_does(
    platform: RehearsalPlatform, client: httpx.AsyncClient, status: int
) -> None:
    _load(platform, Rule(Kind.LATE_COMMIT, "POST", "*/specialty-line", seconds=40.0, status=status))
    if status:
        assert (await _post(platform, client)).startswith(b"HTTP/1.1 504 ")
    else:
        with pytest.raises(ConnectionResetError):
            await _post(platform, client)
    platform.advance(39.0)
    assert (await client.get(LINES)).json() == []
    platform.advance(1.0)
    assert len((await client.get(LINES)).json()) == 1
    assert [(entry.committed, entry.fault) for entry in platform.ledger.entries] == [
        (False, "late-commit"),
        (True, "late-commit"),
    ]


async def test_a_late_commit_comes_though_its_sender_signed_out(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    _load(platform, Rule(Kind.LATE_COMMIT, "POST", "*/specialty-line", seconds=40.0, status=504))
    await client.post(LINES, json=draft())
    assert (await client.put("/v2/authorize/logout")).status_code == 200
    platform.advance(40.0)
    assert [(each.user, each.status, each.committed) for each in platform.ledger.entries] == [
        (platform.username, None, False),
        (platform.username, 201, True),
    ]
    assert len(platform.lines()) == 1


async def test_what_nobody_signed_in_sends_is_refused_at_once_and_never_committed(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    _load(platform, Rule(Kind.LATE_COMMIT, "POST", "*/specialty-line", seconds=40.0, status=504))
    answer = await client.post(LINES, json=draft(), headers={"X-AUTH-TOKEN": "nobody's"})
    assert answer.status_code == 401
    await client.get(LINES)
    platform.advance(40.0)
    assert [(each.user, each.status) for each in platform.ledger.entries] == [(None, 401)]
    assert platform.lines() == ()


async def test_a_late_commit_that_finds_its_place_taken_is_refused(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    _load(platform, Rule(Kind.LATE_COMMIT, "POST", "*/specialty-line", seconds=5.0, status=504))
    await client.post(LINES, json=draft())
    await create(client)
    platform.advance(5.0)
    assert [entry.status for entry in platform.ledger.entries] == [None, 201, 409]
    assert len(platform.lines()) == 1


async def test_by_a_running_clock_a_late_commit_needs_nobody_to_ask(tmp_path: Path) -> None:
    rule = Rule(Kind.LATE_COMMIT, "POST", "*/specialty-line", seconds=0.05, status=504)
    async with RehearsalPlatform(tmp_path / "s", faults=[rule]) as platform, visitor(platform) as client:
        await client.post(LINES, json=draft())
        deadline = time.monotonic() + 10
        while not platform.desk.world.lines and time.monotonic() < deadline:
            await asyncio.sleep(0.01)  # asking would settle it
        assert len(platform.desk.world.lines) == 1


@pytest.mark.parametrize("at,missing", [("0", None), ("1", None), ("half", None), ("last", 1)])
async def test_a_truncated_answer_promises_more_than_comes(
    platform: RehearsalPlatform, client: httpx.AsyncClient, at: str, missing: int | None
) -> None:
    _load(platform, Rule(Kind.TRUNCATED, "POST", "*/specialty-line", at=at))
    head, _, body = (await _post(platform, client)).partition(b"\r\n\r\n")
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
    _load(platform, Rule(Kind.DRIPPING, "POST", "*/specialty-line", seconds=0.001))
    begun = time.monotonic()
    head, _, body = (await _post(platform, client)).partition(b"\r\n\r\n")
    assert b"\r\ndate: Mon, 02 Mar 2026 09:00:00 GMT" in head
    schemas.check(json.loads(body), schemas.LINE)
    assert time.monotonic() - begun > 0.001 * len(body)


async def test_dripping_ends_when_nobody_listens(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    _load(platform, Rule(Kind.DRIPPING, "GET", seconds=0.01))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await client.get(NUMBERS)
    assert (await client.get(LINES)).status_code == 200


async def test_a_slow_answer_comes_in_the_end(platform: RehearsalPlatform, client: httpx.AsyncClient) -> None:
    _load(platform, Rule(Kind.SLOW, "POST", "*/specialty-line", seconds=0.2))
    with pytest.raises(httpx.ReadTimeout):
        await client.post(LINES, json=draft(), timeout=0.05)
    assert len(platform.lines()) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("after", [False, True])
async def test_a_status_comes_before_or_after_the_work(
    platform: RehearsalPlatform, client: httpx.AsyncClient, status: int, after: bool
) -> None:
    _load(
        platform,
        Rule(
            Kind.STATUS,
            "POST",
            "*/specialty-line",
            status=status,
            after_commit=after,
            code="Odd",
            retry_after="7",
        ),
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
    _load(platform, Rule(Kind.STATUS, status=500, shape=shape))
    schemas.check((await client.get(LINES)).json(), schema)


async def test_an_error_can_be_plain_text(platform: RehearsalPlatform, client: httpx.AsyncClient) -> None:
    _load(platform, Rule(Kind.STATUS, status=500, shape=Shape.TEXT, code="TrunkGone"))
    answer = await client.get(LINES)
    assert (answer.text, answer.headers["content-type"].partition(";")[0]) == ("TrunkGone", "text/plain")


@pytest.mark.parametrize("status,seen", [(0, 200), (302, 302), (511, 511)])
async def test_a_portal_answers_in_the_platforms_place(
    platform: RehearsalPlatform, client: httpx.AsyncClient, status: int, seen: int
) -> None:
    _load(platform, Rule(Kind.PORTAL, status=status))
    answer = await client.post(LINES, json=draft())
    assert answer.status_code == seen
    assert answer.headers["content-type"].startswith("text/html")
    assert ("location" in answer.headers) == (status == 302)
    assert platform.lines() == ()


async def test_tokens_expire_right_before_a_request(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    _load(platform, Rule(Kind.EXPIRE_TOKEN, "POST", "*/specialty-line", first=2))
    await create(client)
    assert (await client.post(LINES, json=draft(portNumber=2))).status_code == 401
    assert len(platform.lines()) == 1


@pytest.mark.parametrize("body", [name for name in spoiled.BODIES if name not in {"huge", "gzip-bomb"}])
async def test_a_spoiled_body_cannot_be_read_as_a_line(
    platform: RehearsalPlatform, client: httpx.AsyncClient, body: str
) -> None:
    _load(platform, Rule(Kind.BODY, "POST", "*/specialty-line", body=body))
    head, _, octets = (await _post(platform, client)).partition(b"\r\n\r\n")
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
    _load(
        platform,
        Rule(Kind.BODY, "GET", body="wrong-type"),
        Rule(Kind.BODY, "GET", body="other-fields", first=2),
    )
    assert (await client.get(LINES)).json() == {"value": 7}
    assert (await client.get(LINES)).json() == [{"unexpected": True}]


async def test_a_gzip_bomb_is_small_on_the_wire(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    _load(platform, Rule(Kind.BODY, "POST", "*/specialty-line", body="gzip-bomb"))
    head, _, octets = (await _post(platform, client)).partition(b"\r\n\r\n")
    assert b"content-encoding: gzip" in head.lower()
    assert len(octets) < spoiled.HUGE / 500
    assert len(gzip.decompress(octets)) > spoiled.HUGE


async def test_a_huge_body_is_sent_until_nobody_listens(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    _load(platform, Rule(Kind.BODY, "GET", body="huge"))
    async with client.stream("GET", LINES) as answer:
        assert int(answer.headers["content-length"]) > spoiled.HUGE
        async for piece in answer.aiter_raw():
            assert piece
            break
    assert (await client.get(LINES)).json() == []


async def test_connections_are_refused_for_a_while_and_then_not(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    _load(platform, Rule(Kind.REFUSE, "POST", "*/specialty-line", seconds=0.3))
    with pytest.raises(httpx.TransportError):
        await client.post(LINES, json=draft())
    with pytest.raises(httpx.ConnectError):
        await client.get(LINES)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            assert (await client.get(LINES)).json() == []
            break
        except httpx.ConnectError:
            await asyncio.sleep(0.02)
    else:
        pytest.fail("it never came back")


@pytest.mark.parametrize("seconds,listings", [(30.0, 0), (0.0, 2), (30.0, 2)])
async def test_a_created_line_is_listed_late_but_there(
    platform: RehearsalPlatform, client: httpx.AsyncClient, seconds: float, listings: int
) -> None:
    _load(platform, Rule(Kind.LIST_LAG, "POST", "*/specialty-line", seconds=seconds, listings=listings))
    line = await create(client)
    assert (await client.get(f"{LINES}/{line['id']}")).status_code == 200
    for _ in range(max(listings, 1)):
        assert (await client.get(LINES)).json() == []
    platform.advance(seconds)
    assert (await client.get(LINES)).json() == [line]


async def test_a_deleted_line_is_listed_for_longer(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    line = await create(client)
    _load(platform, Rule(Kind.LIST_LAG, "DELETE", seconds=30.0))
    await client.delete(f"{LINES}/{line['id']}")
    assert (await client.get(LINES)).json() == [line]
    assert (await client.get(f"{LINES}/{line['id']}")).status_code == 404
    platform.advance(30.0)
    assert (await client.get(LINES)).json() == []


async def test_a_rule_hits_the_requests_it_names_and_no_other(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    _load(platform, Rule(Kind.STATUS, "GET", f"*/{NUMBER}", status=503, first=2, count=2))
    statuses = [(await client.get(f"{NUMBERS}/{NUMBER}")).status_code for _ in range(5)]
    assert statuses == [200, 503, 503, 200, 200]
    assert (await client.get(NUMBERS)).status_code == 200


def test_the_first_rule_that_hits_is_used_and_all_that_match_count() -> None:
    script = FaultScript([Rule(Kind.SLOW, "GET", count=1), Rule(Kind.PORTAL, "GET", first=2, count=None)])
    kinds = [rule and rule.kind for rule in (script.match("GET", "/x") for _ in range(3))]
    assert kinds == [Kind.SLOW, Kind.PORTAL, Kind.PORTAL]
    assert script.match("POST", "/x") is None


def test_rules_come_and_go_as_json() -> None:
    rule = Rule(Kind.STATUS, "GET", status=500, shape=Shape.TEXT)
    stored = json.loads(json.dumps(FaultScript([rule]).to_json()))[0]
    del stored["matched"]
    assert rule_from_json(stored) == rule


@pytest.mark.parametrize(
    "value",
    [
        7,
        {},
        {"kind": "no-such"},
        {"kind": "slow", "colour": 1},
        {"kind": "status"},
        {"kind": "status", "status": 500, "shape": "x"},
        {"kind": "truncated", "at": "middle"},
        {"kind": "body", "body": "odd"},
    ],
)
def test_what_is_no_rule_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue):
        rule_from_json(value)


async def test_in_process_a_cut_connection_is_an_error_of_the_transport(tmp_path: Path) -> None:
    platform = still_platform(tmp_path)
    transport = httpx.ASGITransport(platform.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://inside") as client:
        who = {"username": platform.username, "password": platform.password}
        client.headers["X-AUTH-TOKEN"] = (await client.post("/v2/authorize", json=who)).json()["authToken"]
        _load(platform, Rule(Kind.DROP_AFTER_COMMIT, "POST", "*/specialty-line"))
        with pytest.raises(ConnectionResetError):
            await client.post(LINES, json=draft())
    assert len(platform.lines()) == 1
    platform.desk.close()


async def test_it_can_be_stopped_while_it_refuses(tmp_path: Path) -> None:
    async with still_platform(tmp_path) as platform, visitor(platform) as client:
        _load(platform, Rule(Kind.REFUSE, "GET", seconds=600.0))
        with pytest.raises(httpx.TransportError):
            await client.get(LINES)
        _load(platform, Rule(Kind.SLOW, "GET", seconds=600.0))
        with pytest.raises(httpx.ConnectError):
            await client.get(LINES)
    async with still_platform(tmp_path):
        pass


async def test_it_can_be_stopped_while_an_answer_is_slow(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with still_platform(tmp_path) as platform, visitor(platform) as client:
        _load(platform, Rule(Kind.SLOW, "GET", seconds=600.0))
        asking = asyncio.create_task(client.get(LINES))
        while not platform.ledger.reads["list-lines"]:
            await asyncio.sleep(0)
        await platform.__aexit__()
        with pytest.raises(httpx.TransportError):
            await asking
    assert caplog.records == [] or all(record.name.startswith("httpx") for record in caplog.records)


async def test_every_answer_takes_the_latency_that_was_asked_for(tmp_path: Path) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    clock = replace(still_clock(), sleep=sleep)
    async with (
        RehearsalPlatform(tmp_path, clock=clock, latency=0.08) as platform,
        visitor(platform) as client,
    ):
        await client.get(LINES)
    assert slept == [0.08, 0.08]


async def test_a_platform_can_be_made_whose_lists_always_lag(tmp_path: Path) -> None:
    rules = Rules(list_lag=5.0)
    async with (
        RehearsalPlatform(tmp_path, clock=still_clock(), rules=rules) as platform,
        visitor(platform) as client,
    ):
        line = await create(client)
        assert (await client.get(LINES)).json() == []
        platform.advance(5.0)
        assert (await client.get(LINES)).json() == [line]
