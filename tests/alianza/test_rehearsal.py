"""The client against the rehearsal platform, which was written from the guides without it."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from installer.alianza.auth import SignIn
from installer.alianza.client import Alianza
from installer.alianza.transport import Wire
from installer.domain.credential import Secret, SipCredential, SipUsername
from installer.domain.line import DeviceSlot, LineChanges, NewLine
from installer.domain.mac import MacAddress
from installer.domain.numbers import SPECIALTY_LINE, Reference
from installer.errors import Certainty, NetworkFailure, PlatformFailure, Rejected, SignInFailure
from installer.rehearsal.faults import Kind, Rule
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.spoiled import BODIES
from installer.rehearsal.world import Rules
from tests.alianza.stand_in import VirtualClock

MAC = MacAddress("005058123456")
CREATE = "*/specialty-line"


@pytest.fixture
async def rehearsal(tmp_path: Path) -> AsyncIterator[RehearsalPlatform]:
    async with RehearsalPlatform(tmp_path, chance=random.Random(1)) as platform:
        yield platform


def connect(rehearsal: RehearsalPlatform, *, password: str | None = None, deadline: float = 5.0) -> Alianza:
    return Alianza(
        Wire(rehearsal.url, ca_file=None, deadline=deadline),
        SignIn(rehearsal.username, Secret(password or rehearsal.password)),
        clock=VirtualClock().clock,
        random=lambda: 0.0,
    )


@pytest.fixture
async def client(rehearsal: RehearsalPlatform) -> AsyncIterator[Alianza]:
    async with connect(rehearsal) as made:
        await made.sign_in()
        yield made


async def account_id(client: Alianza) -> str:
    (account,) = await client.accounts.search("Harbor Point Tower")
    return account.id


async def new_line(client: Alianza, port: int = 1, username: str = "kituser00001") -> NewLine:
    numbers = [each for each in await client.numbers.list(await account_id(client)) if each.is_active]
    plans = await client.accounts.calling_plans()
    return NewLine(
        name=f"Line {port}",
        caller_id=numbers[0].number,
        e911_callback=numbers[0].number,
        calling_plan_ids=(next(plan.id for plan in plans if plan.default),),
        slot=DeviceSlot(MAC, port, "SIP_8_Port_MTA"),
        credential=SipCredential(SipUsername(username), Secret("correct-horse-battery")),
    )


async def created(client: Alianza, port: int = 1) -> str:
    body = client.lines.encode_new(await new_line(client, port))
    return (await client.lines.create(await account_id(client), body)).id


async def test_a_line_lives_from_create_to_delete(client: Alianza) -> None:
    account = await account_id(client)
    new = await new_line(client)
    assert new.credential is not None
    assert await client.lines.username_free(new.credential.username) is True
    line = await client.lines.create(account, client.lines.encode_new(new))
    assert (line.mac, line.fxs_port, line.sip_username) == (MAC, 1, new.credential.username)
    assert await client.lines.username_free(new.credential.username) is False
    assert line in await client.lines.list(account)
    fetched = await client.lines.get(account, line.id)
    assert fetched.line == line
    assert line.device_id is not None
    assert await client.lines.registered(account, line.device_id) is False
    body = client.lines.encode_changed(fetched, LineChanges(name="Car 2"), None)
    assert (await client.lines.replace(account, line.id, body)).name == "Car 2"
    await client.lines.delete(account, line.id)
    await client.lines.delete(account, line.id)
    assert await client.lines.list(account) == ()


async def test_a_number_is_routed_and_unrouted_by_patch_and_by_put(client: Alianza) -> None:
    account, line_id = await account_id(client), await created(client)
    number = (await new_line(client)).caller_id
    here = Reference(SPECIALTY_LINE, line_id)
    patch = client.numbers.encode_reference
    assert (await client.numbers.patch(account, number, patch(here))).rings(line_id)
    assert (await client.lines.get(account, line_id)).line.linked_numbers == (number.digits,)
    assert (await client.numbers.patch(account, number, patch(None))).reference is None
    fetched = await client.numbers.get(account, number)
    put = client.numbers.encode_whole(fetched, here)
    assert json.loads(put).items() >= fetched.document.members.items()
    assert (await client.numbers.replace(account, number, put)).rings(line_id)


async def test_an_account_is_found_by_each_of_its_names(client: Alianza) -> None:
    account = await account_id(client)
    await created(client)
    number = (await new_line(client)).caller_id
    look_up = client.accounts.look_up
    found = [
        await look_up(account, "Id"),
        await look_up("100200", "AccountNumber"),
        await look_up(number.digits, "PhoneNumber"),
        await look_up(MAC.bare, "MacAddress"),
    ]
    assert {each.id for each in found if each} == {account}
    assert len(found) == 4
    assert [each.id for each in await client.accounts.search(MAC.bare)] == [account]
    assert await look_up("nobody", "Id") is None


async def test_archived_plans_are_left_out(client: Alianza) -> None:
    assert all("Legacy" not in plan.name for plan in await client.accounts.calling_plans())


async def test_addresses_of_numbers_are_read(client: Alianza) -> None:
    numbers = await client.numbers.list(await account_id(client))
    assert any("PORTLAND, OR 97201" in each.address for each in numbers)


async def test_a_wrong_password_is_refused_once(rehearsal: RehearsalPlatform) -> None:
    async with connect(rehearsal, password="wrong") as client:
        with pytest.raises(SignInFailure) as caught:
            await client.sign_in()
    assert caught.value.code == "InvalidCredentials"


async def test_another_account_is_refused_as_403(client: Alianza) -> None:
    with pytest.raises(SignInFailure) as caught:
        await client.lines.list("no-such-account")
    assert caught.value.status == 403
    assert caught.value.trace_id


async def test_a_taken_port_is_a_409_that_has_to_be_reconciled(client: Alianza) -> None:
    account = await account_id(client)
    await created(client)
    body = client.lines.encode_new(await new_line(client, username="kituser00002"))
    with pytest.raises(Rejected) as caught:
        await client.lines.create(account, body)
    assert (caught.value.status, caught.value.certainty) == (409, Certainty.UNKNOWN)


async def test_a_masked_password_is_replaced_by_our_own(tmp_path: Path) -> None:
    async with (
        RehearsalPlatform(tmp_path, rules=Rules(mask_passwords=True)) as rehearsal,
        connect(rehearsal) as client,
    ):
        await client.sign_in()
        account, line_id = await account_id(client), await created(client)
        fetched = await client.lines.get(account, line_id)
        assert fetched.line.sip_password is None
        body = client.lines.encode_changed(fetched, LineChanges(name="x"), Secret("correct-horse-battery"))
        await client.lines.replace(account, line_id, body)
        assert [line.sip_password for line in rehearsal.lines()] == ["correct-horse-battery"]


FAULTS = {
    "drop before": (Rule(Kind.DROP_BEFORE_COMMIT, "POST", CREATE), Certainty.UNKNOWN, 0),
    "drop after": (Rule(Kind.DROP_AFTER_COMMIT, "POST", CREATE), Certainty.UNKNOWN, 1),
    "cut at 0": (Rule(Kind.TRUNCATED, "POST", CREATE, at="0"), Certainty.UNKNOWN, 1),
    "cut in half": (Rule(Kind.TRUNCATED, "POST", CREATE, at="half"), Certainty.UNKNOWN, 1),
    "cut at the last": (Rule(Kind.TRUNCATED, "POST", CREATE, at="last"), Certainty.UNKNOWN, 1),
    "drip": (Rule(Kind.DRIPPING, "POST", CREATE, seconds=0.2), Certainty.UNKNOWN, 1),
    "portal": (Rule(Kind.PORTAL, "POST", CREATE, status=200), Certainty.UNKNOWN, 0),
    "portal elsewhere": (Rule(Kind.PORTAL, "POST", CREATE, status=302), Certainty.UNKNOWN, 0),
    "portal 511": (Rule(Kind.PORTAL, "POST", CREATE, status=511), Certainty.UNKNOWN, 0),
    "500": (Rule(Kind.STATUS, "POST", CREATE, status=500), Certainty.UNKNOWN, 0),
    "503 after": (Rule(Kind.STATUS, "POST", CREATE, status=503, after_commit=True), Certainty.UNKNOWN, 1),
    "400": (Rule(Kind.STATUS, "POST", CREATE, status=400), Certainty.NOT_EXECUTED, 0),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_create_that_fails_is_sent_once_and_says_what_is_known(
    rehearsal: RehearsalPlatform, name: str
) -> None:
    rule, certainty, lines = FAULTS[name]
    async with connect(rehearsal, deadline=0.7) as client:
        await client.sign_in()
        account = await account_id(client)
        body = client.lines.encode_new(await new_line(client))
        rehearsal.faults.load([rule])
        with pytest.raises(PlatformFailure) as caught:
            await client.lines.create(account, body)
    assert caught.value.certainty is certainty
    assert len(rehearsal.lines()) == lines


async def test_an_expired_token_is_replaced_and_the_line_made_once(
    rehearsal: RehearsalPlatform, client: Alianza
) -> None:
    rehearsal.faults.load([Rule(Kind.EXPIRE_TOKEN, "POST", CREATE)])
    await created(client)
    assert len(rehearsal.lines()) == 1


async def test_reads_outlast_what_passes(rehearsal: RehearsalPlatform, client: Alianza) -> None:
    account = await account_id(client)
    for kind in (Kind.DROP_BEFORE_COMMIT, Kind.DROP_AFTER_COMMIT, Kind.TRUNCATED):
        rehearsal.faults.load([Rule(kind, "GET", CREATE, count=2)])
        assert await client.lines.list(account) == ()
    rehearsal.faults.load([Rule(Kind.STATUS, "GET", CREATE, count=2, status=429, retry_after="1")])
    assert await client.lines.list(account) == ()


@pytest.mark.parametrize("body", BODIES)
async def test_a_spoiled_answer_is_a_failure_and_never_a_value(
    rehearsal: RehearsalPlatform, client: Alianza, body: str
) -> None:
    account = await account_id(client)
    frozen = client.lines.encode_new(await new_line(client))
    rehearsal.faults.load([Rule(Kind.BODY, path=CREATE, count=None, body=body)])
    with pytest.raises(NetworkFailure):
        await client.lines.list(account)
    with pytest.raises(NetworkFailure) as caught:
        await client.lines.create(account, frozen)
    assert caught.value.certainty is Certainty.UNKNOWN
    assert len(rehearsal.lines()) == 1


async def test_a_platform_that_is_gone_was_sent_nothing(tmp_path: Path) -> None:
    async with RehearsalPlatform(tmp_path) as rehearsal:
        client = connect(rehearsal)
        await client.sign_in()
        account = await account_id(client)
    with pytest.raises(NetworkFailure) as caught:
        await client.lines.create(account, b"{}")
    assert caught.value.certainty is Certainty.NEVER_SENT
    await client.__aexit__()
