"""Labels on sheets of label stock, as PDF: everything vector, the same bytes for the same labels."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import BinaryIO

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from installer.domain.label import LabelId, LabelSheet
from installer.errors import InvalidValue
from installer.outputs.label_content import Label
from installer.outputs.label_font import font_name
from installer.outputs.label_layout import Box, TextRun, arrange
from installer.outputs.label_qr import QUIET, SPAN, dark_runs


class _PackedCanvas(Canvas):  # type: ignore[misc]  # reportlab ships no types
    """A canvas that packs each page when it is done, where reportlab keeps them all as text until the end."""

    def showPage(self) -> None:  # noqa: N802 - the library's name
        super().showPage()
        page = self._doc.Pages.pages[-1]
        packed = PDFDictionary({"Filter": PDFName("FlateDecode")})
        page.Contents = PDFStream(packed, zlib.compress(page.stream.encode("ascii")))
        page.stream = None


def check_start_cell(sheet: LabelSheet, start_cell: int) -> None:
    """Raises InvalidValue unless `start_cell`, counted from 1 along the rows, is on the sheet."""
    if not 1 <= start_cell <= sheet.cells:
        raise InvalidValue(
            f"{sheet.name} has no cell {start_cell}",
            code="invalid-start-cell",
            wanted=f"1 to {sheet.cells}, counted along the rows from the top left",
        )


def write_pdf(labels: Iterable[Label], sheet: LabelSheet, start_cell: int, stream: BinaryIO) -> None:
    """A PDF into `stream`, beginning at `start_cell` of the first page. Raises InvalidValue, OSError."""
    check_start_cell(sheet, start_cell)
    page_height = sheet.page[1] * mm
    canvas = _PackedCanvas(stream, pagesize=(sheet.page[0] * mm, page_height), invariant=1)
    canvas.setTitle("Gateway and FXS port labels")
    canvas.setCreator("punchdown")
    cell = start_cell - 1
    for label in labels:
        if cell == sheet.cells:
            canvas.showPage()
            cell = 0
        x, y = sheet.origin(cell)
        _draw(canvas, label, sheet.cell, (x * mm, page_height - y * mm))
        cell += 1
    canvas.save()


def _draw(canvas: Canvas, label: Label, cell: tuple[float, float], corner: tuple[float, float]) -> None:
    """`label` with its top left at `corner`, in points from the bottom left of the page."""
    layout = arrange(label, cell)
    left, top = corner
    canvas.addLiteral(_symbol(label.id, layout.qr, corner))
    if layout.bar is not None:
        bar = layout.bar
        bottom = top - (bar.y + bar.height) * mm
        canvas.rect(left + bar.x * mm, bottom, bar.width * mm, bar.height * mm, stroke=0, fill=1)
    for run in layout.runs:
        _write(canvas, run, corner)


def _write(canvas: Canvas, run: TextRun, corner: tuple[float, float]) -> None:
    canvas.setFont(font_name(run.weight), run.size * mm)
    canvas.setFillGray(1 if run.reverse else 0)
    canvas.drawString(corner[0] + run.x * mm, corner[1] - run.baseline * mm, run.text)
    canvas.setFillGray(0)


def _symbol(label_id: LabelId, box: Box, corner: tuple[float, float]) -> str:
    """PDF operators for the QR symbol, in module units with y down.

    One path for all rectangles: filled one by one, viewers show hair lines between rows. Written as text,
    since a call of the canvas per rectangle costs more than all the rest of the label.
    """
    module = box.width * mm / SPAN
    x = corner[0] + box.x * mm + QUIET * module
    y = corner[1] - box.y * mm - QUIET * module
    path = "".join(f"{column} {row} {length} 1 re " for row, column, length in dark_runs(label_id))
    return f"q {module:.5f} 0 0 {-module:.5f} {x:.4f} {y:.4f} cm {path}f Q"
