"""Labels as files: every one is read back by a decoder that is not ours."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw

from installer.domain.job import PortState, SiteJob
from installer.domain.label import LabelSheet
from installer.errors import DiskUnusable, InvalidValue
from installer.outputs.label_content import Label
from installer.outputs.label_pdf import write_pdf
from installer.outputs.label_png import DPI, write_png
from installer.outputs.labels import job_labels, write_labels
from tests.hostile import HOSTILE
from tests.outputs.jobs import AVERY, L7160, STOCKS, USES, site_job

SCALE = 3.0
DOTS_PER_MM = SCALE * 72 / 25.4
SECRETS = ("s3cr3t-Note-Pw9", "account-id-5523", "partition-7781", "127.0.0.1")


def every_label(job: SiteJob) -> list[Label]:
    return [label for _, label in job_labels(job, USES)]


def as_pdf(labels: list[Label], stock: LabelSheet, start_cell: int = 1) -> pypdfium2.PdfDocument:
    stream = io.BytesIO()
    write_pdf(labels, stock, start_cell, stream)
    return pypdfium2.PdfDocument(stream.getvalue())


def rendered(page: pypdfium2.PdfPage) -> Image.Image:
    image: Image.Image = page.render(scale=SCALE).to_pil().convert("L")
    return image


def read(image: Image.Image) -> list[zxingcpp.Barcode]:
    codes = zxingcpp.read_barcodes(image, zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    assert all(code.valid for code in codes)
    return list(codes)


def cell_of(code: zxingcpp.Barcode, stock: LabelSheet) -> int:
    """The cell whose bounds hold all four corners of the symbol."""
    at = code.position
    corners = (at.top_left, at.top_right, at.bottom_left, at.bottom_right)
    for cell in range(stock.cells):
        x, y = stock.origin(cell)
        if all(
            x <= corner.x / DOTS_PER_MM <= x + stock.cell[0]
            and y <= corner.y / DOTS_PER_MM <= y + stock.cell[1]
            for corner in corners
        ):
            return cell
    pytest.fail("a symbol lies across cells")


@pytest.mark.parametrize("stock", STOCKS, ids=lambda stock: stock.id)
@pytest.mark.parametrize("start", [1, 2, -1])
def test_every_page_decodes_to_its_ids_each_in_its_cell(stock: LabelSheet, start: int) -> None:
    start_cell = start if start > 0 else stock.cells
    labels = every_label(site_job(24, 8))
    document = as_pdf(labels, stock, start_cell)
    found: dict[int, str] = {}
    for number in range(len(document)):
        for code in read(rendered(document[number])):
            found[number * stock.cells + cell_of(code, stock)] = code.text
    assert found == {start_cell - 1 + index: label.id.text for index, label in enumerate(labels)}
    assert document[0].get_size() == pytest.approx([side / 25.4 * 72 for side in stock.page], abs=0.1)


@pytest.mark.parametrize("stock", STOCKS, ids=lambda stock: stock.id)
def test_every_start_cell_puts_the_first_label_there(stock: LabelSheet) -> None:
    label = every_label(site_job(4))[0]
    for start_cell in range(1, stock.cells + 1):
        x, y = stock.origin(start_cell - 1)
        page = as_pdf([label], stock, start_cell)[0]
        _, page_height = page.get_size()
        inside = page.get_textpage().get_text_bounded(
            left=x / 25.4 * 72,
            top=page_height - y / 25.4 * 72,
            right=(x + stock.cell[0]) / 25.4 * 72,
            bottom=page_height - (y + stock.cell[1]) / 25.4 * 72,
        )
        assert label.id.text in inside
        assert "Do not move: 911 address" in inside


@pytest.mark.parametrize("start_cell", [0, -3, 31])
def test_a_start_cell_off_the_sheet_is_refused_before_writing(tmp_path: Path, start_cell: int) -> None:
    with pytest.raises(InvalidValue, match="Avery 5160 has no cell") as caught:
        next(write_labels(site_job(4), USES, AVERY, start_cell, tmp_path))
    assert caught.value.wanted.startswith("1 to 30")
    assert list(tmp_path.iterdir()) == []


def test_every_png_decodes_to_its_id_at_the_exact_dots_of_the_cell(tmp_path: Path) -> None:
    job = site_job(8, 4)
    files = {file.path.name: file for file in write_labels(job, USES, L7160, 1, tmp_path)}
    named = dict(job_labels(job, USES))
    assert set(files) == {"labels.pdf", *(f"{name}.png" for name in named)}
    for name, label in named.items():
        with Image.open(files[f"{name}.png"].path) as image:
            assert image.size == (round(63.5 / 25.4 * DPI), round(38.1 / 25.4 * DPI))
            assert image.info["dpi"] == pytest.approx((DPI, DPI), abs=0.1)
            assert [code.text for code in read(image.convert("L"))] == [label.id.text]


def test_files_are_named_after_place_port_and_id_and_a_port_that_is_off_has_none() -> None:
    job = site_job(8)
    names = [name for name, _ in job_labels(job, USES)]
    used = [plan for plan in job.ports if plan.state is not PortState.OFF]
    assert names == [
        f"gw-1-device-{job.gateways[0].label_id}",
        *(f"gw-1-p{plan.port.number:02d}-{plan.label_id}" for plan in used),
    ]
    assert len(used) == 7


def test_written_labels_report_their_kind_and_digest(tmp_path: Path) -> None:
    files = list(write_labels(site_job(4), USES, AVERY, 1, tmp_path))
    assert [file.kind for file in files] == ["labels", *["label"] * 4]
    assert {len(file.sha256) for file in files} == {64}


def test_the_same_job_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (
        [file.sha256 for file in write_labels(site_job(8), USES, AVERY, 3, tmp_path / name)] for name in "ab"
    )
    assert first == second


def test_nothing_secret_is_on_a_label_or_in_its_code() -> None:
    job = site_job(8)
    document = as_pdf(every_label(job), AVERY)
    text = document[0].get_textpage().get_text_range()
    assert "Elevator car 1" in text
    assert "LIFE SAFETY" in text
    assert not [secret for secret in SECRETS if secret in text]
    assert {code.text for code in read(rendered(document[0]))} == {
        label.id.text for label in every_label(job)
    }


@pytest.mark.parametrize("word", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_print_inside_their_cells_and_leave_the_code_readable(word: str) -> None:
    labels = every_label(site_job(8, site=word, name=word, note=word))
    page = rendered(as_pdf(labels, L7160)[0])
    assert {code.text for code in read(page)} == {label.id.text for label in labels}
    pen = ImageDraw.Draw(page)
    for cell in range(L7160.cells):
        x, y = L7160.origin(cell)
        right, bottom = x + L7160.cell[0], y + L7160.cell[1]
        pen.rectangle([x * DOTS_PER_MM, y * DOTS_PER_MM, right * DOTS_PER_MM, bottom * DOTS_PER_MM], fill=255)
    assert page.getextrema() == (255, 255)


@pytest.mark.parametrize("word", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("stock", STOCKS, ids=lambda stock: stock.id)
def test_a_png_of_hostile_words_keeps_its_margin_and_decodes(stock: LabelSheet, word: str) -> None:
    for label in every_label(site_job(8, site=word, name=word, note=word))[:2]:
        stream = io.BytesIO()
        write_png(label, stock.cell, stream)
        with Image.open(stream) as image:
            ink = ImageChops.invert(image.convert("L")).getbbox()
            assert [code.text for code in read(image.convert("L"))] == [label.id.text]
            assert ink is not None
            margin = 0.8 / 25.4 * DPI
            assert min(ink[0], ink[1]) >= margin
            assert max(ink[2] - image.width, ink[3] - image.height) <= -margin


@pytest.mark.parametrize("word", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_places_do_not_leave_the_directory(tmp_path: Path, word: str) -> None:
    job = site_job(4, place=word)
    out = tmp_path / "out"
    files = list(write_labels(job, USES, AVERY, 1, out))
    assert {file.path.parent for file in files} == {out}
    assert {path.name for path in tmp_path.iterdir()} == {"out"}
    assert {path.name for path in out.iterdir()} == {file.path.name for file in files}
    assert all(file.path.name.isascii() and len(file.path.name) < 80 for file in files)


def test_a_directory_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    blocked = tmp_path / "out"
    blocked.write_text("a file")
    with pytest.raises(DiskUnusable):
        next(write_labels(site_job(4), USES, AVERY, 1, blocked))
