"""Virtual gateways, powered from sheets that these tests write."""

import asyncio
from pathlib import Path
from typing import cast

import httpx
import pytest

from installer.errors import InvalidValue
from installer.rehearsal.gateways import Failing, Pace, State, VirtualGateways
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.sheet import SheetPort, read_sheet
from installer.rehearsal.thread import PlatformThread
from installer.sip.message import Request, Response, parse
from installer.sip.transaction import Timers
from tests.rehearsal.credential_sheet import sheet_row, write_sheet
from tests.rehearsal.visitor import LINES, MAC, NO_TLS, create, draft

QUICK = Pace(expires=600, first_pause=0.02, longest_pause=0.1, timers=Timers(t1=0.02, t2=0.1))


async def _lines(client: httpx.AsyncClient, ports: int, model: int = 24) -> None:
    for port in range(1, ports + 1):
        await create(
            client,
            portNumber=port,
            deviceType=f"SIP_{model}_Port_MTA",
            sipUsername=f"line-of-port-{port}",
            sipPassword=f"s3cret-{port}",
        )


def _states(gateways: VirtualGateways) -> list[State]:
    return [status.state for status in gateways.ports]


async def test_a_gateway_of_24_registers_every_port_of_its_sheet_and_leaves_again(
    platform: RehearsalPlatform, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await _lines(client, 24)
    ports = read_sheet(
        write_sheet(tmp_path / "sheet.csv", [sheet_row(platform, port) for port in range(1, 25)])
    )
    async with VirtualGateways(ports) as gateways:
        await gateways.settled()
        assert _states(gateways) == [State.REGISTERED] * 24
        assert all(platform.registrar.registered(line.sip_username) for line in platform.lines())
    assert not any(platform.registrar.registered(line.sip_username) for line in platform.lines())


async def test_two_gateways_of_one_sheet_each_have_their_own_socket(
    platform: RehearsalPlatform, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await _lines(client, 2)
    rows = [sheet_row(platform, 1), sheet_row(platform, 2, MAC="005058000001")]
    async with VirtualGateways(read_sheet(write_sheet(tmp_path / "s.csv", rows))) as gateways:
        await gateways.settled()
        assert _states(gateways) == [State.REGISTERED] * 2
        sources = {platform.registrar.bindings(f"line-of-port-{port}")[0].source for port in (1, 2)}
    assert len(sources) == 2


async def test_ports_told_to_fail_do_and_the_others_do_not(
    platform: RehearsalPlatform, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await _lines(client, 3)
    ports = read_sheet(write_sheet(tmp_path / "s.csv", [sheet_row(platform, port) for port in (1, 2, 3)]))
    failing = {(MAC, 1): Failing.WRONG_PASSWORD, (MAC, 2): Failing.SILENT}
    async with VirtualGateways(ports, failing=failing) as gateways:
        await gateways.settled()
        assert _states(gateways) == [State.REFUSED, State.OFF, State.REGISTERED]
        assert gateways.ports[0].status == 401
    assert "line-of-port-2" not in {seen.username for seen in platform.registrar.observations}


async def test_a_port_loaded_before_its_line_comes_up_once_the_line_is_there(
    platform: RehearsalPlatform, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    ports = read_sheet(write_sheet(tmp_path / "s.csv", [sheet_row(platform, 1)]))
    async with VirtualGateways(ports, pace=QUICK) as gateways:
        await gateways.settled()
        assert _states(gateways) == [State.REFUSED]
        await _lines(client, 1)
        async with asyncio.timeout(20):
            await gateways.registered((MAC, 1))


async def test_a_registrar_that_says_nothing_is_told_from_one_that_refuses(
    platform: RehearsalPlatform, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await _lines(client, 1)
    platform.registrar.muted.add("line-of-port-1")
    ports = read_sheet(write_sheet(tmp_path / "s.csv", [sheet_row(platform, 1)]))
    async with VirtualGateways(ports, pace=QUICK) as gateways:
        await gateways.settled()
        assert (gateways.ports[0].state, gateways.ports[0].status) == (State.NO_ANSWER, None)
        asked = [seen for seen in platform.registrar.observations if seen.username == "line-of-port-1"]
        assert len(asked) > 5
        platform.registrar.muted.clear()
        async with asyncio.timeout(20):
            await gateways.registered((MAC, 1))


async def test_a_port_refreshes_before_its_time_is_over(
    platform: RehearsalPlatform, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await _lines(client, 1)
    platform.registrar.policy = type(platform.registrar.policy)(min_expires=1)
    ports = read_sheet(write_sheet(tmp_path / "s.csv", [sheet_row(platform, 1)]))
    async with VirtualGateways(ports, pace=Pace(expires=1)) as gateways:
        async with asyncio.timeout(20):
            while sum(seen.reason == "bound" for seen in platform.registrar.observations) < 3:
                await asyncio.sleep(0.02)
        assert _states(gateways) == [State.REGISTERED]
        assert len(platform.registrar.bindings("line-of-port-1")) == 1


def _port(**changes: object) -> SheetPort:
    fields: dict[str, object] = {
        "mac": MAC,
        "fxs_port": 1,
        "line_name": "x",
        "username": "line-of-port-1",
        "password": "s3cret-1",
        "domain": "d",
        "registrar": "127.0.0.1",
        "registrar_port": 5060,
        "transport": "UDP",
        **changes,
    }
    return SheetPort(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["192.0.2.1", "sbc.example.com", "::"])
def test_no_virtual_port_speaks_to_anything_but_loopback(host: str) -> None:
    with pytest.raises(InvalidValue, match="loopback"):
        VirtualGateways([_port(registrar=host)])


async def test_a_port_of_another_transport_stays_off() -> None:
    async with VirtualGateways([_port(transport="TLS", registrar="192.0.2.1")]) as gateways:
        await gateways.settled()
        assert _states(gateways) == [State.OFF]


async def test_a_sheet_of_an_earlier_run_registers_where_the_platform_is(
    platform: RehearsalPlatform, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await _lines(client, 1)
    ports = read_sheet(write_sheet(tmp_path / "s.csv", [sheet_row(platform, 1, registrar_port="1")]))
    registrar = (platform.registrar_host, platform.registrar_port)
    async with VirtualGateways(ports, registrar=registrar) as gateways:
        await gateways.settled()
        assert _states(gateways) == [State.REGISTERED]


async def test_leaving_does_not_wait_for_a_registrar_that_is_gone(
    platform: RehearsalPlatform, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    await _lines(client, 1)
    ports = read_sheet(write_sheet(tmp_path / "s.csv", [sheet_row(platform, 1)]))
    async with asyncio.timeout(20), VirtualGateways(ports) as gateways:
        await gateways.settled()
        platform.registrar.muted.add("line-of-port-1")
    assert platform.registrar.registered("line-of-port-1")
    assert (await client.get(LINES)).status_code == 200


class _Noisy(asyncio.DatagramProtocol):
    """Answers each request with noise, a request of its own, 100 Trying, and late, a plain 200."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)
        self.asked = 0

    def datagram_received(self, datagram: bytes, source: tuple[str, int]) -> None:
        request = parse(datagram)
        self.asked += 1
        copied = tuple(
            header for header in request.headers if header[0] in {"Via", "From", "To", "Call-ID", "CSeq"}
        )
        for octets in (b"noise", Request(method="NOTIFY", uri="sip:x", headers=copied).encode()):
            self._transport.sendto(octets, source)
        status = 100 if self.asked < 3 else 200
        bound = ("Contact", f"{request.header('Contact')}")
        answer = Response(status=status, reason="x", headers=(*copied, bound))
        self._transport.sendto(answer.encode(), source)


async def test_noise_and_provisional_answers_do_not_end_the_waiting() -> None:
    loop = asyncio.get_running_loop()
    transport, noisy = await loop.create_datagram_endpoint(_Noisy, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    async with asyncio.timeout(20), VirtualGateways([_port(registrar_port=port)], pace=QUICK) as gateways:
        await gateways.settled()
        assert _states(gateways) == [State.REGISTERED]
        assert noisy.asked == 3
    transport.close()


def test_gateways_on_the_platforms_thread_leave_before_it_stops(tmp_path: Path) -> None:
    running = PlatformThread(RehearsalPlatform(tmp_path / "state"))
    platform = running.platform
    with httpx.Client(base_url=platform.url, verify=NO_TLS) as client:
        who = {"username": platform.username, "password": platform.password}
        client.headers["X-AUTH-TOKEN"] = client.post("/v2/authorize", json=who).json()["authToken"]
        body = draft(sipUsername="line-of-port-1", sipPassword="s3cret-1")
        assert client.post(LINES, json=body).status_code == 201
    ports = read_sheet(write_sheet(tmp_path / "s.csv", [sheet_row(platform, 1)]))
    gateways = running.enter(VirtualGateways(ports))
    running.run(gateways.settled())
    assert _states(gateways) == [State.REGISTERED]
    assert running.call(lambda: platform.registrar.registered("line-of-port-1"))
    running.stop()
    assert not platform.registrar.registered("line-of-port-1")
