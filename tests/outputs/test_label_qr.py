"""The QR symbols of label ids."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

from installer.domain.label import ALPHABET, LabelId, mint_label_id
from installer.outputs.label_qr import MODULES, dark_runs

IDS = st.text(alphabet=ALPHABET, min_size=9, max_size=9).map(lambda tail: LabelId(f"PD-{tail}"))


@given(IDS)
def test_a_symbol_summed_from_its_bits_is_the_one_qrcode_draws(label_id: LabelId) -> None:
    code: QRCode[object] = QRCode(version=1, error_correction=ERROR_CORRECT_Q, mask_pattern=3, border=0)
    code.add_data(label_id.text, optimize=0)
    code.make(fit=False)
    expected = {(y, x) for y, row in enumerate(code.modules) for x, dark in enumerate(row) if dark}
    drawn = {(y, start + step) for y, start, length in dark_runs(label_id) for step in range(length)}
    assert drawn == expected


def test_runs_are_merged_as_far_as_a_row_goes() -> None:
    runs = dark_runs(mint_label_id(Random(3).randrange))
    ends = {(row, start + length) for row, start, length in runs}
    assert ends.isdisjoint((row, start) for row, start, _ in runs)
    assert all(start + length <= MODULES for _, start, length in runs)
