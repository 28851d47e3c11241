"""The folder of drafts: private, newest first, and what a kill, a full disk or another run leaves."""

import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from installer.domain.line import Account
from installer.errors import Busy, DiskUnusable
from installer.journal.locks import FileLock
from installer.session import Session, Settings
from installer.session.drafting import filling
from tests.session.office import ACCOUNT, Technician, codes, row, rows, written

HERE = Path(__file__).parents[2]


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this run grows."""
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


async def test_what_a_locked_home_holds_is_seen_and_seen_anew_once_it_changed(ada: Technician) -> None:
    async with ada.session(passphrase=None) as locked:
        assert locked.drafting.begin(ACCOUNT, "Tower").rows == ()
        await ada.prepare(rows(2, mac=""))
        assert len(locked.drafting.begin(ACCOUNT, "Tower").rows) == 4
        assert locked.kept.records is locked.kept.records
        await ada.prepare([row(1, mac="", line_name="Freight"), row(2, mac="")])
        assert locked.drafting.begin(ACCOUNT, "Tower").rows[0]["line_name"] == "Freight"


async def test_drafts_are_kept_private_newest_first_and_dropped(ada: Technician) -> None:
    async with ada.session() as session:
        drafting = session.drafting
        assert drafting.drafts() == ((), ())
        one = written(drafting)
        other = drafting.begin(Account("another", "1", "Another"))
        drafting.keep(one)
        drafting.keep(other)
        drafting.keep(edited := filling.set_cell(one, 0, "notes", "last"))
        assert drafting.drafts() == ((edited, other), ())
        path = drafting.path(edited)
        assert path.parent == ada.home / "drafts"
        assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
        drafting.drop(edited.id)
        drafting.drop(edited.id)
        path.symlink_to(path.with_name("dropped-by-another-run"))
        assert drafting.drafts() == ((other,), ())


async def test_a_draft_that_is_none_any_more_is_named_and_the_others_are_there(ada: Technician) -> None:
    async with ada.session() as session:
        draft = written(session.drafting)
        session.drafting.keep(draft)
        planted = session.drafting.path(draft).with_name("\x1b[31mD2.csv")
        planted.write_text("account,site\n\x1b[0m,\n")
        kept, (finding,) = session.drafting.drafts()
        assert kept == (draft,)
        assert finding.code == "draft-damaged"
        assert finding.message.isprintable()


async def test_hostile_cells_are_kept_as_they_are_and_the_reader_judges_them(ada: Technician) -> None:
    hostile = "=cmd|' /C calc'!A0\x1b]0;pwned\x07\u202e[/foo]\n\x00"
    async with ada.session() as session:
        draft = filling.set_cell(written(session.drafting), 0, "line_name", hostile)
        draft = filling.set_cell(draft, 1, "notes", hostile)
        session.drafting.keep(draft)
        assert session.drafting.drafts() == ((draft,), ())
        shown = session.drafting.faults(draft)
        assert codes(shown.cells[0, "line_name"]) == ["invalid-line-name"]
        assert codes(shown.cells[1, "notes"]) == ["cleaned-cell"]
        assert all(each.message.isprintable() and (each.value or "").isprintable() for each in shown.findings)
        stored = session.drafting.path(draft).read_text(encoding="utf-8-sig")
        assert '"=cmd' not in stored


async def test_a_full_disk_leaves_the_draft_as_it_was(ada: Technician) -> None:
    async with ada.session() as session:
        draft = written(session.drafting)
        session.drafting.keep(draft)
        with full_disk(), pytest.raises(DiskUnusable) as raised:
            session.drafting.keep(filling.set_cell(draft, 0, "notes", "lost"))
        assert raised.value.code == "disk-full"
        assert session.drafting.drafts() == ((draft,), ())
        assert [path.name for path in (ada.home / "drafts").iterdir()] == [f"{draft.id}.csv"]


async def test_a_folder_that_cannot_be_used_is_said(ada: Technician) -> None:
    async with ada.session() as session:
        draft = written(session.drafting)
        (ada.home / "drafts").write_text("in the way")
        with pytest.raises(DiskUnusable):
            session.drafting.keep(draft)


async def test_another_run_that_writes_drafts_is_waited_for_but_not_for_ever(
    ada: Technician, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("installer.session.rewritten._PATIENCE", 0.02)
    async with ada.session() as session:
        draft = written(session.drafting)
        with (
            FileLock(ada.home / "locks" / "drafts.lock", "bob").held(0),
            pytest.raises(Busy, match="held by bob"),
        ):
            session.drafting.keep(draft)
        session.drafting.keep(draft)


_KEEPS = """
import sys
from pathlib import Path
from installer.session import Session, Settings
from installer.session.drafting import Draft, editing, filling
drafting = Session(Settings(home=Path(sys.argv[1]), base_url="http://127.0.0.1:9")).drafting
draft = editing.add_gateway(Draft("DKILLED", "acc", "Tower"), drafting.models["50"])
for count in range(100_000):
    draft = filling.fill(draft, range(50), "line_name", f"Edit {count} line 1")
    drafting.keep(draft)
    print(count, flush=True)
"""


@pytest.mark.parametrize("edits", [1, 7, 20])
def test_a_kill_between_edits_loses_none_that_was_kept(folder: Path, edits: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _KEEPS, str(folder / "home")], cwd=HERE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(edits)]
        child.kill()
        lines += child.stdout.readlines()
    last = int([line for line in lines if line.endswith("\n")][-1])
    drafting = Session(Settings(home=folder / "home", base_url="http://127.0.0.1:9")).drafting
    (draft,), damaged = drafting.drafts()
    assert not damaged
    assert draft.rows[0]["line_name"] in {f"Edit {last} line 1", f"Edit {last + 1} line 1"}
    assert draft.rows[49]["line_name"] == draft.rows[0]["line_name"].replace("line 1", "line 50")
    drafting.keep(draft)
    assert [path.name for path in (folder / "home" / "drafts").iterdir()] == ["DKILLED.csv"]
