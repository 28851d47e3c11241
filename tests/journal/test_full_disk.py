import os
import signal
import sqlite3
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from installer.errors import DiskUnusable
from installer.journal import events, store
from installer.journal.locks import FileLock
from installer.journal.store import Entry, Journal
from installer.journal.vault import Vault
from tests.journal.children import Child
from tests.journal.homes import (
    JOB,
    Home,
    code_of,
    intended,
    key,
    preparation,
)


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


def meets_a_size_limit(_say: Connection, home: Home) -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with home.open() as journal:
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


def test_a_file_size_limit_is_a_matter_of_the_disk(home: Home, vault: Vault) -> None:
    home.open(vault).close()
    assert Child(meets_a_size_limit, home).end() == 0


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


def reads_what_it_may_not_write(_say: Connection, home: Home) -> None:
    vault = home.vault()
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


def test_a_folder_without_write_permission_is_a_matter_of_the_disk(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
    home.folder.chmod(0o500)
    assert Child(reads_what_it_may_not_write, home).end() == 0
    home.folder.chmod(0o700)


def test_a_run_that_came_second_finds_the_journal_made(home: Home, vault: Vault) -> None:
    with home.open(vault) as journal:
        journal.append(JOB, *preparation())
    store._create(home.journal_path, vault, FileLock(home.locks / "journal.lock", "Bob"))
    with home.open(vault) as journal:
        assert journal.verify() == 8
