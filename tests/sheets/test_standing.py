"""A sheet that continues a job: its blank cells are the job's, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from installer.domain.job import PortState, SiteJob
from installer.sheets import read_sheet
from installer.sheets.port_row import PortRow
from tests.sheets.samples import csv_sheet, profiles, sheet

KEY = ("Acme", "Tower")
HEADER = "account,site,gateway,fxs_port,port_state,line_name,line_use,caller_id,e911_callback,model,notes"


def read(path: Path, job: SiteJob) -> dict[tuple[str, int], PortRow]:
    reading = read_sheet(path, profiles(), {KEY: job})
    assert not reading.faults
    return {
        (gateway.place.name, row.fxs_port): row
        for job_read in reading.sound
        for gateway in job_read.gateways
        for row in gateway.ports
        if row.row is not None
    }


def test_a_row_that_says_nothing_says_what_the_job_has(tmp_path: Path) -> None:
    job = sheet(("4", "8")).job
    rows = [f"Acme,Tower,{plan.port.gateway},{plan.port.number},,,,,,," for plan in job.ports]
    found = read(csv_sheet(tmp_path, *rows, header=HEADER), job)
    assert len(found) == 12
    for plan in job.ports:
        row = found[plan.port.gateway.name, plan.port.number]
        assert (row.state, row.draft) == (plan.state, plan.draft)


def test_columns_that_are_missing_are_the_jobs(tmp_path: Path) -> None:
    job = sheet(("4",)).job
    found = read(csv_sheet(tmp_path, "Acme,Tower,1", header="account,site,fxs_port"), job)
    assert found["GW-1", 1].draft == job.ports[0].draft


def test_what_a_row_says_goes_before_the_job(tmp_path: Path) -> None:
    job = sheet(("4",)).job
    rows = (
        "Acme,Tower,gw-1,1,,New name,,,,,",
        "Acme,Tower,gw-1,2,spare,,,,,,",
        "Acme,Tower,gw-1,4,off,,,,,,",
    )
    found = read(csv_sheet(tmp_path, *rows, header=HEADER), job)
    first = found["gw-1", 1]
    assert first.draft is not None
    assert job.ports[0].draft is not None
    assert (first.draft.name, first.draft.caller_id) == ("New name", job.ports[0].draft.caller_id)
    assert (found["gw-1", 2].state, found["gw-1", 4].state) == (PortState.SPARE, PortState.OFF)
    assert found["gw-1", 2].draft is None


def test_a_model_that_one_row_names_is_that_of_the_gateways_blank_rows(tmp_path: Path) -> None:
    job = sheet(("4",)).job
    rows = ("Acme,Tower,GW-1,1,,,,,,8,", "Acme,Tower,GW-1,2,,,,,,,")
    reading = read_sheet(csv_sheet(tmp_path, *rows, header=HEADER), profiles(), {KEY: job})
    assert not reading.faults
    assert reading.sound[0].gateways[0].model.id == "8"


@pytest.mark.parametrize("row", ["Acme,Roof,GW-1,1,use,,,,,,", "Acme,Tower,GW-9,1,use,,,,,,"])
def test_a_row_of_another_site_or_place_has_to_say_all(tmp_path: Path, row: str) -> None:
    reading = read_sheet(csv_sheet(tmp_path, row, header=HEADER), profiles(), {KEY: sheet(("4",)).job})
    assert [(each.code, each.column) for each in reading.faults] == [
        ("missing-value", name) for name in ("line_name", "model", "caller_id", "e911_callback")
    ]


def test_a_port_that_is_new_to_the_gateway_has_to_say_its_line(tmp_path: Path) -> None:
    job = sheet(("4",)).job
    spare = next(plan.port.number for plan in job.ports if plan.state is PortState.SPARE)
    row = f"Acme,Tower,GW-1,{spare},,New line,,,,,"
    reading = read_sheet(csv_sheet(tmp_path, row, header=HEADER), profiles(), {KEY: job})
    assert [each.column for each in reading.faults] == ["caller_id", "e911_callback"]


def test_the_reading_names_every_gateway_those_at_fault_too(tmp_path: Path) -> None:
    rows = ("Acme,Tower,GW-1,1,use,,,,,,", "Acme,Tower,GW-2,1,spare,,,,,4,")
    reading = read_sheet(csv_sheet(tmp_path, *rows, header=HEADER), profiles())
    assert {key: [place.name for place in places] for key, places in reading.places.items()} == {
        KEY: ["GW-1", "GW-2"]
    }
    assert [gateway.place.name for gateway in reading.sound[0].gateways] == ["GW-2"]
