import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.domain.label import ALPHABET, LabelId, LabelSheet, mint_label_id, parse_label_id
from installer.errors import InvalidValue
from tests.domain.attempts import attempt

QR_ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@given(st.integers(0, 2**64), st.sampled_from(["", "\r\n", "\n", "\t", " "]), st.booleans())
def test_a_minted_id_fits_qr_version_1_and_is_read_back_from_a_scan(seed: int, end: str, lower: bool) -> None:
    label = mint_label_id(random.Random(seed).randrange)
    text = str(label)
    assert set(text) <= QR_ALPHANUMERIC
    assert len(text) <= 20  # version 1 at level M: ISO/IEC 18004 table 7
    assert parse_label_id((text.lower() if lower else text) + end) == label


def test_ids_hold_over_40_bits_and_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert len(ALPHABET) ** 9 > 2**40
    assert not set("01OIL") & set(ALPHABET)


SHAPE = re.compile("PD-[23456789ABCDEFGHJKMNPQRSTVWXYZ]{9}")
NEAR = st.from_regex("[Pp][Dd]-?[0-9A-Za-z ]{7,11}", fullmatch=True)


@given(st.text(max_size=30) | NEAR | st.from_regex(SHAPE, fullmatch=True))
def test_any_other_text_is_refused(text: str) -> None:
    read = attempt(parse_label_id, text)
    if SHAPE.fullmatch(text.strip().upper()):
        assert isinstance(read, LabelId)
        assert read.text == text.strip().upper()
    else:
        assert not isinstance(read, LabelId)
        assert read.code == "invalid-label"


@pytest.mark.parametrize(
    "text", ["PD-23456789", "PD-2345678922", "PD-23456789O", "00:50:58:12:34:56", "XX-234567892"]
)
def test_near_ids_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="no label of this kit"):
        parse_label_id(text)


def test_ids_sort_and_cells_run_along_the_rows() -> None:
    assert LabelId("PD-A") < LabelId("PD-B")
    stock = LabelSheet("x", "X", (100, 100), 2, 3, (40, 20), (5, 10), (45, 25))
    assert stock.cells == 6
    assert [stock.origin(cell) for cell in (0, 1, 2, 5)] == [(5, 10), (50, 10), (5, 35), (50, 60)]
