import os
import signal
import sqlite3
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.domain.credential import Secret
from installer.errors import Busy, DiskUnusable, JournalUnusable, PunchdownError, VaultUnusable
from installer.journal import events, sqlite, store
from installer.journal.fold import fold
from installer.journal.locks import FileLock
from installer.journal.rows import Stored, genesis, link
from installer.journal.store import Entry, Journal, JournalView, Row
from installer.journal.vault import Vault
from tests.journal.homes import (
    JOB,
    MODELS,
    PASSWORD,
    PORT,
    START,
    Home,
    created,
    done,
    intended,
    key,
    preparation,
)


@pytest.fixture
def vault(home: Home) -> Vault:
    return home.create_vault()


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(PunchdownError) as caught:
        call()
    assert caught.value.remedy
    return caught.value.code


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
        for seq in (1, 99):
            with pytest.raises(KeyError):
                journal.unseal(seq)
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


def test_two_runs_keep_one_chain(home: Home, vault: Vault) -> None:
    with home.open(vault) as ada, home.open(operator="Bob") as bob:
        ada.append(JOB, *preparation())
        assert bob.append(JOB, Entry(events.Noted("b"))) == (9,)
        assert ada.append(JOB, Entry(events.Noted("a"))) == (10,)
        assert [row.operator for row in ada.rows(after=8)] == ["Bob", "Ada"]
        assert bob.verify() == 10


def test_processes_that_append_at_once_keep_one_chain(home: Home, vault: Vault) -> None:
    home.open(vault).close()
    pids = []
    for name in ("Ada", "Bob", "Cleo"):
        pid = os.fork()
        if pid == 0:
            with home.open(vault, operator=name) as journal:
                for number in range(15):
                    journal.append(JOB, Entry(events.Noted(f"{number}a")), Entry(events.Noted(f"{number}b")))
            os._exit(0)
        pids.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0, 0, 0]
    with home.open(vault) as journal:
        rows = list(journal.rows())
    assert len(rows) == 90
    for name in ("Ada", "Bob", "Cleo"):
        written = [row.event for row in rows if row.operator == name]
        assert written == [events.Noted(f"{number}{half}") for number in range(15) for half in "ab"]
    assert all(rows[even].operator == rows[even + 1].operator for even in range(0, 90, 2))


def test_processes_that_make_a_journal_at_once_make_one(home: Home, vault: Vault) -> None:
    pids = []
    for _ in range(4):
        pid = os.fork()
        if pid == 0:
            with home.open(vault) as journal:
                journal.append(JOB, Entry(events.Noted("here")))
            os._exit(0)
        pids.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0] * 4
    with home.open(vault) as journal:
        assert journal.verify() == 4


@pytest.mark.parametrize("kill_at", range(1, 13))
def test_a_kill_around_a_commit_loses_nothing_that_was_said(home: Home, vault: Vault, kill_at: int) -> None:
    home.open(vault).close()
    said, say = os.pipe()
    pid = os.fork()
    if pid == 0:
        with home.open(vault) as journal:
            calls = iter(range(1, 10**9))

            def maybe_die(_statement: str) -> None:
                if next(calls) == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)

            journal.append(JOB, *preparation())
            os.write(say, b"x" * 8)
            journal._connection.set_trace_callback(maybe_die)
            for _ in range(10):
                journal.append(JOB, Entry(events.Noted("a")), Entry(events.Noted("b")))
                os.write(say, b"xx")
        os._exit(0)
    os.close(say)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
    acknowledged = len(os.read(said, 100))
    os.close(said)
    with home.open() as journal:
        assert journal.verify() in {acknowledged, acknowledged + 2}
        journal.append(JOB, Entry(events.Noted("on")))


def test_a_child_killed_at_any_time_leaves_a_journal_that_verifies(home: Home, vault: Vault) -> None:
    home.open(vault).close()
    before = 0
    for _ in range(8):
        said, say = os.pipe()
        pid = os.fork()
        if pid == 0:
            with home.open(vault) as journal:
                while True:
                    journal.append(JOB, Entry(events.Noted("x" * 3000)), Entry(events.Noted("y")))
                    os.write(say, b"xx")
        os.close(say)
        acknowledged = len(os.read(said, 2))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        while more := os.read(said, 4096):
            acknowledged += len(more)
        os.close(said)
        with home.open(vault) as journal:
            standing = journal.verify() - before
            assert standing in {acknowledged, acknowledged + 2}
            before += standing


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


def test_a_view_notices_an_end_that_is_none(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
    with sqlite3.connect(home.journal_path) as plain:
        plain.execute("UPDATE head SET hash = x'00'")
    plain.close()
    assert code_of(lambda: Journal.open_read_only(home.journal_path)) == "journal-damaged"


def test_a_view_of_nothing_says_so(home: Home) -> None:
    assert code_of(lambda: Journal.open_read_only(home.journal_path)) == "journal-missing"


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


SECRET = st.none() | st.binary(max_size=40)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.lists(st.tuples(TEXT, SECRET), max_size=5), st.integers())
def test_any_text_and_any_secret_come_back(
    tmp_path_factory: pytest.TempPathFactory, notes: list[tuple[str, bytes | None]], attempt: int
) -> None:
    home = Home(tmp_path_factory.mktemp("any"))
    vault = Vault("ab" * 16, bytes(32))
    entries = [Entry(events.Noted(text), secret) for text, secret in notes]
    with home.open(vault, operator="A\x1bda") as journal:
        journal.append("jöb", *entries, Entry(events.StepSent(key(), attempt % 2**31)))
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


def limit_pages(journal: Journal, more: int) -> None:
    (pages,) = journal._connection.execute("PRAGMA page_count").fetchone()
    journal._connection.execute(f"PRAGMA max_page_count = {pages + more}")


BIG = Entry(events.Noted("x" * 50_000))


def test_an_intent_that_does_not_fit_is_refused_and_the_reserve_stays(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
        limit_pages(journal, 2)
        assert code_of(lambda: journal.append(JOB, BIG)) == "disk-full"
        assert home.reserve_path.stat().st_size == 1_000_000
        assert journal.verify() == 8


class FullDisk:
    """A disk on which the journal grows only once the reserve is gone."""

    def __init__(self, journal: Journal) -> None:
        self.free_reserve, self.journal = journal._reserve.free, journal

    def free(self) -> bool:
        limit_pages(self.journal, 100)
        return self.free_reserve()


def outcome(text: str) -> Entry:
    return Entry(events.StepRefused(key(), "no", text))


def test_an_outcome_takes_the_reserve_and_no_intent_follows_without_one(
    home: Home, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation(), Entry(intended(key())), Entry(events.StepSent(key(), 1)))
        monkeypatch.setattr(journal._reserve, "free", FullDisk(journal).free)
        limit_pages(journal, 2)
        assert journal.append(JOB, outcome("x" * 50_000)) == (11,)
        assert journal.verify() == 11
        assert not home.reserve_path.exists()
        limit_pages(journal, 0)
        assert code_of(lambda: journal.append(JOB, outcome("y" * 50_000))) == "disk-full"
        (home.folder / "journal.reserve.new").mkdir()
        assert code_of(lambda: journal.append(JOB, Entry(events.Noted("z")))) == "disk-failed"
        assert journal.verify() == 11


def test_a_commit_that_failed_after_it_took_effect_is_not_made_twice(home: Home, vault: Vault) -> None:
    class Late(sqlite3.Connection):
        def execute(self, sql: str, *args: object) -> sqlite3.Cursor:
            cursor = super().execute(sql, *args)  # type: ignore[arg-type]
            if sql == "COMMIT" and home.reserve_path.exists():
                fault = sqlite3.OperationalError("disk I/O error")
                fault.sqlite_errorcode = sqlite3.SQLITE_IOERR_DIR_FSYNC
                raise fault
            return cursor

    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
        journal.close()
        journal._connection = sqlite3.connect(home.journal_path, factory=Late, isolation_level=None)
        journal._connection.text_factory = bytes
        assert journal.append(JOB, outcome("once")) == (9,)
        assert journal.verify() == 9
        assert [row.event for row in journal.rows(after=8)] == [outcome("once").event]


def test_a_file_size_limit_is_a_matter_of_the_disk(home: Home, vault: Vault) -> None:
    home.open(vault).close()
    pid = os.fork()
    if pid == 0:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with home.open(vault) as journal:
            _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
            with pytest.raises(DiskUnusable):
                journal.append(JOB, BIG)
            assert journal.verify() == 0
            home.reserve_path.unlink()
            with pytest.raises(DiskUnusable) as caught:
                journal.append(JOB, Entry(events.Noted("x")))
            assert caught.value.code == "disk-full"
            assert not home.reserve_path.exists()
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0


def test_a_full_disk_at_opening_still_lets_the_journal_be_read(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
    home.reserve_path.unlink()
    (home.folder / "journal.reserve.new").mkdir()
    with home.open(vault) as journal:
        assert journal.verify() == 8


def test_a_home_that_cannot_be_made_is_a_matter_of_the_disk(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    assert code_of(Home(tmp_path).create_vault) == "disk-failed"


def test_a_folder_without_write_permission_is_a_matter_of_the_disk(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
    home.folder.chmod(0o500)
    pid = os.fork()
    if pid == 0:
        # Root writes anywhere; nobody does not own the files either, so they are lent to it first.
        if os.geteuid() == 0:
            for path in (home.folder.parent, *home.folder.parents):
                if path.stat().st_uid == 0 and not path.stat().st_mode & 0o001:
                    path.chmod(path.stat().st_mode | 0o011)
            for path in (home.folder, *home.folder.rglob("*")):
                os.chown(path, 65534, 65534)
            os.setgid(65534)
            os.setuid(65534)
        with home.open(vault) as journal, pytest.raises(DiskUnusable):
            journal.append(JOB, Entry(events.Noted("x")))
        with Journal.open_read_only(home.journal_path) as view:
            assert view.verify() == 8
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    home.folder.chmod(0o700)


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


def test_what_a_killed_first_run_left_is_no_obstacle(home: Home, vault: Vault) -> None:
    fresh = home.folder / "journal.sqlite3.new"
    fresh.write_bytes(b"half")
    sqlite.sidecar(fresh).write_bytes(b"half")
    with home.open(vault) as journal:
        assert journal.verify() == 0
    assert not fresh.exists()


def test_a_run_that_came_second_finds_the_journal_made(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
    store._create(home.journal_path, vault, FileLock(home.locks / "journal.lock", "Bob"))
    with home.open(vault) as journal:
        assert journal.verify() == 8


def test_damaged_pages_behind_whole_rows_are_noticed(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
    octets = bytearray(home.journal_path.read_bytes())
    octets[36:40] = (1).to_bytes(
        4, "big"
    )  # a free page that is none: the next append would overwrite one in use
    home.journal_path.write_bytes(octets)
    assert code_of(lambda: home.open(vault)) == "journal-damaged"


def test_a_reader_of_rows_never_keeps_a_writer_out(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal, home.open(vault) as other:
        journal.append(JOB, *(Entry(events.Noted("x")) for _ in range(1500)))
        reading = journal.rows()
        first = next(reading)
        other.append(JOB, Entry(events.Noted("late")))
        assert [first.seq, *(row.seq for row in reading)] == list(range(1, 1501))


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
        with pytest.raises(VaultUnusable):
            journal.unseal(9)
