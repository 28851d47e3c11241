"""What a visit leaves: sheet revisions and states, hand-over, labels, report; and watching it register."""

import hashlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from installer.errors import NetworkFailure, UsageFault
from installer.outputs.visit import Owner, Stage
from installer.provisioning.watch import Sighting
from installer.rehearsal import seed
from installer.rehearsal.faults import Kind
from installer.session import Answers, Session, Settings
from installer.session.lines import ExistingLines
from installer.session.rehearsing import example_sheet
from tests.session.office import MACS, YES, Hours, Technician, Town, codes, fxs, read_back, row, rows


def revision(path: Path) -> str:
    (found,) = {said.written["sheet_revision"] for said in read_back(path).values()}
    return found


async def test_the_revision_counts_changes_of_the_sheet(ada: Technician) -> None:
    seen = []
    for cells in (rows(2), rows(2), rows(3), rows(3, notes="call first"), rows(3)):
        (run,) = await ada.prepare(cells)
        seen.append(revision(ada.exported(run)))
    assert seen == ["1", "1", "2", "3", "3"]
    (run,) = await ada.apply(None)
    assert revision(ada.exported(run)) == "4"
    assert (await ada.record()).artifacts["credential-sheet"].revision == 4


async def test_the_revision_counts_changes_whatever_the_format(ada: Technician) -> None:
    await ada.prepare(rows(2))
    record = await ada.record()
    async with ada.session() as session:
        sheets = [(await session.outputs.sheet(record, kind))[0].path for kind in ("csv", "xlsx", "csv")]
    assert [revision(path) for path in sheets] == ["1", "1", "1"]
    async with ada.session() as session:
        await session.outputs.sheet(await ada.record(), "csv")
    (run,) = await ada.prepare(rows(3))
    assert revision(ada.exported(run)) == "2"


async def test_a_sheet_in_another_folder_is_the_same_sheet(ada: Technician) -> None:
    (run,) = await ada.prepare(rows(2))
    async with ada.session(out=ada.folder / "stick") as session:
        written, note = await session.outputs.sheet(await ada.record(), "xlsx")
    assert written.path.read_bytes() == ada.exported(run).read_bytes()
    assert note.path == ada.folder / "stick" / f"handover-{run.record.job.id}.txt"
    assert written.sha256 in note.path.read_text()


async def test_files_of_two_jobs_stand_side_by_side_in_one_folder(ada: Technician) -> None:
    sites = ("Harbor Point", "Harbor-Point")
    cells = [
        row(port, site=site, gateway=f"GW-{port}", mac=MACS[port]) for port, site in enumerate(sites, start=1)
    ]
    async with ada.session(out=ada.folder / "stick") as session:
        await session.visits.apply(ada.sheet(cells), YES)
        for run in session.visits.runs:
            run.artifacts += await session.outputs.labels(run.record, "avery-5160", 1)
            run.artifacts += await session.outputs.report(run.record)
        first, second = session.visits.runs
        assert {first.record.job.site, second.record.job.site} == set(sites)
    left = [each.path for run in (first, second) for each in run.artifacts]
    assert len(set(left)) == len(left)
    for run in (first, second):
        for each in run.artifacts:
            assert run.record.job.id in str(each.path.relative_to(ada.folder / "stick"))
            assert hashlib.sha256(each.path.read_bytes()).hexdigest() == each.sha256


async def test_a_folder_is_named_by_the_job_as_it_is(ada: Technician) -> None:
    (run,) = await ada.prepare(rows(1))
    assert ada.exported(run).parent == ada.home / "out" / run.record.job.id


async def test_every_artifact_is_journalled_with_its_hash(ada: Technician) -> None:
    await ada.apply(rows(2))
    async with ada.session() as session:
        record = await ada.record()
        labels = await session.outputs.labels(record, "avery-5160", 3)
        report = await session.outputs.report(record)
        artifacts = session.rooms.records.record(record.job.id).artifacts
    assert [each.kind for each in labels].count("labels") == 1
    assert {each.path.suffix for each in labels} == {".pdf", ".png"}
    assert {each.path.suffix for each in report} == {".txt", ".html"}
    assert {"credential-sheet", "handover", "labels"} <= set(artifacts)
    for kept in artifacts.values():
        assert hashlib.sha256(Path(kept.path).read_bytes()).hexdigest() == kept.sha256


async def test_no_secret_is_on_label_report_or_handover(ada: Technician) -> None:
    (run,) = await ada.apply(rows(2))
    async with ada.session() as session:
        record = await ada.record()
        left = [
            *await session.outputs.labels(record, "avery-l7160", 1),
            *await session.outputs.report(record),
        ]
    secrets = [
        said.credential.password.reveal().encode()
        for said in read_back(ada.exported(run)).values()
        if said.credential
    ]
    assert len(secrets) == 2
    notes = [each.path for each in run.artifacts if each.kind == "handover"]
    assert notes
    for path in [each.path for each in left] + notes:
        assert not any(secret in path.read_bytes() for secret in secrets)


async def test_an_unknown_label_stock_is_named(ada: Technician) -> None:
    await ada.prepare(rows(1))
    async with ada.session() as session:
        record = await ada.record()
        with pytest.raises(UsageFault) as raised:
            await session.outputs.labels(record, "napkin", 1)
    assert "avery-5160" in raised.value.remedy


async def test_the_report_says_what_is_open_and_for_whom(ada: Technician) -> None:
    async def open_items() -> set[tuple[Owner, str, Stage]]:
        async with ada.session() as session:
            items = session.outputs.summary(await ada.record()).open_items
            return {(item.owner, item.what.split(":")[0], item.stage) for item in items}

    await ada.prepare([row(1), row(2, gateway="GW-2", mac="")])
    assert await open_items() == {
        (Owner.TECHNICIAN, "bind hardware to GW-2", Stage.GATEWAYS),
        (Owner.TECHNICIAN, "the line is not made yet", Stage.REVIEW),
    }
    await ada.apply([row(1), row(2, gateway="GW-2", mac=MACS[1])])
    assert await open_items() == {(Owner.PARTNER, "not registered yet", Stage.REGISTRATION)}


async def watched(session: Session) -> tuple[Sighting, ...]:
    """What the last look at the registrations showed."""
    seen: list[tuple[Sighting, ...]] = []
    await session.visits.watch(None, None, 0.0, lambda _record, now: seen.append(now))
    assert session.visits.runs[-1].error is None
    return seen[-1]


async def test_the_partners_gateways_register_from_the_sheet_and_again_after_changes(folder: Path) -> None:
    settings = Settings(home=folder / "home", platform="rehearsal", operator="ada")
    hours, name = Hours(), seed.TOWER.number

    def opened() -> Session:
        return Session(settings, clock=hours.clock)

    async with opened() as session:
        await session.visits.apply(example_sheet(), YES)
        record = session.visits.runs[0].record
    async with opened() as session:
        before = [each.registered for each in await watched(session)]
    typed = Answers(yes=True, confirm=frozenset({"Elevator 1", "Elevator 2", "Front desk fax"}))
    (free,) = [plan.port for plan in record.job.ports if plan.draft is None][:1]
    acts: tuple[Callable[[ExistingLines], Awaitable[None]], ...] = (
        lambda lines: lines.reissue(name, "Elevator 1", typed),
        lambda lines: lines.move(name, "Elevator 2", free, typed),
        lambda lines: lines.delete(name, "Front desk fax", typed),
    )
    for act in acts:
        async with opened() as session:
            await act(session.lines)
            assert session.visits.runs[0].error is None
    async with opened() as session:
        after = [each.registered for each in await watched(session)]
    assert (len(before), len(after)) == (29, 28)
    assert all(before)
    assert all(after)
    async with opened() as session:
        counts = session.outputs.summary(session.rooms.records.all()[0]).counts
    assert counts["registered"] == counts["on the platform"] == 28


async def test_nothing_registers_from_a_prepared_sheet(folder: Path) -> None:
    async with Session(Settings(home=folder / "home", platform="rehearsal")) as session:
        await session.visits.prepare(example_sheet(), YES)
        assert await watched(session) == ()


@pytest.mark.usefixtures("usual_umask")
async def test_a_rehearsal_keeps_its_home_apart_and_goes_on_in_the_next_session(folder: Path) -> None:
    settings = Settings(home=folder / "kits" / "home", platform="rehearsal")
    async with Session(settings) as session:
        await session.visits.apply(example_sheet(), YES)
        assert session.visits.runs[0].record.finished
    assert {path.name for path in settings.home.iterdir()} == {"rehearsal"}
    made = [folder / "kits", *(each for each in (folder / "kits").rglob("*") if each.is_dir())]
    assert {each.stat().st_mode & 0o777 for each in made} == {0o700}
    async with Session(settings) as session:
        assert not await session.visits.resume(None, YES)
        await session.visits.apply(None, YES)
        (run,) = session.visits.runs
        assert {each.kind.value for each in run.outcomes} == {"already-done"}
        assert run.record.job.port(fxs(1)).draft is not None


async def test_registrations_are_not_asked_about_where_nobody_can_be_reached(
    ada: Technician, town: Town
) -> None:
    await ada.apply(rows(1))
    town.fault(Kind.DROP_BEFORE_COMMIT, "GET", count=None)
    async with ada.session() as session:
        await session.visits.watch(None, None, 0.0, lambda _record, _seen: None)
        assert isinstance(session.visits.runs[0].error, NetworkFailure)


async def test_a_sheet_without_a_registrar_is_warned_of_in_run_and_hand_over(ada: Technician) -> None:
    first, second = (*await ada.prepare(rows(1)), *await ada.apply(rows(1)))
    (warned,) = [each for each in first.findings if each.code == "registrar-not-set"]
    assert not warned.life_safety
    assert "profiles/platforms/" in warned.remedy
    assert "registrar-not-set" not in codes(second.findings)
    for run in (first, second):
        (note,) = [each.path for each in run.artifacts if each.kind == "handover"]
        assert "registrar and SIP domain are not in the sheet" in note.read_text()
    profiles = ada.home / "profiles" / "platforms"
    profiles.mkdir(parents=True)
    (profiles / "town.toml").write_text('title = "Town"\nbase_url = "https://town"\nregistrar = "sip.town"\n')
    async with ada.session(platform="town") as session:
        await session.visits.apply(None, YES)
        (run,) = session.visits.runs
        assert not session.outputs.lacking()
    assert "registrar-not-set" not in codes(run.findings)
    assert read_back(ada.exported(run))[fxs(1)].written["registrar"] == "sip.town"


async def test_no_sheet_is_written_with_another_platforms_registrar(ada: Technician, elsewhere: Town) -> None:
    (run,) = await ada.apply(rows(1))
    before = ada.exported(run).read_bytes()
    async with ada.session(base_url=elsewhere.thread.platform.url, username=None) as session:
        with pytest.raises(UsageFault) as raised:
            await session.outputs.sheet(session.rooms.records.record(run.record.job.id), "xlsx")
    assert raised.value.code == "wrong-platform"
    assert ada.exported(run).read_bytes() == before
