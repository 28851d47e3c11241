from pathlib import Path

import pytest

from installer.sheets import read_sheet
from tests.sheets.samples import profiles


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
