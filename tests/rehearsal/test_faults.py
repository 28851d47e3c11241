"""Rules of faults: which requests they hit, and what is no rule."""

import json

import httpx
import pytest

from installer.errors import InvalidValue
from installer.rehearsal.answers import Shape
from installer.rehearsal.faults import FaultScript, Kind, Rule, rule_from_json
from installer.rehearsal.platform import RehearsalPlatform
from tests.rehearsal.visitor import LINES, NUMBER, NUMBERS, create, draft


async def test_a_rule_hits_the_requests_it_names_and_no_other(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.faults.load([Rule(Kind.STATUS, "GET", f"*/{NUMBER}", status=503, first=2, count=2)])
    statuses = [(await client.get(f"{NUMBERS}/{NUMBER}")).status_code for _ in range(5)]
    assert statuses == [200, 503, 503, 200, 200]
    assert (await client.get(NUMBERS)).status_code == 200


async def test_tokens_expire_right_before_a_request(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    platform.faults.load([Rule(Kind.EXPIRE_TOKEN, "POST", "*/specialty-line", first=2)])
    await create(client)
    assert (await client.post(LINES, json=draft(portNumber=2))).status_code == 401
    assert len(platform.lines()) == 1


def test_the_first_rule_that_hits_is_used_and_all_that_match_count() -> None:
    script = FaultScript([Rule(Kind.SLOW, "GET", count=1), Rule(Kind.PORTAL, "GET", first=2, count=None)])
    kinds = [rule and rule.kind for rule in (script.match("GET", "/x") for _ in range(3))]
    assert kinds == [Kind.SLOW, Kind.PORTAL, Kind.PORTAL]
    assert script.match("POST", "/x") is None


def test_rules_come_and_go_as_json() -> None:
    rule = Rule(Kind.STATUS, "GET", status=500, shape=Shape.TEXT)
    stored = json.loads(json.dumps(FaultScript([rule]).to_json()))[0]
    del stored["matched"]
    assert rule_from_json(stored) == rule


@pytest.mark.parametrize(
    "value",
    [
        7,
        {},
        {"kind": "no-such"},
        {"kind": "slow", "colour": 1},
        {"kind": "status"},
        {"kind": "status", "status": 500, "shape": "x"},
        {"kind": "truncated", "at": "middle"},
        {"kind": "body", "body": "odd"},
    ],
)
def test_what_is_no_rule_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue):
        rule_from_json(value)
