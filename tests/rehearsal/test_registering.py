"""Lines of the platform register over a UDP socket, as any user agent would."""

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import httpx

from installer.rehearsal.platform import RehearsalPlatform
from installer.sip.message import Request, Response, parse
from installer.sip.registration import Outcome, Registration
from tests.rehearsal.bench import WANTED, converse, status_of
from tests.rehearsal.visitor import LINES, TOWER, create, still_platform, visitor


def _over_udp(platform: RehearsalPlatform, wanted: Registration) -> Outcome:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(10)
        sock.connect((platform.registrar_host, platform.registrar_port))

        def ask(request: Request) -> Response:
            sock.send(request.encode())
            response = parse(sock.recv(65535))
            assert isinstance(response, Response)
            return response

        return converse(ask, wanted)


async def test_a_created_line_registers_over_udp_and_the_api_says_so(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    line = await create(client, sipUsername="line-one-0001", sipPassword="s3cret")
    status = f"{TOWER}/deviceline/{line['deviceId']}/registrationstatus"
    wanted = replace(WANTED, domain=platform.sip_domain)
    assert status_of(await asyncio.to_thread(_over_udp, platform, replace(wanted, password="wrong"))) == 401
    assert (await client.get(status)).json() == {"registered": False}
    assert status_of(await asyncio.to_thread(_over_udp, platform, wanted)) == 200
    assert (await client.get(status)).json() == {"registered": True}
    platform.advance(601)
    assert (await client.get(status)).json() == {"registered": False}


async def test_a_deleted_line_registers_no_more(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    line = await create(client, sipUsername="line-one-0001", sipPassword="s3cret")
    await client.delete(f"{LINES}/{line['id']}")
    wanted = replace(WANTED, domain=platform.sip_domain)
    assert status_of(await asyncio.to_thread(_over_udp, platform, wanted)) == 401


async def test_a_registration_lasts_until_it_runs_out_whether_the_platform_answers_or_not(
    tmp_path: Path,
) -> None:
    state = tmp_path / "state"
    async with still_platform(state) as platform, visitor(platform) as client:
        line = await create(client, sipUsername="line-one-0001", sipPassword="s3cret")
        wanted = replace(WANTED, domain=platform.sip_domain)
        assert status_of(await asyncio.to_thread(_over_udp, platform, wanted)) == 200
        gone = replace(wanted, contact="sip:line-one-0001@127.0.0.1:5999", call_id="another", expires=0)
        assert status_of(await asyncio.to_thread(_over_udp, platform, gone)) == 200
    status = f"{TOWER}/deviceline/{line['deviceId']}/registrationstatus"
    with (state / "registered.jsonl").open("ab") as file:
        file.write(b'{"username": "line-one-0001", "torn')
    for _ in range(2):
        async with still_platform(state) as platform, visitor(platform) as client:
            assert (await client.get(status)).json() == {"registered": True}
            (binding,) = platform.registrar.bindings("line-one-0001")
            assert binding.contact == wanted.contact
    async with still_platform(state) as platform, visitor(platform) as client:
        platform.advance(601)
        assert (await client.get(status)).json() == {"registered": False}


async def test_a_registration_taken_back_stays_so_after_the_platform_ended(tmp_path: Path) -> None:
    async with still_platform(tmp_path) as platform, visitor(platform) as client:
        line = await create(client, sipUsername="line-one-0001", sipPassword="s3cret")
        wanted = replace(WANTED, domain=platform.sip_domain)
        done = await asyncio.to_thread(_over_udp, platform, wanted)
        await asyncio.to_thread(_over_udp, platform, replace(wanted, expires=0, call_id="x"))
        assert status_of(done) == 200
    status = f"{TOWER}/deviceline/{line['deviceId']}/registrationstatus"
    async with still_platform(tmp_path) as platform, visitor(platform) as client:
        assert (await client.get(status)).json() == {"registered": False}
