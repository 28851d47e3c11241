"""Every error the platform is known to give, in the shape it gives it."""

from pathlib import Path

import httpx
import pytest

from installer.rehearsal import seed
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.things import MASK
from installer.rehearsal.world import Rules
from tests.rehearsal import schemas
from tests.rehearsal.visitor import (
    CLINIC,
    LINES,
    NUMBER,
    NUMBERS,
    PARTITION,
    TOWER,
    create,
    draft,
    still_clock,
    visitor,
)

ROUTED = {"referenceId": "x", "referenceType": "SPECIALTY_LINE"}


def _code(answer: httpx.Response, shape: dict[str, object]) -> tuple[int, str]:
    body = answer.json()
    schemas.check(body, shape)
    if shape is schemas.ERROR_PLATFORM:
        assert body["status"] == answer.status_code
    return answer.status_code, body["errorCode"] if shape is schemas.ERROR_LINE else body["messages"][0]


@pytest.mark.parametrize(
    "changes,code",
    [
        ({"name": None}, "InvalidName"),
        ({"name": "  "}, "InvalidName"),
        ({"callerId": None}, "InvalidCallerId"),
        ({"callerId": "19715550100"}, "InvalidCallerId"),
        ({"e911CallbackNumber": "19995550100"}, "InvalidE911CallbackNumber"),
        ({"callingPlanIds": []}, "InvalidCallingPlan"),
        ({"callingPlanIds": ["nothing"]}, "InvalidCallingPlan"),
        ({"callingPlanIds": [7]}, "InvalidCallingPlan"),
        ({"callingPlanIds": [seed.PLANS[2].id]}, "InvalidCallingPlan"),
        ({"deviceType": "SIP_9_Port_MTA"}, "InvalidDeviceType"),
        ({"deviceType": None}, "InvalidDeviceType"),
        ({"macAddress": "00-50-58-a0-b1-c2"}, "InvalidMacAddress"),
        ({"macAddress": "005058a0b1c"}, "InvalidMacAddress"),
        ({"macAddress": None}, "InvalidMacAddress"),
        ({"portNumber": 0}, "InvalidLineNumber"),
        ({"portNumber": 9}, "InvalidLineNumber"),
        ({"portNumber": True}, "InvalidLineNumber"),
        ({"portNumber": None}, "InvalidLineNumber"),
        ({"sipUsername": "short", "sipPassword": "s3cret"}, "InvalidSipUsername"),
        ({"sipUsername": "x" * 37, "sipPassword": "s3cret"}, "InvalidSipUsername"),
        ({"sipUsername": "line-one-0001"}, "InvalidSipPassword"),
        ({"sipUsername": "line-one-0001", "sipPassword": "12345"}, "InvalidSipPassword"),
    ],
)
async def test_a_faulty_line_is_refused_and_nothing_is_made(
    platform: RehearsalPlatform, client: httpx.AsyncClient, changes: dict[str, object], code: str
) -> None:
    answer = await client.post(LINES, json=draft(**changes))
    assert _code(answer, schemas.ERROR_LINE) == (400, code)
    assert platform.lines() == ()
    assert platform.ledger.committed() == []


@pytest.mark.parametrize(
    "kind,ports", [("SIP_4_Port_MTA", 4), ("SIP_24_Port_MTA", 24), ("SIP_50_Port_MTA", 50)]
)
async def test_each_model_has_its_ports_and_no_more(client: httpx.AsyncClient, kind: str, ports: int) -> None:
    await create(client, deviceType=kind, portNumber=ports)
    answer = await client.post(LINES, json=draft(deviceType=kind, portNumber=ports + 1))
    assert _code(answer, schemas.ERROR_LINE) == (400, "InvalidLineNumber")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff"])
async def test_a_body_that_is_no_object_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    assert _code(await client.post(LINES, content=body), schemas.ERROR_LINE) == (400, "InvalidRequest")


async def test_a_taken_port_is_refused_over_all_accounts(client: httpx.AsyncClient) -> None:
    await create(client)
    elsewhere = draft(callerId="19715550100")
    for answer in (
        await client.post(LINES, json=draft()),
        await client.post(f"{CLINIC}/specialty-line", json=elsewhere),
    ):
        assert _code(answer, schemas.ERROR_LINE) == (409, "DevicePortInUse")


async def test_a_taken_username_is_refused_over_all_accounts(client: httpx.AsyncClient) -> None:
    own = {"sipUsername": "line-one-0001", "sipPassword": "s3cret"}
    await create(client, **own)
    elsewhere = draft(**own, callerId="19715550100", portNumber=2)
    answer = await client.post(f"{CLINIC}/specialty-line", json=elsewhere)
    assert _code(answer, schemas.ERROR_LINE) == (409, "SipUsernameInUse")


async def test_an_update_may_keep_its_own_place_but_take_no_others(client: httpx.AsyncClient) -> None:
    first, second = await create(client, portNumber=1), await create(client, portNumber=2)
    assert (await client.put(f"{LINES}/{first['id']}", json=first)).status_code == 200
    onto = await client.put(f"{LINES}/{first['id']}", json={**first, "portNumber": 2})
    assert _code(onto, schemas.ERROR_LINE) == (409, "DevicePortInUse")
    same = await client.put(f"{LINES}/{first['id']}", json={**first, "sipUsername": second["sipUsername"]})
    assert _code(same, schemas.ERROR_LINE) == (409, "SipUsernameInUse")


async def test_without_uniqueness_both_lines_stand(tmp_path: Path) -> None:
    rules = Rules(unique_usernames=False, unique_ports=False)
    own = {"sipUsername": "line-one-0001", "sipPassword": "s3cret"}
    async with (
        RehearsalPlatform(tmp_path / "s", clock=still_clock(), rules=rules) as platform,
        visitor(platform) as client,
    ):
        await create(client, **own)
        await create(client, **own)
        assert len(platform.lines()) == 2


async def test_a_masked_password_is_kept_if_somebody_puts_it_back(tmp_path: Path) -> None:
    rules = Rules(mask_passwords=True)
    async with (
        RehearsalPlatform(tmp_path / "s", clock=still_clock(), rules=rules) as platform,
        visitor(platform) as client,
    ):
        line = await create(client, sipUsername="line-one-0001", sipPassword="s3cret")
        assert line["sipPassword"] == MASK
        assert platform.lines()[0].sip_password == "s3cret"
        await client.put(f"{LINES}/{line['id']}", json=line)
        assert platform.lines()[0].sip_password == MASK


@pytest.mark.parametrize("path", [f"{PARTITION}/account/nobody", "/v2/partition/nowhere/account/nobody"])
async def test_lines_of_an_account_that_is_not_there_are_forbidden(
    client: httpx.AsyncClient, path: str
) -> None:
    for answer in (
        await client.get(f"{path}/specialty-line"),
        await client.post(f"{path}/specialty-line", json=draft()),
        await client.get(f"{path}/specialty-line/x"),
    ):
        assert _code(answer, schemas.ERROR_LINE) == (403, "EntityNotFound")


@pytest.mark.parametrize("path", [f"{PARTITION}/account/nobody", "/v2/partition/nowhere/account/nobody"])
async def test_numbers_of_an_account_that_is_not_there_are_not_found(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(f"{path}/telephonenumber")
    assert _code(answer, schemas.ERROR_PLATFORM) == (404, "EntityNotFound")


async def test_another_partition_is_not_permitted(client: httpx.AsyncClient) -> None:
    path = f"/v2/partition/{seed.OTHER_PARTITION}/account/{seed.ELSEWHERE.id}"
    assert _code(await client.get(f"{path}/specialty-line"), schemas.ERROR_LINE) == (400, "NotPermitted")
    assert _code(await client.get(f"{path}/telephonenumber"), schemas.ERROR_PLATFORM) == (400, "NotPermitted")
    hidden = await client.get(f"{PARTITION}/account/{seed.ELSEWHERE.id}/telephonenumber")
    assert _code(hidden, schemas.ERROR_PLATFORM) == (404, "EntityNotFound")


async def test_a_line_that_is_not_there_or_anothers_is_not_found(client: httpx.AsyncClient) -> None:
    line = await create(client)
    for path in (f"{LINES}/nothing", f"{CLINIC}/specialty-line/{line['id']}"):
        for answer in (
            await client.get(path),
            await client.put(path, json=draft()),
            await client.delete(path),
        ):
            assert _code(answer, schemas.ERROR_LINE) == (404, "EntityNotFound")


async def test_a_line_with_numbers_is_not_deleted(client: httpx.AsyncClient) -> None:
    line = await create(client)
    await client.patch(f"{NUMBERS}/{NUMBER}", json={**ROUTED, "referenceId": line["id"]})
    answer = await client.delete(f"{LINES}/{line['id']}")
    assert _code(answer, schemas.ERROR_LINE) == (400, "LineHasPhoneNumbers")


@pytest.mark.parametrize("username", ["short", "x" * 37, "", None, 7])
async def test_a_username_of_a_wrong_length_is_refused(client: httpx.AsyncClient, username: object) -> None:
    answer = await client.post("/v2/rpc/specialty-line/validate-sip-username", json={"username": username})
    assert _code(answer, schemas.ERROR_LINE) == (400, "InvalidSipUsername")


@pytest.mark.parametrize(
    "body,code",
    [
        ({"referenceId": "x"}, "InvalidReference"),
        ({"referenceType": None}, "InvalidReference"),
        (ROUTED, "InvalidReference"),
        ({**ROUTED, "referenceType": "PIGEON"}, "InvalidReference"),
        ({"referenceId": None, "referenceType": "SPECIALTY_LINE"}, "InvalidReference"),
        ({"phoneNumber": "19995550100"}, "InvalidRequest"),
    ],
)
async def test_a_faulty_route_is_refused(
    platform: RehearsalPlatform, client: httpx.AsyncClient, body: dict[str, object], code: str
) -> None:
    assert _code(await client.patch(f"{NUMBERS}/{NUMBER}", json=body), schemas.ERROR_PLATFORM) == (400, code)
    assert platform.ledger.committed() == []


async def test_a_number_is_not_routed_to_another_accounts_line(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{CLINIC}/specialty-line", json=draft(callerId="19715550100"))
    route = {**ROUTED, "referenceId": answer.json()["id"]}
    assert (await client.patch(f"{NUMBERS}/{NUMBER}", json=route)).status_code == 400


async def test_a_number_read_before_another_write_is_not_put_back(client: httpx.AsyncClient) -> None:
    stale = (await client.get(f"{NUMBERS}/{NUMBER}")).json()
    await client.patch(f"{NUMBERS}/{NUMBER}", json={"assignAsCallerId": True})
    answer = await client.put(f"{NUMBERS}/{NUMBER}", json=stale)
    assert _code(answer, schemas.ERROR_PLATFORM) == (400, "OrderVersionMismatch")


async def test_a_put_changes_neither_owner_nor_status(client: httpx.AsyncClient) -> None:
    number = (await client.get(f"{NUMBERS}/{NUMBER}")).json()
    for key in ("accountId", "carrierStatus", "phoneNumber"):
        answer = await client.put(f"{NUMBERS}/{NUMBER}", json={**number, key: "x"})
        assert _code(answer, schemas.ERROR_PLATFORM) == (400, "InvalidRequest")


async def test_anothers_number_is_not_found(client: httpx.AsyncClient) -> None:
    for number in ("19715550100", "19995550100"):
        assert _code(await client.get(f"{NUMBERS}/{number}"), schemas.ERROR_PLATFORM) == (
            404,
            "EntityNotFound",
        )


@pytest.mark.parametrize(
    "params,code",
    [
        ({"macaddress": "005058a0b1c2"}, "MacAddressInUse"),
        ({"macaddress": "nonsense"}, "InvalidMacAddress"),
        ({"sipusername": "line-one-0001"}, "SipUsernameInUse"),
        ({"accountnumber": "100200"}, "AccountNumberInUse"),
        ({}, "InvalidRequest"),
        ({"macaddress": "005058000001", "sipusername": "x"}, "InvalidRequest"),
    ],
)
async def test_properties_that_are_taken_are_refused(
    client: httpx.AsyncClient, params: dict[str, str], code: str
) -> None:
    await create(client, sipUsername="line-one-0001", sipPassword="s3cret")
    answer = await client.get(f"{PARTITION}/account/validateproperties", params=params)
    assert _code(answer, schemas.ERROR_PLATFORM) == (400, code)


async def test_a_search_for_nothing_is_refused(client: httpx.AsyncClient) -> None:
    assert _code(await client.get(f"{PARTITION}/account/search"), schemas.ERROR_PLATFORM) == (
        400,
        "InvalidRequest",
    )


async def test_an_unknown_kind_of_account_id_is_told_of_in_its_own_shape(client: httpx.AsyncClient) -> None:
    answer = await client.get(TOWER, params={"accountIdType": "Colour"})
    schemas.check(answer.json(), schemas.ERROR_SINGLE)
    assert (answer.status_code, answer.json()["code"]) == (400, 400)


@pytest.mark.parametrize("kind", ["Id", "AccountNumber", "PhoneNumber", "MacAddress"])
async def test_an_account_that_is_not_there_is_not_found(client: httpx.AsyncClient, kind: str) -> None:
    for value in ("nothing", "900100", "0050580000ff"):
        answer = await client.get(f"{PARTITION}/account/{value}", params={"accountIdType": kind})
        assert _code(answer, schemas.ERROR_PLATFORM) == (404, "EntityNotFound")


async def test_a_device_is_visible_only_in_its_account_and_after_its_time(tmp_path: Path) -> None:
    rules = Rules(device_404_for=2.0)
    async with (
        RehearsalPlatform(tmp_path / "s", clock=still_clock(), rules=rules) as platform,
        visitor(platform) as client,
    ):
        device = (await create(client))["deviceId"]
        path = f"{TOWER}/deviceline/{device}/registrationstatus"
        assert _code(await client.get(path), schemas.ERROR_PLATFORM) == (404, "EntityNotFound")
        platform.advance(2.0)
        assert (await client.get(path)).json() == {"registered": False}
        for other in (f"{CLINIC}/deviceline/{device}", f"{TOWER}/deviceline/nothing"):
            assert (await client.get(f"{other}/registrationstatus")).status_code == 404


async def test_a_method_that_is_none_is_refused_in_shape(client: httpx.AsyncClient) -> None:
    answer = await client.delete(NUMBERS)
    assert answer.status_code == 405
    schemas.check(answer.json(), schemas.ERROR_PLATFORM)
