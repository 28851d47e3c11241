"""A row as it is stored and as it is read: the event's text form and the chain that holds rows together."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import NamedTuple, cast, get_args

from pydantic import TypeAdapter, ValidationError

from installer.domain.credential import Secret
from installer.errors import JournalUnusable
from installer.journal.events import Event, Opaque

_LENGTHS = struct.Struct(">Q5Ii")
_ABSENT = -1
DAMAGED = "journal-damaged"
"""The code of a journal that is not what the kit wrote."""
SCRATCH = "scratch"
"""The kind of a row that is only in memory."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be appended: an event, and what its row seals."""

    event: Event | Opaque
    secret: Secret | bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the journal; `seq` counts from 1 without a gap, `at` is aware UTC, `sealed` ciphertext."""

    seq: int
    at: datetime
    operator: str
    job_id: str
    kind: str
    event: Event | Opaque
    sealed: bytes | None


class Stored(NamedTuple):
    """A row as SQLite has it; damage can make any field of another type."""

    seq: int
    at: bytes
    operator: bytes
    job: bytes
    kind: bytes
    body: bytes
    sealed: bytes | None


class Moved(Exception):
    """The journal has other rows than those that what was to be written was checked against."""


def genesis(vault_id: bytes) -> bytes:
    """The hash before the first row: a chain belongs to one vault."""
    return sha256(b"punchdown journal 1 " + vault_id).digest()


def link(previous: bytes, row: Stored) -> bytes:
    """The row's hash: SHA-256 over the hash before it and every field. Raises JournalUnusable."""
    seq, at, operator, job, kind, body, sealed = row
    try:
        lengths = _LENGTHS.pack(
            seq,
            len(at),
            len(operator),
            len(job),
            len(kind),
            len(body),
            _ABSENT if sealed is None else len(sealed),
        )
        return sha256(b"".join((previous, lengths, at, operator, job, kind, body, sealed or b""))).digest()
    except (TypeError, struct.error):
        raise damaged(f"row {seq} is damaged") from None


def bound(vault_id: str, row: Stored) -> bytes:
    """What a sealed value is bound to: its vault, job, row and kind."""
    return b"\0".join((vault_id.encode(), row.job, b"%d" % row.seq, row.kind))


def encode(event: Event | Opaque) -> tuple[bytes, bytes]:
    """The event's kind and body."""
    if isinstance(event, Opaque):
        return event.kind.encode(), event.body.encode()
    kind = _kebab(type(event).__name__)
    return kind.encode(), _adapter(kind).dump_json(event)


def read(stored: Stored) -> Row:
    """The row with its event; a kind this kit does not know stays Opaque. Raises JournalUnusable."""
    kind = stored.kind.decode()
    event = _decode(kind, stored) if kind in _KINDS else Opaque(kind, stored.body.decode())
    return Row(
        stored.seq,
        datetime.fromisoformat(stored.at.decode()),
        stored.operator.decode(),
        stored.job.decode(),
        kind,
        event,
        stored.sealed,
    )


def damaged(reason: str) -> JournalUnusable:
    """The failure for a journal that is not what the kit wrote."""
    return JournalUnusable(
        f"the journal is damaged: {reason}", code=DAMAGED, remedy="run `punchdown journal rebuild`"
    )


def newer(reason: str) -> JournalUnusable:
    """The failure for a journal that a newer kit wrote."""
    return JournalUnusable(
        f"the journal was written by a newer punchdown: {reason}",
        code="journal-newer",
        remedy="update punchdown",
    )


def _decode(kind: str, stored: Stored) -> Event:
    try:
        return _adapter(kind).validate_json(stored.body, strict=True)
    except ValidationError:
        raise newer(f"row {stored.seq} has another shape") from None


@cache
def _kebab(name: str) -> str:
    return re.sub("(?<!^)(?=[A-Z])", "-", name).lower()


@cache
def _adapter(kind: str) -> TypeAdapter[Event]:
    return TypeAdapter(_KINDS[kind])


_KINDS = {_kebab(kind.__name__): kind for kind in cast("Iterable[type[Event]]", get_args(Event))}
