"""The QR symbol of a label id: version 1, level Q, alphanumeric, one fixed mask.

A label id is 12 characters; version 1 at level Q holds 16 (ISO/IEC 18004, table 7), and survives a quarter of
its modules scratched or overpainted. Choosing a mask per symbol costs ten times the rest and gains nothing
that a reader notices at this size.
"""

from __future__ import annotations

from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM, QRData

from installer.domain.label import LabelId

MODULES = 21
QUIET = 4
"""Blank modules around the symbol, as the standard asks."""
SPAN = MODULES + 2 * QUIET
_MASK = 3

Run = tuple[int, int, int]
"""Dark modules side by side: row from the top, first column, how many."""


def dark_runs(label_id: LabelId) -> list[Run]:
    """The symbol without its quiet zone, merged along each row."""
    code: QRCode[object] = QRCode(version=1, error_correction=ERROR_CORRECT_Q, mask_pattern=_MASK, border=0)
    code.add_data(QRData(label_id.text.encode("ascii"), mode=MODE_ALPHA_NUM), optimize=0)
    code.make(fit=False)
    runs = []
    for y, row in enumerate(code.modules):
        bits = bytes(row)
        start = bits.find(1)
        while start >= 0:
            end = bits.find(0, start)
            end = MODULES if end < 0 else end
            runs.append((y, start, end - start))
            start = bits.find(1, end)
    return runs
