"""The geometry of a label: everything inside, nothing on top of anything else."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.domain.label import LabelId, LabelSheet
from installer.outputs.label_content import LIFE_SAFETY, SEPARATOR, Label
from installer.outputs.label_font import Weight, printable, width_of
from installer.outputs.label_layout import PADDING, Layout, TextRun, arrange
from installer.outputs.label_qr import QUIET, SPAN
from tests.hostile import WORDS
from tests.outputs.jobs import AVERY, STOCKS

ID = LabelId("PD-WWWWWWWWW")
CELLS = st.one_of(
    st.sampled_from([stock.cell for stock in STOCKS]), st.tuples(st.floats(38, 105), st.floats(21, 60))
)
LABELS = st.builds(
    Label,
    st.just(ID),
    WORDS,
    st.lists(WORDS, min_size=1, max_size=5).map(tuple),
    st.sampled_from([None, LIFE_SAFETY]),
)


def taken(run: TextRun) -> float:
    return run.size * width_of(run.text, run.weight)


def column(layout: Layout) -> list[TextRun]:
    return [run for run in layout.runs[1:] if not run.reverse]


@given(LABELS, CELLS)
def test_whatever_the_words_every_text_stays_in_its_room(label: Label, cell: tuple[float, float]) -> None:
    for run in arrange(label, cell).runs:
        assert taken(run) <= run.room + 1e-6
        assert run.x >= PADDING - 1e-6
        assert run.x + taken(run) <= cell[0] - PADDING + 1e-6
        assert run.baseline + run.size * 0.24 <= cell[1]
        assert run.baseline - run.size * 0.73 >= PADDING - 1e-6


@given(LABELS, CELLS)
def test_text_symbol_and_banner_do_not_overlap(label: Label, cell: tuple[float, float]) -> None:
    layout = arrange(label, cell)
    caption, texts = layout.runs[0], column(layout)
    foot = layout.bar.y if layout.bar else cell[1] - PADDING
    assert layout.qr.y + layout.qr.height <= caption.baseline - caption.size * 0.72 <= foot
    assert caption.baseline <= foot + 1e-6
    assert caption.x + taken(caption) < layout.qr.x + layout.qr.width
    for run in texts:
        assert run.x >= layout.qr.x + layout.qr.width
        assert run.baseline + run.size * 0.2 <= foot + 1e-6
    for upper, lower in pairwise(texts):
        assert upper.baseline < lower.baseline - lower.size * 0.73


@given(LABELS, CELLS)
def test_the_quiet_zone_is_inside_the_cell_and_modules_are_large_enough_to_print(
    label: Label, cell: tuple[float, float]
) -> None:
    qr = arrange(label, cell).qr
    assert (qr.x, qr.y) >= (0, 0)
    assert qr.width == qr.height
    assert qr.width / SPAN >= 0.42
    assert qr.width / SPAN * QUIET >= PADDING


def test_a_long_text_is_shrunk_before_it_is_cut() -> None:
    label = Label(ID, "GW-1", ("Elevator car 2, north tower", "W" * 200))
    short = arrange(Label(ID, "GW-1", ("Elevator",)), AVERY.cell)
    long = arrange(label, AVERY.cell)
    assert column(long)[1].text == label.lines[0]
    assert column(long)[1].size < column(short)[1].size
    assert column(long)[2].text.endswith("W…")


def test_a_title_that_is_cut_keeps_its_number_and_the_end_of_its_place() -> None:
    title = "FXS 07 · B2 closet north elevator lobby-2"
    shown = column(arrange(Label(ID, title, ("SPARE",)), AVERY.cell))[0].text
    assert shown.startswith("FXS 07 · B2")
    assert shown.endswith("…obby-2")


def test_facts_that_share_a_line_part_where_the_label_has_room() -> None:
    label = Label(ID, "FXS 01", ("Elevator", f"Jack A-12{SEPARATOR}Machine room 2, north tower", "RJ11 1"))
    tall = column(arrange(label, (63.5, 38.1)))
    flat = column(arrange(label, (63.5, 20.0)))
    assert [run.text for run in tall[2:4]] == ["Jack A-12", "Machine room 2, north tower"]
    assert flat[2].text.startswith("Jack A-12 · Machine")


def test_letters_the_typeface_lacks_are_spelled_or_shown_as_lozenges() -> None:
    assert printable("Müller Łomża 50 €") == "Müller Łomza 50 €"
    assert printable("ễ \N{FULLWIDTH LATIN CAPITAL LETTER A} ﬃ") == "e A ffi"
    assert printable("Лифт 消") == "◊◊◊◊ ◊"
    assert printable("a\u0301") == "a"


def test_a_width_is_that_of_the_typeface() -> None:
    assert width_of("", Weight.REGULAR) == 0
    assert width_of("iiii", Weight.REGULAR) < width_of("iiii", Weight.BOLD) < width_of("WWWW", Weight.REGULAR)


@pytest.mark.parametrize("stock", STOCKS, ids=lambda stock: stock.id)
def test_every_cell_lies_on_the_page_and_on_no_other(stock: LabelSheet) -> None:
    width, height = stock.cell
    corners = [stock.origin(cell) for cell in range(stock.cells)]
    for x, y in corners:
        assert 0 <= x <= stock.page[0] - width
        assert 0 <= y <= stock.page[1] - height
    for (x, y), (other_x, other_y) in combinations(corners, 2):
        assert abs(x - other_x) >= width - 1e-6 or abs(y - other_y) >= height - 1e-6
