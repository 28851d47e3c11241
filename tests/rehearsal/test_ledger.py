"""The ledger, and the state behind it, through restarts and kills."""

import asyncio
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from installer.errors import Busy
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.storage import Storage
from tests.rehearsal.visitor import (
    LINES,
    NO_TLS,
    NUMBER,
    NUMBERS,
    create,
    draft,
    sign_in,
    still_platform,
    visitor,
)

_SERVER = """
import sys
from pathlib import Path
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.thread import PlatformThread
running = PlatformThread(RehearsalPlatform(Path(sys.argv[1])))
print(running.platform.url, flush=True)
sys.stdin.read()
"""


async def test_every_write_is_in_it_with_who_what_and_outcome(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    body = json.dumps(draft()).encode()
    line = (await client.post(LINES, content=body)).json()
    await client.post(LINES, content=body)
    await client.get(LINES)
    await client.patch(f"{NUMBERS}/{NUMBER}", json={"assignAsCallerId": True})
    made, refused, patched = platform.ledger.entries
    assert (made.operation, made.method, made.path, made.user) == (
        "create-line",
        "POST",
        LINES,
        platform.username,
    )
    assert made.body_sha256 == refused.body_sha256 == hashlib.sha256(body).hexdigest()
    assert (made.status, made.committed, made.objects, made.fault) == (201, True, (line["id"],), None)
    assert (refused.status, refused.committed, refused.objects) == (409, False, ())
    assert (patched.operation, patched.objects) == ("patch-number", (NUMBER,))
    assert platform.ledger.committed() == [made, patched]
    assert platform.ledger.committed("create-line") == [made]
    assert platform.ledger.reads == {"authorize": 1, "list-lines": 1}


async def test_the_file_on_disk_says_the_same(
    platform: RehearsalPlatform, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await create(client)
    records = [json.loads(line) for line in (tmp_path / "state" / "ledger.jsonl").read_text().splitlines()]
    asked = json.loads(json.dumps(platform.ledger.to_json()))
    assert [record["entry"] for record in records] == asked["entries"]


async def test_a_restart_changes_nothing_that_was_answered(tmp_path: Path) -> None:
    async with still_platform(tmp_path) as before, visitor(before) as client:
        kept, gone = await create(client, portNumber=1), await create(client, portNumber=2)
        await client.patch(
            f"{NUMBERS}/{NUMBER}", json={"referenceId": kept["id"], "referenceType": "SPECIALTY_LINE"}
        )
        await client.delete(f"{LINES}/{gone['id']}")
        await client.put(f"{LINES}/{kept['id']}", json={**kept, "name": "Renamed"})
        lines, numbers = (await client.get(LINES)).json(), (await client.get(NUMBERS)).json()
        entries = list(before.ledger.entries)
    async with still_platform(tmp_path) as after, visitor(after) as client:
        assert (await client.get(LINES)).json() == lines
        assert (await client.get(NUMBERS)).json() == numbers
        assert after.ledger.entries == entries
        assert (await client.post(LINES, json=draft())).status_code == 409


@pytest.mark.parametrize("kept", [0, 1, 40, -1])
async def test_a_torn_last_record_is_cut_off_and_the_rest_stands(tmp_path: Path, kept: int) -> None:
    async with still_platform(tmp_path) as before, visitor(before) as client:
        await create(client)
    log = tmp_path / "ledger.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole + whole[:kept])
    async with still_platform(tmp_path) as after, visitor(after) as client:
        assert len(after.lines()) == 1
        await create(client, portNumber=2)
    async with still_platform(tmp_path) as again:
        assert len(again.lines()) == 2


async def test_a_killed_platform_comes_back_with_what_it_answered_for(tmp_path: Path) -> None:
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SERVER, str(tmp_path), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert server.stdout is not None
    try:
        url = (await server.stdout.readline()).decode().strip()
        async with httpx.AsyncClient(base_url=url, verify=NO_TLS) as client:
            await sign_in(client)
            made = [await create(client, portNumber=port) for port in range(1, 9)]
        with pytest.raises(Busy, match="another rehearsal platform"):
            RehearsalPlatform(tmp_path)
    finally:
        server.kill()
        await server.wait()
    async with still_platform(tmp_path) as after:
        assert [line.id for line in after.lines()] == [line["id"] for line in made]
        assert len(after.ledger.committed("create-line")) == 8


@pytest.mark.usefixtures("usual_umask")
def test_every_folder_made_for_the_ledger_is_private(tmp_path: Path) -> None:
    Storage(tmp_path / "home" / "platform").close()
    modes = [(tmp_path / each).stat().st_mode & 0o777 for each in ("home", "home/platform")]
    assert modes == [0o700, 0o700]


def test_one_directory_serves_one_platform(tmp_path: Path) -> None:
    first = Storage(tmp_path)
    with pytest.raises(Busy):
        Storage(tmp_path)
    first.close()
    Storage(tmp_path).close()
