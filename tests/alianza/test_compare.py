import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from installer.alianza.compare import credential_of, differences, slot_of
from installer.domain.credential import Secret, SipCredential, SipUsername
from installer.domain.line import DeviceSlot, SpecialtyLine
from installer.domain.mac import MacAddress

LINE = SpecialtyLine(
    id="l1",
    account_id="a1",
    name="Intercom 4",
    caller_id="12604683252",
    e911_callback="12604683253",
    calling_plan_ids=("p1", "p2"),
    device_type="SIP_8_Port_MTA",
    device_id="d1",
    mac=MacAddress("005058123456"),
    fxs_port=5,
    sip_username=SipUsername("abcdefgh12345x"),
    sip_password=Secret("Kept2ndPassword9876543"),
)
SENT = {
    "name": "Intercom 4",
    "callerId": "12604683252",
    "e911CallbackNumber": "12604683253",
    "callingPlanIds": ["p2", "p1"],
    "deviceType": "SIP_8_Port_MTA",
    "macAddress": "00:50:58:12:34:56",
    "portNumber": 5,
    "sipUsername": "abcdefgh12345x",
    "sipPassword": "Kept2ndPassword9876543",
}
OTHERWISE = {
    "name": "Intercom 5",
    "callerId": "12604683254",
    "e911CallbackNumber": "12604683254",
    "callingPlanIds": ["p1"],
    "deviceType": "SIP_4_Port_MTA",
    "macAddress": "005058123457",
    "portNumber": 6,
    "sipUsername": "another12345x",
    "sipPassword": "Another2ndPassword9876",
}


def body(**members: object) -> bytes:
    return json.dumps(members).encode()


def test_a_line_as_sent_differs_in_nothing_whatever_the_order_of_plans_or_the_spelling_of_the_mac() -> None:
    assert differences(body(**SENT), LINE) == ()


@given(st.sets(st.sampled_from(sorted(SENT))))
def test_exactly_the_members_that_stand_otherwise_are_named(changed: set[str]) -> None:
    sent = {name: OTHERWISE[name] if name in changed else value for name, value in SENT.items()}
    assert set(differences(body(**sent), LINE)) == changed


@given(st.sets(st.sampled_from(sorted(SENT))))
def test_a_member_that_was_not_sent_is_not_held_against_the_line(kept: set[str]) -> None:
    assert set(differences(body(**{name: OTHERWISE[name] for name in kept}), LINE)) == kept


def test_a_hidden_password_proves_nothing() -> None:
    hidden = replace(LINE, sip_password=None)
    assert differences(body(**SENT | {"sipPassword": "whatever it is"}), hidden) == ()


def test_a_create_body_gives_back_its_slot_and_an_update_its_credential() -> None:
    slot = DeviceSlot(MacAddress("005058123456"), 5, "SIP_8_Port_MTA")
    assert slot_of(body(**SENT | {"macAddress": slot.mac.bare})) == slot
    made = SipCredential(SipUsername("abcdefgh12345x"), Secret("Kept2ndPassword9876543"))
    assert credential_of(body(**SENT)) == made
