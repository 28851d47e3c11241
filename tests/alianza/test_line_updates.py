from __future__ import annotations

import json

import pytest

from installer.alianza.client import Alianza
from installer.domain.credential import Secret, SipCredential, SipUsername
from installer.domain.line import DeviceSlot, LineChanges
from installer.domain.mac import MacAddress
from installer.errors import Conflict
from tests.alianza.samples import LINE, OTHER_TN, READ, without
from tests.alianza.stand_in import Given, StandIn


async def test_a_change_sends_the_whole_fresh_object(stand_in: StandIn, platform: Alianza) -> None:
    fresh = {**without(LINE, "linkedPhoneNumbers"), "new": {"deep": [1, None]}, "deviceId": None}
    stand_in.script = [Given(value=fresh), Given(value=LINE)]
    fetched = await platform.lines.get("a1", "l-1")
    changes = LineChanges(
        name="Car 2",
        caller_id=OTHER_TN,
        e911_callback=OTHER_TN,
        calling_plan_ids=("p2",),
        slot=DeviceSlot(MacAddress("005058000001"), 7, "SIP_24_Port_MTA"),
        credential=SipCredential(SipUsername("newnewnew"), Secret("fresh-password")),
    )
    body = platform.lines.encode_changed(fetched, changes, None)
    assert json.loads(body) == {
        **fresh,
        "name": "Car 2",
        "callerId": "12604683253",
        "e911CallbackNumber": "12604683253",
        "callingPlanIds": ["p2"],
        "deviceType": "SIP_24_Port_MTA",
        "macAddress": "005058000001",
        "portNumber": 7,
        "sipUsername": "newnewnew",
        "sipPassword": "fresh-password",
    }
    assert await platform.lines.replace("a1", "l-1", body) == READ
    put = stand_in.calls[-1]
    assert (put.method, put.path, put.body) == ("PUT", platform.lines.line_path("a1", "l-1"), body)


@pytest.mark.parametrize("mask", [None, "", "*", "********", "••••", "●●"])
async def test_a_mask_is_never_put_back(stand_in: StandIn, platform: Alianza, mask: str | None) -> None:
    stand_in.script = [Given(value={**LINE, "sipPassword": mask})]
    fetched = await platform.lines.get("a1", "l-1")
    assert fetched.line.sip_password is None
    with pytest.raises(Conflict) as caught:
        platform.lines.encode_changed(fetched, LineChanges(name="x"), None)
    assert caught.value.code == "password-masked"
    body = platform.lines.encode_changed(fetched, LineChanges(name="x"), Secret("our own"))
    assert json.loads(body) == {**LINE, "name": "x", "sipPassword": "our own"}


async def test_a_password_that_is_left_out_counts_as_masked(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [Given(value=without(LINE, "sipPassword"))]
    fetched = await platform.lines.get("a1", "l-1")
    with pytest.raises(Conflict):
        platform.lines.encode_changed(fetched, LineChanges(), None)
    assert (
        json.loads(platform.lines.encode_changed(fetched, LineChanges(), Secret("own")))["sipPassword"]
        == "own"
    )


async def test_a_new_credential_needs_no_old_password(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [Given(value={**LINE, "sipPassword": "****"})]
    fetched = await platform.lines.get("a1", "l-1")
    changes = LineChanges(credential=SipCredential(SipUsername("newnewnew"), Secret("fresh")))
    assert json.loads(platform.lines.encode_changed(fetched, changes, None))["sipPassword"] == "fresh"


async def test_a_clear_password_stays_as_the_platform_has_it(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [Given(value=LINE)]
    fetched = await platform.lines.get("a1", "l-1")
    assert json.loads(platform.lines.encode_changed(fetched, LineChanges(), Secret("own"))) == LINE


async def test_a_line_without_credential_has_no_password_to_mask(
    stand_in: StandIn, platform: Alianza
) -> None:
    bare = {**LINE, "sipUsername": None, "sipPassword": None}
    stand_in.script = [Given(value=bare)]
    fetched = await platform.lines.get("a1", "l-1")
    assert json.loads(platform.lines.encode_changed(fetched, LineChanges(), Secret("own"))) == bare
