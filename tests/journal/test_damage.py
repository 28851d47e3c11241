import sqlite3

import pytest

from installer.errors import JournalUnusable, VaultUnusable
from installer.journal import events, sqlite
from installer.journal.fold import fold
from installer.journal.rows import Stored, genesis, link
from installer.journal.store import Entry, Journal, Row
from installer.journal.vault import Vault
from tests.journal.homes import (
    JOB,
    MODELS,
    PASSWORD,
    Home,
    code_of,
    created,
    done,
    key,
    preparation,
)


def test_a_view_notices_an_end_that_is_none(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
    with sqlite3.connect(home.journal_path) as plain:
        plain.execute("UPDATE head SET hash = x'00'")
    plain.close()
    assert code_of(lambda: Journal.open_read_only(home.journal_path)) == "journal-damaged"


def test_the_journal_belongs_to_its_vault(home: Home, vault: Vault) -> None:
    home.open(vault).close()
    home.vault_path.unlink()
    stranger = home.create_vault()
    assert code_of(lambda: home.open(stranger)) == "vault-foreign"


def replant(home: Home, change: str, *values: object) -> None:
    """Edits the rows, then makes the chain anew as somebody without the vault could."""
    with sqlite3.connect(home.journal_path) as connection:
        connection.execute(change, values)
        (owner,) = connection.execute("SELECT vault FROM head").fetchone()
        digest, last = genesis(owner.encode()), 0
        for *fields, sealed in connection.execute(
            "SELECT seq, at, operator, job, kind, body, sealed FROM event ORDER BY seq"
        ).fetchall():
            at, operator, job, kind, body = (text.encode() for text in fields[1:])
            stored = Stored(fields[0], at, operator, job, kind, body, sealed)
            digest, last = link(digest, stored), stored.seq
            connection.execute("UPDATE event SET hash = ? WHERE seq = ?", (digest, last))
        connection.execute("UPDATE head SET count = ?, hash = ?", (last, digest))
    connection.close()


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
        "UPDATE event SET body = replace(body, 'Elevator', 'Fax') WHERE seq = 3",
        "UPDATE event SET operator = 'Mallory' WHERE seq = 1",
    ],
)
def test_a_chain_made_anew_without_the_vault_is_noticed(home: Home, vault: Vault, change: str) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
    replant(home, change)
    assert code_of(home.open) == "journal-damaged"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET body = '{}' WHERE seq = 2",
        "UPDATE event SET operator = NULL WHERE seq = 2",
        "UPDATE event SET seq = 99 WHERE seq = 2",
        "DELETE FROM event WHERE seq = 2",
        "DELETE FROM event",
        "DELETE FROM head",
        "UPDATE head SET mac = NULL",
        "UPDATE head SET count = 7",
        "UPDATE head SET count = '8x'",
        "UPDATE head SET hash = x'00'",
        "INSERT INTO head SELECT * FROM head",
        "INSERT INTO event SELECT 9, at, operator, job, kind, body, sealed, hash FROM event WHERE seq = 8",
        "CREATE TRIGGER planted AFTER INSERT ON event BEGIN UPDATE event SET body = '{}'; END",
        "ALTER TABLE event ADD COLUMN planted",
        "PRAGMA user_version = 0",
        "PRAGMA application_id = 7",
        "PRAGMA journal_mode = WAL",
    ],
)
def test_an_edited_journal_is_damage_and_stays_as_it_is(home: Home, vault: Vault, change: str) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
    plain = sqlite3.connect(home.journal_path, isolation_level=None)
    plain.execute("PRAGMA ignore_check_constraints = ON")
    plain.execute("PRAGMA writable_schema = ON")
    plain.execute("UPDATE sqlite_schema SET sql = replace(sql, 'TEXT NOT NULL', 'TEXT NULL')")
    plain.execute("PRAGMA writable_schema = RESET")
    plain.execute(change)
    plain.execute("PRAGMA writable_schema = ON")
    plain.execute("UPDATE sqlite_schema SET sql = replace(sql, 'TEXT NULL', 'TEXT NOT NULL')")
    plain.close()
    before = home.journal_path.read_bytes()
    assert code_of(home.open) == "journal-damaged"
    assert home.journal_path.read_bytes() == before


def test_damage_by_another_run_is_noticed_before_anything_is_hung_on_it(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
        with home.open(vault) as other:
            other.append(JOB, Entry(events.Noted("x")))
        with sqlite3.connect(home.journal_path) as plain:
            plain.execute("UPDATE event SET body = '{}' WHERE seq = 9")
        plain.close()
        assert code_of(lambda: journal.append(JOB, Entry(events.Noted("y")))) == "journal-damaged"
        with sqlite3.connect(home.journal_path) as plain:
            plain.execute("DELETE FROM event WHERE seq = 5")
        plain.close()
        assert code_of(lambda: list(journal.rows(after=5))) == "journal-damaged"
        assert code_of(journal.verify) == "journal-damaged"


def test_rows_that_vanish_at_the_end_are_noticed(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
        head = journal._head()
        with sqlite3.connect(home.journal_path) as plain:
            plain.execute("DELETE FROM event WHERE seq > 6")
        plain.close()
        with pytest.raises(JournalUnusable, match="row 7 is missing"):
            list(journal._linked(head, 0, genesis(head.vault)))


def newer_journal(home: Home, vault: Vault, *changes: str) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
    with sqlite3.connect(home.journal_path) as plain:
        for change in ("PRAGMA user_version = 2", *changes):
            plain.execute(change)
    plain.close()


def test_a_newer_journal_is_only_read(home: Home, vault: Vault) -> None:
    newer_journal(home, vault, "ALTER TABLE head ADD COLUMN more")
    before = home.journal_path.read_bytes()
    with home.open(vault) as journal:
        assert journal.verify() == 8
        assert journal.unseal(7) == PASSWORD.encode()
        assert code_of(lambda: journal.append(JOB, Entry(events.Noted("x")))) == "journal-newer"
    assert home.journal_path.read_bytes() == before


def test_a_newer_journal_that_cannot_be_read_is_not_called_damaged(home: Home, vault: Vault) -> None:
    newer_journal(home, vault, "ALTER TABLE event RENAME COLUMN body TO content")
    assert code_of(lambda: home.open(vault)) == "journal-newer"
    assert code_of(lambda: Journal.open_read_only(home.journal_path)) == "journal-newer"


def test_kinds_of_a_newer_kit_are_kept_as_they_are(home: Home, vault: Vault) -> None:
    blessed = events.Opaque("line-blessed", '{"by":"Ada"}')
    with home.open(vault) as journal:
        journal.append(JOB, *preparation(), Entry(blessed))
    with home.open(vault) as journal:
        (*_, last) = journal.rows()
        assert (last.kind, last.event) == ("line-blessed", blessed)


def test_a_known_kind_in_another_shape_is_a_newer_kits(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, Entry(events.Opaque("noted", '{"words":1}')))
        assert code_of(lambda: list(journal.rows())) == "journal-newer"


def test_a_journal_is_not_opened_through_a_link(home: Home, vault: Vault) -> None:
    home.open(vault).close()
    moved = home.journal_path.rename(home.folder / "elsewhere.sqlite3")
    home.journal_path.symlink_to(moved)
    assert code_of(lambda: home.open(vault)) == "disk-failed"


def test_an_empty_file_is_damage_and_not_a_new_journal(home: Home, vault: Vault) -> None:
    home.journal_path.touch()
    assert code_of(lambda: home.open(vault)) == "journal-damaged"
    assert home.journal_path.stat().st_size == 0


def test_a_rollback_file_without_its_journal_is_damage(home: Home, vault: Vault) -> None:
    sqlite.sidecar(home.journal_path).write_bytes(b"pages")
    assert code_of(lambda: home.open(vault)) == "journal-damaged"
    assert sqlite.sidecar(home.journal_path).read_bytes() == b"pages"


def test_damaged_pages_behind_whole_rows_are_noticed(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
    octets = bytearray(home.journal_path.read_bytes())
    octets[36:40] = (1).to_bytes(
        4, "big"
    )  # a free page that is none: the next append would overwrite one in use
    home.journal_path.write_bytes(octets)
    assert code_of(lambda: home.open(vault)) == "journal-damaged"


def test_a_step_done_twice_is_seen_by_the_fold(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation(), *created(), Entry(done(key())))
        rows: list[Row] = list(journal.rows())
    with pytest.raises(JournalUnusable):
        fold(rows, MODELS)


def test_a_seal_moved_to_another_row_does_not_open(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation(), *created())
        with sqlite3.connect(home.journal_path) as plain:
            plain.execute("UPDATE event SET sealed = (SELECT sealed FROM event WHERE seq = 7) WHERE seq = 9")
        plain.close()
        with pytest.raises(JournalUnusable, match="row 9"):
            journal.unseal(9)


def test_a_seal_is_bound_to_its_row_whatever_the_chain_says(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation(), *created())
        assert journal.unseal(9) != journal.unseal(7)
        journal._sealed[9] = journal._sealed[9][0], journal._sealed[7][1]
        with pytest.raises(VaultUnusable):
            journal.unseal(9)
