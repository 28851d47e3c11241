from __future__ import annotations

import pytest

from installer.alianza.client import Alianza
from installer.domain.line import Account, CallingPlan
from installer.errors import NetworkFailure, Rejected
from tests.alianza.stand_in import Given, StandIn


async def test_search_asks_once_with_the_words_quoted(stand_in: StandIn, platform: Alianza) -> None:
    hit = {
        "id": "a1",
        "accountNumber": "100",
        "accountName": "Smith & Sons",
        "accountStatus": "SUSPENDED",
    }
    stand_in.script = [Given(value=[hit, {"id": "a2"}])]
    assert await platform.accounts.search("Smith & Sons?") == (
        Account("a1", "100", "Smith & Sons", "SUSPENDED"),
        Account("a2", "", "", ""),
    )
    asked = stand_in.calls[0]
    assert (asked.path, asked.query) == ("/v2/partition/p1/account/search", "q=Smith+%26+Sons%3F")


async def test_look_up_by_each_kind(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [
        Given(value={"id": "a1", "accountNumber": "1 0", "accountName": "N", "status": "ACTIVE"})
    ]
    assert await platform.accounts.look_up("1 0", "AccountNumber") == Account("a1", "1 0", "N", "ACTIVE")
    asked = stand_in.calls[0]
    assert (asked.path, asked.query) == ("/v2/partition/p1/account/1%200", "accountIdType=AccountNumber")


async def test_look_up_of_what_is_not_there_is_none(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [Given(404, {"messages": ["EntityNotFound"]})]
    assert await platform.accounts.look_up("a9", "Id") is None


@pytest.mark.parametrize("value", ["", "..", "a/b", "a\x00"])
async def test_what_no_account_can_be_called_is_not_asked_for(
    stand_in: StandIn, platform: Alianza, value: str
) -> None:
    assert await platform.accounts.look_up(value, "AccountNumber") is None
    assert stand_in.calls == []


async def test_look_up_tells_other_refusals(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [Given(400, {"code": 400, "message": "accountIdType is not known"})]
    with pytest.raises(Rejected, match="not known"):
        await platform.accounts.look_up("a9", "Id")


async def test_another_account_is_a_bad_reply(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [Given(value={"id": "a2"})]
    with pytest.raises(NetworkFailure):
        await platform.accounts.look_up("a1", "Id")


async def test_calling_plans_without_the_archived(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [
        Given(value=[{"id": "x", "name": "Basic", "defaultPlan": True, "planMinutes": 1}, {"id": "y"}])
    ]
    assert await platform.accounts.calling_plans() == (
        CallingPlan("x", "Basic", default=True),
        CallingPlan("y", "", default=False),
    )
    asked = stand_in.calls[0]
    assert (asked.path, asked.query) == ("/v2/partition/p1/callingplanproduct", "includeArchived=false")
