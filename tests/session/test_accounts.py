"""Accounts and sites as a sheet names them: which job a row belongs to."""

from dataclasses import replace

import pytest

from installer.domain.credential import Secret
from installer.errors import SheetFaults, SignInFailure
from installer.rehearsal import seed
from tests.session.office import (
    CLINIC,
    MACS,
    YES,
    Technician,
    Town,
    clinic_number,
    faults_of,
    number,
    row,
    rows,
)


async def test_accounts_and_sites_in_one_sheet_are_jobs_of_their_own(ada: Technician, town: Town) -> None:
    clinic = clinic_number(0)
    sheet = [
        row(1),
        row(2, site="Garage", mac=MACS[1]),
        row(
            3,
            account=CLINIC,
            site="",
            mac=MACS[2],
            caller_id=clinic,
            e911_callback=clinic,
            inbound_number=clinic,
        ),
    ]
    runs = await ada.apply(sheet)
    assert sorted(run.record.job.site for run in runs) == ["Cedar Ridge Medical", "Garage", "Tower"]
    assert all(run.record.finished for run in runs)
    assert len({run.record.job.id for run in runs}) == 3
    assert len(town.writes("create-line")) == 3


@pytest.mark.parametrize("text", ["HarborPointTower000001", "100200", "Harbor Point Tower"])
async def test_an_account_is_named_by_id_number_or_exact_name(ada: Technician, text: str) -> None:
    (run,) = await ada.prepare(rows(1, account=text))
    assert run.record.job.account.id == "HarborPointTower000001"


async def test_an_unknown_account_is_named_with_row_and_column(ada: Technician, town: Town) -> None:
    with pytest.raises(SheetFaults) as raised:
        await ada.apply([row(1), row(2, account="Harbor Point", mac=MACS[1])])
    (fault,) = faults_of(raised.value)
    assert (fault.code, fault.row, fault.column, fault.value) == (
        "account-not-found",
        3,
        "account",
        "Harbor Point",
    )
    assert not town.requests


async def test_an_unknown_account_is_told_with_every_other_fault(ada: Technician) -> None:
    await ada.prepare(rows(2))
    sheet = [row(1, gateway="GW-4", mac=MACS[2], caller_id="12")]
    sheet.append(row(2, account="Nobody", gateway="GW-2", mac=MACS[1]))
    sheet.append(row(3, gateway="GW-3", mac=MACS[0]))
    with pytest.raises(SheetFaults) as raised:
        await ada.prepare(sheet)
    assert [(each.code, each.row, each.column) for each in faults_of(raised.value)] == [
        ("invalid-number", 2, "caller_id"),
        ("account-not-found", 3, "account"),
        ("mac-bound", 4, "mac"),
    ]


@pytest.mark.parametrize("known", [False, True])
async def test_faults_of_the_sheet_are_told_although_nobody_can_sign_in(ada: Technician, known: bool) -> None:
    if known:
        await ada.prepare(rows(2))
    broken = ada.sheet([row(1, caller_id="12"), row(2, e911_callback="")])
    for act in ("prepare", "plan"):
        async with ada.session(password=Secret("wrong")) as session:
            visits = session.visits
            with pytest.raises(SheetFaults) as raised:
                await (visits.prepare(broken, YES) if act == "prepare" else visits.plan(broken, YES, None))
        blank = [] if known else [("missing-value", 3)]
        assert [(each.code, each.row) for each in faults_of(raised.value)] == [("invalid-number", 2), *blank]
    blank_alone = ada.sheet([row(1), row(2, e911_callback="")])
    async with ada.session(password=Secret("wrong")) as session:
        with pytest.raises(SheetFaults if not known else SignInFailure):
            await session.visits.prepare(blank_alone, YES)
    async with ada.session(password=Secret("wrong")) as session:
        with pytest.raises(SignInFailure):
            await session.visits.prepare(ada.sheet(rows(2)), YES)


async def test_a_number_that_the_account_lacks_is_named_by_row_and_column(ada: Technician) -> None:
    far = "12125550100"
    (run,) = await ada.apply([row(1), row(2, caller_id=far, inbound_number=f"{number(1)};{far}")])
    said = [each for each in run.findings if each.code == "number-not-on-account"]
    assert [(each.row, each.column, each.value, each.fxs_port) for each in said] == [
        (3, "caller_id", far, 2),
        (3, "inbound_number", far, 2),
    ]
    assert said[0].message == "caller_id of GW-1:2: (212) 555-0100 is not on the account"


async def test_a_dry_run_of_a_new_sheet_is_not_kept(ada: Technician) -> None:
    kept = []
    for act in ("plan", "prepare", "plan"):
        async with ada.session() as session:
            given = ada.sheet(rows(1))
            await (
                session.visits.plan(given, YES, None) if act == "plan" else session.visits.prepare(given, YES)
            )
            kept.append(session.visits.runs[0].record.kept)
    assert kept == [False, True, True]


async def test_a_name_that_two_accounts_bear_is_ambiguous(ada: Technician, town: Town) -> None:
    world = town.thread.platform.desk.world
    town.change(lambda: world.accounts.update({seed.GARAGE.id: replace(seed.GARAGE, name=seed.TOWER.name)}))
    with pytest.raises(SheetFaults) as raised:
        await ada.apply(rows(1, account=seed.TOWER.name))
    (fault,) = faults_of(raised.value)
    assert (fault.code, fault.row, fault.column) == ("account-not-unique", 2, "account")


async def test_an_account_misspelled_in_one_row_is_named_with_the_others(ada: Technician, town: Town) -> None:
    with pytest.raises(SheetFaults) as raised:
        await ada.apply([row(1), row(2), row(3, account="100201"), row(4)])
    (fault,) = faults_of(raised.value)
    assert (fault.code, fault.row, fault.column, fault.value) == ("two-accounts", 4, "account", "100201")
    assert fault.message == "row 4 of GW-1 with account “100201”, rows 2, 3, 5 with “100200”"
    assert not town.requests
