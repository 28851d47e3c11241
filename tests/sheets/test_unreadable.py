from pathlib import Path

import pytest

from installer.errors import UsageFault
from installer.sheets import read_sheet
from tests.sheets.samples import csv_sheet, profiles


@pytest.mark.parametrize(
    "content,words",
    [
        (b"", "names no columns"),
        (b"\n\nA,4,1", "names no columns"),
        (b"alpha,beta\n1,2", "names no columns"),
        (b"account,model;fxs_port\n", "cannot be told"),
        (b"\xff\xfea\0c\0", "UTF-16"),
        (b"account,model,fxs_port\nCaf\xe9,4,1", "not UTF-8"),
        (b"\xe9account,model,fxs_port\n", "not UTF-8"),
        (b'account,model,fxs_port\nA,4,"1', "no CSV"),
        (b'"' + b"a" * 200_000 + b'"\n', "names no columns"),
        (b"account,model,fxs_port" + b",x" * 300 + b"\nA,4,1", "more than 200 columns"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "locked with a password"),
        (b"PK\x03\x04 no archive", "no XLSX"),
    ],
)
def test_what_is_no_sheet_is_named_as_such(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    reading = read_sheet(path, profiles())
    (found,) = reading.faults
    assert words in found.message
    assert found.remedy
    assert reading.unplaced


def test_a_fault_far_into_a_file_stops_it_too(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    path.write_bytes(b"account,model,fxs_port\n" + b"A,4,1\n" * 50_000 + b"Caf\xe9,4,1\n")
    assert "not UTF-8" in read_sheet(path, profiles()).faults[0].message
    path.write_bytes(b"account,model,fxs_port\n" + b"A,4,1\n" * 50_000 + b'A,4,"1"2\n')
    assert "line 50002 is no CSV" in read_sheet(path, profiles()).faults[0].message


def test_a_sheet_beyond_the_limits_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    assert "larger than 64 MB" in read_sheet(path, profiles()).faults[0].message
    with path.open("w") as file:
        file.write("account,model,fxs_port\n" + "\n" * 200_001)
    assert "more than 200000 rows" in read_sheet(path, profiles()).faults[0].message
    wide = csv_sheet(tmp_path, f"A,4,1,{'x' * 10_001}", header="account,model,fxs_port,notes")
    found = read_sheet(wide, profiles()).faults[0]
    assert (found.row, found.column, found.code) == (2, "notes", "unusable-cell")


@pytest.mark.parametrize("name", ["absent.csv", ""])
def test_a_path_that_is_no_file_is_the_commands_fault(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageFault, match="cannot be opened"):
        read_sheet(tmp_path / name, profiles())
