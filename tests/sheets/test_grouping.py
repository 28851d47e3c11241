from pathlib import Path

import pytest

from installer.sheets import SheetReading, read_sheet
from tests.sheets.samples import csv_sheet, profiles

LABELS = "account,site,gateway,mac,model,fxs_port,gateway_label_id"
HEADER = "account,site,gateway,mac,model,fxs_port,sip_username,sip_password,label_id,serial"
ONE, TWO = "00:50:58:00:00:01", "0050.5800.0002"


def read(folder: Path, *rows: str) -> SheetReading:
    return read_sheet(csv_sheet(folder, *rows, header=HEADER), profiles())


def faults(reading: SheetReading) -> list[tuple[int | None, str | None, str]]:
    return [(found.row, found.column, found.code) for found in reading.faults]


def places(reading: SheetReading) -> list[list[tuple[str, str]]]:
    return [[(one.place.name, str(one.mac or "")) for one in job.gateways] for job in reading.sound]


def test_accounts_and_sites_are_jobs_of_their_own(tmp_path: Path) -> None:
    reading = read(tmp_path, "A,N,,,4,1", "A,S,,,4,1", "B,N,,,4,1", "A,N,,,4,2")
    assert [(job.account, job.site) for job in reading.grouped()] == [("A", "N"), ("A", "S"), ("B", "N")]
    assert places(reading) == [[("GW-1", "")]] * 3


def test_unnamed_gateways_are_told_apart_by_mac_and_numbered_around_names(tmp_path: Path) -> None:
    reading = read(
        tmp_path, f"A,,,{TWO},4,1", "A,,gw-1,,8,1", f"A,,,{ONE},4,1", "A,,,,4,1", f"A,,,{TWO},4,2", "A,,,,4,2"
    )
    assert places(reading) == [
        [("GW-2", "00:50:58:00:00:02"), ("gw-1", ""), ("GW-3", "00:50:58:00:00:01"), ("GW-4", "")]
    ]
    assert [row.row for row in reading.sound[0].gateways[0].ports] == [2, 6, None, None]


def test_a_mac_named_elsewhere_brings_an_unnamed_row_home(tmp_path: Path) -> None:
    reading = read(tmp_path, f"A,,,{ONE},4,1", f"A,,Roof,{ONE},4,2")
    assert places(reading) == [[("Roof", "00:50:58:00:00:01")]]


def test_a_place_is_one_whatever_its_case(tmp_path: Path) -> None:
    reading = read(tmp_path, "A,,Roof,,4,1", "A,,roof,,4,2")
    assert places(reading) == [[("Roof", "")]]


def test_a_gateway_may_name_its_model_mac_and_serial_in_any_row(tmp_path: Path) -> None:
    reading = read(tmp_path, "A,,GW-1,,,1", f"A,,GW-1,{ONE},SIP_4_Port_MTA,2,,,,SN1")
    gateway = reading.grouped()[0].gateways[0]
    assert (gateway.model.id, str(gateway.mac), gateway.serial) == ("4", ONE, "SN1")


def test_a_gateway_without_any_model_is_a_fault(tmp_path: Path) -> None:
    assert faults(read(tmp_path, "A,,GW-1,,,1")) == [(2, "model", "missing-value")]


def test_rows_of_one_gateway_must_agree(tmp_path: Path) -> None:
    reading = read(tmp_path, f"A,,GW-1,{ONE},4,1,,,,S1", f"A,,GW-1,{TWO},8,2,,,,S2")
    assert faults(reading) == [(3, name, "two-gateways") for name in ("model", "mac", "serial")]
    assert "“4” and “8”" in reading.faults[0].message


def test_a_port_beyond_the_model_is_a_fault_even_in_a_faulty_row(tmp_path: Path) -> None:
    reading = read(tmp_path, "A,,GW-1,,4,5", "A,,GW-1,,4,9,half,,,")
    assert faults(reading) == [
        (2, "fxs_port", "no-such-port"),
        (3, "sip_password", "half-credential"),
        (3, "fxs_port", "no-such-port"),
    ]


def test_a_port_twice_is_a_fault_that_names_the_other_row(tmp_path: Path) -> None:
    reading = read(tmp_path, "A,,,,4,1", "A,,,,4,1", "A,,,,4,1")
    assert faults(reading) == [(3, "fxs_port", "duplicate-port"), (4, "fxs_port", "duplicate-port")]
    assert "row 2" in reading.faults[1].message


def test_what_stands_once_spoils_both_gateways_that_claim_it(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        f"A,,GW-1,{ONE},4,1,samename1,abcdefghijklmnop,PD-234567892",
        f"B,,GW-2,{ONE},4,1,samename1,abcdefghijklmnop,PD-234567892",
        "B,,GW-3,,4,1",
    )
    assert faults(reading) == [
        (3, "mac", "duplicate-mac"),
        (3, "sip_username", "duplicate-sip-username"),
        (3, "label_id", "duplicate-label-id"),
    ]
    jobs = reading.grouped(partial=True)
    assert [(job.account, [one.place.name for one in job.gateways]) for job in jobs] == [("B", ["GW-3"])]


def test_a_gateways_label_may_stand_in_any_row(tmp_path: Path) -> None:
    lines = ("A,,GW-1,,4,1,", "A,,GW-1,,4,2,pd-234567892", "A,,GW-2,,4,1,")
    reading = read_sheet(csv_sheet(tmp_path, *lines, header=LABELS), profiles())
    assert [str(one.label_id) for one in reading.grouped()[0].gateways] == ["PD-234567892", "None"]


def test_two_labels_of_one_gateway_and_one_of_two_are_faults(tmp_path: Path) -> None:
    lines = (
        "A,,GW-1,,4,1,PD-234567892",
        "A,,GW-1,,4,2,PD-234567893",
        "A,,GW-2,,4,1,PD-234567894",
        "A,,GW-3,,4,1,PD-234567894",
        "A,,GW-4,,4,1,PD-2",
    )
    reading = read_sheet(csv_sheet(tmp_path, *lines, header=LABELS), profiles())
    assert faults(reading) == [
        (3, "gateway_label_id", "two-gateways"),
        (5, "gateway_label_id", "duplicate-gateway-label-id"),
        (6, "gateway_label_id", "invalid-label"),
    ]


@pytest.mark.parametrize("mac,label", [(ONE, ""), ("", "PD-234567892"), (ONE, "PD-234567892")])
@pytest.mark.parametrize("place", ["", "GW-1"])
def test_a_gateway_torn_by_a_slip_is_told_once_with_the_odd_row(
    tmp_path: Path, place: str, mac: str, label: str
) -> None:
    lines = [f"A,N,{place},{mac},4,{port},{label}" for port in (1, 2, 4)]
    odd = f"A,S,{place},{mac},4,3,{label}"
    reading = read_sheet(csv_sheet(tmp_path, odd, *lines, "B,N,GW-9,,4,1,", header=LABELS), profiles())
    (fault,) = reading.faults
    assert (fault.row, fault.column, fault.code, fault.value) == (2, "site", "two-sites", "S")
    assert fault.message == "row 2 of GW-1 with site “S”, rows 3, 4, 5 with “N”"
    assert fault.remedy.endswith("most likely “N” in row 2 too")
    assert [job.account for job in reading.grouped(partial=True)] == ["B"]


def test_of_two_halves_neither_is_the_likely_slip(tmp_path: Path) -> None:
    reading = read_sheet(csv_sheet(tmp_path, f"A,,,{ONE},4,1,", f"B,,,{ONE},4,2,", header=LABELS), profiles())
    (fault,) = reading.faults
    assert (fault.row, fault.column, fault.code) == (3, "account", "two-accounts")
    assert fault.message == "row 3 of GW-1 with account “B”, row 2 with “A”"
    assert fault.remedy == "one account for all rows of a gateway"


@pytest.mark.parametrize("other", [f"B,,GW-1,{ONE},4,1,", f"B,,GW-2,{ONE},4,2,"])
def test_hardware_named_twice_is_no_slip_where_a_port_or_a_name_speaks_against_it(
    tmp_path: Path, other: str
) -> None:
    reading = read_sheet(csv_sheet(tmp_path, f"A,,GW-1,{ONE},4,1,", other, header=LABELS), profiles())
    assert faults(reading) == [(3, "mac", "duplicate-mac")]
