from pathlib import Path

import pytest

from installer.domain.credential import CredentialSource
from installer.domain.finding import Severity
from installer.domain.job import PortState
from installer.errors import SheetFaults
from installer.sheets import SheetReading, read_sheet
from tests.sheets.samples import csv_sheet, profiles

FULL = "account,site,gateway,mac,model,fxs_port,port_state,line_name,line_use,caller_id,e911_callback"
CREDENTIALS = "account,model,fxs_port,sip_username,sip_password"


def read(folder: Path, *rows: str, header: str = "") -> SheetReading:
    path = csv_sheet(folder, *rows, header=header) if header else csv_sheet(folder, *rows)
    return read_sheet(path, profiles())


def codes(reading: SheetReading) -> list[tuple[int | None, str | None, str]]:
    return [(found.row, found.column, found.code) for found in reading.findings]


def test_a_minimal_sheet_makes_a_job_with_every_port_of_its_model(tmp_path: Path) -> None:
    job = read(tmp_path, "Acme,4,2,Lift,2604683252,1 (260) 468-3252").grouped()[0]
    gateway = job.gateways[0]
    assert (job.account, job.site, gateway.place.name, gateway.mac) == ("Acme", "", "GW-1", None)
    assert [row.state for row in gateway.ports] == [
        PortState.SPARE,
        PortState.USE,
        PortState.SPARE,
        PortState.SPARE,
    ]
    row = gateway.ports[1]
    assert row.draft is not None
    assert (row.row, row.draft.name, row.draft.caller_id.digits) == (2, "Lift", "12604683252")
    assert row.draft.caller_id == row.draft.e911_callback
    assert row.source is CredentialSource.GENERATED
    assert gateway.ports[0].row is None


def test_headers_are_found_in_any_order_case_and_spacing(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "Lift;1;2604683252;8;A;2604683252",
        header="Line Name;FXSPORT;Caller ID;MODEL; ACCOUNT ;e911_Callback",
    )
    assert reading.findings == ()
    assert reading.grouped()[0].gateways[0].model.id == "8"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_each_delimiter_is_told_from_the_header(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(
        b"\xef\xbb\xbf"
        + mark.join(["account", "model", "fxs_port"]).encode()
        + b"\r\n"
        + mark.join("A41").encode()
    )
    assert read_sheet(path, profiles()).grouped()[0].account == "A"


def test_unknown_columns_are_kept_and_said_never_fatal(tmp_path: Path) -> None:
    reading = read(tmp_path, "A,4,1,red,\x1b[31m", header="account,model,fxs_port,Colour, odd one ")
    assert codes(reading) == [
        (1, "Colour", "unknown-column"),
        (1, "odd one", "unknown-column"),
        (2, "odd one", "cleaned-cell"),
    ]
    assert reading.grouped()[0].gateways[0].ports[0].extra == {"Colour": "red", "odd one": "\ufffd[31m"}


def test_every_fault_is_said_at_once_with_row_column_value_and_wish(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        ",Site,GW:1,0050581234,9,0,maybe,Lift,boat,12,",
        "A,Site,GW-1,00:50:58:00:00:01,8,1,,Fire,fire-panel,2604683252,2604683253",
        header=FULL,
    )
    assert codes(reading) == [
        (2, "account", "missing-value"),
        (2, "gateway", "invalid-place"),
        (2, "mac", "invalid-mac"),
        (2, "model", "unknown-model"),
        (2, "fxs_port", "invalid-port"),
        (2, "port_state", "invalid-state"),
        (2, "caller_id", "invalid-number"),
        (2, "e911_callback", "missing-value"),
        (2, "line_use", "unknown-use"),
    ]
    mac = reading.findings[2]
    assert (mac.severity, mac.value) == (Severity.ERROR, "0050581234")
    assert "10 digits" in mac.message
    assert "12 hexadecimal" in mac.remedy
    with pytest.raises(SheetFaults) as raised:
        reading.grouped()
    assert raised.value.findings == reading.faults
    with pytest.raises(SheetFaults):
        reading.grouped(partial=True)


def test_a_use_row_needs_what_a_line_needs(tmp_path: Path) -> None:
    assert codes(read(tmp_path, "A,,,,,1,use,,boat,12,", header=FULL)) == [
        (2, "line_name", "missing-value"),
        (2, "model", "missing-value"),
        (2, "caller_id", "invalid-number"),
        (2, "e911_callback", "missing-value"),
        (2, "line_use", "unknown-use"),
    ]


def test_a_missing_column_is_said_once(tmp_path: Path) -> None:
    reading = read(tmp_path, "A,4,1,L", "A,4,2,M", header="account,model,fxs_port,line_name")
    assert codes(reading) == [(1, "caller_id", "missing-column"), (1, "e911_callback", "missing-column")]
    with pytest.raises(SheetFaults, match="2 faults"):
        reading.grouped(partial=True)


def test_spare_rows_need_no_line_columns(tmp_path: Path) -> None:
    assert read(tmp_path, "A,4,1", header="account,model,fxs_port").findings == ()


def test_a_column_twice_stops_the_sheet(tmp_path: Path) -> None:
    reading = read(tmp_path, "A,4,1,B", header="account,model,fxs_port,ACCOUNT")
    assert codes(reading) == [(1, "account", "duplicate-column")]
    assert reading.unplaced


def test_cells_under_no_name_are_left_out_with_a_warning(tmp_path: Path) -> None:
    reading = read(tmp_path, "A,4,1,,stray", "A,4,2,x,", header="account,model,fxs_port,,")
    assert codes(reading) == [(2, None, "unnamed-column")]


def test_blank_rows_are_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    reading = read(tmp_path, "", ",,", 'A,4,1,"two\nlines",1,1', header="account,model,fxs_port,notes,x,y")
    assert (4, "notes", "cleaned-cell") in codes(reading)


def test_cells_of_a_line_on_a_spare_port_are_warned_of(tmp_path: Path) -> None:
    reading = read(tmp_path, "A,4,1,,2604683252,")
    (found,) = reading.findings
    assert (found.severity, found.code, found.column) == (Severity.WARNING, "ignored-cells", "caller_id")
    assert reading.grouped()[0].gateways[0].ports[0].state is PortState.SPARE


def test_lists_are_split_and_doubles_dropped(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "A,4,1,L,2604683252,2604683252,p1; Local & LD;;p1,2604683252;+12604683252;2604683253",
        header="account,model,fxs_port,line_name,caller_id,e911_callback,calling_plan,inbound_number",
    )
    draft = reading.grouped()[0].gateways[0].ports[0].draft
    assert draft is not None
    assert draft.calling_plans == ("p1", "Local & LD")
    assert [number.digits for number in draft.inbound_numbers] == ["12604683252", "12604683253"]


def test_credentials_are_both_or_neither_or_the_platforms(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "A,8,1,,",
        "A,8,2,Platform,",
        "A,8,3,lobbyphone,abcdefghijklmnop",
        "A,8,4,lobbyphone4,short1",
        header=CREDENTIALS,
    )
    assert codes(reading) == [(5, "sip_password", "short-password")]
    assert reading.findings[0].value is None
    ports = reading.grouped()[0].gateways[0].ports
    assert [row.source.value for row in ports[:4]] == ["generated", "platform", "own", "own"]
    assert ports[2].credential is not None
    assert ports[2].credential.password.reveal() == "abcdefghijklmnop"


@pytest.mark.parametrize(
    "row,column,code",
    [
        ("lobbyphone,", "sip_password", "half-credential"),
        (",planted-secret", "sip_username", "half-credential"),
        ("platform,planted-secret", "sip_username", "half-credential"),
        ("short,planted-secret", "sip_username", "invalid-username"),
        ("lobbyphone,abc12", "sip_password", "invalid-password"),
        ("lobbyphone,******", "sip_password", "invalid-password"),
        ("lobbyphone,planted secret", "sip_password", "invalid-password"),
    ],
)
def test_a_wrong_credential_is_refused_and_never_shown(
    tmp_path: Path, row: str, column: str, code: str
) -> None:
    reading = read(tmp_path, f"A,8,1,{row}", header=CREDENTIALS)
    assert codes(reading) == [(2, column, code)]
    assert "planted" not in repr(reading)


def test_the_kits_own_columns_come_back_as_written(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "A,4,1,pd-234567892,X1,SN7,7",
        header="account,model,fxs_port,label_id,line_id,serial,sheet revision",
    )
    gateway = reading.grouped()[0].gateways[0]
    row = gateway.ports[0]
    assert gateway.serial == "SN7"
    assert row.label_id is not None
    assert row.label_id.text == "PD-234567892"
    assert row.written == {
        "label_id": "pd-234567892",
        "line_id": "X1",
        "serial": "SN7",
        "sheet_revision": "7",
    }


def test_a_fault_spoils_its_gateway_only_when_partial_is_agreed_to(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "A,,GW-1,,4,1,,L,,2604683252,2604683252",
        "A,,GW-1,,4,2,,L,,bad,2604683252",
        "A,,GW-2,,4,1,,L,,2604683252,2604683252",
        "B,,GW-1,,4,1,,L,,2604683252,2604683252",
        header=FULL,
    )
    with pytest.raises(SheetFaults, match="one fault"):
        reading.grouped()
    jobs = reading.grouped(partial=True)
    assert [(job.account, [one.place.name for one in job.gateways]) for job in jobs] == [
        ("A", ["GW-2"]),
        ("B", ["GW-1"]),
    ]
    assert reading.faults[0].gateway is not None


def test_a_row_of_an_unknown_gateway_spoils_its_whole_job(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "A,,GW-1,,4,1,,L,,2604683252,2604683252",
        "A,,,00:50:58,4,2,,L,,2604683252,2604683252",
        "B,,GW-1,,4,1,,L,,2604683252,2604683252",
        header=FULL,
    )
    assert [job.account for job in reading.grouped(partial=True)] == ["B"]


def test_a_bad_mac_at_a_named_gateway_spoils_that_gateway_only(tmp_path: Path) -> None:
    reading = read(tmp_path, "A,,GW-1,00:50:58,4,1,,,,,", "A,,GW-2,,4,1,,,,,", header=FULL)
    assert [one.place.name for one in reading.grouped(partial=True)[0].gateways] == ["GW-2"]


def test_a_sheet_without_rows_is_a_fault(tmp_path: Path) -> None:
    assert [found.code for found in read(tmp_path).faults] == ["no-rows"]


def test_what_a_csv_protects_from_spreadsheets_comes_back_plain(tmp_path: Path) -> None:
    reading = read(tmp_path, "A,4,1,'=1+1,''=x,'plain", header="account,model,fxs_port,a,b,c")
    assert reading.grouped()[0].gateways[0].ports[0].extra == {"a": "=1+1", "b": "'=x", "c": "'plain"}


def test_a_site_has_a_short_printable_name(tmp_path: Path) -> None:
    for site in ("s" * 101, "a\x07b"):
        reading = read(tmp_path, f"A,{site},GW-1,,4,1,,,,,", header=FULL)
        assert codes(reading) == [(2, "site", "invalid-text")]
        assert reading.unplaced


def test_a_row_without_a_port_spoils_its_gateway(tmp_path: Path) -> None:
    reading = read(tmp_path, "A,,GW-1,,4,,,,,,", "A,,GW-2,,4,1,,,,,", header=FULL)
    assert codes(reading) == [(2, "fxs_port", "missing-value")]
    assert [one.place.name for one in reading.grouped(partial=True)[0].gateways] == ["GW-2"]


def test_a_comma_that_nobody_quoted_is_a_fault_of_the_row_it_shifts(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(
        "account,model,fxs_port,line_name,caller_id,e911_callback\n"
        "A,8,1,Lobby, the left one,15035550100,15035550100\n"
    )
    reading = read_sheet(path, profiles())
    (shifted,) = [each for each in reading.faults if each.code == "too-many-cells"]
    assert (shifted.row, "7 cells, the header 6" in shifted.message) == (2, True)
    with pytest.raises(SheetFaults):
        reading.grouped(partial=True)
