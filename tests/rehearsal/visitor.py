"""A bare client for tests of the rehearsal platform: paths, sign-in, drafts, no rules."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from installer.clock import Clock
from installer.rehearsal import seed
from installer.rehearsal.platform import RehearsalPlatform

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of plain loopback: the default one reads every root certificate first."""
PARTITION = f"/v2/partition/{seed.PARTITION}"
TOWER = f"{PARTITION}/account/{seed.TOWER.id}"
CLINIC = f"{PARTITION}/account/{seed.CLINIC.id}"
LINES = f"{TOWER}/specialty-line"
NUMBERS = f"{TOWER}/telephonenumber"
NUMBER = "15035550100"
MAC = "005058a0b1c2"


def still_clock() -> Clock:
    """A clock that stands at one moment; the platform's `advance` moves it on."""
    return Clock(now=lambda: datetime(2026, 3, 2, 9, tzinfo=UTC), monotonic=lambda: 0.0, sleep=asyncio.sleep)


def draft(**changes: object) -> dict[str, object]:
    """A create body with a device at port 1; None takes a field out."""
    body: dict[str, object] = {
        "name": "Elevator 1",
        "callerId": NUMBER,
        "e911CallbackNumber": NUMBER,
        "callingPlanIds": [seed.PLANS[0].id],
        "deviceType": "SIP_8_Port_MTA",
        "macAddress": "00:50:58:A0:B1:C2",
        "portNumber": 1,
        **changes,
    }
    return {key: value for key, value in body.items() if value is not None}


async def sign_in(client: httpx.AsyncClient, user: int = 0) -> None:
    who = seed.USERS[user]
    answer = await client.post("/v2/authorize", json={"username": who.username, "password": who.password})
    client.headers["X-AUTH-TOKEN"] = answer.json()["authToken"]


@asynccontextmanager
async def visitor(platform: RehearsalPlatform) -> AsyncIterator[httpx.AsyncClient]:
    """A signed-in client of a platform that answers."""
    async with httpx.AsyncClient(base_url=platform.url, verify=NO_TLS) as client:
        await sign_in(client)
        yield client


@asynccontextmanager
async def control(platform: RehearsalPlatform) -> AsyncIterator[httpx.AsyncClient]:
    """The owner's client."""
    headers = {"X-Control-Token": platform.control_token}
    async with httpx.AsyncClient(base_url=platform.url, headers=headers, verify=NO_TLS) as client:
        yield client


async def create(client: httpx.AsyncClient, **changes: object) -> dict[str, object]:
    answer = await client.post(LINES, json=draft(**changes))
    assert answer.status_code == 201, answer.text
    line: dict[str, object] = answer.json()
    return line


def still_platform(directory: Path) -> RehearsalPlatform:
    return RehearsalPlatform(directory, clock=still_clock())
