from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from installer.alianza.client import Alianza
from installer.domain.numbers import AccountNumber, Reference, TelephoneNumber
from installer.errors import NetworkFailure
from tests.alianza.stand_in import Given, StandIn

TN = TelephoneNumber("12604683252")
OTHER_TN = TelephoneNumber("12604683253")
NUMBER = {
    "phoneNumber": "12604683252",
    "id": "12604683252",
    "accountId": "a1",
    "carrierStatus": "ACTIVE",
    "orderVersion": "XyT9",
    "e911Address": None,
    "directoryListing": {"listed": False},
    "tollFree": False,
}
ACCOUNT_PATH = "/v2/partition/p1/account/a1"


STREET = {
    "streetNumber": "12",
    "preDirectional": "N",
    "streetName": "MAIN",
    "streetSuffix": "ST",
    "city": "PROVO",
    "state": "UT",
    "postalCode": "84604",
    "unit": "3",
    "secondaryLocationDescription": "FLOOR",
}
ONE_LINE = "12 N MAIN ST, FLOOR 3, PROVO, UT 84604"


def without(document: Mapping[str, object], *keys: str) -> dict[str, object]:
    return {key: value for key, value in document.items() if key not in keys}


async def test_list_gives_the_numbers_of_the_plan(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [Given(value=[NUMBER, {**NUMBER, "phoneNumber": "442071838750"}])]
    assert await platform.numbers.list("a1") == (AccountNumber(TN, "ACTIVE", None, ""),)
    assert stand_in.calls[0].path == f"{ACCOUNT_PATH}/telephonenumber"


@pytest.mark.parametrize(
    "value",
    [
        {},
        [without(NUMBER, "phoneNumber")],
        [without(NUMBER, "accountId")],
        [{**NUMBER, "accountId": "a2"}],
    ],
)
async def test_a_list_is_whole_and_of_the_account_or_nothing(
    stand_in: StandIn, platform: Alianza, value: object
) -> None:
    stand_in.script = [Given(value=value)]
    with pytest.raises(NetworkFailure) as caught:
        await platform.numbers.list("a1")
    assert caught.value.code == "bad-reply"


@pytest.mark.parametrize(
    "fields, address",
    [
        ({"e911Address": {"address": STREET, "latitude": "40.1"}}, ONE_LINE),
        ({"e911Address": {**STREET, "latitude": "40.1", "longitude": "-111.6"}}, ONE_LINE),
        ({"e911Address": STREET, "latitude": "40.1", "longitude": "-111.6"}, ONE_LINE),
        ({"e911Address": None, "customerServiceRecord": STREET}, ONE_LINE),
        ({"e911Address": {}, "customerServiceRecord": STREET}, ONE_LINE),
        ({"e911Address": {"address": "text"}, "customerServiceRecord": STREET}, ONE_LINE),
        ({"e911Address": {**STREET, "city": "A\x1b[2J"}}, "12 N MAIN ST, FLOOR 3, A\ufffd[2J, UT 84604"),
        ({"e911Address": {"streetName": 7, "city": None}}, ""),
        ({"e911Address": "12 Main", "customerServiceRecord": [1]}, ""),
    ],
)
async def test_an_address_is_read_in_each_of_its_shapes(
    stand_in: StandIn, platform: Alianza, fields: dict[str, object], address: str
) -> None:
    stand_in.script = [Given(value={**NUMBER, **fields})]
    assert (await platform.numbers.get("a1", TN)).number.address == address


@pytest.mark.parametrize(
    "kind, target, reference",
    [
        (None, None, None),
        ("SPECIALTY_LINE", "l-1", Reference("SPECIALTY_LINE", "l-1")),
        ("IVR", None, Reference("IVR", "")),
        (None, "x", Reference("", "x")),
    ],
)
async def test_whatever_a_number_rings_is_kept(
    stand_in: StandIn,
    platform: Alianza,
    kind: str | None,
    target: str | None,
    reference: Reference | None,
) -> None:
    stand_in.script = [Given(value={**NUMBER, "referenceType": kind, "referenceId": target})]
    assert (await platform.numbers.get("a1", TN)).number.reference == reference


@pytest.mark.parametrize("phone", ["12604683253", "nonsense"])
async def test_another_number_is_a_bad_reply(stand_in: StandIn, platform: Alianza, phone: str) -> None:
    stand_in.script = [Given(value={**NUMBER, "phoneNumber": phone})]
    with pytest.raises(NetworkFailure):
        await platform.numbers.get("a1", TN)


def test_a_reference_is_always_both_fields(platform: Alianza) -> None:
    encode = platform.numbers.encode_reference
    assert json.loads(encode(Reference("SPECIALTY_LINE", "l-1"))) == {
        "referenceId": "l-1",
        "referenceType": "SPECIALTY_LINE",
    }
    assert json.loads(encode(None)) == {"referenceId": None, "referenceType": None}


async def test_patch_and_put_send_the_bytes_they_were_given(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [Given(value={**NUMBER, "referenceType": "SPECIALTY_LINE", "referenceId": "l-1"})] * 2
    routed = await platform.numbers.patch("a1", TN, b'{"frozen":1}')
    assert routed.rings("l-1")
    assert await platform.numbers.replace("a1", TN, b'{"frozen":2}') == routed
    path = platform.numbers.number_path("a1", TN)
    assert path == f"{ACCOUNT_PATH}/telephonenumber/12604683252"
    assert [(asked.method, asked.path, asked.body) for asked in stand_in.calls] == [
        ("PATCH", path, b'{"frozen":1}'),
        ("PUT", path, b'{"frozen":2}'),
    ]


async def test_a_put_keeps_everything_but_the_reference(stand_in: StandIn, platform: Alianza) -> None:
    stand_in.script = [Given(value=NUMBER)]
    fetched = await platform.numbers.get("a1", TN)
    whole = platform.numbers.encode_whole(fetched, Reference("SPECIALTY_LINE", "l-1"))
    assert json.loads(whole) == {**NUMBER, "referenceId": "l-1", "referenceType": "SPECIALTY_LINE"}
    assert json.loads(platform.numbers.encode_whole(fetched, None)) == {
        **NUMBER,
        "referenceId": None,
        "referenceType": None,
    }
