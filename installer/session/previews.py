"""The chapter of what a visit leaves, as it can be shown before and without writing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from installer.domain.job import PortState, RowState
from installer.domain.label import LabelId, LabelSheet
from installer.errors import Conflict
from installer.outputs.label_content import Label
from installer.outputs.label_qr import MODULES, dark_runs, text_symbol
from installer.outputs.labels import job_labels
from installer.planning.record import JobRecord
from installer.session.rooms import Rooms
from installer.text import safe, safe_block

_CODE_BYTES = 60
"""What a symbol on a screen of 24 rows may hold, at level M, for a phone to read it."""
_HASH_SHOWN = 32
_LINES = 20_000
"""More than the hand-over of a large visit has; a bound all the same."""


@dataclass(frozen=True, slots=True)
class HandoverCode:
    """A symbol of the hand-over, without a secret: what it holds, what that is, dark modules, its side."""

    text: str
    about: str
    dark: frozenset[tuple[int, int]]
    modules: int


class Previews:
    """Labels, their symbols and the hand-over; nothing is written."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    @property
    def stocks(self) -> Mapping[str, LabelSheet]:
        """Label stocks by id."""
        return self._rooms.profiles.labels

    def check_cell(self, stock: LabelSheet, cell: int) -> None:
        """Raises InvalidValue unless `cell`, counted from 1, is on the stock."""
        from installer.outputs.label_pdf import check_start_cell

        check_start_cell(stock, cell)

    def labels(self, record: JobRecord) -> tuple[Label, ...]:
        """Every label of the job, in printing order."""
        return tuple(label for _, label in job_labels(record.job, self._rooms.profiles.uses))

    def unprintable(self, label: Label) -> tuple[str, ...]:
        """The lines of the label that have letters its font lacks, as they will be printed."""
        from installer.outputs.label_font import LACKING, printable

        texts = (label.title, *label.lines)
        return tuple(printed for text in texts if (printed := printable(text)) != text and LACKING in printed)

    def handover(self, record: JobRecord) -> str:
        """The hand-over text that was written last, cleaned; empty where there is none to be read."""
        written = record.artifacts.get("handover")
        if written is None:
            return ""
        try:
            return safe_block(Path(written.path).read_text("utf-8"), lines=_LINES)
        except (OSError, UnicodeDecodeError):
            return ""

    def handover_code(self, record: JobRecord) -> HandoverCode:
        """Place and MAC of each gateway; where that is too long for a screen, job and hash of the sheet.

        Raises Conflict where nothing can stand in it yet.
        """
        bound = [f"{each.place}={each.mac.bare}" for each in record.job.gateways if each.mac]
        text, about = "\n".join(bound), "place and MAC of each gateway"
        if not bound or len(text.encode()) > _CODE_BYTES:
            sheet = record.artifacts.get("credential-sheet")
            if sheet is None:
                raise Conflict(
                    "no gateway is bound" if not bound else "the gateways are too many for one symbol",
                    code="no-code",
                    remedy="write the sheet: the symbol then names it by its sha256",
                )
            text = f"{record.job.id} {sheet.sha256[:_HASH_SHOWN]}"
            about = f"job and the first {_HASH_SHOWN} digits of the sheet's sha256"
        return HandoverCode(safe(text.replace("\n", " ")), about, *text_symbol(text))

    def row_states(self, record: JobRecord) -> Counter[RowState]:
        """How many of the sheet's rows in use are how far."""
        from installer.session.outputs import row_state

        return Counter(row_state(record, plan) for plan in record.job.ports if plan.state is PortState.USE)

    def symbol(self, label_id: LabelId) -> tuple[frozenset[tuple[int, int]], int]:
        """Row and column of each dark module of the label's QR symbol, and how many modules it is wide."""
        dark = (
            (row, column)
            for row, first, length in dark_runs(label_id)
            for column in range(first, first + length)
        )
        return frozenset(dark), MODULES
