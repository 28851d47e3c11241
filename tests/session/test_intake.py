"""A sheet continues the job of this home: what it changes, what it leaves blank, what is gone from it."""

from typing import Literal

import pytest

from installer.domain.finding import Finding, Severity
from installer.domain.job import PortState
from installer.errors import SheetFaults
from installer.session.jobs import find_job
from tests.session.office import (
    CLINIC,
    MACS,
    TOWER,
    YES,
    Technician,
    Town,
    clinic_number,
    codes,
    fxs,
    number,
    read_back,
    row,
    rows,
)


async def test_the_same_sheet_again_changes_nothing(ada: Technician, town: Town) -> None:
    (first,) = await ada.apply(rows())
    assert first.error is None
    assert first.record.finished
    before, kept, sheet = town.requests, await ada.rows(), ada.exported(first).read_bytes()
    (again,) = await ada.apply(rows())
    assert again.record.job.id == first.record.job.id
    assert town.requests == before
    assert await ada.rows() == kept
    assert ada.exported(again).read_bytes() == sheet


async def test_a_changed_name_number_and_plan_become_one_update_and_routes(
    ada: Technician, town: Town
) -> None:
    await ada.apply(rows())
    line = town.at(2)
    changed = row(
        2,
        line_name="Freight",
        caller_id=number(20),
        calling_plan="Specialty Metered",
        inbound_number=f"{number(1)};{number(20)}",
    )
    (again,) = await ada.apply([row(1), changed, row(3), row(4)])
    assert again.error is None
    now = town.at(2)
    assert (now.id, now.name, now.caller_id) == (line.id, "Freight", number(20))
    assert now.calling_plan_ids == ("planSpecialtyMeter0001",)
    assert (now.sip_username, now.sip_password) == (line.sip_username, line.sip_password)
    assert town.rings(number(20)) == line.id
    assert len(town.writes()) == 8 + 2
    assert again.record.finished


async def test_blank_cells_are_the_jobs(ada: Technician, town: Town) -> None:
    full = row(1, location="Pit", jack="7A", notes="old", calling_plan="Specialty Metered")
    (first,) = await ada.apply([full, row(2)])
    before = town.requests
    blank = {
        **full,
        **dict.fromkeys(
            ("mac", "location", "jack", "notes", "calling_plan", "inbound_number", "line_use"), ""
        ),
    }
    (again,) = await ada.apply([blank, row(2)])
    assert again.record.job == first.record.job
    assert town.requests == before
    draft = again.record.job.port(fxs(1)).draft
    assert draft is not None
    assert (draft.location, draft.jack, draft.notes, draft.use) == ("Pit", "7A", "old", "elevator")


async def test_blank_required_cells_are_the_jobs(ada: Technician, town: Town) -> None:
    (first,) = await ada.apply(rows(2))
    before = town.requests
    bare = {"account": TOWER, "site": "Tower", "gateway": "gw-1", "fxs_port": "1", "notes": "only this"}
    (again,) = await ada.apply([bare, {**bare, "fxs_port": "2"}])
    assert again.error is None
    assert town.requests == before
    assert [each.draft and each.draft.notes for each in again.record.job.ports] == ["only this"] * 2 + [
        None
    ] * 2
    assert again.record.job.id == first.record.job.id


@pytest.mark.parametrize("gateway", ["", "GW-1"])
async def test_blank_cells_need_no_gateway_name_where_the_default_one_stands(
    ada: Technician, town: Town, gateway: str
) -> None:
    (first,) = await ada.apply(rows(2, gateway=""))
    blank = dict.fromkeys(("line_name", "caller_id", "e911_callback", "model"), "")
    (again,) = await ada.apply(rows(2, gateway=gateway, **blank))
    assert again.error is None
    assert again.record.job == first.record.job
    assert len(town.writes()) == 4


async def test_blank_required_cells_of_a_port_that_is_new_to_the_job_are_faults(
    ada: Technician, town: Town
) -> None:
    await ada.apply(rows(1))
    with pytest.raises(SheetFaults) as raised:
        await ada.apply([row(1), row(2, caller_id="", e911_callback="")])
    assert [(each.code, each.row, each.column) for each in _found(raised.value)] == [
        ("missing-value", 3, "caller_id"),
        ("missing-value", 3, "e911_callback"),
    ]
    assert len(town.writes()) == 2


async def test_a_blank_account_is_a_fault_even_where_the_job_is_known(ada: Technician) -> None:
    await ada.apply(rows(1))
    with pytest.raises(SheetFaults) as raised:
        await ada.apply([row(1, account="")])
    assert codes(_found(raised.value)) == ["missing-value"]


async def test_a_row_that_is_gone_is_found_and_its_line_stays(ada: Technician, town: Town) -> None:
    await ada.apply(rows())
    async with ada.session() as session:
        await session.visits.apply(ada.sheet(rows(3)), YES)
        (gone,) = (each for each in session.visits.findings if each.code == "row-gone")
        assert (gone.severity, gone.fxs_port) == (Severity.WARNING, 4)
        assert gone.message == "1 row is in the job, not in the sheet: FXS 4 of GW-1; kept"
        assert session.visits.runs[0].record.job.port(fxs(4)).state is PortState.USE
    assert len(town.lines) == 4
    assert len(town.writes()) == 8


async def test_rows_that_are_gone_are_said_once_a_gateway(ada: Technician, town: Town) -> None:
    there = [row(5, gateway="GW-2", mac=MACS[1], fxs_port="2"), row(6, gateway="GW-2", mac=MACS[1])]
    there[1]["fxs_port"] = "3"
    await ada.apply([*rows(), *there])
    async with ada.session() as session:
        await session.visits.apply(ada.sheet([row(2), there[1]]), YES)
        gone = [each for each in session.visits.findings if each.code == "row-gone"]
    assert [(str(each.gateway), each.fxs_port, each.message) for each in gone] == [
        ("GW-1", None, "3 rows are in the job, not in the sheet: FXS 1, 3, 4 of GW-1; kept"),
        ("GW-2", 2, "1 row is in the job, not in the sheet: FXS 2 of GW-2; kept"),
    ]
    assert all(each.remedy for each in gone)
    assert len(town.lines) == 6


async def test_a_spare_port_comes_into_use_and_keeps_its_label(ada: Technician, town: Town) -> None:
    (first,) = await ada.apply(rows(3))
    label = first.record.job.port(fxs(4)).label_id
    (again,) = await ada.apply(rows(4))
    assert again.record.finished
    assert len(town.lines) == 4
    assert again.record.job.port(fxs(4)).label_id == label
    assert [each.label_id for each in again.record.job.ports] == [
        each.label_id for each in first.record.job.ports
    ]


async def test_a_port_taken_out_of_use_keeps_its_line_and_says_so(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2))
    async with ada.session() as session:
        await session.visits.apply(ada.sheet([row(1), row(2, port_state="spare", line_name="")]), YES)
        assert "line-kept" in codes(session.visits.findings)
    assert len(town.lines) == 2
    assert len(town.writes()) == 4
    (back,) = await ada.apply(rows(2))
    assert back.record.finished
    assert len(town.writes()) == 4


async def test_the_model_may_change_before_the_first_write_and_not_after(ada: Technician, town: Town) -> None:
    (first,) = await ada.prepare(rows(2))
    (bigger,) = await ada.prepare(rows(2, model="8"))
    assert bigger.record.job.gateways[0].model.id == "8"
    assert bigger.record.job.gateways[0].label_id == first.record.job.gateways[0].label_id
    assert [p.label_id for p in bigger.record.job.ports][:4] == [p.label_id for p in first.record.job.ports]
    await ada.apply(None)
    assert {line.device_type for line in town.lines} == {"SIP_8_Port_MTA"}
    with pytest.raises(SheetFaults) as raised:
        await ada.apply(rows(2, model="4"))
    assert [(each.code, each.row, each.column) for each in _found(raised.value)] == [
        ("model-changed", 2, "model")
    ]
    assert len(town.writes()) == 4


async def test_hardware_may_change_before_the_first_write_and_not_after(ada: Technician, town: Town) -> None:
    await ada.prepare(rows(2, mac=""))
    await ada.prepare(rows(2))
    (again,) = await ada.prepare(rows(2, mac=MACS[1]))
    assert [str(each.mac) for each in again.record.job.gateways[0].bindings] == [MACS[0], MACS[1]]
    await ada.apply(None)
    with pytest.raises(SheetFaults) as raised:
        await ada.apply(rows(2, mac=MACS[2]))
    assert [(each.code, each.value) for each in _found(raised.value)] == [("swap-needed", MACS[2])]
    assert {line.mac_address for line in town.lines} == {MACS[1].replace(":", "")}


async def test_hardware_that_stands_at_another_place_of_the_job_is_a_fault(ada: Technician) -> None:
    await ada.prepare(rows(2))
    with pytest.raises(SheetFaults) as raised:
        await ada.prepare(rows(2, gateway="GW-2"))
    assert codes(_found(raised.value)) == ["mac-bound"]
    assert (await ada.record()).job.gateways[0].place.name == "GW-1"


async def test_two_gateways_may_trade_their_hardware_before_the_first_write(ada: Technician) -> None:
    def sheet(one: str, two: str) -> list[dict[str, str]]:
        return [row(1, mac=one), row(2, gateway="GW-2", mac=two)]

    await ada.prepare(sheet(MACS[0], MACS[1]))
    (again,) = await ada.prepare(sheet(MACS[1], MACS[0]))
    assert [str(each.mac) for each in again.record.job.gateways] == [MACS[1], MACS[0]]


async def test_a_place_spelled_in_other_letters_is_the_same_place(ada: Technician) -> None:
    await ada.prepare(rows(2))
    (again,) = await ada.prepare(rows(2, gateway="gw-1"))
    assert [each.place.name for each in again.record.job.gateways] == ["GW-1"]


async def test_credentials_of_the_sheet_replace_generated_ones_only_before_a_create(
    ada: Technician, town: Town
) -> None:
    own = {"sip_username": "building-7-a", "sip_password": "a-long-enough-one-0"}
    await ada.prepare(rows(1))
    await ada.prepare(rows(1, **own))
    await ada.apply(None)
    assert (town.at(1).sip_username, town.at(1).sip_password) == tuple(own.values())
    await ada.apply(rows(1, **own))
    with pytest.raises(SheetFaults) as raised:
        await ada.apply(rows(1, sip_username="building-7-b", sip_password="a-long-enough-one-0"))
    assert codes(_found(raised.value)) == ["credential-differs"]
    assert len(town.writes()) == 2


async def test_platform_as_username_after_a_credential_was_made_is_a_fault(ada: Technician) -> None:
    await ada.prepare(rows(1))
    with pytest.raises(SheetFaults) as raised:
        await ada.prepare(rows(1, sip_username="platform"))
    assert codes(_found(raised.value)) == ["credential-differs"]


async def test_platform_made_credentials_come_back_in_the_sheet(ada: Technician, town: Town) -> None:
    (first,) = await ada.apply(rows(1, sip_username="platform"))
    made = read_back(ada.exported(first))[fxs(1)].credential
    assert made is not None
    assert (made.username.text, made.password.reveal()) == (town.at(1).sip_username, town.at(1).sip_password)
    await ada.apply(ada.exported(first))
    await ada.apply(rows(1, sip_username="platform"))
    assert len(town.writes()) == 2


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
    (fault,) = _found(raised.value)
    assert (fault.code, fault.row, fault.column, fault.value) == (
        "account-not-found",
        3,
        "account",
        "Harbor Point",
    )
    assert not town.requests


async def test_a_name_that_two_accounts_bear_is_ambiguous(ada: Technician, town: Town) -> None:
    from dataclasses import replace

    from installer.rehearsal import seed

    world = town.thread.platform.desk.world
    town.change(lambda: world.accounts.update({seed.GARAGE.id: replace(seed.GARAGE, name=seed.TOWER.name)}))
    with pytest.raises(SheetFaults) as raised:
        await ada.apply(rows(1, account=seed.TOWER.name))
    (fault,) = _found(raised.value)
    assert (fault.code, fault.row, fault.column) == ("account-not-unique", 2, "account")


async def test_unknown_columns_are_kept_through_export_and_a_sheet_without_them(ada: Technician) -> None:
    (first,) = await ada.apply(rows(2, Contractor="Smith & Sons"))
    (again,) = await ada.apply(rows(2))
    assert ada.exported(again).read_bytes() == ada.exported(first).read_bytes()
    assert read_back(ada.exported(again))[fxs(1)].extra == {"Contractor": "Smith & Sons"}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("state", ["spare", "off"])
async def test_a_port_without_a_line_keeps_what_the_sheet_says_of_its_place(
    ada: Technician, bob: Technician, town: Town, kind: Literal["xlsx", "csv"], state: str
) -> None:
    where = {"location": "Pit", "jack": "7A", "notes": "sealed, ask Kim", "Contractor": "Smith & Sons"}
    bare = {"account": TOWER, "site": "Tower", "gateway": "GW-1", "fxs_port": "4", "port_state": state}
    await ada.apply([*rows(2), {**bare, **where}])
    async with ada.session() as session:
        record = find_job(session.rooms.records, None)
        sheet = session.outputs.sheet(record, kind)[0].path
    assert read_back(sheet)[fxs(4)].extra == where
    kept, before = await ada.rows(), town.requests
    await ada.apply(sheet)
    (blank,) = await ada.apply([*rows(2), bare])
    assert blank.record.job == record.job
    assert (await ada.rows())["PortPlanned"] == kept["PortPlanned"]
    (elsewhere,) = await bob.apply(sheet)
    assert elsewhere.record.job.port(fxs(4)) == record.job.port(fxs(4))
    assert town.requests == before
    (used,) = await ada.apply([*rows(2), row(4)])
    draft = used.record.job.port(fxs(4)).draft
    assert draft is not None
    assert (draft.location, draft.jack, draft.notes) == ("Pit", "7A", "sealed, ask Kim")


async def test_a_port_taken_out_of_use_keeps_its_place_in_the_sheet(ada: Technician) -> None:
    await ada.prepare([row(1), row(2, location="Pit", jack="7A", notes="old")])
    (run,) = await ada.prepare([row(1), row(2, port_state="off", line_name="", notes="new")])
    assert read_back(ada.exported(run))[fxs(2)].extra == {"location": "Pit", "jack": "7A", "notes": "new"}


async def test_a_gateway_keeps_its_label_on_another_laptop(ada: Technician, bob: Technician) -> None:
    (first,) = await ada.apply([row(1), row(2, gateway="GW-2", mac=MACS[1])])
    (again,) = await bob.apply(ada.exported(first))
    assert [each.label_id for each in again.record.job.gateways] == [
        each.label_id for each in first.record.job.gateways
    ]
    assert bob.exported(again).read_bytes() == ada.exported(first).read_bytes()


async def test_an_account_misspelled_in_one_row_is_named_with_the_others(ada: Technician, town: Town) -> None:
    with pytest.raises(SheetFaults) as raised:
        await ada.apply([row(1), row(2), row(3, account="100201"), row(4)])
    (fault,) = _found(raised.value)
    assert (fault.code, fault.row, fault.column, fault.value) == ("two-accounts", 4, "account", "100201")
    assert fault.message == "row 4 of GW-1 with account “100201”, rows 2, 3, 5 with “100200”"
    assert not town.requests


async def test_an_exported_sheet_read_again_changes_nothing(ada: Technician, town: Town) -> None:
    (first,) = await ada.apply(rows(3))
    kept, before = await ada.rows(), town.requests
    async with ada.session() as session:
        await session.visits.apply(ada.exported(first), YES)
        assert not session.visits.findings
    assert (await ada.rows(), town.requests) == (kept, before)


async def test_what_the_kit_wrote_and_somebody_edited_is_a_finding(ada: Technician, town: Town) -> None:
    (first,) = await ada.apply(rows(1))
    lines = rows(1, line_id="not-the-line", job=first.record.job.id, registered="yes")
    async with ada.session() as session:
        await session.visits.apply(ada.sheet(lines), YES)
        (found,) = session.visits.findings
    assert (found.code, found.row, found.column, found.value) == (
        "sheet-differs",
        2,
        "line_id",
        "not-the-line",
    )
    assert len(town.writes()) == 2


async def test_with_partial_a_gateway_at_fault_is_left_as_it_is(ada: Technician, town: Town) -> None:
    async def sheet(second: str, name: str) -> list[str]:
        cells = [
            row(1, line_name=name),
            row(2, gateway="GW-2", mac=MACS[1], line_name=name, caller_id=second),
        ]
        async with ada.session() as session:
            from installer.session import Answers

            await session.visits.apply(ada.sheet(cells), Answers(yes=True, partial=True))
            return codes(session.visits.findings)

    await sheet(number(1), "Old")
    assert "row-gone" not in await sheet("not a number", "New")
    assert sorted(line.name for line in town.lines) == ["New", "Old"]


async def test_with_partial_a_swap_stops_its_gateway_only(ada: Technician, town: Town) -> None:
    from installer.session import Answers

    def cells(mac: str, name: str) -> list[dict[str, str]]:
        return [row(1, mac=mac, line_name=name), row(2, gateway="GW-2", mac=MACS[1], line_name=name)]

    await ada.apply(cells(MACS[0], "Old"))
    async with ada.session() as session:
        await session.visits.apply(ada.sheet(cells(MACS[5], "New")), Answers(yes=True, partial=True))
        assert codes(session.visits.findings) == ["swap-needed"]
    assert (town.at(1).name, town.at(2, MACS[1]).name) == ("Old", "New")


def _found(fault: SheetFaults) -> list[Finding]:
    return [each for each in fault.findings if isinstance(each, Finding)]
