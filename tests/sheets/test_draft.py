from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import GatewayPlace
from installer.domain.job import PortState
from installer.errors import InvalidValue, UsageFault
from installer.sheets import filling, read_sheet
from installer.sheets.draft import (
    COLUMNS,
    Draft,
    cell_text,
    draft_bytes,
    draft_of,
    in_cells,
    load_draft,
    read_draft,
    staying,
)
from tests.sheets.drafts import EMPTY, TEXT, draft, drafts, with_line
from tests.sheets.samples import profiles, sheet


def on_disk(folder: Path, draft: Draft) -> Path:
    path = folder / f"{draft.id}.csv"
    path.write_bytes(draft_bytes(draft))
    return path


@given(drafts())
def test_a_draft_comes_back_from_its_file_as_it_was(made: Draft) -> None:
    with TemporaryDirectory() as folder:
        assert load_draft(on_disk(Path(folder), made), made.id) == made


@given(drafts().filter(lambda made: made.rows))
def test_a_draft_reads_without_its_file_as_it_reads_from_it(made: Draft) -> None:
    with TemporaryDirectory() as folder:
        assert read_draft(made, profiles()) == read_sheet(on_disk(Path(folder), made), profiles())


def test_an_empty_draft_keeps_its_account_and_site_and_says_what_is_wanting(tmp_path: Path) -> None:
    path = on_disk(tmp_path, EMPTY)
    assert load_draft(path, EMPTY.id) == EMPTY
    assert [found.code for found in read_draft(EMPTY, profiles()).findings] == ["no-rows"]
    assert read_sheet(path, profiles()).faults


def test_a_draft_of_a_job_says_what_the_job_says_and_no_credential() -> None:
    whole = sheet(("4", "8"), extra={"draft": "theirs", "account number": "7"}, text="[x]")
    made = draft_of(whole.job)
    assert made.columns == (*COLUMNS, "draft", "account number")
    reading = read_draft(made, profiles())
    assert not reading.faults
    (job,) = reading.sound
    assert (job.account, job.site) == ("acc-1", "Tower")
    rows = [row for gateway in job.gateways for row in gateway.ports]
    assert [row.draft for row in rows] == [plan.draft for plan in whole.job.ports]
    assert [row.state for row in rows] == [plan.state for plan in whole.job.ports]
    assert {row.extra["draft"] for row in rows} == {"theirs"}
    assert [gateway.mac for gateway in job.gateways] == [each.mac for each in whole.job.gateways]
    octets = draft_bytes(made)
    for line in whole.lines:
        if line.credential is not None:
            assert line.credential.username.text.encode() not in octets
            assert line.credential.password.reveal().encode() not in octets


def test_credential_columns_of_a_file_that_somebody_edited_are_not_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "D2.csv"
    path.write_text(
        "account,site,gateway,model,fxs_port,SIP Password,sip_username,label_id,riser\n"
        "a,s,GW-1,4,1,hunter2-hunter2,someone-here,PD-222222222,7\n"
    )
    made = load_draft(path, "D2")
    assert made.columns == (*COLUMNS, "riser")
    assert made.rows[0]["riser"] == "7"
    assert b"hunter2" not in draft_bytes(made)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing of ours",
        "account,site,gateway,fxs_port\n",
        "account,account,gateway,fxs_port\na,a,g,1\n",
        "account,site,gateway,fxs_port\na,s,g,1\nb,s,g,2\n",
        "account,site,gateway,fxs_port\na,s,g,1\na,s,G,1\n",
        "account,site,gateway,fxs_port\na,s,g,one\n",
        "account,site,gateway,fxs_port\na,s,g,1\na,s,,2\n",
        "account,site,gateway,fxs_port,notes\na,s,g,1," + "x" * 10_001 + "\n",
        'account,site,gateway,fxs_port\na,s,"g,1\n',
        "\ufeff".encode("utf-16").decode("latin-1"),
    ],
)
def test_a_file_that_is_no_draft_any_more_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "D2.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidValue):
        load_draft(path, "D2")


@pytest.mark.parametrize("name", ["", "../x", "d2", "A" * 30])
def test_what_is_no_id_names_no_draft(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidValue, match="names no draft"):
        load_draft(tmp_path / "x.csv", name)


def test_faults_stand_in_their_cells() -> None:
    made = with_line(draft("4", "4"), 4, number="12")
    made = filling.set_cell(made, 1, "notes", "x")
    found = in_cells(made, read_draft(made, profiles()).findings)
    assert {cell: [each.code for each in said] for cell, said in found.items()} == {
        (4, "caller_id"): ["invalid-number"],
        (4, "e911_callback"): ["invalid-number"],
    }


def test_findings_without_a_row_find_theirs_by_gateway_and_port() -> None:
    made = draft("4", "4")
    about_port = Finding(Severity.WARNING, "a", "", gateway=GatewayPlace("gw-2"), fxs_port=3, column="other")
    about_job = Finding(Severity.WARNING, "b", "")
    astray = Finding(Severity.WARNING, "c", "", row=99, column="site")
    header = Finding(Severity.WARNING, "d", "", row=1, column="site")
    assert in_cells(made, [about_port, about_job, astray, header]) == {(6, "fxs_port"): (about_port,)}


def test_a_port_is_in_use_by_its_name_unless_its_cell_says_otherwise() -> None:
    made = with_line(draft("4"), 0)
    for row, text in ((1, "off"), (2, "USE "), (3, "perhaps")):
        made = filling.set_cell(made, row, "port_state", text)
    states = [made.state(row) for row in range(4)]
    assert states == [PortState.USE, PortState.OFF, PortState.USE, None]
    assert made.state(0) is PortState.USE
    assert draft("4").state(0) is PortState.SPARE


def test_gateways_are_told_apart_whatever_the_case() -> None:
    made = draft("4", "8")
    assert [(each.place, each.model, len(each.rows)) for each in made.gateways] == [
        ("GW-1", "4", 4),
        ("GW-2", "8", 8),
    ]
    assert made.gateway("gw-2").rows == tuple(range(4, 12))
    with pytest.raises(UsageFault) as raised:
        made.gateway("GW-3")
    assert raised.value.remedy == "GW-1, GW-2"


def test_cells_that_a_draft_empties_and_the_job_keeps_are_warned_of() -> None:
    job = sheet(("4",)).job
    made = draft_of(job)
    assert list(staying(made, job)) == []
    made = filling.set_cell(made, 0, "location", " ")
    made = filling.set_cell(made, 0, "inbound_number", "")
    kept = list(staying(made, job))
    assert [(each.row, each.column) for each in kept] == [(2, "inbound_number"), (2, "location")]
    assert in_cells(made, kept).keys() == {(0, "inbound_number"), (0, "location")}
    spare = filling.clear(made, [0])
    assert [each.column for each in staying(spare, job)] == ["location"]
    assert list(staying(replace(made, rows=()), job)) == []


@given(TEXT)
def test_any_text_that_is_unicode_can_stand_in_a_cell(text: str) -> None:
    assert cell_text(text) == text


@given(st.sampled_from(["\ud800", "a\udfffb", "x" * 10_001]))
def test_what_no_file_could_hold_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="cannot stand in a cell"):
        cell_text(text)
