"""The credential sheet in words: how old it is, and how far its rows are. Pure."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from installer.domain.job import RowState
from installer.planning.record import ArtifactRecord, JobRecord
from tui.words import Tone, counted, seconds_ago

_ROWS = {
    RowState.PREPARED: "prepared: load, do not enable registration yet",
    RowState.DRAFT: "draft: not settled, a final sheet follows",
    RowState.FINAL: "final: the line stands, enable registration",
}


def freshness(record: JobRecord, sheet: ArtifactRecord | None, now: datetime) -> tuple[str, Tone]:
    """Whether what was written says what stands."""
    if sheet is None:
        return "○ F3 writes it, with the text that goes with it.", Tone.WARN
    age = seconds_ago((now - sheet.at).total_seconds())
    if sheet.kind not in record.fresh:
        return f"▲ revision {sheet.revision}, {age}: older than the visit, F3 writes it anew", Tone.WARN
    return f"● revision {sheet.revision}, {age}. It holds passwords: hand it over with care.", Tone.GOOD


def row_states(counts: Counter[RowState]) -> str:
    """How many rows in use are how far, in words."""
    said = [f"{counted(counts[state], 'row')} {text}" for state, text in _ROWS.items() if counts[state]]
    return "; ".join(said) or "no port is in use"
