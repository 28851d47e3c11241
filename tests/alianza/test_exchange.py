from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from installer.alianza.client import Alianza
from installer.alianza.exchange import CallSeen
from installer.errors import Certainty, PunchdownError, Rejected
from tests.alianza.stand_in import Given, StandIn, VirtualClock, client

EMPTY = Given(value=[])


async def signed_in(stand_in: StandIn, time: VirtualClock | None = None) -> Alianza:
    platform = client(stand_in, time, concurrency=8)
    await platform.sign_in()
    return platform


async def test_429_waits_as_told_and_narrows_the_gate() -> None:
    time = VirtualClock()
    stand_in = StandIn(lambda _: EMPTY)
    platform = await signed_in(stand_in, time)
    stand_in.script = [Given(429, headers={"retry-after": "30"}), Given(429), EMPTY]
    assert await platform.lines.list("a1") == ()
    assert time.slept == [30.0, 2.0]
    assert platform._exchange._gate.width == 2


async def test_a_create_is_sent_again_after_429_and_not_after_anything_unknown() -> None:
    stand_in = StandIn()
    platform = await signed_in(stand_in)
    stand_in.script = [Given(429), Given(500), EMPTY]
    with pytest.raises(Rejected) as caught:
        await platform.lines.create("a1", b'{"a":1}')
    assert caught.value.certainty is Certainty.UNKNOWN
    assert [asked.body for asked in stand_in.calls] == [b'{"a":1}'] * 2


async def test_a_read_is_tried_three_times_in_all() -> None:
    stand_in = StandIn(lambda _: Given(500, {"messages": ["Boom"]}))
    platform = await signed_in(stand_in)
    with pytest.raises(Rejected, match="Boom"):
        await platform.lines.list("a1")
    assert len(stand_in.calls) == 3


async def test_an_unreadable_list_is_read_again() -> None:
    stand_in = StandIn()
    platform = await signed_in(stand_in)
    stand_in.script = [Given(body=b'[{"id'), Given(body=b"NaN"), EMPTY]
    assert await platform.lines.list("a1") == ()


async def test_the_clock_of_the_platform_is_compared() -> None:
    stand_in = StandIn(lambda _: Given(value=[], headers={"date": "Sun, 22 Nov 2026 08:05:00 GMT"}))
    platform = await signed_in(stand_in)
    await platform.lines.list("a1")
    assert platform.skew == timedelta(minutes=5)
    stand_in.script = [Given(value=[], headers={"date": "yesterday"})]
    await platform.lines.list("a1")
    assert platform.skew == timedelta(minutes=5)


async def test_an_observer_sees_each_attempt_without_ids() -> None:
    seen: list[CallSeen] = []
    time = VirtualClock()
    stand_in = StandIn()
    platform = client(stand_in, time, observer=seen.append)
    await platform.sign_in()
    stand_in.script = [Given(500), EMPTY]
    await platform.lines.list("a1")
    path = "/v2/partition/{partition}/account/{account}/specialty-line"
    assert [(each.method, each.template, each.status) for each in seen] == [
        ("POST", "/v2/authorize", 200),
        ("GET", path, 500),
        ("GET", path, 200),
    ]


async def test_no_more_calls_are_in_flight_than_asked_for() -> None:
    stand_in = StandIn(lambda _: EMPTY)
    platform = client(stand_in, concurrency=3)
    await platform.sign_in()
    await asyncio.gather(*(platform.lines.list("a1") for _ in range(20)))
    assert stand_in.most_at_once == 3


def behind(fault: BaseException | None) -> Iterator[BaseException]:
    """The failure, and every one that a traceback or a report could show with it."""
    if fault is not None:
        yield fault
        yield from behind(fault.__cause__)
        yield from behind(fault.__context__)


SECRETS = ("correct horse", "token-1", "5f4dcc", "hunter2")


@pytest.mark.parametrize(
    "given",
    [
        Given(400, {"errorCode": "X", "message": "no"}),
        Given(200, {"id": "l1", "accountId": "a1", "name": 7, "sipPassword": "hunter2"}),
        Given(200, body=json.dumps({"sipPassword": "hunter2"}).encode()[:-1]),
        Given(200, [{"id": "l1", "accountId": "a1", "sipPassword": "hunter2"}]),
        Given(200, {"id": "l1", "accountId": "other", "name": "n", "sipPassword": "hunter2"}),
        Given(401),
        Given(403),
        Given(302, headers={"location": "https://elsewhere.example/"}),
    ],
)
async def test_no_failure_tells_a_secret(given: Given) -> None:
    stand_in = StandIn(lambda _: given)
    platform = await signed_in(stand_in)
    with pytest.raises(PunchdownError) as caught:
        await platform.lines.get("a1", "l1")
    told = "".join(repr(fault) + str(vars(fault)) for fault in behind(caught.value))
    assert not [secret for secret in SECRETS if secret in told]
