from __future__ import annotations

import asyncio

import pytest

from installer.alianza.auth import IDLE_LIMIT, SignedIn
from installer.alianza.client import Alianza
from installer.errors import Certainty, NetworkFailure, Rejected, SignInFailure
from tests.alianza.stand_in import LOGIN, Asked, Given, StandIn, VirtualClock, client

EMPTY = Given(value=[])
EXPIRED = Given(401, {"message": "Unauthorized", "messages": ["ExpiredAuthToken"]})


def login(token: str, **more: object) -> Given:
    return Given(value={**LOGIN, "authToken": token, **more})


def only(token: str) -> StandIn:
    """A platform that accepts that token alone, and gives it on the next sign-in."""

    def answer(asked: Asked) -> Given:
        return EMPTY if asked.headers.get("x-auth-token") == token else EXPIRED

    return StandIn(answer)


async def signed_in(stand_in: StandIn, time: VirtualClock | None = None) -> Alianza:
    platform = client(stand_in, time, concurrency=8)
    await platform.sign_in()
    return platform


@pytest.mark.parametrize("status", [200, 201])
async def test_any_success_with_a_token_signs_in(status: int) -> None:
    stand_in = StandIn()
    stand_in.logins = [
        Given(status, {**LOGIN, "partitionName": "Lab", "userType": "ManagementUser", "new": [1]})
    ]
    found = await client(stand_in).sign_in()
    assert found == SignedIn("tech@example.com", "p1", "Lab", "ManagementUser")
    assert stand_in.asked[0].document == {"username": "tech@example.com", "password": "correct horse"}
    assert "x-auth-token" not in stand_in.asked[0].headers


async def test_the_token_goes_with_every_further_call_and_is_ended_at_the_end() -> None:
    stand_in = StandIn(lambda _: EMPTY)
    async with client(stand_in) as platform:
        await platform.sign_in()
        await platform.lines.list("a1")
    assert [asked.headers["x-auth-token"] for asked in stand_in.asked[1:]] == ["token-1", "token-1"]
    assert (stand_in.asked[-1].method, stand_in.asked[-1].path) == ("PUT", "/v2/authorize/logout")


async def test_nothing_of_the_login_reply_is_kept_but_what_is_named() -> None:
    stand_in = StandIn()
    platform = client(stand_in)
    found = await platform.sign_in()
    assert "5f4dcc" not in repr(vars(platform._auth)) + repr(found)
    assert "token-1" not in repr(vars(platform._auth))


async def test_a_call_before_signing_in_says_so() -> None:
    stand_in = StandIn()
    with pytest.raises(SignInFailure) as caught:
        await client(stand_in).lines.list("a1")
    assert caught.value.code == "not-signed-in"
    assert stand_in.asked == []


@pytest.mark.parametrize(
    "reply, code",
    [
        ({}, "bad-reply"),
        ({**LOGIN, "authToken": ""}, "bad-reply"),
        ({**LOGIN, "authToken": None}, "bad-reply"),
        ({**LOGIN, "authToken": 7}, "bad-reply"),
        ({"authToken": "t"}, "bad-reply"),
        ({**LOGIN, "partitionId": "../.."}, "bad-reply"),
        (["token"], "bad-reply"),
        ("token", "bad-reply"),
    ],
)
async def test_a_success_without_token_or_partition_is_no_sign_in(reply: object, code: str) -> None:
    stand_in = StandIn()
    stand_in.logins = [Given(value=reply)]
    with pytest.raises(NetworkFailure) as caught:
        await client(stand_in).sign_in()
    assert (caught.value.code, caught.value.certainty) == (code, Certainty.NEVER_SENT)


async def test_a_password_that_must_be_changed_is_said() -> None:
    stand_in = StandIn()
    stand_in.logins = [login("t", mustChangePassword=True)]
    with pytest.raises(SignInFailure, match="new password") as caught:
        await client(stand_in).sign_in()
    assert caught.value.code == "must-change-password"


@pytest.mark.parametrize("status", [400, 401, 404])
async def test_a_refused_sign_in_is_asked_once_and_never_again_by_itself(status: int) -> None:
    stand_in = StandIn(lambda _: EXPIRED)
    platform = await signed_in(stand_in)
    stand_in.logins = [Given(status, {"messages": ["InvalidCredentials"]})] * 9
    for _ in range(3):
        with pytest.raises(SignInFailure) as caught:
            await platform.lines.list("a1")
        assert caught.value.code == "InvalidCredentials"
        assert caught.value.certainty is Certainty.NEVER_SENT
    assert stand_in.sign_ins == 2
    stand_in.logins = []
    await platform.sign_in()
    assert stand_in.sign_ins == 3


async def test_a_failed_sign_in_means_the_write_behind_it_was_never_sent() -> None:
    stand_in = StandIn(lambda _: EXPIRED)
    platform = await signed_in(stand_in)
    stand_in.logins = [Given(500)] * 9
    with pytest.raises(Rejected) as caught:
        await platform.lines.create("a1", b"{}")
    assert caught.value.certainty is Certainty.NEVER_SENT
    assert [asked.body for asked in stand_in.calls] == [b"{}"]


async def test_signing_in_is_tried_again_when_nobody_answers_well() -> None:
    stand_in = StandIn()
    time = VirtualClock()
    stand_in.logins = [Given(502), Given(502), login("t")]
    await client(stand_in, time).sign_in()
    assert time.slept == [1.0, 2.0]


async def test_an_expired_token_is_replaced_once_and_the_same_bytes_sent_again() -> None:
    stand_in = only("token-2")
    platform = await signed_in(stand_in)
    stand_in.logins = [login("token-2")]
    assert await platform.lines.list("a1") == ()
    assert stand_in.sign_ins == 2
    stand_in.script = [EXPIRED, Given(400, {"errorCode": "X"})]
    with pytest.raises(Rejected):
        await platform.lines.create("a1", b'{"name":"x"}')
    assert [asked.body for asked in stand_in.calls if asked.method == "POST"] == [b'{"name":"x"}'] * 2


async def test_a_second_401_stops() -> None:
    stand_in = StandIn(lambda _: EXPIRED)
    platform = await signed_in(stand_in)
    with pytest.raises(SignInFailure) as caught:
        await platform.lines.create("a1", b"{}")
    assert (caught.value.code, caught.value.certainty) == ("ExpiredAuthToken", Certainty.NOT_EXECUTED)
    assert len(stand_in.calls) == 2
    assert stand_in.sign_ins == 2


async def test_eight_calls_that_meet_an_expired_token_sign_in_once() -> None:
    stand_in = only("token-2")
    platform = await signed_in(stand_in)
    stand_in.logins = [login("token-2"), login("token-3")]
    stand_in.hold = asyncio.Event()
    calls = [asyncio.create_task(platform.lines.list("a1")) for _ in range(8)]
    async with asyncio.timeout(5):
        while stand_in.most_at_once < 8:
            await asyncio.sleep(0)
    stand_in.hold.set()
    assert await asyncio.gather(*calls) == [()] * 8
    assert stand_in.sign_ins == 2


async def test_eight_calls_share_the_end_of_one_refused_sign_in() -> None:
    stand_in = StandIn(lambda _: EXPIRED)
    platform = await signed_in(stand_in)
    stand_in.logins = [Given(401)] * 8
    ends = await asyncio.gather(*(platform.lines.list("a1") for _ in range(8)), return_exceptions=True)
    assert all(isinstance(end, SignInFailure) for end in ends)
    assert stand_in.sign_ins == 2


async def test_who_gives_up_does_not_end_the_sign_in_of_others() -> None:
    stand_in = StandIn(lambda _: EMPTY)
    platform = client(stand_in)
    stand_in.hold = asyncio.Event()
    first = asyncio.create_task(platform.sign_in())
    second = asyncio.create_task(platform.sign_in())
    async with asyncio.timeout(5):
        while not stand_in.asked:
            await asyncio.sleep(0)
    first.cancel()
    stand_in.hold.set()
    assert (await second).partition_id == "p1"
    assert stand_in.sign_ins == 1
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_leaving_ends_a_sign_in_under_way() -> None:
    stand_in = StandIn()
    stand_in.hold = asyncio.Event()
    platform = client(stand_in)
    async with platform:
        waiting = asyncio.create_task(platform.sign_in())
        async with asyncio.timeout(5):
            while not stand_in.asked:
                await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert stand_in.sign_ins == 1


@pytest.mark.parametrize("idle, sign_ins", [(IDLE_LIMIT - 1, 1), (IDLE_LIMIT, 2)])
async def test_eight_idle_hours_sign_in_anew_before_the_call(idle: float, sign_ins: int) -> None:
    time = VirtualClock()
    stand_in = StandIn(lambda _: EMPTY)
    platform = await signed_in(stand_in, time)
    time.pass_by(idle)
    await platform.lines.list("a1")
    assert stand_in.sign_ins == sign_ins
    assert len(stand_in.calls) == 1


async def test_each_use_begins_the_eight_hours_again() -> None:
    time = VirtualClock()
    stand_in = StandIn(lambda _: EMPTY)
    platform = await signed_in(stand_in, time)
    for _ in range(4):
        time.pass_by(IDLE_LIMIT - 1)
        await platform.lines.list("a1")
    assert stand_in.sign_ins == 1


async def test_a_login_that_moved_to_another_partition_stops_the_run() -> None:
    stand_in = only("token-2")
    platform = await signed_in(stand_in)
    stand_in.logins = [login("token-2", partitionId="p2")]
    with pytest.raises(SignInFailure) as caught:
        await platform.lines.list("a1")
    assert caught.value.code == "partition-changed"
    assert platform.signed_in.partition_id == "p1"


async def test_a_token_that_would_write_headers_is_not_sent() -> None:
    stand_in = StandIn(lambda _: EMPTY)
    stand_in.logins = [login("x\r\nX-Evil: 1")] * 9
    platform = await signed_in(stand_in)
    with pytest.raises(NetworkFailure):
        await platform.lines.list("a1")
    assert stand_in.calls == []


async def test_signing_out_never_fails_the_run() -> None:
    stand_in = StandIn(lambda _: EMPTY)
    async with client(stand_in) as platform:
        await platform.sign_in()
        stand_in.logouts = [Given(500)]
    assert stand_in.asked[-1].path == "/v2/authorize/logout"


async def test_nothing_is_signed_out_that_was_never_signed_in() -> None:
    stand_in = StandIn()
    async with client(stand_in):
        pass
    assert stand_in.asked == []
