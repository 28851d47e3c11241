"""A sheet continues the job of this home: what it changes, what it adds, what is gone from it."""

from typing import Literal

import pytest

from installer.domain.finding import Severity
from installer.domain.job import PortState
from installer.session import Answers
from installer.session.jobs import find_job
from tests.session.office import MACS, TOWER, YES, Technician, Town, codes, fxs, number, read_back, row, rows


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
        sheet = (await session.outputs.sheet(record, kind))[0].path
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
            await session.visits.apply(ada.sheet(cells), Answers(yes=True, partial=True))
            return codes(session.visits.findings)

    await sheet(number(1), "Old")
    assert "row-gone" not in await sheet("not a number", "New")
    assert sorted(line.name for line in town.lines) == ["New", "Old"]


async def test_with_partial_a_swap_stops_its_gateway_only(ada: Technician, town: Town) -> None:
    def cells(mac: str, name: str) -> list[dict[str, str]]:
        return [row(1, mac=mac, line_name=name), row(2, gateway="GW-2", mac=MACS[1], line_name=name)]

    await ada.apply(cells(MACS[0], "Old"))
    async with ada.session() as session:
        await session.visits.apply(ada.sheet(cells(MACS[5], "New")), Answers(yes=True, partial=True))
        assert codes(session.visits.findings) == ["swap-needed"]
    assert (town.at(1).name, town.at(2, MACS[1]).name) == ("Old", "New")
