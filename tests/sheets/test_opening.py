"""A line sheet opened as a draft says what the sheet says, in the same cells, or is refused."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.domain.finding import Finding, Severity
from installer.errors import UsageFault
from installer.sheets import SheetJob, read_sheet
from installer.sheets.draft import Draft, draft_of, read_draft
from installer.sheets.opening import OpenedSheet, of_one_job, open_sheet
from tests.session.office import line_sheet
from tests.sheets.drafts import TEXT
from tests.sheets.samples import profiles, sheet

Cells = dict[str, str]
EMPTY = Draft("DABCDEF", "acc-1", "Tower")
MAC = "00:50:58:12:34:00"


def written(folder: Path, cells: Sequence[Cells]) -> Path:
    return line_sheet(folder / "in.csv", cells)


def line(port: int, **cells: str) -> Cells:
    number = f"503-555-01{port:02}"
    return {
        "account": "1001", "site": "Tower", "model": "8", "fxs_port": str(port), "line_name": f"Line {port}",
        "caller_id": number, "e911_callback": number, **cells,
    }  # fmt: skip


def opened(cells: Sequence[Cells], base: Draft = EMPTY) -> OpenedSheet:
    with TemporaryDirectory() as folder:
        path = written(Path(folder), cells)
        return open_sheet(path, profiles(), base, of_one_job(read_sheet(path, profiles())))


def without_rows(job: SheetJob) -> list[object]:
    """What the job says, its account, site and rows aside."""
    return [replace(one, ports=tuple(replace(port, row=None) for port in one.ports)) for one in job.gateways]


@st.composite
def sheets(make: st.DrawFn) -> list[Cells]:
    """Rows of one account and site, anything in cells that are edited."""
    places = make(st.sampled_from([("",), ("GW-1",), ("A", "b")]))
    found: list[Cells] = []
    for index, place in enumerate(places):
        for port in make(st.lists(st.integers(1, 8), min_size=1, max_size=5, unique=True)):
            mac = make(st.sampled_from(["", f"0050581234{index:02}"]))
            cells = line(port, gateway=place, mac=mac if place else MAC)
            changes = st.dictionaries(
                st.sampled_from(["line_name", "caller_id", "port_state", "location", "riser"]),
                TEXT,
                max_size=2,
            )
            found.append({**cells, **make(changes)})
    return make(st.permutations(found))


@given(sheets())
def test_the_draft_says_what_the_sheet_says(cells: list[Cells]) -> None:
    with TemporaryDirectory() as folder:
        reading = read_sheet(written(Path(folder), cells), profiles())
    one = opened(cells)
    again = read_draft(one.draft, profiles())
    assert [without_rows(job) for job in again.sound] == [without_rows(job) for job in reading.sound]
    shown = [
        (each.code, each.value, one.cell(each)) for each in reading.findings if each.row not in {None, 1}
    ]
    drafted = [
        (each.code, each.value, _at(one, each)) for each in again.findings if each.row not in {None, 1}
    ]
    assert sorted(shown, key=repr) == sorted(drafted, key=repr)


def _at(one: OpenedSheet, finding: Finding) -> tuple[int, str]:
    assert finding.row is not None
    column = finding.column or ""
    return finding.row - 2, column if column in one.draft.columns else "fxs_port"


def test_every_port_of_the_model_is_there_in_order_and_knows_its_row() -> None:
    said = [line(3), line(1, line_name="First", mac=MAC, model=""), line(2, riser="R1")]
    one = opened([{**each, "gateway": "GW-1"} for each in said])
    assert [row["fxs_port"] for row in one.draft.rows] == [str(number) for number in range(1, 9)]
    assert one.numbers == (3, 4, 2, *[None] * 5)
    assert {(row["mac"], row["model"]) for row in one.draft.rows} == {(MAC, "8")}
    assert one.draft.rows[0]["line_name"] == "First"
    assert one.draft.rows[1]["riser"] == "R1"
    assert (one.draft.account, one.draft.site, one.draft.id) == ("acc-1", "Tower", "DABCDEF")


def test_a_fault_of_the_sheet_is_in_a_cell_of_the_draft() -> None:
    one = opened([line(2), line(1, caller_id="12")])
    (faulty,) = read_sheet_of([line(2), line(1, caller_id="12")])
    assert one.cell(faulty) == (0, "caller_id")
    assert one.cell(replace(faulty, column="riser")) == (0, "fxs_port")
    assert one.cell(replace(faulty, row=None)) is None
    assert one.cell(replace(faulty, row=9)) is None


def read_sheet_of(cells: Sequence[Cells]) -> list[Finding]:
    with TemporaryDirectory() as folder:
        found = read_sheet(written(Path(folder), cells), profiles()).findings
    return [each for each in found if each.severity is Severity.ERROR]


def test_over_a_job_blank_cells_are_the_jobs_and_its_other_ports_stay() -> None:
    job = sheet(("4", "8")).job
    base = draft_of(job)
    place = base.rows[0]["gateway"]
    one = opened([line(1, gateway=place.lower(), model="", location="", line_name="Renamed")], base)
    assert one.draft.rows[1:] == base.rows[1:]
    before, after = base.rows[0], one.draft.rows[0]
    assert after["gateway"] == place
    assert after["line_name"] == "Renamed"
    assert after["location"] == before["location"]
    assert after["mac"] == before["mac"]


def test_another_model_has_its_own_ports() -> None:
    base = draft_of(sheet(("8",)).job)
    one = opened([line(1, gateway=base.rows[0]["gateway"], model="4")], base)
    assert [(row["fxs_port"], row["model"]) for row in one.draft.rows] == [(str(n), "4") for n in range(1, 5)]


def test_a_model_that_nobody_knows_is_a_fault_of_its_cells() -> None:
    one = opened([line(1, model="9"), line(2, model="9")])
    assert [row["model"] for row in one.draft.rows] == ["9", "9"]
    assert "model" in {each.column for each in read_draft(one.draft, profiles()).faults}


@pytest.mark.parametrize(
    "cells, reason",
    [
        ([line(1, sip_username="own-username-1")], "row 2 has a sip_username"),
        ([line(1, label_id="PD-0000000000")], "row 2 has a label_id"),
        ([line(1), line(2, account="1002")], "not of one account and site"),
        ([line(1), line(2, account="")], "not of one account and site"),
        ([line(1), line(2, fxs_port="two")], "row 3 names no port"),
        ([line(1), line(2, gateway="x" * 200)], "row 3 names no port"),
        ([line(1), line(1)], "stands in two rows"),
        ([line(1, notes="x" * 10_001)], "longer than"),
    ],
)  # fmt: skip
def test_what_a_draft_would_lose_is_refused(cells: list[Cells], reason: str) -> None:
    with pytest.raises(UsageFault, match=reason) as raised:
        opened(cells)
    assert raised.value.code == "not-a-draft"


@pytest.mark.parametrize(
    "text, reason",
    [
        ("account,Account,fxs_port\n1001,,1\n", "one account and site"),
        ("account,fxs_port\n1001,1,2\n", "more cells than the header"),
    ],
)
def test_a_sheet_that_is_torn_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "in.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageFault, match=reason):
        open_sheet(path, profiles(), EMPTY, of_one_job(read_sheet(path, profiles())))
