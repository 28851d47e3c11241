"""Tokens live 8 hours from their last use."""

import httpx
import pytest

from installer.rehearsal import seed
from installer.rehearsal.platform import RehearsalPlatform
from tests.rehearsal import schemas
from tests.rehearsal.visitor import LINES, NUMBERS, draft

HOUR = 3600.0


async def test_each_use_begins_the_eight_hours_anew(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    for _ in range(3):
        platform.advance(8 * HOUR)
        assert (await client.get(LINES)).status_code == 200


async def test_after_eight_idle_hours_a_token_is_expired(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.advance(8 * HOUR + 1)
    lines, numbers = await client.get(LINES), await client.get(NUMBERS)
    assert (lines.status_code, numbers.status_code) == (401, 401)
    schemas.check(lines.json(), schemas.ERROR_LINE)
    schemas.check(numbers.json(), schemas.ERROR_PLATFORM)
    assert lines.json()["errorCode"] == numbers.json()["messages"][0] == "ExpiredAuthToken"


@pytest.mark.parametrize("token", [None, "", "made-up"])
async def test_without_a_token_nothing_is_done(
    platform: RehearsalPlatform, client: httpx.AsyncClient, token: str | None
) -> None:
    del client.headers["X-AUTH-TOKEN"]
    headers = {} if token is None else {"X-AUTH-TOKEN": token}
    assert (await client.post(LINES, json=draft(), headers=headers)).status_code == 401
    assert platform.lines() == ()
    assert [(entry.user, entry.status) for entry in platform.ledger.entries] == [(None, 401)]


@pytest.mark.parametrize(
    "body,status",
    [
        ({"username": seed.USERS[0].username, "password": "wrong"}, 401),
        ({"username": "nobody@rehearsal.example", "password": "x"}, 401),
        ({"username": seed.USERS[0].username}, 400),
        ([], 400),
    ],
)
async def test_a_wrong_sign_in_is_refused(client: httpx.AsyncClient, body: object, status: int) -> None:
    answer = await client.post("/v2/authorize", json=body)
    schemas.check(answer.json(), schemas.ERROR_PLATFORM)
    assert answer.status_code == status


async def test_two_tokens_of_one_user_live_apart(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.advance(5 * HOUR)
    who = {"username": platform.username, "password": platform.password}
    second = (await client.post("/v2/authorize", json=who)).json()["authToken"]
    platform.advance(5 * HOUR)
    assert (await client.get(LINES)).status_code == 401
    assert (await client.get(LINES, headers={"X-AUTH-TOKEN": second})).status_code == 200
