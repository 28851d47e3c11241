"""What a visit leaves, before it is written: the hand-over as a symbol, letters a label lacks, row states."""

from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from installer.domain.job import RowState
from installer.errors import Conflict, InvalidValue
from installer.session.previews import HandoverCode
from tests.session.office import MACS, Technician, row, rows


def read(code: HandoverCode) -> str:
    """What a phone makes of it."""
    side = code.modules + 8
    image = Image.new("L", (side, side), 255)
    for y, x in code.dark:
        image.putpixel((x + 4, y + 4), 0)
    (found,) = zxingcpp.read_barcodes(image.resize((side * 4, side * 4), Image.Resampling.NEAREST))
    return found.text


async def test_the_code_holds_place_and_mac_of_each_gateway(ada: Technician) -> None:
    sheet = [row(1), row(2, fxs_port="1", gateway="GW-2", mac=MACS[1])]
    await ada.prepare(sheet)
    async with ada.session() as session:
        (record,) = session.kept.jobs()
        code = session.previews.handover_code(record)
        assert read(code) == "GW-1=005058123400\nGW-2=005058123401"
        assert code.text == "GW-1=005058123400 GW-2=005058123401"


async def test_what_is_too_long_for_a_screen_is_named_by_job_and_hash(ada: Technician) -> None:
    sheet = [row(at + 1, fxs_port="1", gateway=f"a-rather-long-place-{at}", mac=MACS[at]) for at in range(3)]
    await ada.prepare(sheet)
    async with ada.session() as session:
        (record,) = session.kept.jobs()
        written = record.artifacts["credential-sheet"]
        code = session.previews.handover_code(record)
        assert read(code) == f"{record.job.id} {written.sha256[:32]}"
        assert len(read(code).encode()) <= 60


async def test_without_hardware_or_sheet_there_is_no_code(ada: Technician) -> None:
    await ada.prepare(rows(1, mac=""))
    async with ada.session() as session:
        (record,) = session.kept.jobs()
        assert session.previews.handover_code(record).text.startswith(record.job.id)
        with pytest.raises(Conflict, match="no gateway is bound"):
            session.previews.handover_code(replace(record, artifacts={}))


async def test_letters_that_the_label_font_lacks_are_named(ada: Technician) -> None:
    await ada.prepare(rows(2, line_name="電話"))
    async with ada.session() as session:
        (record,) = session.kept.jobs()
        found = [session.previews.unprintable(each) for each in session.previews.labels(record)]
        assert [bool(each) for each in found[:3]] == [False, True, True]
        assert "◊" in found[1][0]


async def test_rows_are_counted_by_how_far_they_are(ada: Technician) -> None:
    await ada.prepare(rows(2))
    async with ada.session() as session:
        (record,) = session.kept.jobs()
        assert session.previews.row_states(record) == {RowState.PREPARED: 2}
    (run,) = await ada.apply("Tower")
    async with ada.session() as session:
        assert session.previews.row_states(session.kept.record(run.record.job.id)) == {RowState.FINAL: 2}


async def test_a_cell_that_the_stock_has_not_is_refused(ada: Technician) -> None:
    async with ada.session() as session:
        stock = session.previews.stocks["avery-5160"]
        session.previews.check_cell(stock, 30)
        for cell in (0, 31):
            with pytest.raises(InvalidValue):
                session.previews.check_cell(stock, cell)
