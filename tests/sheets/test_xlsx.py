import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from installer.errors import DiskUnusable
from installer.sheets import SheetReading, read_sheet, write_sheet, xlsx_file
from tests.sheets import samples

HEADER = ["account", "model", "fxs_port", "mac", "notes", "line_name", "caller_id", "e911_callback", "extra"]


def book(folder: Path, *rows: list[object]) -> Path:
    """A workbook as a person's spreadsheet saves it, numbers, dates and all."""
    path = folder / "in.xlsx"
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row in [HEADER, *rows]:
        sheet.append(row)
    made.create_sheet("other").append(["not", "read"])
    made.save(path)
    return path


def read(folder: Path, *rows: list[object]) -> SheetReading:
    return read_sheet(book(folder, *rows), samples.profiles())


def test_exact_numbers_come_back_as_their_digits(tmp_path: Path) -> None:
    reading = read(tmp_path, ["A", 8.0, 1, None, 12.5, "Lift", 2604683252, 12604683252.0, True])
    gateway = reading.grouped()[0].gateways[0]
    row = gateway.ports[0]
    assert reading.findings[1:] == ()
    assert row.draft is not None
    assert gateway.model.id == "8"
    assert (row.draft.caller_id.digits, row.draft.e911_callback.digits) == ("12604683252", "12604683252")
    assert (row.draft.notes, row.extra) == ("12.5", {"extra": "True"})


@pytest.mark.parametrize("number", [505812345678, 5.058e11, 5.058e40])
def test_a_mac_that_became_a_number_is_refused_with_the_reason(tmp_path: Path, number: float) -> None:
    (found,) = read(tmp_path, ["A", "8", "1", number]).faults
    assert (found.row, found.column) == (2, "mac")
    assert "made a number of it" in found.message


@pytest.mark.parametrize(
    "value,words",
    [
        ("=1+1", "formula"),
        (date(2026, 3, 4), "date"),
        (datetime(2026, 3, 4, 5, 6), "date"),  # noqa: DTZ001 - spreadsheets know no zone
        (10**15, "lost digits"),
        ("#N/A", "error"),
        ("x" * 10_001, "longer than"),
    ],
)
def test_cells_that_are_no_plain_text_are_refused_with_the_reason(
    tmp_path: Path, value: object, words: str
) -> None:
    (found,) = read(tmp_path, ["A", "8", "1", None, value]).faults
    assert (found.row, found.column, found.code) == (2, "notes", "unusable-cell")
    assert words in found.message


def test_an_odd_cell_in_an_unknown_column_is_never_fatal(tmp_path: Path) -> None:
    assert read(tmp_path, ["A", "8", "1", None, None, None, None, None, "=1+1"]).faults == ()


def test_a_first_sheet_without_cells_is_named(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    openpyxl.Workbook().save(path)
    assert "first row is blank" in read_sheet(path, samples.profiles()).faults[0].message


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    path = book(tmp_path, ["A", "4", "1"]).rename(tmp_path / "named.csv")
    assert read_sheet(path, samples.profiles()).grouped()[0].account == "A"


def test_a_bomb_is_refused_unopened(tmp_path: Path) -> None:
    path = book(tmp_path, ["A", "4", "1"])
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/bomb.xml", "w") as part,
    ):
        for _ in range(65):
            part.write(b"\0" * 1024 * 1024)
    assert path.stat().st_size < 1024 * 1024
    assert "unpacks to more" in read_sheet(path, samples.profiles()).faults[0].message


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"])
@pytest.mark.parametrize(
    "content", [b"", b"<broken", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"\xff\xfe\x00"]
)
def test_a_damaged_workbook_is_a_named_fault(tmp_path: Path, part: str, content: bytes) -> None:
    source, path = book(tmp_path, ["A", "4", "1"]), tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(path, "w") as damaged:
        for name in whole.namelist():
            damaged.writestr(name, content if name == part else whole.read(name))
    reading = read_sheet(path, samples.profiles())
    assert [found.code for found in reading.faults] == ["unreadable-sheet"]


def test_every_cut_of_a_workbook_is_a_named_fault(tmp_path: Path) -> None:
    whole = book(tmp_path, ["A", "4", "1"]).read_bytes()
    path = tmp_path / "cut.xlsx"
    for length in range(4, len(whole), len(whole) // 40):
        path.write_bytes(whole[:length])
        assert [found.code for found in read_sheet(path, samples.profiles()).faults] == ["unreadable-sheet"]


def test_a_workbook_without_worksheets_is_named(tmp_path: Path) -> None:
    path = tmp_path / "chart.xlsx"
    made = xlsxwriter.Workbook(path)
    chart = made.add_chart({"type": "line"})
    made.add_worksheet("lines").write(0, 0, 1)
    chart.add_series({"values": "=lines!$A$1:$A$1"})
    made.add_chartsheet().set_chart(chart)
    made.close()
    cut = tmp_path / "cut.xlsx"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(cut, "w") as less:
        for name in whole.namelist():
            text = whole.read(name)
            if name == "xl/workbook.xml":
                text = text.replace(b'<sheet name="lines" sheetId="1" r:id="rId1"/>', b"")
            less.writestr(name, text)
    assert "no worksheet" in read_sheet(cut, samples.profiles()).faults[0].message


def test_every_written_cell_is_a_text_cell(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_sheet(path, samples.sheet(text="=1+1", extra={"=cmd()": "@x"}), samples.columns())
    cells = [
        cell for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row if cell.value
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert not (tmp_path / "out.xlsx.tmp").exists()
    assert [found.name for found in tmp_path.iterdir()] == ["out.xlsx"]


def test_a_write_that_fails_midway_leaves_no_part_behind(tmp_path: Path) -> None:
    def rows() -> Iterator[list[str]]:
        yield ["sip_password"]
        yield ["planted-secret"]
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        xlsx_file.write_rows(BytesIO(), rows(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_that_cannot_be_put_in_place_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "out.xlsx").mkdir()
    with pytest.raises(DiskUnusable, match="cannot be written"):
        write_sheet(tmp_path / "out.xlsx", samples.sheet(), samples.columns())
    assert [found.name for found in tmp_path.iterdir()] == ["out.xlsx"]


def test_a_number_that_is_stored_with_an_exponent_is_exact_too(tmp_path: Path) -> None:
    source, path = (
        book(tmp_path, ["A", "4", 1, None, None, "Lift", 12604683252, "2604683252"]),
        tmp_path / "e.xlsx",
    )
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(path, "w") as changed:
        for name in whole.namelist():
            changed.writestr(name, whole.read(name).replace(b"<v>12604683252</v>", b"<v>1.2604683252E10</v>"))
    draft = read_sheet(path, samples.profiles()).grouped()[0].gateways[0].ports[0].draft
    assert draft is not None
    assert draft.caller_id.digits == "12604683252"
