import sqlite3
from pathlib import Path

import pytest

from installer.errors import JournalUnusable
from installer.journal import events
from installer.journal.rebuild import salvage, set_aside
from installer.journal.sqlite import sidecar
from installer.journal.store import Entry, Row
from installer.journal.vault import Vault
from tests.journal.homes import JOB, PASSWORD, Home, created, preparation


@pytest.fixture
def written(home: Home, vault: Vault) -> list[Row]:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation(), *created())
        return list(journal.rows())


def test_the_damaged_bytes_are_kept_beside(home: Home, written: list[Row]) -> None:
    assert written
    kept: list[Path] = []
    for number in (1, 2):
        home.journal_path.write_bytes(b"damage %d" % number)
        sidecar(home.journal_path).write_bytes(b"pages %d" % number)
        kept.append(set_aside(home.journal_path))
    assert [path.name for path in kept] == ["journal.sqlite3.damaged-1", "journal.sqlite3.damaged-2"]
    assert [path.read_bytes() for path in kept] == [b"damage 1", b"damage 2"]
    assert [sidecar(path).read_bytes() for path in kept] == [b"pages 1", b"pages 2"]
    assert not home.journal_path.exists()
    assert not sidecar(home.journal_path).exists()


def test_what_was_half_set_aside_is_not_overwritten(home: Home, written: list[Row]) -> None:
    assert written
    half = sidecar(home.folder / "journal.sqlite3.damaged-1")
    half.write_bytes(b"pages")
    assert set_aside(home.journal_path).name == "journal.sqlite3.damaged-2"
    assert half.read_bytes() == b"pages"


def test_a_whole_journal_is_salvaged_whole_and_its_seals_open_in_the_next(
    home: Home, vault: Vault, written: list[Row]
) -> None:
    kept = set_aside(home.journal_path)
    with home.open(vault) as journal:
        assert journal.restore(salvage(kept, vault)) == len(written)
        assert list(journal.rows()) == written
        assert journal.unseal(7) == PASSWORD.encode()
        assert journal.append(JOB, Entry(events.Noted("on"))) == (len(written) + 1,)
        with pytest.raises(JournalUnusable) as caught:
            journal.restore(written)
        assert caught.value.code == "journal-not-empty"


@pytest.mark.parametrize(
    "change, held",
    [
        ("UPDATE event SET body = '{}' WHERE seq = 9", 8),
        ("DELETE FROM event WHERE seq = 9", 8),
        ("UPDATE event SET operator = x'00' WHERE seq = 1", 0),
        ("DELETE FROM head", 11),
        ("DROP TABLE event", 0),
    ],
)
def test_the_rows_before_the_damage_are_salvaged(
    home: Home, vault: Vault, written: list[Row], change: str, held: int
) -> None:
    with sqlite3.connect(home.journal_path) as plain:
        plain.execute(change)
    plain.close()
    assert list(salvage(home.journal_path, vault)) == written[:held]


def test_nothing_of_a_foreign_journal_is_salvaged(home: Home, written: list[Row]) -> None:
    assert written
    assert list(salvage(home.journal_path, Vault("ab" * 16, bytes(32)))) == []
    home.journal_path.write_bytes(b"no database" * 1000)
    assert list(salvage(home.journal_path, Vault("ab" * 16, bytes(32)))) == []
