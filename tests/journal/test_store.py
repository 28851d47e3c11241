import sqlite3
import stat
from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.domain.credential import Secret
from installer.errors import Busy, JournalUnusable
from installer.journal import events, store
from installer.journal.fold import fold
from installer.journal.locks import FileLock
from installer.journal.store import Draft, Entry, Journal, JournalView
from installer.journal.vault import Vault
from tests.journal.homes import (
    JOB,
    MODELS,
    PASSWORD,
    PORT,
    START,
    Home,
    code_of,
    created,
    key,
    preparation,
)
from tests.memory import folder_in_memory


def test_what_was_appended_is_read_back_and_folds(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        seqs = [*journal.append(JOB, *preparation()), *journal.append(JOB, *created())]
        assert journal.append(JOB) == ()
    with home.open() as journal:
        rows = list(journal.rows())
        assert [row.event for row in rows] == [entry.event for entry in (*preparation(), *created())]
        assert list(journal.rows(JOB, after=8)) == rows[8:]
        assert list(journal.rows(JOB, after=11)) == []
        assert list(journal.rows("job-2")) == []
        assert journal.verify() == 11
        assert fold(journal.rows(), MODELS)[JOB].lines[PORT].line_id == "L1"
    assert [row.seq for row in rows] == seqs == list(range(1, 12))
    first = rows[0]
    assert (first.kind, first.operator, first.job_id, first.at) == ("job-opened", "Ada", JOB, START)
    assert rows[-1].at == START + timedelta(seconds=1)


def test_secrets_are_sealed_and_come_back(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation(), *created())
        assert journal.unseal(7) == PASSWORD.encode()
        assert journal.unseal(9) == b'{"body": 1}'
        with pytest.raises(KeyError):
            journal.unseal(1)
        with pytest.raises(JournalUnusable):
            journal.unseal(99)
    content = home.journal_path.read_bytes()
    assert PASSWORD.encode() not in content
    assert b'{"body": 1}' not in content


def test_files_are_private(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
        journal._connection.execute("BEGIN IMMEDIATE")
        journal._connection.execute("DELETE FROM event")
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode) for path in home.folder.rglob("*") if path.is_file()
        }
        journal._connection.execute("ROLLBACK")
    assert set(modes.values()) == {0o600}
    assert {"journal.sqlite3", "journal.sqlite3-journal", "journal.reserve", "journal.lock"} <= set(modes)
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700


def test_a_loose_mode_is_tightened(home: Home, vault: Vault) -> None:
    home.open(vault).close()
    home.journal_path.chmod(0o644)
    home.open(vault).close()
    assert stat.S_IMODE(home.journal_path.stat().st_mode) == 0o600


def test_commits_are_synced_to_the_platter(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        names = ("journal_mode", "synchronous", "fullfsync")
        values = [journal._connection.execute(f"PRAGMA {name}").fetchone() for name in names]
        assert values == [(b"delete",), (3,), (1,)]


def test_nothing_of_a_failed_append_stays(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
        with pytest.raises(UnicodeEncodeError):
            journal.append(JOB, Entry(events.Noted("fine")), Entry(events.Noted("x"), Secret("\ud800")))
        assert journal.verify() == 8
        assert journal.append(JOB, Entry(events.Noted("next"))) == (9,)


def test_a_view_reads_without_a_vault_and_writes_nothing(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
        rows = list(journal.rows())
    before = home.journal_path.read_bytes()
    with Journal.open_read_only(home.journal_path) as view:
        assert type(view) is JournalView
        assert list(view.rows(JOB)) == rows
        with pytest.raises(sqlite3.OperationalError):
            view._connection.execute("DELETE FROM event")
    assert home.journal_path.read_bytes() == before


def test_a_view_of_nothing_says_so(home: Home) -> None:
    assert code_of(lambda: Journal.open_read_only(home.journal_path)) == "journal-missing"


SECRET = st.none() | st.binary(max_size=40)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def test_a_row_read_long_ago_is_read_again_and_proven_again(
    monkeypatch: pytest.MonkeyPatch, home: Home, vault: Vault
) -> None:
    monkeypatch.setattr("installer.journal.store._REMEMBERED", 3)
    notes = [Entry(events.Noted("secret"), f"secret {seq}".encode()) for seq in range(1, 10)]
    with home.open(vault) as journal:
        journal.append(JOB, *notes)
        for seq in (*range(1, 10), 2, 1, 9):
            assert journal.unseal(seq) == f"secret {seq}".encode()
            assert len(journal._sealed) <= 3
        with closing(sqlite3.connect(home.journal_path)) as plain, plain:
            plain.execute("UPDATE event SET job = 'job-2' WHERE seq = 4")
        with pytest.raises(JournalUnusable, match="row 4"):
            journal.unseal(4)


@given(st.lists(st.tuples(TEXT, SECRET), max_size=5), st.integers())
def test_any_text_and_any_secret_come_back(notes: list[tuple[str, bytes | None]], attempt: int) -> None:
    vault = Vault("ab" * 16, bytes(32))
    entries = [Entry(events.Noted(text), secret) for text, secret in notes]
    with folder_in_memory() as folder:
        with Home(folder).open(vault, operator="A\x1bda") as journal:
            journal.append("jöb", *entries, Entry(events.StepSent(key(), attempt % 2**31)))
        assert_kept(Home(folder), vault, notes)


def assert_kept(home: Home, vault: Vault, notes: list[tuple[str, bytes | None]]) -> None:
    with home.open(vault) as journal:
        rows = list(journal.rows())
        assert [row.event for row in rows[:-1]] == [events.Noted(text) for text, _ in notes]
        for row, (_, secret) in zip(rows, notes, strict=False):
            assert (row.sealed is None) == (secret is None)
            assert secret is None or journal.unseal(row.seq) == secret


def test_a_run_that_writes_keeps_another_waiting_and_is_named(
    home: Home, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_PATIENCE", 0.0)
    with (
        home.open(vault) as journal,
        FileLock(home.locks / "journal.lock", "Bob (pid 7)").held(0),
        pytest.raises(Busy, match="journal is held by Bob \\(pid 7\\)"),
    ):
        journal.append(JOB, *preparation())


def test_a_foreign_program_in_the_file_is_busy(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal._connection.execute("PRAGMA busy_timeout = 0")
        plain = sqlite3.connect(home.journal_path, isolation_level=None)
        plain.execute("BEGIN EXCLUSIVE")
        assert code_of(lambda: journal.append(JOB, *preparation())) == "busy"
        assert code_of(journal.verify) == "busy"
        plain.close()
        assert len(journal.append(JOB, *preparation())) == 8


def test_a_file_that_takes_no_writing_is_a_failing_disk(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal._connection.execute("PRAGMA query_only = ON")
        assert code_of(lambda: journal.append(JOB, *preparation())) == "disk-failed"
        assert journal.verify() == 0


def test_a_reader_of_rows_never_keeps_a_writer_out(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal, home.open(vault) as other:
        journal.append(JOB, *(Entry(events.Noted("x")) for _ in range(1500)))
        reading = journal.rows()
        first = next(reading)
        other.append(JOB, Entry(events.Noted("late")))
        assert [first.seq, *(row.seq for row in reading)] == list(range(1, 1501))


@pytest.mark.parametrize("secret", [b'{"sipPassword": "hunter2"}', Secret("hunter2")])
def test_what_a_row_will_seal_is_not_printed(secret: Secret | bytes) -> None:
    event = events.Noted("on site")
    for shown in (repr(Entry(event, secret)), repr(Draft(START, "Ada", JOB, event, secret))):
        assert "hunter2" not in shown
        assert "on site" in shown
