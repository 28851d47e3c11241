"""The chapter of what a visit leaves, as it can be shown before and without writing it."""

from __future__ import annotations

from pathlib import Path

from installer.domain.label import LabelId
from installer.outputs.label_content import Label
from installer.outputs.label_qr import MODULES, dark_runs
from installer.outputs.labels import job_labels
from installer.planning.record import JobRecord
from installer.session.rooms import Rooms
from installer.text import safe_block


class Previews:
    """Labels and their symbols; nothing is written."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def labels(self, record: JobRecord) -> tuple[Label, ...]:
        """Every label of the job, in printing order."""
        return tuple(label for _, label in job_labels(record.job, self._rooms.profiles.uses))

    def handover(self, record: JobRecord) -> str:
        """The hand-over text that was written last, cleaned; empty where there is none to be read."""
        written = record.artifacts.get("handover")
        if written is None:
            return ""
        try:
            return safe_block(Path(written.path).read_text("utf-8"), lines=400)
        except (OSError, UnicodeDecodeError):
            return ""

    def symbol(self, label_id: LabelId) -> tuple[frozenset[tuple[int, int]], int]:
        """Row and column of each dark module of the label's QR symbol, and how many modules it is wide."""
        dark = (
            (row, column)
            for row, first, length in dark_runs(label_id)
            for column in range(first, first + length)
        )
        return frozenset(dark), MODULES
