"""One line, as the platform writes it and as the client reads it."""

from collections.abc import Mapping

from installer.domain.credential import Secret, SipUsername
from installer.domain.line import SpecialtyLine
from installer.domain.mac import MacAddress
from installer.domain.numbers import TelephoneNumber

TN = TelephoneNumber("12604683252")
OTHER_TN = TelephoneNumber("12604683253")
LINE = {
    "id": "l-1",
    "accountId": "a1",
    "partitionId": "p1",
    "name": "Intercom 4",
    "linkedPhoneNumbers": ["12604683252"],
    "callerId": "12604683252",
    "e911CallbackNumber": "12604683252",
    "callingPlanIds": ["plan"],
    "deviceType": "SIP_8_Port_MTA",
    "deviceId": "d-1",
    "macAddress": "2c3ea4f2ea53",
    "portNumber": 5,
    "sipUsername": "abcdefgh",
    "sipPassword": "hunter2hunter2",
}
READ = SpecialtyLine(
    id="l-1",
    account_id="a1",
    name="Intercom 4",
    caller_id="12604683252",
    e911_callback="12604683252",
    calling_plan_ids=("plan",),
    device_type="SIP_8_Port_MTA",
    device_id="d-1",
    mac=MacAddress("2c3ea4f2ea53"),
    fxs_port=5,
    sip_username=SipUsername("abcdefgh"),
    sip_password=Secret("hunter2hunter2"),
    linked_numbers=("12604683252",),
)
ACCOUNT_PATH = "/v2/partition/p1/account/a1"


def without(document: Mapping[str, object], *keys: str) -> dict[str, object]:
    return {key: value for key, value in document.items() if key not in keys}
