import os
import signal
from multiprocessing.connection import Connection

import pytest

from installer.journal import events, sqlite
from installer.journal.store import Entry
from installer.journal.vault import Vault
from tests.journal.children import Child
from tests.journal.homes import JOB, Home, preparation


def test_two_runs_keep_one_chain(home: Home, vault: Vault) -> None:
    with home.open(vault) as ada, home.open(operator="Bob") as bob:
        ada.append(JOB, *preparation())
        assert bob.append(JOB, Entry(events.Noted("b"))) == (9,)
        assert ada.append(JOB, Entry(events.Noted("a"))) == (10,)
        assert [row.operator for row in ada.rows(after=8)] == ["Bob", "Ada"]
        assert bob.verify() == 10


def appends(_say: Connection, home: Home, operator: str, pairs: int) -> None:
    with home.open(operator=operator) as journal:
        for number in range(pairs):
            journal.append(JOB, Entry(events.Noted(f"{number}a")), Entry(events.Noted(f"{number}b")))


def test_processes_that_append_at_once_keep_one_chain(home: Home, vault: Vault) -> None:
    home.open(vault).close()
    children = [Child(appends, home, name, 15) for name in ("Ada", "Bob", "Cleo")]
    assert [child.end() for child in children] == [0, 0, 0]
    with home.open(vault) as journal:
        rows = list(journal.rows())
    assert len(rows) == 90
    for name in ("Ada", "Bob", "Cleo"):
        written = [row.event for row in rows if row.operator == name]
        assert written == [events.Noted(f"{number}{half}") for number in range(15) for half in "ab"]
    assert all(rows[even].operator == rows[even + 1].operator for even in range(0, 90, 2))


def test_processes_that_make_a_journal_at_once_make_one(home: Home, vault: Vault) -> None:
    children = [Child(appends, home, "Ada", 1) for _ in range(4)]
    assert [child.end() for child in children] == [0] * 4
    with home.open(vault) as journal:
        assert journal.verify() == 8


def dies_at(say: Connection, home: Home, statement: int) -> None:
    with home.open() as journal:
        calls = iter(range(1, 10**9))

        def maybe_die(_statement: str) -> None:
            if next(calls) == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        journal.append(JOB, *preparation())
        journal._connection.set_trace_callback(maybe_die)
        for _ in range(10):
            journal.append(JOB, Entry(events.Noted("a")), Entry(events.Noted("b")))
            say.send_bytes(b"done")


@pytest.mark.parametrize("kill_at", range(1, 13))
def test_a_kill_around_a_commit_loses_nothing_that_was_said(home: Home, vault: Vault, kill_at: int) -> None:
    home.open(vault).close()
    child = Child(dies_at, home, kill_at)
    acknowledged = 8 + 2 * child.words()
    assert child.end() == -signal.SIGKILL
    with home.open() as journal:
        assert journal.verify() in {acknowledged, acknowledged + 2}
        journal.append(JOB, Entry(events.Noted("on")))


def appends_for_ever(say: Connection, home: Home) -> None:
    with home.open() as journal:
        while True:
            journal.append(JOB, Entry(events.Noted("x" * 3000)), Entry(events.Noted("y")))
            say.send_bytes(b"done")


def test_a_child_killed_at_any_time_leaves_a_journal_that_verifies(home: Home, vault: Vault) -> None:
    home.open(vault).close()
    before = 0
    for _ in range(8):
        child = Child(appends_for_ever, home)
        child.hear()
        child.kill()
        acknowledged = 2 + 2 * child.words()
        assert child.end() == -signal.SIGKILL
        with home.open(vault) as journal:
            standing = journal.verify() - before
            assert standing in {acknowledged, acknowledged + 2}
            before += standing


def test_what_a_killed_first_run_left_is_no_obstacle(home: Home, vault: Vault) -> None:
    fresh = home.folder / "journal.sqlite3.new"
    fresh.write_bytes(b"half")
    sqlite.sidecar(fresh).write_bytes(b"half")
    with home.open(vault) as journal:
        assert journal.verify() == 0
    assert not fresh.exists()
