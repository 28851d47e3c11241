"""Accounts as a technician looks for them, and as they were seen when nobody is signed in."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from installer.domain.line import Account
from installer.domain.mac import parse_mac
from installer.errors import AnswerNeeded, DiskUnusable, Rejected
from installer.rehearsal import seed
from installer.rehearsal.faults import Kind
from installer.session.customers import Found
from tests.session.office import CLINIC, MACS, TOWER, Technician, Town, clinic_number, number, row, rows

ACCOUNT = Account(seed.TOWER.id, seed.TOWER.number, seed.TOWER.name)
MAC = parse_mac(MACS[0])


def names(found: tuple[Found, ...]) -> list[str]:
    return [each.account.name for each in found]


@pytest.mark.parametrize(
    "text, found",
    [
        ("Cedar", ["Cedar Ridge Medical"]),
        (" harbor point ", ["Harbor Point Tower", "Harbor Point Garage"]),
        (TOWER, ["Harbor Point Tower"]),
        (seed.CLINIC.id, ["Cedar Ridge Medical"]),
        ("(971) 555-0100", ["Cedar Ridge Medical"]),
        ("+1 503 555 0100", ["Harbor Point Tower"]),
        ("nobody of that name", []),
        ("00:50:58:99:99:99", []),
        ("", []),
        ("  ", []),
        ("a/b?c=\x1b[31m", []),
    ],
)
async def test_an_account_is_found_by_name_number_telephone_number_and_id(
    ada: Technician, text: str, found: list[str]
) -> None:
    async with ada.session() as session:
        assert names(await session.customers.search(text)) == found


async def test_a_mac_finds_who_has_it_and_what_stands_on_it(ada: Technician, bob: Technician) -> None:
    own = dict.fromkeys(("caller_id", "e911_callback", "inbound_number"), clinic_number(0))
    await bob.apply([row(1, account=CLINIC, line_name="Nurse [x]", **own)])
    await ada.prepare(rows(2))
    async with ada.session() as session:
        (found,) = await session.customers.search(MACS[0])
        for spelled in (MACS[0].replace(":", "-").upper(), f"MAC: {MACS[0]}"):
            assert await session.customers.search(spelled) == (found,)
            assert found.account.name == "Cedar Ridge Medical"
            assert [(line.name, line.fxs_port, line.mac) for line in found.lines] == [("Nurse [x]", 1, MAC)]
        assert [(each.site, str(each.place)) for each in session.customers.bound(MAC)] == [("Tower", "GW-1")]
        assert session.customers.bound(parse_mac(MACS[5])) == ()


async def test_what_the_platform_says_is_cleaned(ada: Technician, town: Town) -> None:
    world = town.thread.platform.desk.world
    hostile = replace(seed.TOWER, name="Tower\x1b]0;x\x07\u202e" + "x" * 500)
    town.change(lambda: world.accounts.__setitem__(hostile.id, hostile))
    await ada.apply(rows(1, line_name="Elevator"))
    line = town.at(1)
    town.change(lambda: world.replace_line(replace(line, name="Evil\x1b[2J")))
    async with ada.session() as session:
        (found,) = await session.customers.search(TOWER)
        assert found.account.name.isprintable()
        assert len(found.account.name) <= 100
        seen = await session.customers.look(found.account)
        assert [each.name for each in seen.lines] == ["Evil\ufffd[2J"]
        assert "Evil\ufffd[2J" in {each.rings for each in seen.numbers}


async def test_a_look_tells_numbers_by_state_and_by_what_they_ring(ada: Technician) -> None:
    await ada.apply(rows(2))
    async with ada.session() as session:
        seen = await session.customers.look(ACCOUNT)
    by_digits = {each.number.digits: each for each in seen.numbers}
    assert len(by_digits) == 150
    first = by_digits[number(0)]
    assert (first.rings, first.is_active, first.address[:13]) == ("Elevator 1", True, "400 HARBOR ST")
    assert first.line_id in {line.id for line in seen.lines}
    assert first not in seen.free
    assert by_digits[number(5)] in seen.free
    waiting = [each for each in seen.numbers if not each.is_active]
    assert {each.carrier_status for each in waiting} == {"ACTIVATION_ON_HOLD", "PORT_PENDING"}
    assert not set(waiting) & set(seen.free)
    assert [each.rings for each in seen.numbers if each.rings and each.line_id is None] == ["end user"] * 4
    assert [plan.name for plan in seen.plans] == ["Specialty Unlimited", "Specialty Metered"]


async def test_a_line_of_another_account_is_not_named(ada: Technician, town: Town) -> None:
    own = dict.fromkeys(("caller_id", "e911_callback", "inbound_number"), clinic_number(0))
    await ada.apply([row(1, account=CLINIC, **own)])
    world, line_id = town.thread.platform.desk.world, town.at(1).id
    route = {"referenceType": "SPECIALTY_LINE", "referenceId": line_id}
    town.change(lambda: world.replace_number({**world.numbers[number(0)], **route}))
    async with ada.session() as session:
        seen = await session.customers.look(ACCOUNT)
    (rung,) = (each for each in seen.numbers if each.number.digits == number(0))
    assert (rung.rings, rung.line_id) == ("a line that is not on this account", line_id)


async def test_the_last_look_is_there_signed_out_with_its_date(ada: Technician) -> None:
    async with ada.session() as session:
        before = await session.customers.look(ACCOUNT)
        ada.hours.pass_by(1)
        clinic = await session.customers.look(Account(seed.CLINIC.id, CLINIC, "Cedar Ridge Medical"))
        ada.hours.pass_by(1)
    async with ada.session(username=None, password=None) as session:
        assert session.customers.seen(ACCOUNT.id) == before
        assert before.taken_at < clinic.taken_at
        assert session.customers.all_seen() == (clinic, before)
        assert session.customers.seen(seed.GARAGE.id) is None
        with pytest.raises(AnswerNeeded):
            await session.customers.look(ACCOUNT)


async def test_no_secret_is_in_what_is_kept_and_nobody_else_reads_it(ada: Technician, town: Town) -> None:
    await ada.apply(rows(3))
    async with ada.session() as session:
        await session.customers.look(ACCOUNT)
    (path,) = (ada.home / "seen").iterdir()
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    for line in town.lines:
        assert line.sip_password not in path.read_text()
        assert line.sip_username not in path.read_text()
    assert seed.USERS[0].password not in path.read_text()


async def test_a_look_that_fails_leaves_the_last_one(ada: Technician, town: Town) -> None:
    async with ada.session() as session:
        before = await session.customers.look(ACCOUNT)
        town.fault(Kind.STATUS, "GET", "*/specialty-line", status=400)
        with pytest.raises(Rejected):
            await session.customers.look(ACCOUNT)
        assert session.customers.seen(ACCOUNT.id) == before


async def test_what_was_seen_elsewhere_is_not_shown_here(
    ada: Technician, elsewhere: Town, folder: Path
) -> None:
    async with ada.session() as session:
        await session.customers.look(ACCOUNT)
    async with Technician(elsewhere, folder).session() as session:
        assert session.customers.seen(ACCOUNT.id) is None
        assert session.customers.all_seen() == ()


@pytest.mark.parametrize(
    "old, new",
    [
        ("{", ""),
        ("}", ""),
        ('"15035550100"', '"12"'),
        ('"15035550100"', "12"),
        ('"taken_at"', '"at"'),
        (seed.TOWER.id, "Another"),
        (seed.TOWER.id, "\\ud800"),
    ],
)
async def test_a_kept_look_that_somebody_spoiled_is_none(ada: Technician, old: str, new: str) -> None:
    async with ada.session() as session:
        await session.customers.look(ACCOUNT)
        (path,) = (ada.home / "seen").iterdir()
        path.write_text(path.read_text().replace(old, new))
        assert session.customers.seen(ACCOUNT.id) is None
        assert await session.customers.look(ACCOUNT) == session.customers.seen(ACCOUNT.id)


async def test_a_kept_look_that_somebody_planted_is_cleaned(ada: Technician) -> None:
    async with ada.session() as session:
        await session.customers.look(ACCOUNT)
        (path,) = (ada.home / "seen").iterdir()
        document = json.loads(path.read_text())
        document["account"]["name"] = document["numbers"][0]["rings"] = "x\x1b[31m"
        document["plans"][0]["name"] = document["numbers"][0]["address"] = "x\u202e"
        path.write_text(json.dumps(document))
        seen = session.customers.seen(ACCOUNT.id)
        assert seen is not None
        shown = (seen.account.name, seen.plans[0].name, seen.numbers[0].rings, seen.numbers[0].address)
        assert all(text.isprintable() for text in shown)


async def test_a_disk_that_does_not_take_it_is_said(ada: Technician) -> None:
    async with ada.session() as session:
        _ = session.rooms.home
        (ada.home / "seen").write_text("in the way")
        with pytest.raises(DiskUnusable):
            await session.customers.look(ACCOUNT)
