"""The folder that files are left in: one run there at a time, whichever home it is of."""

import asyncio

import pytest

from installer.errors import Busy
from installer.files import UNFINISHED
from installer.session import folder as folder_room
from installer.session.folder import alone_in
from tests.session.office import Technician, rows


async def test_a_run_of_another_home_neither_comes_in_nor_sweeps(
    ada: Technician, bob: Technician, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_room, "_PATIENCE", 0.0)
    out = ada.folder / "shared"
    async with ada.session(out=out) as one, bob.session(out=out) as other:
        async with alone_in(one.rooms, out):
            under_way = out / f"{UNFINISHED}half"
            under_way.write_bytes(b"half")
            with pytest.raises(Busy, match="ada"):
                async with alone_in(other.rooms, out):
                    pass
            assert under_way.exists()
        async with alone_in(other.rooms, out):
            assert not under_way.exists()


async def test_a_sheet_says_what_stands_once_its_folder_is_free(ada: Technician) -> None:
    (run,) = await ada.prepare(rows(1))
    async with ada.session() as late:
        stale = late.rooms.records.record(run.record.job.id)
        (run,) = await ada.apply(None)
        before = run.record.artifacts["credential-sheet"]
        await late.outputs.sheet(stale, "xlsx")
        again = late.rooms.records.record(run.record.job.id).artifacts["credential-sheet"]
        assert (again.revision, again.sha256) == (before.revision, before.sha256)


async def test_a_task_of_this_process_waits_for_the_other_without_stopping_it(ada: Technician) -> None:
    out, begun = ada.folder / "shared", []
    async with ada.session(out=out) as session:

        async def second() -> None:
            async with alone_in(session.rooms, out):
                begun.append("second")

        async with alone_in(session.rooms, out):
            other = asyncio.create_task(second())
            await asyncio.sleep(0.05)
            begun.append("first")
        await other
    assert begun == ["first", "second"]
