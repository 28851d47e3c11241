"""Two runs of one home: whoever writes has read what the other wrote (protocol R9)."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from installer.domain.gateway import GatewayPlace
from installer.domain.mac import parse_mac
from installer.errors import Busy, Conflict
from installer.provisioning.prepare import mint_credentials
from installer.provisioning.visit import Moment, Visit
from installer.rehearsal.faults import Kind
from installer.session import Session
from tests.session.office import MACS, TOWER, YES, Technician, Town, fxs, row, rows
from tests.session.standing import agrees, loose_line


async def begun(ada: Technician, moment: Moment, work: Callable[[], Awaitable[object]]) -> Session:
    """A session whose records were read while `work` was at `moment`; it has ended since."""
    late = ada.session()

    def read(happening: object) -> bool:
        if getattr(happening, "moment", None) is moment and not late.rooms._journal:
            assert late.rooms.records.all()
        return False

    ada.kills = read
    await work()
    ada.kills = lambda _: False
    assert late.rooms._journal
    return late


async def test_a_run_that_read_before_another_ended_goes_on_from_what_stands(
    ada: Technician, town: Town
) -> None:
    await ada.prepare(rows(2))
    late = await begun(ada, Moment.INTENDED, lambda: ada.apply(rows(2)))
    before = town.requests
    async with late:
        await late.visits.resume("Tower", YES)
        (run,) = late.visits.runs
        assert run.error is None
        assert run.record.finished
    assert town.requests == before
    await agrees(ada, town)


async def test_no_credential_is_minted_anew_by_who_read_before_it_was(
    monkeypatch: pytest.MonkeyPatch, ada: Technician, town: Town
) -> None:
    late = ada.session()
    mint = mint_credentials

    def read(visit: Visit) -> None:
        assert late.rooms.records.all()
        monkeypatch.setattr("installer.session.visits.mint_credentials", mint)
        mint(visit)

    monkeypatch.setattr("installer.session.visits.mint_credentials", read)
    (run,) = await ada.apply(rows(2))
    made = {port: each.username for port, each in run.record.credentials.items()}
    async with late:
        await late.visits.apply(None, YES)
        (again,) = late.visits.runs
        assert again.error is None
        assert {port: each.username for port, each in again.record.credentials.items()} == made
    await agrees(ada, town)


@pytest.mark.parametrize("names_its_job", [False, True])
async def test_a_sheet_that_another_run_took_in_meanwhile_opens_no_second_job(
    monkeypatch: pytest.MonkeyPatch, ada: Technician, town: Town, folder: Path, *, names_its_job: bool
) -> None:
    sheet = ada.sheet(rows(1))
    if names_its_job:
        bob = Technician(town, folder, "bob", 1)
        (run,) = await bob.prepare(rows(1))
        sheet = bob.exported(run)
    async with ada.session() as first, ada.session() as second:
        checked = second.visits._checked

        async def slow(*given: object) -> object:
            found = await checked(*given)  # type: ignore[arg-type]
            if not first.visits.runs:
                await first.visits.prepare(sheet, YES)
            return found

        monkeypatch.setattr(second.visits, "_checked", slow)
        await second.visits.prepare(sheet, YES)
        assert [run.record.job.id for run in second.visits.runs] == [
            run.record.job.id for run in first.visits.runs
        ]
    assert len(await opened(ada)) == 1


async def test_one_mac_is_not_bound_to_two_places_by_two_runs(ada: Technician) -> None:
    unbound = {"mac": "", "inbound_number": "", "line_name": "Fax"}
    await ada.prepare([row(1, mac=""), row(1, gateway="GW-2", **unbound)])
    mac = parse_mac(MACS[3])
    async with ada.session() as late:
        assert late.rooms.records.all()
        async with ada.session() as first:
            first.visits.bind(None, GatewayPlace("GW-1"), mac, "", "scan")
        with pytest.raises(Conflict, match="is bound to GW-1"):
            late.visits.bind(None, GatewayPlace("GW-2"), mac, "", "scan")
    assert [gateway.mac for gateway in (await ada.record()).job.gateways] == [mac, None]


async def test_hardware_that_another_run_bound_meanwhile_is_locked_too(ada: Technician) -> None:
    (run,) = await ada.prepare([row(1, mac="")])
    mac = parse_mac(MACS[3])
    async with ada.session() as late, ada.session() as third:
        stale = late.rooms.records.record(run.record.job.id).job
        async with ada.session() as first:
            first.visits.bind(None, GatewayPlace("GW-1"), mac, "", "scan")
        elsewhere = third.rooms.records.record(run.record.job.id).job
        with late.rooms.hold_gateways(stale):
            renamed = type(elsewhere)("J222222", elsewhere.platform, elsewhere.account, "elsewhere", (), ())
            with pytest.raises(Busy, match="gateway-005058123403"):
                third.rooms.hold_gateways(renamed, others=(mac,))


async def test_a_line_that_moved_since_it_was_looked_up_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, ada: Technician, town: Town
) -> None:
    await ada.apply([row(1)])
    async with ada.session() as late, ada.session() as first:
        show = late.lines.show

        async def slow(*given: object) -> object:
            found = await show(*given)  # type: ignore[arg-type]
            await first.lines.move(TOWER, "Elevator 1", fxs(3), YES)
            return found

        monkeypatch.setattr(late.lines, "show", slow)
        await late.lines.move(TOWER, "Elevator 1", fxs(2), YES)
        (run,) = late.visits.runs
        assert isinstance(run.error, Busy)
        assert run.error.code == "overtaken"
    assert set((await ada.record()).lines) == {fxs(3)}
    await agrees(ada, town)


async def test_a_loose_line_that_a_job_took_in_meanwhile_is_left_to_the_job(
    monkeypatch: pytest.MonkeyPatch, ada: Technician, town: Town
) -> None:
    await ada.apply([row(1)])
    async with ada.session() as late:
        found = await late.lines.show(TOWER, "Elevator 1")
        loose = type(found)(found.account, found.line, None, None)

        async def before(*_: object) -> object:
            return loose

        monkeypatch.setattr(late.lines, "show", before)
        requests = town.requests
        await late.lines.delete(TOWER, "Elevator 1", YES)
        (run,) = late.visits.runs
        assert isinstance(run.error, Busy)
    assert town.requests == requests


async def test_two_runs_open_one_job_for_loose_lines(ada: Technician, town: Town) -> None:
    lines = [loose_line(town, f"Alarm {port}", port) for port in (1, 2)]
    async with ada.session() as first, ada.session() as second:
        for session in (first, second):
            assert not session.rooms.records.all()
        for session, line in ((first, lines[0]), (second, lines[1])):
            await session.lines.delete(TOWER, line.id, YES)
            assert [run.error for run in session.visits.runs] == [None]
    assert len(await opened(ada)) == 1


async def test_a_resume_does_not_take_back_what_is_wanted_again(
    monkeypatch: pytest.MonkeyPatch, ada: Technician, town: Town
) -> None:
    await ada.apply([row(1)])
    town.fault(Kind.STATUS, "DELETE", "*/specialty-line/*", status=500, count=None)
    async with ada.session() as session:
        await session.visits.undo(None, YES, None)
    assert (await ada.record()).undoing
    async with ada.session() as late:
        run_of = late.visits._new_run

        async def slow(*given: object) -> object:
            town.heal()
            monkeypatch.setattr(late.visits, "_new_run", run_of)
            await ada.apply([row(1)])
            return await run_of(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(late.visits, "_new_run", slow)
        await late.visits.resume(None, YES)
        (run,) = late.visits.runs
        assert isinstance(run.error, Busy)
    assert len(town.lines) == 1
    await agrees(ada, town)


async def test_a_resume_does_not_make_what_is_being_taken_back(
    monkeypatch: pytest.MonkeyPatch, ada: Technician, town: Town
) -> None:
    town.fault(Kind.STATUS, "PATCH", "*", status=403, count=None)
    await ada.apply([row(1)])
    assert not (await ada.record()).finished
    town.heal()
    async with ada.session() as late:
        run_of = late.visits._new_run

        async def slow(*given: object) -> object:
            monkeypatch.setattr(late.visits, "_new_run", run_of)
            town.fault(Kind.STATUS, "DELETE", "*/specialty-line/*", status=500, count=None)
            async with ada.session() as session:
                await session.visits.undo(None, YES, None)
            return await run_of(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(late.visits, "_new_run", slow)
        await late.visits.resume(None, YES)
        (run,) = late.visits.runs
        assert isinstance(run.error, Busy)
        assert run.record.undoing


async def opened(ada: Technician) -> list[str]:
    async with ada.session() as session:
        return [record.job.id for record in session.rooms.records.all()]
