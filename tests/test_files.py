import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

import pytest

from installer.errors import DiskUnusable
from installer.files import UNFINISHED, private_directory, sweep, write_atomically, write_whole


def test_what_was_written_stands_there_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "job" / "a.txt"
    digest = write_atomically(path, lambda file: _put(file, b"whole"))
    assert path.read_bytes() == b"whole"
    assert digest == hashlib.sha256(b"whole").hexdigest()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_write_that_fails_leaves_the_older_file_and_nothing_else(
    tmp_path: Path, fault: BaseException
) -> None:
    path = tmp_path / "a.txt"
    write_atomically(path, lambda file: _put(file, b"older"))

    def fail(file: BinaryIO) -> None:
        file.write(b"half")
        raise fault

    with pytest.raises(DiskUnusable if isinstance(fault, OSError) else KeyboardInterrupt) as raised:
        write_atomically(path, fail)
    if isinstance(raised.value, DiskUnusable):
        assert "No space left" in raised.value.message
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_never_written_through(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"mine")
    link = tmp_path / "link"
    link.symlink_to(target)
    with pytest.raises(DiskUnusable, match="a link"):
        write_atomically(link, lambda file: _put(file, b"theirs"))
    assert target.read_bytes() == b"mine"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DiskUnusable, match="cannot be written"):
        write_atomically(tmp_path / "file" / "a.txt", lambda file: _put(file, b""))


def test_sweeping_removes_what_killed_runs_left_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_bytes(b"")
    (tmp_path / ".kept").write_bytes(b"")
    (tmp_path / f"{UNFINISHED}file").write_bytes(b"secret")
    (tmp_path / f"{UNFINISHED}folder").mkdir()
    (tmp_path / f"{UNFINISHED}folder" / "part").write_bytes(b"secret")
    sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"kept.txt", ".kept"}


def test_a_sweep_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"{UNFINISHED}file").write_bytes(b"")

    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(DiskUnusable, match="Permission denied"):
        sweep(tmp_path)


def test_a_system_that_opens_no_folders_still_moves_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens = os.open

    def windows_open(path: Path, flags: int, mode: int = 0o777) -> int:
        if Path(path).is_dir():
            raise PermissionError(13, "Access is denied")
        return opens(path, flags, mode)

    monkeypatch.setattr(os, "open", windows_open)
    write_whole(tmp_path / "file", b"content")
    assert (tmp_path / "file").read_bytes() == b"content"


@pytest.mark.usefixtures("usual_umask")
def test_every_folder_that_is_made_is_private_and_one_that_stands_is_left_as_it_is(tmp_path: Path) -> None:
    stood = tmp_path / "stood"
    stood.mkdir(mode=0o755)
    write_atomically(stood / "a" / "b" / "file", lambda file: _put(file, b""))
    private_directory(stood / "c" / "d")
    modes = {path: stat.S_IMODE((stood / path).stat().st_mode) for path in ("a", "a/b", "c", "c/d")}
    assert set(modes.values()) == {0o700}
    assert stat.S_IMODE(stood.stat().st_mode) == 0o755


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_what_cannot_be_put_in_its_place_leaves_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    path = tmp_path / "file"
    write_whole(path, b"older")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync", fail) if fails == "fsync" else (Path, "replace", fail)))
    with pytest.raises(DiskUnusable) as raised:
        write_whole(path, b"newer")
    assert raised.value.code == "disk-full"
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def _put(file: BinaryIO, octets: bytes) -> None:
    file.write(octets)
