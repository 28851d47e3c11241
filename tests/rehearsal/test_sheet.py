"""Sheets that virtual gateways are powered from: what is loaded, what is a fault."""

from pathlib import Path

import openpyxl
import pytest

from installer.errors import InvalidValue
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.sheet import read_sheet
from tests.rehearsal.credential_sheet import HEADER, sheet_row, write_sheet
from tests.rehearsal.visitor import MAC


async def test_rows_that_are_spare_off_or_only_prepared_do_not_register(
    platform: RehearsalPlatform, tmp_path: Path
) -> None:
    rows = [
        sheet_row(platform, 1, row_state="prepared"),
        sheet_row(platform, 2, port_state="spare", sip_username="", sip_password=""),
        sheet_row(platform, 3, port_state="off"),
        sheet_row(platform, 4, row_state="draft"),
    ]
    assert [port.fxs_port for port in read_sheet(write_sheet(tmp_path / "s.csv", rows))] == [4]


async def test_a_workbook_reads_as_the_csv_does(platform: RehearsalPlatform, tmp_path: Path) -> None:
    rows = [sheet_row(platform, port) for port in (1, 2)]
    book = openpyxl.Workbook()
    for row in [list(HEADER), *rows]:
        book.active.append(row)
    book.save(tmp_path / "s.xlsx")
    assert read_sheet(tmp_path / "s.xlsx") == read_sheet(write_sheet(tmp_path / "s.csv", rows))


async def test_what_the_sheet_leaves_out_has_a_default(platform: RehearsalPlatform, tmp_path: Path) -> None:
    row = sheet_row(
        platform, 1, **{"SIP Domain": "", "transport": "", "registrar_port": "", "MAC": "0050.58a0.b1c2"}
    )
    (port,) = read_sheet(write_sheet(tmp_path / "s.csv", [row]))
    assert (port.mac, port.domain, port.transport, port.registrar_port) == (MAC, "127.0.0.1", "UDP", 5060)
    assert "s3cret" not in repr(port)


@pytest.mark.parametrize(
    "changes",
    [
        {"MAC": "005058a0b1c"},
        {"sip_password": ""},
        {"registrar": ""},
        {"fxs_port": "one"},
        {"registrar_port": "x"},
    ],
)
async def test_a_row_that_cannot_be_loaded_is_named(
    platform: RehearsalPlatform, tmp_path: Path, changes: dict[str, str]
) -> None:
    path = write_sheet(tmp_path / "s.csv", [sheet_row(platform, 1), sheet_row(platform, 2, **changes)])
    with pytest.raises(InvalidValue, match="row 3"):
        read_sheet(path)


def test_a_file_that_is_no_credential_sheet_is_refused(tmp_path: Path) -> None:
    for text in ("", "account,line_name\n1,2\n"):
        (tmp_path / "s.csv").write_text(text)
        with pytest.raises(InvalidValue, match="no column mac"):
            read_sheet(tmp_path / "s.csv")
