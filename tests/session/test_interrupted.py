"""Runs that something ended, and what the next one makes of them."""

import asyncio

import pytest

from installer.errors import Busy, DiskUnusable, NetworkFailure, PunchdownError, UsageFault
from installer.provisioning.visit import Moment
from installer.rehearsal.faults import Kind
from tests.session.office import YES, Killed, Technician, Town, fxs, read_back, rows


@pytest.mark.parametrize("moment", list(Moment)[:5])
async def test_a_run_that_ends_anywhere_is_made_whole_by_one_resume(
    ada: Technician, town: Town, moment: Moment
) -> None:
    await ada.prepare(rows(2))
    ada.kills = lambda happening: happening.moment is moment
    with pytest.raises(Killed):
        await ada.apply(None)
    ada.kills = lambda _: False
    async with ada.session() as session:
        assert await session.visits.resume(None, YES)
        (run,) = session.visits.runs
    assert run.record.finished
    assert len(town.writes()) == 4


async def test_where_the_network_ends_a_run_the_sheet_still_says_what_stands(
    ada: Technician, town: Town
) -> None:
    await ada.prepare(rows(2))
    town.fault(Kind.DROP_BEFORE_COMMIT, "GET", "*/telephonenumber*", first=2, count=None)
    town.fault(Kind.DROP_BEFORE_COMMIT, "GET", "*/specialty-line", first=3, count=None)
    (run,) = await ada.apply(None)
    assert isinstance(run.error, NetworkFailure)
    assert len(town.lines) == 2
    states = [said.written["row_state"] for said in read_back(ada.exported(run)).values()]
    assert states[:2] == ["final", "final"]
    town.heal()
    (run,) = await ada.apply(None)
    assert run.record.finished
    assert len(town.writes()) == 4


async def test_an_unknown_create_waits_for_a_person_where_it_cannot_be_told(
    ada: Technician, town: Town
) -> None:
    town.fault(Kind.DROP_AFTER_COMMIT, "POST", "*/specialty-line")
    town.fault(Kind.DROP_BEFORE_COMMIT, "GET", "*/specialty-line", first=4, count=None)
    await ada.apply(rows(1, sip_username="platform", inbound_number=""))
    town.heal()
    async with ada.session() as session:
        with pytest.raises(UsageFault) as raised:
            await session.visits.resolve(None, fxs(9), "adopt")
        assert raised.value.code == "no-port"
        await session.visits.resolve(None, fxs(1), "adopt")
        (run,) = session.visits.runs
    assert run.error is None
    (run,) = await ada.apply(None)
    assert run.record.finished
    assert len(town.writes("create-line")) == 1


async def test_a_run_that_fails_while_it_is_cancelled_ends_them_all(ada: Technician) -> None:
    await ada.prepare(rows(1))
    busy, full = Busy("held", code="busy"), DiskUnusable("full", code="disk-full")
    async with ada.session() as session:
        visits, begun = session.visits, asyncio.Event()
        job_id = (await ada.record()).job.id

        async def ends(fault: PunchdownError, cancelled: asyncio.CancelledError | None) -> None:
            async with visits.running(session.rooms.records, job_id):
                begun.set()
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    raise (cancelled or fault) from (fault if cancelled else None)

        for fault, cancelled in ((busy, None), (full, None), (busy, asyncio.CancelledError())):
            begun.clear()
            task = asyncio.ensure_future(ends(fault, cancelled))
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert visits.runs[-1].error is fault

        async def fails(fault: PunchdownError) -> None:
            async with visits.running(session.rooms.records, job_id):
                raise fault

        await fails(busy)
        with pytest.raises(DiskUnusable):
            await fails(full)
