import os
import resource
import signal
import stat
import sys
import types
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from installer.errors import Busy, DiskUnusable
from installer.journal import locks
from installer.journal.locks import FileLock
from tests.journal.children import Child


def holds(say: Connection, path: Path) -> None:
    FileLock(path, "Bob (pid 1)").acquire(0)
    say.send_bytes(b"mine")
    signal.pause()


def waits_for(say: Connection, path: Path) -> None:
    with pytest.raises(Busy, match="Ada"):
        FileLock(path, "Bob").acquire(0)
    say.send_bytes(b"not mine")
    FileLock(path, "Bob").acquire(30)


def locks_on_a_full_disk(_say: Connection, path: Path) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    with FileLock(path, "Ada").held(0), pytest.raises(Busy, match="another run"):
        FileLock(path, "Bob").acquire(0)


def test_a_lock_keeps_others_out_and_names_its_holder(tmp_path: Path) -> None:
    mine, theirs = (FileLock(tmp_path / "locks" / "gateway.lock", name) for name in ("Ada", "Bob"))
    mine.acquire(0)
    with pytest.raises(Busy) as caught:
        theirs.acquire(0)
    assert caught.value.message == "gateway is held by Ada"
    assert caught.value.code == "busy"
    mine.release()
    mine.release()
    with theirs.held(0), pytest.raises(Busy, match="Bob"):
        mine.acquire(0.03)
    mine.acquire(0)
    mine.release()


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "gateway.lock"
    child = Child(holds, path)
    child.hear()
    with pytest.raises(Busy, match="Bob"):
        FileLock(path, "Ada").acquire(0)
    child.kill()
    assert child.end() == -signal.SIGKILL
    with FileLock(path, "Ada").held(0):
        assert path.read_text() == "Ada"


def test_a_waiting_run_gets_the_lock_when_it_is_free(tmp_path: Path) -> None:
    path = tmp_path / "gateway.lock"
    with FileLock(path, "Ada").held(0):
        child = Child(waits_for, path)
        child.hear()
    assert child.end() == 0


def test_a_hostile_holder_is_shown_safely(tmp_path: Path) -> None:
    path = tmp_path / "gateway.lock"
    with FileLock(path, "\x1b]0;x\x07" + "y" * 5000).held(0), pytest.raises(Busy) as caught:
        FileLock(path, "Ada").acquire(0)
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 300


def test_a_nameless_holder_is_another_run(tmp_path: Path) -> None:
    path = tmp_path / "gateway.lock"
    with FileLock(path, "").held(0), pytest.raises(Busy, match="another run"):
        FileLock(path, "Ada").acquire(0)


def test_a_full_disk_keeps_nobody_from_a_lock(tmp_path: Path) -> None:
    path = tmp_path / "gateway.lock"
    path.touch()
    assert Child(locks_on_a_full_disk, path).end() == 0


def test_lock_files_are_private(tmp_path: Path) -> None:
    path = tmp_path / "locks" / "gateway.lock"
    with FileLock(path, "Ada").held(0):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_lock_is_not_taken_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "gateway.lock").symlink_to(tmp_path / "victim")
    with pytest.raises(DiskUnusable):
        FileLock(tmp_path / "gateway.lock", "Ada").acquire(0)
    assert (tmp_path / "victim").read_text() == "precious"


def test_on_windows_one_byte_behind_the_name_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int, int]] = []

    def locking(descriptor: int, mode: int, length: int) -> None:
        asked.append((os.lseek(descriptor, 0, os.SEEK_CUR), mode, length))
        if len(asked) == 2:
            raise PermissionError

    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(locking=locking, LK_NBLCK=2))
    monkeypatch.setattr(locks, "_TAKE", locks._take_windows)
    path = tmp_path / "gateway.lock"
    with FileLock(path, "Ada").held(0), pytest.raises(Busy, match="Ada"):
        FileLock(path, "Bob").acquire(0)
    assert asked == [(1 << 30, 2, 1)] * 2
    assert path.read_bytes() == b"Ada"
