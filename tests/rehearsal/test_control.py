"""The owner's way in, and the platform on its own thread."""

import socket
from pathlib import Path

import httpx
import pytest

from installer.errors import Busy
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.thread import PlatformThread
from tests.rehearsal.visitor import LINES, NO_TLS, control, create, draft, still_clock


async def test_the_ledger_can_be_asked_for(platform: RehearsalPlatform, client: httpx.AsyncClient) -> None:
    await create(client)
    async with control(platform) as owner:
        ledger = (await owner.get("/_rehearsal/ledger")).json()
    assert [entry["operation"] for entry in ledger["entries"]] == ["create-line"]
    assert ledger["reads"] == {"authorize": 1}


async def test_faults_are_loaded_and_shown(platform: RehearsalPlatform, client: httpx.AsyncClient) -> None:
    async with control(platform) as owner:
        loaded = await owner.put(
            "/_rehearsal/faults", json=[{"kind": "status", "status": 503, "path": "*/specialty-line"}]
        )
        assert loaded.status_code == 200
        assert (await client.get(LINES)).status_code == 503
        shown = (await owner.get("/_rehearsal/faults")).json()
    assert (shown[0]["kind"], shown[0]["matched"]) == ("status", 1)


async def test_the_clock_is_moved_on(platform: RehearsalPlatform, client: httpx.AsyncClient) -> None:
    async with control(platform) as owner:
        before = (await owner.get("/_rehearsal/clock")).json()["now"]
        after = (await owner.post("/_rehearsal/clock", json={"advance": 9 * 3600})).json()["now"]
    assert after == before + 9 * 3600
    answer = await client.get(LINES)
    assert answer.status_code == 401
    assert answer.headers["date"] == "Mon, 02 Mar 2026 18:00:00 GMT"


@pytest.mark.parametrize(
    "method,path,status", [("GET", LINES, 200), ("GET", "/nowhere", 404), ("GET", "/v2/authorize", 405)]
)
async def test_every_answer_says_what_time_the_platform_has(
    platform: RehearsalPlatform, client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    platform.advance(90)
    answer = await client.request(method, path)
    assert (answer.status_code, answer.headers["date"]) == (status, "Mon, 02 Mar 2026 09:01:30 GMT")


async def test_tokens_are_expired_on_demand(platform: RehearsalPlatform, client: httpx.AsyncClient) -> None:
    async with control(platform) as owner:
        await owner.post("/_rehearsal/expire-tokens")
    assert (await client.get(LINES)).status_code == 401


async def test_a_reset_goes_back_to_the_seed_for_good(
    platform: RehearsalPlatform, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await create(client)
    async with control(platform) as owner:
        assert (await owner.post("/_rehearsal/reset")).status_code == 200
    assert (platform.lines(), platform.ledger.entries) == ((), [])
    assert (await client.get(LINES)).status_code == 401
    assert (tmp_path / "state" / "ledger.jsonl").read_bytes() == b""


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_without_the_control_token_there_is_no_way_in(platform: RehearsalPlatform, token: str) -> None:
    async with httpx.AsyncClient(
        base_url=platform.url, headers={"X-Control-Token": token}, verify=NO_TLS
    ) as stranger:
        assert (await stranger.get("/_rehearsal/ledger")).status_code == 403
        assert (await stranger.post("/_rehearsal/reset")).status_code == 403


@pytest.mark.parametrize("body", [b"", b"7", b'[{"kind": "no-such"}]', b"[7]"])
async def test_faults_that_make_no_sense_are_refused(platform: RehearsalPlatform, body: bytes) -> None:
    async with control(platform) as owner:
        assert (await owner.put("/_rehearsal/faults", content=body)).status_code == 400


def test_on_its_own_thread_it_answers_until_stopped(tmp_path: Path) -> None:
    running = PlatformThread(RehearsalPlatform(tmp_path, clock=still_clock()))
    platform = running.platform
    with httpx.Client(base_url=platform.url, verify=NO_TLS) as client:
        who = {"username": platform.username, "password": platform.password}
        client.headers["X-AUTH-TOKEN"] = client.post("/v2/authorize", json=who).json()["authToken"]
        assert client.post(LINES, json=draft()).status_code == 201
        assert len(running.call(platform.lines)) == 1
    running.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(platform.url, verify=NO_TLS)
    RehearsalPlatform(tmp_path).desk.close()


def test_what_keeps_it_from_starting_is_told_where_it_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            PlatformThread(RehearsalPlatform(tmp_path, port=port))
    RehearsalPlatform(tmp_path).desk.close()


def test_a_second_platform_on_the_directory_is_told_so(tmp_path: Path) -> None:
    running = PlatformThread(RehearsalPlatform(tmp_path))
    with pytest.raises(Busy):
        RehearsalPlatform(tmp_path)
    running.stop()
