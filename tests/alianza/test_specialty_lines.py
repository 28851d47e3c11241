from __future__ import annotations

import json

import pytest

from installer.alianza.client import Alianza
from installer.domain.credential import Secret, SipCredential, SipUsername
from installer.domain.line import DeviceSlot, NewLine
from installer.domain.mac import MacAddress
from installer.errors import Certainty, InvalidValue, NetworkFailure, Rejected, SignInFailure
from tests.alianza.samples import ACCOUNT_PATH, LINE, OTHER_TN, READ, TN, without
from tests.alianza.stand_in import Given, StandIn


def test_a_new_line_with_device_and_credential_is_spelled_as_the_guide_does(platform: Alianza) -> None:
    new = NewLine(
        name="Intercom 4",
        caller_id=TN,
        e911_callback=OTHER_TN,
        calling_plan_ids=("plan", "more"),
        slot=DeviceSlot(MacAddress("2c3ea4f2ea53"), 5, "SIP_8_Port_MTA"),
        credential=SipCredential(SipUsername("abcdefgh"), Secret("hunter2hunter2")),
    )
    assert json.loads(platform.lines.encode_new(new)) == {
        "name": "Intercom 4",
        "callerId": "12604683252",
        "e911CallbackNumber": "12604683253",
        "callingPlanIds": ["plan", "more"],
        "deviceType": "SIP_8_Port_MTA",
        "macAddress": "2c3ea4f2ea53",
        "portNumber": 5,
        "sipUsername": "abcdefgh",
        "sipPassword": "hunter2hunter2",
    }


def test_what_is_not_chosen_is_not_named(platform: Alianza) -> None:
    body = platform.lines.encode_new(NewLine("n", TN, TN, ("plan",)))
    assert sorted(json.loads(body)) == ["callerId", "callingPlanIds", "e911CallbackNumber", "name"]


async def test_create_posts_the_bytes_it_was_given(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [Given(201, LINE)]
    assert await platform.lines.create("a1", b'{"frozen": 1}') == READ
    (asked,) = stand_in.calls
    assert (asked.method, asked.path, asked.body) == (
        "POST",
        f"{ACCOUNT_PATH}/specialty-line",
        b'{"frozen": 1}',
    )
    assert asked.path == platform.lines.create_path("a1")


async def test_list_gives_every_line(stand_in: StandIn, platform: Alianza) -> None:
    bare = {"id": "l-2", "accountId": "a1", "partitionId": "p1", "name": "\x1b[31m", "callingPlanIds": []}
    stand_in.script = [Given(value=[LINE, bare])]
    first, second = await platform.lines.list("a1")
    assert first == READ
    assert (second.name, second.mac, second.fxs_port, second.sip_username, second.sip_password) == (
        "\x1b[31m", None, None, None, None,
    )  # fmt: skip
    assert second.linked_numbers == ()


@pytest.mark.parametrize(
    "value",
    [
        None, {}, {"lines": []}, "[]", 7, [None], [[]], [{}],
        [without(LINE, "id")], [without(LINE, "accountId")], [without(LINE, "name")],
        [LINE, {**LINE, "accountId": "a2"}],
        [{**LINE, "id": ""}], [{**LINE, "id": "../x"}], [{**LINE, "id": 5}],
        [{**LINE, "deviceId": "a/b"}],
        [{**LINE, "portNumber": "5"}], [{**LINE, "portNumber": True}], [{**LINE, "portNumber": 1.5}],
        [{**LINE, "linkedPhoneNumbers": "x"}],
        [{**LINE, "callingPlanIds": [None]}],
    ],
)  # fmt: skip
async def test_a_list_is_whole_and_of_the_account_or_nothing(
    stand_in: StandIn, platform: Alianza, value: object
) -> None:
    stand_in.script = [Given(value=value)]
    with pytest.raises(NetworkFailure) as caught:
        await platform.lines.list("a1")
    assert (caught.value.code, caught.value.certainty) == ("bad-reply", Certainty.UNKNOWN)
    assert "hunter2" not in str(vars(caught.value))
    assert len(stand_in.calls) == 1


async def test_a_foreign_lines_impossible_mac_hides_no_other_line(
    stand_in: StandIn, platform: Alianza
) -> None:
    stand_in.script = [Given(value=[{**LINE, "macAddress": "ffffffffffff"}, LINE])]
    odd, good = await platform.lines.list("a1")
    assert odd.mac is None
    assert good == READ


@pytest.mark.parametrize("mac", ["2C3EA4F2EA53", "2c:3e:a4:f2:ea:53"])
async def test_macs_are_compared_normalised(stand_in: StandIn, platform: Alianza, mac: str) -> None:
    stand_in.script = [Given(value={**LINE, "macAddress": mac})]
    assert (await platform.lines.get("a1", "l-1")).line == READ


@pytest.mark.parametrize("wrong", [{"id": "l-2"}, {"accountId": "a2"}])
async def test_a_line_that_was_not_asked_for_is_a_bad_reply(
    stand_in: StandIn, platform: Alianza, wrong: dict[str, str]
) -> None:
    stand_in.script = [Given(value={**LINE, **wrong})] * 2
    with pytest.raises(NetworkFailure):
        await platform.lines.get("a1", "l-1")
    with pytest.raises(NetworkFailure) as caught:
        await platform.lines.replace("a1", "l-1", b"{}")
    assert caught.value.certainty is Certainty.UNKNOWN


async def test_a_document_prints_no_values(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [Given(value={**LINE, "secretOfTheirs": "s3cret"})]
    shown = repr(await platform.lines.get("a1", "l-1"))
    assert "hunter2" not in shown
    assert "s3cret" not in shown


@pytest.mark.parametrize(
    "given",
    [
        Given(204, body=b""),
        Given(200, body=b""),
        Given(404, {"errorCode": "EntityNotFound"}),
        Given(404, body=b""),
    ],
)
async def test_deleting_ends_with_the_line_gone(stand_in: StandIn, platform: Alianza, given: Given) -> None:
    stand_in.script = [given]
    await platform.lines.delete("a1", "l-1")
    assert (stand_in.calls[0].method, stand_in.calls[0].path) == (
        "DELETE",
        platform.lines.line_path("a1", "l-1"),
    )


@pytest.mark.parametrize(
    "given",
    [
        Given(404, body=b"<html>no such page", media="text/html"),
        Given(200, body=b"<html>Wi-Fi", media="text/html"),
        Given(500),
        Given(403),
    ],
)
async def test_nothing_else_counts_as_deleted(stand_in: StandIn, platform: Alianza, given: Given) -> None:
    stand_in.script = [given]
    with pytest.raises((NetworkFailure, Rejected, SignInFailure)):
        await platform.lines.delete("a1", "l-1")


@pytest.mark.parametrize(
    "body, free",
    [(b"true", True), (b" TRUE\r\n", True), (b"True", True), (b"false", False), (b"FALSE ", False)],
)
async def test_the_body_says_whether_a_username_is_free(
    stand_in: StandIn, platform: Alianza, body: bytes, free: bool
) -> None:
    stand_in.script = [Given(200, body=body, media="text/plain")]
    assert await platform.lines.username_free(SipUsername("abcdefgh")) is free
    (asked,) = stand_in.calls
    assert (asked.method, asked.path) == ("POST", "/v2/rpc/specialty-line/validate-sip-username")
    assert asked.document == {"username": "abcdefgh"}


@pytest.mark.parametrize(
    "body",
    [b"", b"1", b"200", b'"true"', b"{}", b"[true]", b"null", b"true true", b"\xff", b"yes", b"VALID"],
)
async def test_anything_but_true_or_false_is_no_verdict(
    stand_in: StandIn, platform: Alianza, body: bytes
) -> None:
    stand_in.script = [Given(200, body=body)]
    with pytest.raises(NetworkFailure) as caught:
        await platform.lines.username_free(SipUsername("abcdefgh"))
    assert (caught.value.code, caught.value.certainty) == ("no-verdict", Certainty.UNKNOWN)


@pytest.mark.parametrize(
    "given, registered",
    [
        (Given(value={"registered": True}), True),
        (Given(value={"registered": False, "more": 1}), False),
        (Given(404, {"status": 404, "messages": ["EntityNotFound"]}), None),
    ],
)
async def test_registration_is_yes_no_or_not_known_yet(
    stand_in: StandIn, platform: Alianza, given: Given, registered: bool | None
) -> None:
    stand_in.script = [given]
    assert await platform.lines.registered("a1", "d 1") is registered
    assert stand_in.calls[0].path == f"{ACCOUNT_PATH}/deviceline/d%201/registrationstatus"


@pytest.mark.parametrize("value", [{}, {"registered": "true"}, {"registered": 1}, {"registered": None}, []])
async def test_registration_is_never_guessed(stand_in: StandIn, platform: Alianza, value: object) -> None:
    stand_in.script = [Given(value=value)]
    with pytest.raises(NetworkFailure):
        await platform.lines.registered("a1", "d-1")


async def test_other_refusals_of_a_status_are_told(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [Given(400)]
    with pytest.raises(Rejected):
        await platform.lines.registered("a1", "d-1")


async def test_an_id_that_leaves_the_account_is_never_sent(stand_in: StandIn, platform: Alianza) -> None:
    with pytest.raises(InvalidValue):
        await platform.lines.delete("a1", "../../account")
    assert stand_in.calls == []
