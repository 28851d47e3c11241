"""The customers a rehearsal starts with. Names and addresses are made up; numbers are 555-01xx."""

from __future__ import annotations

from collections.abc import Iterator

from installer.rehearsal.storage import JsonObject
from installer.rehearsal.things import Account, Plan, User

PARTITION = "rehearsalPartition0001"
PARTITION_NAME = "Rehearsal Telecom"
OTHER_PARTITION = "rehearsalPartition0002"
SIP_DOMAIN = "sip.rehearsal.example"

USERS = (
    User("tech@rehearsal.example", "rehearsal-only-0000", "Robin", "Tech"),
    User("second@rehearsal.example", "rehearsal-only-0001", "Sasha", "Second"),
)
"""Published: they open nothing but a rehearsal."""

TOWER = Account("HarborPointTower000001", PARTITION, "100200", "Harbor Point Tower")
CLINIC = Account("CedarRidgeMedical00001", PARTITION, "100300", "Cedar Ridge Medical")
GARAGE = Account("HarborPointGarage00001", PARTITION, "100201", "Harbor Point Garage", "SUSPENDED")
ELSEWHERE = Account("OtherPartitionAcct0001", OTHER_PARTITION, "900100", "Somebody Else's Customer")
OFFERED = (TOWER, CLINIC, GARAGE)
ACCOUNTS = (*OFFERED, ELSEWHERE)

PLANS = (
    Plan("planSpecialtyUnlim0001", "Specialty Unlimited", 10000, default=True),
    Plan("planSpecialtyMeter0001", "Specialty Metered", 500),
    Plan("planLegacyAnalog000001", "Legacy Analog 2019", 1000, archived=True),
)

_TOWER_PLACES = (
    ("LOBBY", ""),
    ("BASEMENT", ""),
    ("FLOOR", "2"),
    ("FLOOR", "3"),
    ("FLOOR", "5"),
    ("FLOOR", "8"),
    ("FLOOR", "12"),
    ("ROOM", "ELEV1"),
    ("ROOM", "FIRE1"),
    ("PENTHOUSE", ""),
)


def _address(street_number: str, street: str, place: tuple[str, str], business: str) -> JsonObject:
    return {
        "businessName": business,
        "streetNumber": street_number,
        "preDirectional": "",
        "streetName": street,
        "streetSuffix": "ST",
        "postDirectional": "",
        "city": "PORTLAND",
        "state": "OR",
        "country": "USA",
        "postalCode": "97201",
        "secondaryLocationDescription": place[0],
        "unit": place[1],
        "customerType": "BUSINESS",
    }


def _number(account: Account, number: str, status: str, address: JsonObject, *, e911: bool) -> JsonObject:
    made: JsonObject = {
        "phoneNumber": number,
        "functionType": "ELS",
        "servicePackageType": "Usage",
        "accountId": account.id,
        "partitionId": account.partition_id,
        "customerServiceRecord": {**address, "secondaryLocationDescription": "", "unit": ""},
        "carrierStatus": status,
        "orderVersion": f"order{number}000000",
        "directoryListing": {"listed": False, "type": "NOT_LIST_NOT_PUBLISH"},
        "assignAsCallerId": False,
        "id": number,
        "tollFree": False,
    }
    if e911:
        made["e911Address"] = {**address, "latitude": "45.5051", "longitude": "-122.6750", "language": None}
    return made


def _routed(number: JsonObject) -> JsonObject:
    return {**number, "referenceType": "END_USER", "referenceId": "endUserOfSomebody00001"}


def _tower_numbers() -> Iterator[JsonObject]:
    """150: the first 140 active and free, then 3 on hold, 3 porting, 4 with an end user."""
    for index in range(150):
        number = f"1503555{100 + index:04}" if index < 100 else f"1541555{index:04}"
        status = "ACTIVE"
        if 140 <= index < 143:
            status = "ACTIVATION_ON_HOLD"
        elif 143 <= index < 146:
            status = "PORT_PENDING"
        place = _TOWER_PLACES[index % len(_TOWER_PLACES)]
        address = _address("400", "HARBOR", place, "HARBOR POINT TOWER")
        made = _number(TOWER, number, status, address, e911=index % 10 != 9)
        yield _routed(made) if index >= 146 else made


def _clinic_numbers() -> Iterator[JsonObject]:
    for index in range(60):
        place = ("SUITE", str(100 + 10 * (index // 20)))
        address = _address("77", "CEDAR", place, "CEDAR RIDGE MEDICAL")
        made = _number(CLINIC, f"1971555{100 + index:04}", "ACTIVE", address, e911=True)
        yield _routed(made) if index >= 58 else made


def numbers() -> Iterator[JsonObject]:
    """Every seeded number, account by account, in the same order each time."""
    yield from _tower_numbers()
    yield from _clinic_numbers()
    garage = _address("402", "HARBOR", ("", ""), "HARBOR POINT GARAGE")
    for index in range(5):
        yield _number(GARAGE, f"1458555{100 + index:04}", "ACTIVE", garage, e911=True)
    elsewhere = _address("1", "ELSE", ("", ""), "SOMEBODY ELSE")
    yield _number(ELSEWHERE, "14585550190", "ACTIVE", elsewhere, e911=True)
