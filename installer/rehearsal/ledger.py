"""The ledger: what tests and benches believe instead of the kit's words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from installer.rehearsal.storage import JsonObject, fields_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One write request as the platform received it."""

    at: float
    """Seconds since 1970, platform time."""
    user: str | None
    """Who was signed in; None where the token was not good, or was never looked at."""
    operation: str
    """`create-line`, `update-line`, `delete-line`, `patch-number`, `put-number`."""
    method: str
    path: str
    body_sha256: str
    status: int | None
    """What the platform decided; None where a fault kept it from deciding."""
    committed: bool
    objects: tuple[str, ...]
    """Ids of lines and numbers that it changed."""
    fault: str | None
    """The injected fault's kind; a late commit makes a second entry when it commits."""


class Ledger:
    """Every write request since the state was made, and reads by operation since this process started."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.reads: Counter[str] = Counter()

    def committed(self, operation: str | None = None) -> list[Entry]:
        """Entries that changed something, of one operation or of all."""
        return [entry for entry in self.entries if entry.committed and operation in {None, entry.operation}]

    def to_json(self) -> JsonObject:
        return {"entries": [fields_of(entry) for entry in self.entries], "reads": dict(self.reads)}


def entry_from_json(record: JsonObject) -> Entry:
    """The entry that `fields_of` wrote."""
    fields = dict(record)
    fields["objects"] = tuple(fields["objects"])  # type: ignore[arg-type] # our own file, written by fields_of
    return Entry(**fields)  # type: ignore[arg-type]
