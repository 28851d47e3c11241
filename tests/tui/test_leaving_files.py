"""Files are written beside the screen: keys act meanwhile, and what is left says what stands in the end."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.domain.gateway import GatewayPlace
from installer.domain.mac import parse_mac
from installer.session import Session
from tests.tui.stage import stage
from tui.screens.dialog import Dialog

_PATIENCE = 20.0


class Disk:
    """A disk whose first sync ends when a task of the loop lets it, and fails where none can."""

    def __init__(self, sync: object) -> None:
        self._sync = sync
        self.writes = threading.Event()
        self.goes_on = threading.Event()

    def fsync(self, descriptor: int) -> None:
        self.writes.set()
        if not self.goes_on.wait(_PATIENCE):
            raise OSError("nobody let it go on: the loop stands still")
        self._sync(descriptor)  # type: ignore[operator]


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    disk = Disk(os.fsync)
    disk.goes_on.set()
    monkeypatch.setattr(os, "fsync", disk.fsync)
    yield disk
    disk.goes_on.set()


@pytest.mark.parametrize("step, kind", [("Labels", "labels"), ("Sheet", "credential-sheet")])
async def test_keys_act_while_files_are_written(tmp_path: Path, disk: Disk, step: str, kind: str) -> None:
    async with stage(tmp_path) as on:
        await on.stand()
        await on.go(step)
        before = on.app.session.rooms.records.stands[on.app.job_id or ""]
        disk.goes_on.clear()
        disk.writes.clear()
        await on.press("f3")
        await on.until(disk.writes.is_set)
        await on.press("f1")
        assert isinstance(on.app.screen, Dialog)
        await on.press("escape")
        assert on.app.session.rooms.records.stands[on.app.job_id or ""] == before
        disk.goes_on.set()
        await on.until(lambda: any("written" in text for _, text, _ in on.app.said))
        record = on.app.record
        assert record is not None
        assert kind in record.fresh


async def _changed(session: Session, job: str) -> None:
    visits = session.new_visits()
    visits.bind(job, GatewayPlace("GW-1"), parse_mac("00:50:58:12:34:77"), "", "the first one was faulty")


@pytest.mark.parametrize("step, kind", [("Labels", "labels"), ("Sheet", "credential-sheet")])
async def test_what_changes_while_files_are_written_stands_in_them(
    tmp_path: Path, disk: Disk, step: str, kind: str
) -> None:
    async with stage(tmp_path) as on:
        await on.prepared()
        await on.go(step)
        disk.goes_on.clear()
        disk.writes.clear()
        await on.press("f3")
        await on.until(disk.writes.is_set)
        await _changed(on.app.session, on.app.job_id or "")
        disk.goes_on.set()
        await on.until(lambda: any("written" in text for _, text, _ in on.app.said))
        record = on.app.record
        assert record is not None
        assert kind in record.fresh
        left = record.artifacts[kind]
        again = Path(left.path).read_bytes()
        await on.press("f3")
        await on.until(lambda: sum("written" in text for _, text, _ in on.app.said) == 2)
        assert Path(left.path).read_bytes() == again


async def test_who_leaves_waits_for_the_file_that_is_being_written_and_no_more(
    tmp_path: Path, disk: Disk
) -> None:
    async with stage(tmp_path) as on:
        await on.stand()
        await on.go("Labels")
        disk.goes_on.clear()
        disk.writes.clear()
        await on.press("f3")
        await on.until(disk.writes.is_set)
        on.app.stop("labels")
        await on.pilot.pause()
        assert on.app.works("labels")
        disk.goes_on.set()
        await on.until(lambda: not on.app.works("labels"))
        record = on.app.record
        assert record is not None
        assert "labels" not in record.artifacts
        folder = on.app.session.outputs.folder(record) / f"labels-{record.job.id}"
        assert [each.name for each in folder.glob("[!.]*.p*")] == ["labels.pdf"]


async def test_asked_for_twice_they_are_written_twice_also_once_the_visit_was_left(
    tmp_path: Path, disk: Disk
) -> None:
    async with stage(tmp_path) as on:
        await on.stand()
        await on.go("Labels")
        disk.goes_on.clear()
        disk.writes.clear()
        await on.press("f3")
        await on.until(disk.writes.is_set)
        await on.press("f3")
        on.app.close_visit()
        disk.goes_on.set()
        await on.until(lambda: sum("5 labels written" in text for _, text, _ in on.app.said) == 2)
