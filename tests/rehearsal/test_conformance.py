"""Every operation answers as the guides say."""

import httpx
import pytest

from installer.rehearsal import seed
from installer.rehearsal.platform import RehearsalPlatform
from tests.rehearsal import schemas
from tests.rehearsal.visitor import (
    CLINIC,
    LINES,
    MAC,
    NUMBER,
    NUMBERS,
    PARTITION,
    TOWER,
    create,
    draft,
    visitor,
)


async def test_signing_in_gives_a_token_and_says_who(client: httpx.AsyncClient) -> None:
    who = seed.USERS[1]
    answer = await client.post("/v2/authorize", json={"username": who.username, "password": who.password})
    assert answer.status_code == 200
    schemas.check(answer.json(), schemas.LOGIN)
    info = await client.get("/v2/authorize/userinfo", headers={"X-AUTH-TOKEN": answer.json()["authToken"]})
    assert info.json() == answer.json()


async def test_signing_out_ends_the_token(client: httpx.AsyncClient) -> None:
    assert (await client.put("/v2/authorize/logout")).status_code == 200
    assert (await client.get("/v2/authorize/userinfo")).status_code == 401


async def test_a_line_with_a_device_is_created_as_the_guide_prints_it(client: httpx.AsyncClient) -> None:
    answer = await client.post(LINES, json=draft())
    line = answer.json()
    assert answer.status_code == 201
    schemas.check(line, schemas.LINE)
    assert (line["macAddress"], line["portNumber"], line["linkedPhoneNumbers"]) == (MAC, 1, None)
    assert len(line["sipUsername"]) == 14
    assert line["deviceId"] not in {None, line["id"]}


async def test_a_line_without_a_device_still_gets_credentials(client: httpx.AsyncClient) -> None:
    line = await create(client, deviceType=None, macAddress=None, portNumber=None)
    schemas.check(line, schemas.LINE)
    assert (line["deviceType"], line["deviceId"], line["macAddress"], line["portNumber"]) == (None,) * 4


async def test_own_credentials_are_kept_as_sent(client: httpx.AsyncClient) -> None:
    line = await create(client, sipUsername="line-one-0001", sipPassword="s3cret")
    assert (line["sipUsername"], line["sipPassword"]) == ("line-one-0001", "s3cret")


async def test_lines_are_listed_and_read_one_by_one(client: httpx.AsyncClient) -> None:
    made = [await create(client, portNumber=port) for port in (1, 2, 8)]
    listed = (await client.get(LINES)).json()
    schemas.check(listed, schemas.list_of(schemas.LINE))
    assert listed == made
    assert (await client.get(f"{LINES}/{made[1]['id']}")).json() == made[1]
    assert (await client.get(f"{CLINIC}/specialty-line")).json() == []


async def test_a_line_is_updated_by_its_full_object(client: httpx.AsyncClient) -> None:
    line = await create(client)
    answer = await client.put(f"{LINES}/{line['id']}", json={**line, "name": "Elevator 2", "portNumber": 3})
    assert answer.status_code == 200
    assert answer.json() == {**line, "name": "Elevator 2", "portNumber": 3}
    assert (await client.get(LINES)).json() == [answer.json()]


async def test_a_device_is_taken_off_and_given_back_under_a_new_id(client: httpx.AsyncClient) -> None:
    line = await create(client)
    bare = {**line, "deviceType": None, "macAddress": None, "portNumber": None}
    taken = (await client.put(f"{LINES}/{line['id']}", json=bare)).json()
    assert taken["deviceId"] is None
    given = (await client.put(f"{LINES}/{line['id']}", json=line)).json()
    assert given["deviceId"] not in {None, line["deviceId"]}
    assert given["sipPassword"] == line["sipPassword"]


async def test_an_update_without_credentials_keeps_them(client: httpx.AsyncClient) -> None:
    line = await create(client)
    body = {key: value for key, value in line.items() if not key.startswith("sip")}
    assert (await client.put(f"{LINES}/{line['id']}", json=body)).json() == line


async def test_a_deleted_line_is_gone_and_its_place_free(client: httpx.AsyncClient) -> None:
    line = await create(client, sipUsername="line-one-0001", sipPassword="s3cret")
    answer = await client.delete(f"{LINES}/{line['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await client.get(LINES)).json() == []
    assert (await client.delete(f"{LINES}/{line['id']}")).status_code == 404
    again = await create(client, sipUsername="line-one-0001", sipPassword="s3cret")
    assert again["id"] != line["id"]


@pytest.mark.parametrize(
    "username,free", [("line-one-0001", "false"), ("LINE-one-0001", "false"), ("line-two-0002", "true")]
)
async def test_the_body_says_whether_a_username_is_free(
    client: httpx.AsyncClient, username: str, free: str
) -> None:
    await create(client, sipUsername="line-one-0001", sipPassword="s3cret")
    answer = await client.post("/v2/rpc/specialty-line/validate-sip-username", json={"username": username})
    assert (answer.status_code, answer.text) == (200, free)
    assert answer.headers["content-type"].startswith("text/plain")


async def test_numbers_are_listed_whole_or_short(client: httpx.AsyncClient) -> None:
    numbers = (await client.get(NUMBERS)).json()
    schemas.check(numbers, schemas.list_of(schemas.NUMBER))
    free = [each for each in numbers if each["carrierStatus"] == "ACTIVE" and "referenceId" not in each]
    assert len(free) >= 130
    assert {each["carrierStatus"] for each in numbers} == {"ACTIVE", "ACTIVATION_ON_HOLD", "PORT_PENDING"}
    assert "END_USER" in {each.get("referenceType") for each in numbers}
    assert len({str(each.get("e911Address")) for each in numbers}) > 5
    short = (await client.get(NUMBERS, params={"limitedData": "true"})).json()
    assert [each["id"] for each in short] == [each["id"] for each in numbers]
    assert "customerServiceRecord" not in short[0]


async def test_a_number_is_routed_and_shows_at_its_line(client: httpx.AsyncClient) -> None:
    line = await create(client)
    before = (await client.get(f"{NUMBERS}/{NUMBER}")).json()
    body = {"referenceId": line["id"], "referenceType": "SPECIALTY_LINE"}
    after = (await client.patch(f"{NUMBERS}/{NUMBER}", json=body)).json()
    schemas.check(after, schemas.NUMBER)
    assert after["orderVersion"] != before["orderVersion"]
    assert {**after, "orderVersion": ""} == {**before, **body, "orderVersion": ""}
    assert (await client.get(f"{LINES}/{line['id']}")).json()["linkedPhoneNumbers"] == [NUMBER]


async def test_nulls_take_a_route_away(client: httpx.AsyncClient) -> None:
    line = await create(client)
    body = {"referenceId": line["id"], "referenceType": "SPECIALTY_LINE"}
    await client.patch(f"{NUMBERS}/{NUMBER}", json=body)
    after = (
        await client.patch(f"{NUMBERS}/{NUMBER}", json={"referenceId": None, "referenceType": None})
    ).json()
    assert "referenceId" not in after
    assert (await client.get(f"{LINES}/{line['id']}")).json()["linkedPhoneNumbers"] is None


async def test_a_number_is_moved_from_one_line_to_another(client: httpx.AsyncClient) -> None:
    first, second = await create(client, portNumber=1), await create(client, portNumber=2)
    for line in (first, second):
        await client.patch(
            f"{NUMBERS}/{NUMBER}", json={"referenceId": line["id"], "referenceType": "SPECIALTY_LINE"}
        )
    linked = [line["linkedPhoneNumbers"] for line in (await client.get(LINES)).json()]
    assert linked == [None, [NUMBER]]


async def test_a_number_is_put_back_whole_with_fields_nobody_knows(client: httpx.AsyncClient) -> None:
    number = (await client.get(f"{NUMBERS}/{NUMBER}")).json()
    put = await client.put(
        f"{NUMBERS}/{NUMBER}", json={**number, "assignAsCallerId": True, "newField": {"x": [1]}}
    )
    assert put.status_code == 200
    assert put.json() == {
        **number,
        "assignAsCallerId": True,
        "newField": {"x": [1]},
        "orderVersion": put.json()["orderVersion"],
    }
    assert put.json()["orderVersion"] != number["orderVersion"]


async def test_plans_are_the_partitions_and_archived_ones_come_when_asked_for(
    client: httpx.AsyncClient,
) -> None:
    plans = (await client.get(f"{PARTITION}/callingplanproduct")).json()
    schemas.check(plans, schemas.list_of(schemas.PLAN))
    assert [plan["defaultPlan"] for plan in plans].count(True) == 1
    every = (await client.get(f"{PARTITION}/callingplanproduct", params={"includeArchived": "true"})).json()
    assert len(every) == len(plans) + 1


@pytest.mark.parametrize(
    "wanted,found",
    [
        ("harbor point", [seed.TOWER.id, seed.GARAGE.id]),
        ("Harbor Point Tower", [seed.TOWER.id]),
        ("100300", [seed.CLINIC.id]),
        (NUMBER, [seed.TOWER.id]),
        (MAC, [seed.TOWER.id]),
        ("00:50:58:a0:b1:c2", [seed.TOWER.id]),
        ("Somebody", []),
    ],
)
async def test_accounts_are_found_by_name_number_phone_and_mac(
    client: httpx.AsyncClient, wanted: str, found: list[str]
) -> None:
    await create(client)
    accounts = (await client.get(f"{PARTITION}/account/search", params={"q": wanted})).json()
    schemas.check(accounts, schemas.list_of(schemas.ACCOUNT_VIEW))
    assert [account["id"] for account in accounts] == found


@pytest.mark.parametrize(
    "value,kind",
    [
        (seed.TOWER.id, None),
        (seed.TOWER.number, "AccountNumber"),
        (NUMBER, "PhoneNumber"),
        (MAC, "MacAddress"),
    ],
)
async def test_an_account_is_looked_up_by_each_kind_of_id(
    client: httpx.AsyncClient, value: str, kind: str | None
) -> None:
    await create(client)
    params = {} if kind is None else {"accountIdType": kind}
    account = (await client.get(f"{PARTITION}/account/{value}", params=params)).json()
    schemas.check(account, schemas.ACCOUNT)
    assert account["id"] == seed.TOWER.id


@pytest.mark.parametrize(
    "params", [{"macaddress": "005058000001"}, {"sipusername": "nobody-has-this"}, {"accountnumber": "77"}]
)
async def test_properties_that_are_free_are_true(client: httpx.AsyncClient, params: dict[str, str]) -> None:
    answer = await client.get(f"{PARTITION}/account/validateproperties", params=params)
    assert (answer.status_code, answer.json()) == (200, True)


async def test_an_unregistered_device_is_said_to_be_so(client: httpx.AsyncClient) -> None:
    line = await create(client)
    answer = await client.get(f"{TOWER}/deviceline/{line['deviceId']}/registrationstatus")
    schemas.check(answer.json(), schemas.REGISTRATION)
    assert answer.json() == {"registered": False}


async def test_a_devices_provisioning_names_every_line_and_the_registrar(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    lines = [await create(client, portNumber=port) for port in (1, 2)]
    device = lines[0]["deviceId"]
    answer = await client.get(f"{PARTITION}/deviceprovisioning/account/{seed.TOWER.id}/device/{device}")
    schemas.check(answer.json(), schemas.DEVICE)
    assert [line["sipUsername"] for line in answer.json()["lines"]] == [line["sipUsername"] for line in lines]
    assert answer.json()["lines"][0]["serverPort"] == str(platform.registrar_port)


async def test_the_guides_misspelt_path_is_no_path(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{TOWER}/telephonenumer")
    assert answer.status_code == 404
    schemas.check(answer.json(), schemas.ERROR_PLATFORM)


async def test_two_technicians_see_the_same_lines(
    platform: RehearsalPlatform, client: httpx.AsyncClient
) -> None:
    line = await create(client)
    async with visitor(platform) as second:
        assert (await second.get(LINES)).json() == [line]


async def test_a_number_can_be_given_to_something_that_is_no_line(client: httpx.AsyncClient) -> None:
    line = await create(client)
    body = {"referenceId": line["id"], "referenceType": "SPECIALTY_LINE"}
    await client.patch(f"{NUMBERS}/{NUMBER}", json=body)
    taken = await client.patch(
        f"{NUMBERS}/{NUMBER}", json={"referenceId": "someone", "referenceType": "END_USER"}
    )
    assert (taken.status_code, taken.json()["referenceId"]) == (200, "someone")
    assert (await client.get(f"{LINES}/{line['id']}")).json()["linkedPhoneNumbers"] is None
