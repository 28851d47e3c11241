"""A line sheet of somebody else's opened to be edited: whose it is, over what, and what is kept of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from installer.errors import UsageFault
from installer.rehearsal import seed
from installer.session import Session, Settings
from installer.session.drafting import filling
from tests.session.office import MACS, Technician, Town, codes, rows


async def test_a_sheet_is_a_draft_of_the_account_that_it_names(ada: Technician, town: Town) -> None:
    async with ada.session() as session:
        await session.rooms.platform()
        opened = await session.drafting.of_sheet(ada.sheet(rows(2)))
        draft = opened.draft
        assert (draft.account, draft.site, len(draft.rows)) == (seed.TOWER.id, "Tower", 4)
        assert opened.numbers == (2, 3, None, None)
        assert session.drafting.drafts() == ((), ())
        source = session.drafting.source(draft)
    assert isinstance(source, Path)
    (run,) = await ada.apply(source)
    assert run.error is None
    assert run.record.finished
    assert [line.name for line in town.lines] == ["Elevator 1", "Elevator 2"]


async def test_its_faults_stand_in_its_cells(ada: Technician) -> None:
    wrong = rows(3)
    wrong[1]["caller_id"], wrong[2]["line_use"] = "12", "submarine"
    sheet = ada.sheet(wrong)
    async with ada.session() as session:
        await session.rooms.platform()
        opened = await session.drafting.of_sheet(sheet)
        cells = [opened.cell(each) for each in session.drafting.sheet_faults(sheet)]
        assert cells == [(1, "caller_id"), (2, "line_use")]
        shown = session.drafting.faults(opened.draft).cells
        assert {cell: codes(found) for cell, found in shown.items()} == {
            (1, "caller_id"): ["invalid-number"],
            (2, "line_use"): ["unknown-use"],
        }


async def test_the_site_of_a_sheet_that_says_none_is_the_accounts_name(ada: Technician) -> None:
    async with ada.session() as session:
        await session.rooms.platform()
        named = ada.sheet(rows(1, site="", account=seed.TOWER.name))
        assert (await session.drafting.of_sheet(named)).draft.site == seed.TOWER.name


async def test_over_a_job_that_stands_blank_cells_are_the_jobs(ada: Technician) -> None:
    await ada.prepare(rows(3, location="Pit"))
    async with ada.session(username=None, password=None) as session:
        (record,) = session.kept.jobs()
        opened = await session.drafting.of_sheet(ada.sheet(rows(1, line_name="Renamed")))
        assert opened.draft.id == record.job.id
        before = session.drafting.of_job(record)
        assert opened.draft == filling.set_cell(before, 0, "line_name", "Renamed")


async def test_it_takes_the_place_of_the_draft_that_is_kept(ada: Technician) -> None:
    async with ada.session() as session:
        await session.rooms.platform()
        first = (await session.drafting.of_sheet(ada.sheet(rows(1)))).draft
        session.drafting.keep(first)
        again = (await session.drafting.of_sheet(ada.sheet(rows(2)))).draft
        assert session.drafting.kept(again) == first
        session.drafting.keep(again)
        assert session.drafting.drafts() == ((again,), ())


async def test_signed_out_it_is_known_by_what_was_looked_at(ada: Technician) -> None:
    sheet = ada.sheet(rows(1))
    async with ada.session(username=None, password=None) as session:
        with pytest.raises(UsageFault) as raised:
            await session.drafting.of_sheet(sheet)
        assert raised.value.code == "signed-out"
    async with ada.session() as session:
        await session.rooms.platform()
        await session.customers.look(await session.customers.named(seed.TOWER.id))
    async with ada.session(username=None, password=None) as session:
        assert (await session.drafting.of_sheet(sheet)).draft.account == seed.TOWER.id
        with pytest.raises(UsageFault):  # another account may have that name as well
            await session.drafting.of_sheet(ada.sheet(rows(1, account=seed.TOWER.name)))


async def test_an_account_that_nobody_has_is_said(ada: Technician) -> None:
    async with ada.session() as session:
        await session.rooms.platform()
        with pytest.raises(UsageFault) as raised:
            await session.drafting.of_sheet(ada.sheet(rows(1, account="nobody's")))
        assert raised.value.code == "account-not-found"


async def test_what_is_no_sheet_is_no_draft(ada: Technician, folder: Path) -> None:
    (folder / "in.csv").write_bytes(b"\xff\xfe\x00")
    async with ada.session() as session:
        for sheet in (folder / "in.csv", ada.sheet([*rows(1), *rows(1, site="Annex", mac=MACS[1])])):
            with pytest.raises(UsageFault, match="one account and site"):
                await session.drafting.of_sheet(sheet)


async def test_a_platform_has_to_be_named(folder: Path, ada: Technician) -> None:
    async with Session(Settings(folder / "new")) as session:
        with pytest.raises(UsageFault) as raised:
            await session.drafting.of_sheet(ada.sheet(rows(1)))
        assert raised.value.code == "no-platform"


async def test_no_draft_is_kept_of_what_differs_in_nothing_from_its_job(ada: Technician) -> None:
    (run,) = await ada.prepare(rows(2))
    async with ada.session() as session:
        drafting, record = session.drafting, session.kept.record(run.record.job.id)
        draft = drafting.of_job(record)
        assert drafting.source(draft) == record.job.id
        assert drafting.drafts() == ((), ())
        edited = filling.set_cell(draft, 0, "notes", "by the door")
        assert drafting.source(edited) == ada.home / "drafts" / f"{draft.id}.csv"
        assert drafting.source(replace(edited, rows=draft.rows)) == record.job.id
        assert drafting.drafts() == ((), ())


async def test_an_edit_is_kept_whatever_the_journal_is(ada: Technician) -> None:
    (run,) = await ada.prepare(rows(2))
    async with ada.session() as session:
        draft = session.drafting.of_job(session.kept.record(run.record.job.id))
    journal = ada.home / "journal.sqlite3"
    journal.write_bytes(b"\x55" * 8192)
    async with ada.session() as session:
        source = session.drafting.source(draft)
        assert isinstance(source, Path)
        assert source.exists()
