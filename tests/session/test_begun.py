"""What was begun is found without a platform, says where it stopped, and loses no edit."""

from pathlib import Path

import pytest

from installer.domain.finding import Severity
from installer.domain.line import Account
from installer.outputs.visit import Stage
from installer.rehearsal import seed
from installer.session import Answers, Session, Settings
from installer.session.begun import Begun
from installer.session.drafting import Draft, editing, filling
from tests.session.office import MACS, YES, Killed, Technician, codes, number, rows

TOWER = Account(seed.TOWER.id, seed.TOWER.number, seed.TOWER.name)


async def begun(settings: Settings) -> tuple[tuple[Begun, Stage], ...]:
    """Every visit with where it stopped."""
    async with Session(settings) as session:
        found, _ = await session.begun.visits()
        return tuple((each, session.begun.stage(each)) for each in found)


async def stage(settings: Settings) -> Stage:
    """Where the only visit stopped."""
    ((_, where),) = await begun(settings)
    return where


def drafted(session: Session) -> Draft:
    return editing.add_gateway(session.drafting.begin(TOWER, "Tower"), session.drafting.models["4"])


def filled(draft: Draft) -> Draft:
    draft = filling.fill(draft, range(2), "line_name", "Elevator 1")
    draft = filling.fill(draft, range(2), "line_use", "elevator")
    for column in ("caller_id", "e911_callback"):
        draft = filling.fill(draft, range(2), column, number(0))
    return draft


async def test_a_draft_stops_at_what_it_lacks(ada: Technician) -> None:
    home = Settings(ada.home)
    async with ada.session() as session:
        session.drafting.keep(session.drafting.begin(TOWER, "Tower"))
        assert await stage(home) is Stage.GATEWAYS
        draft = session.drafting.begin(TOWER, "Tower")
        draft = editing.add_gateway(draft, session.drafting.models["4"])
        session.drafting.keep(draft)
        assert await stage(home) is Stage.PORTS
        session.drafting.keep(filled(draft))
        assert await stage(home) is Stage.CREDENTIALS
        session.drafting.keep(filling.set_cell(filled(draft), 0, "caller_id", "12"))
        assert await stage(home) is Stage.PORTS


async def test_a_job_stops_where_its_journal_says(ada: Technician) -> None:
    home = Settings(ada.home)
    await ada.prepare(rows(2))
    assert await stage(home) is Stage.REVIEW
    ada.kills = lambda happening: happening.moment == "answered"
    with pytest.raises(Killed):
        await ada.apply(None)
    ada.kills = lambda _: False
    assert await stage(home) is Stage.PROVISION
    await ada.apply(None)
    assert await stage(home) is Stage.REGISTRATION
    async with ada.session() as session:
        await session.visits.undo(None, YES, None)
    ((taken_back, where),) = await begun(home)
    assert (taken_back.is_unfinished, where) == (False, Stage.DONE)


async def test_edits_of_a_job_are_one_visit_with_it(ada: Technician) -> None:
    (run,) = await ada.prepare(rows(2))
    async with ada.session() as session:
        record = session.kept.record(run.record.job.id)
        draft, edited = session.drafting.of_visit(record)
        assert not edited
        session.drafting.keep(filling.set_cell(draft, 0, "line_name", "Renamed"))
        again, edited = session.drafting.of_visit(record)
        assert edited
        assert again.rows[0]["line_name"] == "Renamed"
    ((found, where),) = await begun(Settings(ada.home))
    assert found.key == run.record.job.id
    assert found.draft is not None
    assert found.is_unfinished
    assert where is Stage.REVIEW
    assert found.settings.base_url == run.record.job.platform.base_url


async def test_the_rehearsals_visits_are_found_from_the_home_and_the_other_way_round(ada: Technician) -> None:
    await ada.prepare(rows(1))
    rehearsal = Settings(ada.home, platform="rehearsal")
    async with Session(rehearsal) as session:
        session.drafting.keep(drafted(session))
    for settings in (Settings(ada.home), rehearsal):
        found = await begun(settings)
        assert {each.settings.platform for each, _ in found} == {None, "rehearsal"}
        assert [each.record is None for each, _ in found] == [True, False]
        assert [each.platform for each, _ in found] == ["rehearsal", ada.town.thread.platform.url]
    async with Session(Settings(ada.home)) as session:
        every, _ = await session.begun.visits()
        (draft,) = [each for each in every if each.record is None]
        await session.begun.drop(draft)
        assert len((await session.begun.visits())[0]) == 1


async def test_a_draft_of_the_home_is_of_no_platform_yet(ada: Technician) -> None:
    async with ada.session() as session:
        session.drafting.keep(drafted(session))
    for settings in (ada.settings(), Settings(ada.home, platform="rehearsal"), Settings(ada.home)):
        ((found, _),) = await begun(settings)
        assert found.platform == ""


async def test_a_job_says_what_reaches_it_from_another_platforms_session(ada: Technician) -> None:
    (run,) = await ada.prepare(rows(1))
    async with Session(Settings(ada.home, platform="beta")) as session:
        found = session.begun.of_job(run.record.job.id)
        assert (found.settings.platform, found.settings.base_url) == (None, ada.town.thread.platform.url)
        with pytest.raises(KeyError):
            session.begun.of_job("J000000")


async def test_unfinished_visits_come_first(ada: Technician) -> None:
    await ada.apply(rows(1))
    await ada.prepare(rows(1, site="Annex", mac=MACS[1]))
    found = await begun(Settings(ada.home))
    assert [each.is_unfinished for each, _ in found] == [True, False]


async def test_a_sheets_faults_are_told_without_asking_anybody(ada: Technician, folder: Path) -> None:
    wrong = rows(2)
    wrong[1]["caller_id"] = "12"
    sheet = ada.sheet(wrong)
    async with Session(Settings(folder / "new")) as session:
        (fault,) = session.drafting.sheet_faults(sheet)
    assert (fault.row, fault.column, fault.value, fault.severity) == (3, "caller_id", "12", Severity.ERROR)
    await ada.prepare(rows(2))
    blank = rows(2)
    blank[1]["line_name"] = ""
    async with ada.session() as session:
        assert "12" not in codes(session.drafting.sheet_faults(ada.sheet(blank)))


async def test_what_was_agreed_to_is_not_asked_again_and_what_moved_is(ada: Technician) -> None:
    asked: list[str] = []

    async def no(question: str) -> bool:
        asked.append(question)
        return False

    async with ada.session() as session:
        for count in (2, 3):
            await session.visits.plan(ada.sheet(rows(count)), Answers(), None)
            plan = session.visits.runs[-1].plan
            assert plan is not None
            await session.visits.apply(ada.sheet(rows(3)), Answers(ask=no, agreed=plan.steps), None)
            assert asked == ["Make 6 writes?"]
        assert session.visits.runs[-1].error is None


async def test_a_warning_that_was_taken_on_stays_so(ada: Technician) -> None:
    shared = rows(2, e911_callback=number(0))
    shared[1]["location"] = "Roof"
    (run,) = await ada.prepare(shared)
    async with ada.session() as session:
        await session.visits.plan(run.record.job.id, Answers(), None)
        warned = [each for each in session.visits.runs[0].findings if each.severity is Severity.WARNING]
        assert warned
        session.warnings.take_on(run.record.job.id, warned)
        session.warnings.take_on(run.record.job.id, warned)
        record = session.kept.record(run.record.job.id)
        assert record.acknowledged == {(each.code, each.message) for each in warned}
    (done,) = await ada.apply(None, Answers(yes=True))
    assert done.error is None
