"""A platform to measure against: raw asyncio, just enough of the API, an answer exactly `latency` later.

python -m scripts.bench_standin LATENCY ACCOUNTS NUMBERS   prints its port; ends when its input does
"""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.request import urlopen

from scripts.bench_kit import BenchFault
from scripts.bench_site import PARTITION, PLAN, USERNAME, Site, account_id, phone
from scripts.environment import ROOT, child_variables

COUNTS = "/counts"
_LOGIN = {"authToken": "token", "partitionId": PARTITION, "username": USERNAME, "userType": "ADMIN"}
_ADDRESS = {
    "streetNumber": "1",
    "streetName": "Main",
    "city": "Portland",
    "state": "OR",
    "postalCode": "97201",
}


class Platform:
    """The accounts, lines as encoded once, and how often each operation was called."""

    def __init__(self, accounts: int, numbers: int) -> None:
        ids = [account_id(index) for index in range(accounts)]
        self.lines: dict[str, list[bytes]] = {name: [] for name in ids}
        self.numbers = {
            name: {phone(index, line): b"" for line in range(1, numbers + 1)}
            for index, name in enumerate(ids)
        }
        for name, held in self.numbers.items():
            for number in held:
                held[number] = _number(name, number, {"referenceId": None, "referenceType": None})
        self.counts: Counter[str] = Counter()
        self.looks: Counter[str] = Counter()

    def answer(self, method: str, target: str, body: bytes) -> bytes:
        """The body of the answer; every call succeeds."""
        path, _, query = target.partition("?")
        parts = path.split("/")[1:]
        match method, parts:
            case "GET", ["counts"]:
                return json.dumps(self.counts).encode()
            case "POST", ["v2", "authorize"]:
                return self._counted("sign-in", json.dumps(_LOGIN).encode())
            case "POST", ["v2", "rpc", "specialty-line", "validate-sip-username"]:
                return self._counted("validate", b"true")
            case "GET", ["v2", "partition", _, "callingplanproduct"]:
                return self._counted("plans", _array([_encoded(id=PLAN, name="Plan", defaultPlan=True)]))
            case "GET", ["v2", "partition", _, "account", "search"]:
                return self._counted("search", self._found(query.removeprefix("q=")))
            case _, ["v2", "partition", _, "account", account, kind, *rest]:
                return self._of_account(method, account, kind, rest, body)
        return self._counted("other", b"{}")

    def _of_account(self, method: str, account: str, kind: str, rest: list[str], body: bytes) -> bytes:
        match method, kind:
            case "GET", "specialty-line":
                return self._counted("list", _array(self.lines[account]))
            case "POST", "specialty-line":
                return self._counted("create", self._made(account, body))
            case "GET", "telephonenumber":
                return self._counted("numbers", _array(self.numbers[account].values()))
            case "GET", "deviceline":
                return self._counted("registration", _encoded(registered=self._is_registered(rest[0])))
        document = _number(account, rest[0], json.loads(body))
        self.numbers[account][rest[0]] = document
        return self._counted("route", document)

    def _is_registered(self, device: str) -> bool:
        """Every line is, but one that changes from look to look: a screen has something to draw."""
        self.looks[device] += 1
        return self.looks[device] % len(self.looks) != list(self.looks).index(device)

    def _counted(self, operation: str, answer: bytes) -> bytes:
        self.counts[operation] += 1
        return answer

    def _found(self, text: str) -> bytes:
        names = [text] if text in self.lines else []
        return _array(
            _encoded(id=name, accountNumber=name, accountName=name, accountStatus="ACTIVE") for name in names
        )

    def _made(self, account: str, body: bytes) -> bytes:
        line = json.loads(body)
        name = f"{line['macAddress']}-{line['portNumber']}"
        made = _encoded(**line, id=f"line-{name}", accountId=account, deviceId=f"device-{name}")
        self.lines[account].append(made)
        return made


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with a Content-Length, one request after the other."""

    def __init__(self, platform: Platform, latency: float) -> None:
        self._platform = platform
        self._latency = latency
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - asyncio's own promise for TCP
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, found, rest = self._held.partition(b"\r\n\r\n")
        if not found:
            return
        line, *fields = head.decode("latin-1").split("\r\n")
        lengths = [text for name, _, text in (field.partition(":") for field in fields) if _is_length(name)]
        length = int(lengths[0]) if lengths else 0
        if len(rest) < length:
            return
        self._held = rest[length:]
        method, target, _ = line.split(" ", 2)
        # Arranged before the answer is made: the latency includes the stand-in's own work.
        loop = asyncio.get_running_loop()
        due = loop.time() + self._latency
        body = self._platform.answer(method, target, rest[:length])
        text = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        if self._latency:
            loop.call_at(due, self._transport.write, text + body)
        else:
            self._transport.write(text + body)


def _is_length(name: str) -> bool:
    return name.lower() == "content-length"


def _encoded(**members: object) -> bytes:
    return json.dumps(members).encode()


def _array(documents: Iterable[bytes]) -> bytes:
    return b"[" + b",".join(documents) + b"]"


def _number(account: str, number: str, reference: dict[str, object]) -> bytes:
    return _encoded(
        accountId=account, phoneNumber=number, carrierStatus="ACTIVE", e911Address=_ADDRESS, **reference
    )


async def serve(platform: Platform, latency: float) -> None:
    """Answers on loopback until standard input ends: it never outlives whoever started it."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(platform, latency), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


@contextmanager
def stand_in(latency: float, site: Site) -> Iterator[str]:
    """The base URL of a stand-in in a process of its own."""
    words = [str(latency), str(site.accounts), str(site.gateways * site.ports)]
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.bench_standin", *words],
        cwd=ROOT,
        env=child_variables(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - both are pipes
        port = child.stdout.readline().strip()
        if not port:
            raise BenchFault("the stand-in did not start")
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            child.stdin.close()


def counts(url: str) -> dict[str, int]:
    """How often each operation was called."""
    with urlopen(url + COUNTS, timeout=10) as answer:  # noqa: S310 - our own child on loopback
        found: dict[str, int] = json.load(answer)
    return found


if __name__ == "__main__":
    asyncio.run(serve(Platform(int(sys.argv[2]), int(sys.argv[3])), float(sys.argv[1])))
