"""What a sheet leaves blank is what the job has; what no job has is a fault."""

import pytest

from installer.errors import SheetFaults
from tests.session.office import TOWER, Technician, Town, codes, faults_of, fxs, row, rows


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
    assert [(each.code, each.row, each.column) for each in faults_of(raised.value)] == [
        ("missing-value", 3, "caller_id"),
        ("missing-value", 3, "e911_callback"),
    ]
    assert len(town.writes()) == 2


async def test_a_blank_account_is_a_fault_even_where_the_job_is_known(ada: Technician) -> None:
    await ada.apply(rows(1))
    with pytest.raises(SheetFaults) as raised:
        await ada.apply([row(1, account="")])
    assert codes(faults_of(raised.value)) == ["missing-value"]
