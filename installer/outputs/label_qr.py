"""The QR symbol of a label id: version 1, level Q, alphanumeric, one fixed mask.

A label id is 12 characters; version 1 at level Q holds 16 (ISO/IEC 18004, table 7) and survives a quarter of
its codewords scratched or overpainted. Choosing a mask per symbol gains nothing that a reader notices at this
size.

With length and mask fixed, a symbol is linear in its data: error correction and mask are sums in GF(2). So
each bit of the payload flips its own set of modules, and a symbol is that of zeros with those sets XORed in:
qrcode draws 67 symbols, and any number of labels follow at a small part of its cost.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import ALPHA_NUM, MODE_ALPHA_NUM, QRData

from installer.domain.label import LabelId

MODULES = 21
QUIET = 4
"""Blank modules around the symbol, as the standard asks."""
SPAN = MODULES + 2 * QUIET
_MASK = 3
_ZERO = "0" * 12
_PAIR_BITS = 11
_DARK = re.compile("1+")

Run = tuple[int, int, int]
"""Dark modules side by side: row from the top, first column, how many."""


def dark_runs(label_id: LabelId) -> list[Run]:
    """The symbol without its quiet zone, merged along each row."""
    symbol = _drawn(_ZERO)
    for start in range(0, len(_ZERO), 2):
        symbol ^= _pair(start, label_id.text[start : start + 2])
    bits = f"{symbol:0{MODULES * MODULES}b}"
    return [
        (row, run.start() - row * MODULES, run.end() - run.start())
        for row in range(MODULES)
        for run in _DARK.finditer(bits, row * MODULES, (row + 1) * MODULES)
    ]


@lru_cache(maxsize=8192)
def _pair(start: int, pair: str) -> int:
    """What two characters from `start` on change against zeros there."""
    value = len(ALPHA_NUM) * ALPHA_NUM.index(pair[0].encode()) + ALPHA_NUM.index(pair[1].encode())
    changed = 0
    for bit in range(_PAIR_BITS):
        if value >> bit & 1:
            changed ^= _bit(start, bit)
    return changed


@cache
def _bit(start: int, bit: int) -> int:
    high, low = divmod(1 << bit, len(ALPHA_NUM))
    pair = bytes((ALPHA_NUM[high], ALPHA_NUM[low])).decode()
    return _drawn(_ZERO) ^ _drawn(_ZERO[:start] + pair + _ZERO[start + 2 :])


@cache
def _drawn(text: str) -> int:
    """The symbol as a number, its first module the highest bit."""
    code: QRCode[object] = QRCode(version=1, error_correction=ERROR_CORRECT_Q, mask_pattern=_MASK, border=0)
    code.add_data(QRData(text.encode("ascii"), mode=MODE_ALPHA_NUM), optimize=0)
    code.make(fit=False)
    return int("".join("1" if dark else "0" for row in code.modules for dark in row), 2)


def text_symbol(text: str) -> tuple[frozenset[tuple[int, int]], int]:
    """Row and column of the dark modules of a symbol that holds `text`, level M, and its modules a side."""
    code: QRCode[object] = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text.encode())
    code.make(fit=True)
    dark = ((row, at) for row, line in enumerate(code.modules) for at, is_dark in enumerate(line) if is_dark)
    return frozenset(dark), code.modules_count
