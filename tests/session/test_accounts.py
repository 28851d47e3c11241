"""Accounts and sites as a sheet names them: which job a row belongs to."""

from dataclasses import replace

import pytest

from installer.errors import SheetFaults
from installer.rehearsal import seed
from tests.session.office import CLINIC, MACS, Technician, Town, clinic_number, faults_of, row, rows


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
