import sqlite3
from pathlib import Path

import pytest

from installer.errors import JournalUnusable
from installer.journal import events
from installer.journal.fold import fold
from installer.journal.rebuild import Salvage, salvage, set_aside
from installer.journal.sqlite import sidecar
from installer.journal.store import Entry, Row
from installer.journal.vault import Vault
from tests.journal.homes import JOB, MODELS, PASSWORD, Home, code_of, created, key, preparation


@pytest.fixture
def written(home: Home, vault: Vault) -> list[Row]:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
        intent, sent, done = created()
        journal.append(JOB, intent, sent)
        journal.append(JOB, done)
        return list(journal.rows())


def plainly(home: Home, *changes: str) -> None:
    """SQL at the journal's file, as damage would change it."""
    with sqlite3.connect(home.journal_path) as plain:
        for change in changes:
            plain.execute(change)
    plain.close()


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
        assert journal.restore(salvage(kept, vault, MODELS).rows) == len(written)
        assert list(journal.rows()) == written
        assert journal.unseal(7) == PASSWORD.encode()
        assert journal.append(JOB, Entry(events.Noted("on"))) == (len(written) + 1,)
        with pytest.raises(JournalUnusable) as caught:
            journal.restore(written)
        assert caught.value.code == "journal-not-empty"


@pytest.mark.parametrize(
    "change, standing, left",
    [
        ("DELETE FROM head", 11, 0),
        ("UPDATE event SET body = '{}' WHERE seq = 11", 10, 0),
        ("UPDATE event SET body = '{}' WHERE seq = 10", 8, 1),
        ("DELETE FROM event WHERE seq = 10", 8, 1),
        ("UPDATE event SET operator = 'Eve' WHERE seq = 10", 8, 1),
        ("DELETE FROM event WHERE seq >= 10", 8, 1),
        ("DELETE FROM event WHERE seq = 9", 0, 8),
        ("UPDATE event SET body = '{}' WHERE seq = 5", 0, 4),
        ("UPDATE event SET operator = 'Eve' WHERE seq = 5", 0, 4),
        ("DELETE FROM event WHERE seq >= 5", 0, 4),
        ("DELETE FROM event WHERE seq >= 3", 0, 2),
        ("UPDATE event SET operator = x'00' WHERE seq = 1", 0, 0),
        ("DROP TABLE event", 0, 0),
    ],
)
def test_whole_transactions_before_the_damage_are_salvaged(
    home: Home, vault: Vault, written: list[Row], change: str, standing: int, left: int
) -> None:
    plainly(home, change)
    found = salvage(home.journal_path, vault, MODELS)
    assert (list(found.rows), found.left) == (written[:standing], left)
    assert len(fold(found.rows, MODELS)) == (standing > 0)


def test_what_was_rebuilt_ends_with_no_step_intended_for_ever(
    home: Home, vault: Vault, written: list[Row]
) -> None:
    plainly(home, "UPDATE event SET body = '{}' WHERE seq = 10")
    kept = set_aside(home.journal_path)
    with home.open(vault) as journal:
        assert journal.restore(salvage(kept, vault, MODELS).rows) == 8
        assert list(journal.rows()) == written[:8]
        assert fold(journal.rows(), MODELS)[JOB].steps == {}


def test_a_row_that_cannot_follow_is_left_and_so_is_all_behind_it(
    home: Home, vault: Vault, written: list[Row]
) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, Entry(events.StepSent(key(), 2)))
        journal.append(JOB, Entry(events.Noted("behind")))
    found = salvage(home.journal_path, vault, MODELS)
    assert (list(found.rows), found.left) == (written, 2)


def test_without_a_models_profile_nothing_is_called_damaged(
    home: Home, vault: Vault, written: list[Row]
) -> None:
    assert written
    assert code_of(lambda: salvage(home.journal_path, vault, {})) == "journal-unknown-model"


def test_nothing_of_a_foreign_journal_is_salvaged(home: Home, written: list[Row]) -> None:
    assert written
    assert salvage(home.journal_path, Vault("ab" * 16, bytes(32)), MODELS) == Salvage((), 0)
    home.journal_path.write_bytes(b"no database" * 1000)
    assert salvage(home.journal_path, Vault("ab" * 16, bytes(32)), MODELS) == Salvage((), 0)
