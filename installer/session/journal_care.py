"""Care of the journal: prove every row and seal, or save what holds of a damaged one."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from installer.errors import JournalUnusable, UsageFault, VaultUnusable
from installer.files import disk_faults, move
from installer.journal.fold import fold
from installer.journal.rebuild import salvage, set_aside
from installer.journal.rows import DAMAGED
from installer.journal.sqlite import sidecar
from installer.journal.store import Journal
from installer.session.rooms import JOURNAL, REBUILT, Rooms
from installer.session.vault_state import VAULT, VaultNeed, vault_need


@dataclass(frozen=True, slots=True)
class Verified:
    """How many rows stand, and how many sealed values were opened; None where no key was at hand."""

    rows: int
    seals: int | None


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many rows stand now; `damaged` is where the damaged journal lies, None where it was whole.

    `left` counts rows that hold but belong to something that is not whole: only the damaged one has them.
    """

    rows: int
    left: int
    damaged: Path | None


def verify(rooms: Rooms) -> Verified:
    """Every row held against the chain and, with the key, every sealed value opened.

    Raises JournalUnusable, VaultUnusable; UsageFault where there is no journal.
    """
    path = rooms.journal_path
    if not path.exists():
        raise UsageFault("this home has no journal yet", code="no-journal", remedy="begin with a line sheet")
    if not _has_key(rooms):
        with Journal.open_read_only(path) as view:
            return Verified(view.verify(), None)
    with closing(rooms.open_journal(path)) as journal:
        return Verified(journal.verify(), _open_seals(journal))


def rebuild(rooms: Rooms) -> Rebuilt:
    """The rows that hold, in a new journal; the damaged one kept beside it, nothing deleted.

    The new one is whole before the damaged one is moved, so a run that is cut short is finished by the next.
    Raises VaultUnusable without the vault, JournalUnusable for a newer kit's journal or a
    gateway model without its profile, Busy, DiskUnusable.
    """
    path, fresh = rooms.home / JOURNAL, rooms.home / REBUILT
    if not (rooms.home / VAULT).exists():
        raise VaultUnusable(
            "vault.json is gone, and with it the key to the journal",
            code="vault-gone",
            remedy="put back a copy of vault.json",
        )
    if path.exists():
        try:
            with closing(rooms.open_journal(path)) as journal:
                rows = journal.verify()
                fold(journal.rows(), rooms.profiles.gateways)
                return Rebuilt(rows, 0, None)
        except JournalUnusable as fault:
            if fault.code != DAMAGED:
                raise
    elif not fresh.exists():
        raise UsageFault("this home has no journal yet", code="no-journal", remedy="begin with a line sheet")
    rows, left = _salvaged(rooms, path, fresh) if path.exists() else (_whole(rooms, fresh), 0)
    damaged = set_aside(path) if path.exists() else None
    with disk_faults(path):
        move(fresh, path)
        sidecar(fresh).unlink(missing_ok=True)
    return Rebuilt(rows, left, damaged)


def _salvaged(rooms: Rooms, path: Path, fresh: Path) -> tuple[int, int]:
    found = salvage(path, rooms.vault, rooms.profiles.gateways)
    with disk_faults(fresh):
        for part in (sidecar(fresh), fresh):
            part.unlink(missing_ok=True)  # of a run that was cut short while it wrote
    with closing(rooms.open_journal(fresh)) as journal:
        return journal.restore(found.rows), found.left


def _whole(rooms: Rooms, fresh: Path) -> int:
    with closing(rooms.open_journal(fresh)) as journal:
        return journal.verify()


def _open_seals(journal: Journal) -> int:
    sealed = [row.seq for row in journal.rows() if row.sealed is not None]
    for seq in sealed:
        journal.unseal(seq)
    return len(sealed)


def _has_key(rooms: Rooms) -> bool:
    given = rooms.is_rehearsal or rooms.settings.passphrase is not None
    return given or vault_need(rooms.home) is VaultNeed.NOTHING
