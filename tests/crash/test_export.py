"""SIGKILL before every call that changes files while those of a visit are written."""

from itertools import count
from pathlib import Path

import pytest

from tests.crash.orders import End
from tests.crash.points import artifact_breaches, leftovers, sha256
from tests.crash.scene import Laptop, Scene

SHARES = 3
DATED = {".txt": "\n", ".html": "</html>\n"}
"""Endings of a report's files, which say when they were made, and how they end where they are whole."""


def _files(laptop: Laptop) -> dict[str, str]:
    """Hash of each file that the visit left, by its name; what is still being written has none."""
    out = laptop.home / "out"
    hashes = {}
    for path in out.rglob("*"):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(out).parts):
            hashes[path.name] = sha256(path)
    return hashes


def _at_the_last_audit(scene: Scene, model: int) -> Laptop:
    """A job whose lines stand and ring, and whose sheet is still the one that was prepared."""
    scene.begin()
    laptop = scene.laptop(model)
    assert scene.live(laptop, "prepare").said == ()
    assert scene.live(laptop, "apply", kill_at=1 + 8 * model).killed
    scene.keep(scene.folder / "prepared")
    return laptop


@pytest.mark.parametrize("model", [4, 8])
@pytest.mark.parametrize("share", range(1, SHARES + 1))
def test_a_file_is_absent_or_old_or_new_whenever_the_export_is_killed(
    scene: Scene, model: int, share: int
) -> None:
    laptop = _at_the_last_audit(scene, model)
    old = _files(laptop)
    whole = scene.live(laptop, "export", "file")
    assert (whole.signal, whole.said) == (0, ())
    new = _files(laptop)
    assert old.keys() < new.keys()
    for kill_at in count(share, SHARES):
        where = f"{model} ports, export killed at file call {kill_at}"
        scene.restore(scene.folder / "prepared")
        end = scene.live(laptop, "export", "file", kill_at)
        if not end.killed:
            assert end.boundaries == whole.boundaries < kill_at
            return
        for name, digest in _files(laptop).items():
            dated = _is_dated(name) and _one(laptop, name).read_text().endswith(DATED[Path(name).suffix])
            assert dated or digest in {old.get(name), new[name]}, f"{where}: {name}"
        if kill_at % 5 == 0:
            assert scene.live(laptop, "export") == End(0, (), 0), where
            laptop.open()
            assert [*artifact_breaches(laptop), *leftovers(laptop)] == [], where
            laptop.close()
            assert _undated(_files(laptop)) == _undated(new), where


def _is_dated(name: str) -> bool:
    return name.startswith("report-")


def _undated(files: dict[str, str]) -> dict[str, str | None]:
    return {name: None if _is_dated(name) else digest for name, digest in files.items()}


def _one(laptop: Laptop, name: str) -> Path:
    (found,) = (laptop.home / "out").rglob(name)
    return found
