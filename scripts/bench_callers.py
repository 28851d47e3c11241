# ruff: noqa: PLC0415 - what a process imports is part of what is measured
"""Who calls: the kit's engine, its client alone, one httpx client in a loop; each in a process of its own."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.bench_kit import BenchFault, resident, work
from scripts.bench_site import OPERATOR, PARTITION, PASSWORD, PLAN, USERNAME, account_id, mac, phone

if TYPE_CHECKING:
    from installer.alianza.client import Alianza

IN_FLIGHT = 4
_PARTS = 4
_EACH = 96


def script_calls(ports: int) -> Iterator[tuple[str, str, dict[str, object]]]:
    """What a script of one gateway calls: method, path and body."""
    account = f"/v2/partition/{PARTITION}/account/{account_id(0)}"
    for port in range(1, ports + 1):
        username = f"bench{port:09d}"
        yield "POST", "/v2/rpc/specialty-line/validate-sip-username", {"username": username}
        yield "POST", f"{account}/specialty-line", new_line(0, 0, port, ports) | {"sipUsername": username}
        reference: dict[str, object] = {"referenceId": f"line-{port}", "referenceType": "SPECIALTY_LINE"}
        yield "PATCH", f"{account}/telephonenumber/{phone(0, port)}", reference


def new_line(account: int, gateway: int, port: int, ports: int) -> dict[str, object]:
    number = phone(account, gateway * ports + port)
    return {
        "name": f"Line {port}",
        "callerId": number,
        "e911CallbackNumber": number,
        "callingPlanIds": [PLAN],
        "deviceType": f"SIP_{ports}_Port_MTA",
        "macAddress": mac(account, gateway),
        "portNumber": port,
        "sipPassword": "Abcdefgh23456789Abcdefgh",
    }


def sequential(url: str, ports: str) -> dict[str, float]:
    """One httpx client, one call after the other."""
    import httpx

    begun = time.perf_counter()
    with httpx.Client(trust_env=False) as client:
        for method, path, body in script_calls(int(ports)):
            client.request(
                method, url + path, json=body, headers={"X-AUTH-TOKEN": "token"}
            ).raise_for_status()
    return {"seconds": time.perf_counter() - begun}


def engine(url: str, sheet: str, home: str) -> dict[str, float]:
    """A sheet applied by a session: seconds in all and from first validate to last outcome, and memory."""
    from installer.domain.credential import Secret
    from installer.provisioning.visit import Happening, Moment
    from installer.session import Answers, Session, Settings

    times: list[float] = []
    memory: list[float] = []

    def watch(happening: Happening) -> None:
        if happening.moment is Moment.BEGUN or happening.moment is Moment.SETTLED:
            times.append(time.perf_counter())
            if len(times) % _EACH == 0:
                memory.append(resident())

    async def apply() -> None:
        secret = Secret(PASSWORD)
        settings = Settings(
            Path(home), base_url=url, username=USERNAME, password=secret, passphrase=secret, operator=OPERATOR
        )
        async with Session(settings, watcher=watch) as session:
            await session.visits.apply(Path(sheet), Answers(yes=True))
            left = [each.error or each.differences for each in session.visits.runs]
            if any(left):
                raise BenchFault(f"a run was not clean: {left}")

    begun = time.perf_counter()
    asyncio.run(apply())
    seconds = time.perf_counter() - begun
    memory.append(resident())
    quarter = memory[len(memory) // _PARTS]
    return {"seconds": seconds, "writing": times[-1] - times[0], "quarter": quarter, "end": memory[-1]}


def bare(url: str, accounts: str, gateways: str, ports: str) -> dict[str, float]:
    """The calls of `engine`, made by the client without plan and journal."""

    async def calls() -> None:
        async with _client(url) as client:
            await client.sign_in()
            for account in range(int(accounts)):
                await _bare_account(client, account, int(gateways), int(ports))

    begun = time.perf_counter()
    asyncio.run(calls())
    return {"seconds": time.perf_counter() - begun}


def look(url: str, ports: str) -> dict[str, float]:
    """Seconds of a core that the client takes to ask once about each line, its first time left out."""

    async def calls() -> float:
        async with _client(url) as client:
            await client.sign_in()

            async def each() -> None:
                asked = (
                    client.lines.registered(account_id(0), f"device-{port}") for port in range(int(ports))
                )
                await asyncio.gather(*asked)

            await each()
            begun = time.process_time()
            for _ in range(_PARTS):
                await each()
            return (time.process_time() - begun) / _PARTS

    return {"worked": asyncio.run(calls())}


def _client(url: str) -> "Alianza":
    from installer.alianza.auth import SignIn
    from installer.alianza.client import Alianza
    from installer.alianza.transport import Wire
    from installer.clock import system_clock
    from installer.domain.credential import Secret

    wire = Wire(url, ca_file=None, deadline=30.0)
    login = SignIn(USERNAME, Secret(PASSWORD))
    return Alianza(wire, login, clock=system_clock(), random=lambda: 0.5, concurrency=IN_FLIGHT)


async def _bare_account(client: "Alianza", account: int, gateways: int, ports: int) -> None:
    """One account as the engine goes about it: looked at twice, then gateway by gateway, then once more."""
    name = account_id(account)
    await client.accounts.search(name)
    for _ in range(2):
        await asyncio.gather(
            client.lines.list(name), client.numbers.list(name), client.accounts.calling_plans()
        )
        await asyncio.gather(*(client.accounts.search(mac(account, each)) for each in range(gateways)))
    for gateway in range(gateways):
        await client.lines.list(name)
        lines = range(1, ports + 1)
        await asyncio.gather(*(_bare_line(client, account, gateway, port, ports) for port in lines))
        await asyncio.gather(client.lines.list(name), client.numbers.list(name))
        await asyncio.gather(*(_bare_route(client, account, gateway * ports + port) for port in lines))
    await asyncio.gather(client.lines.list(name), client.numbers.list(name))


async def _bare_line(client: "Alianza", account: int, gateway: int, port: int, ports: int) -> None:
    from installer.domain.credential import SipUsername

    username = f"bench{gateway:04d}{port:05d}"
    await client.lines.username_free(SipUsername(username))
    body = json.dumps(new_line(account, gateway, port, ports) | {"sipUsername": username})
    await client.lines.create(account_id(account), body.encode())


async def _bare_route(client: "Alianza", account: int, line: int) -> None:
    from installer.domain.numbers import SPECIALTY_LINE, Reference, parse_number

    number = parse_number(phone(account, line))
    body = client.numbers.encode_reference(Reference(SPECIALTY_LINE, f"line-{line}"))
    await client.numbers.patch(account_id(account), number, body)


def kit(modules: str, *arguments: str) -> dict[str, float]:
    """The command itself, in this process; every module it loaded that is not ours goes to `modules`."""
    from installer.__main__ import main

    sys.argv[1:] = arguments
    if code := main():
        raise BenchFault(f"{' '.join(arguments[:2])} ended with {code}")
    loaded = sorted(
        name for name in sys.modules if name.split(".")[0] not in {"__main__", "installer", "scripts"}
    )
    Path(modules).write_text(json.dumps(loaded), "utf-8")
    return {"resident": resident()}


def imports(modules: str) -> dict[str, float]:
    """Nothing but those imports."""
    for name in json.loads(Path(modules).read_text("utf-8")):
        try:
            __import__(name)
        except ImportError:
            continue  # made at run time, or a name that one module gave to another
    return {"resident": resident()}


if __name__ == "__main__":
    work(
        {
            "engine": engine,
            "bare": bare,
            "look": look,
            "sequential": sequential,
            "kit": kit,
            "imports": imports,
        }
    )
