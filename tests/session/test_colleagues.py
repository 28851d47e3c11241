"""Two runs or two technicians at one gateway."""

import asyncio

import pytest

from installer.domain.gateway import GatewayPlace
from installer.domain.mac import parse_mac
from installer.errors import Busy
from installer.rehearsal import seed
from tests.session.office import MACS, YES, Technician, Town, rows


async def test_a_second_run_on_held_hardware_is_busy(ada: Technician, town: Town) -> None:
    (first,) = await ada.prepare(rows(2))
    async with ada.session() as holder:
        await holder.rooms.platform()
        with holder.rooms.hold_gateways(first.record.job):
            (second,) = await ada.apply(None)
    assert isinstance(second.error, Busy)
    assert "ada" in second.error.message
    assert not town.requests
    (third,) = await ada.apply(None)
    assert third.record.finished


async def test_what_a_run_is_acting_on_is_not_changed_under_it(ada: Technician) -> None:
    (run,) = await ada.prepare(rows(1))
    async with ada.session() as holder:
        await holder.rooms.platform()
        with holder.rooms.hold_gateways(run.record.job):
            async with ada.session() as session:
                with pytest.raises(Busy):
                    session.visits.bind(None, GatewayPlace("GW-1"), parse_mac(MACS[1]), "", "scan")
                with pytest.raises(Busy):
                    await session.visits.apply(ada.sheet(rows(2)), YES)
    assert (await ada.record()).job == run.record.job


async def test_two_technicians_at_one_gateway_make_each_line_once(
    ada: Technician, bob: Technician, town: Town
) -> None:
    (mine,), (theirs,) = await asyncio.gather(ada.apply(rows(4)), bob.apply(rows(4)))
    assert mine.error is None
    assert theirs.error is None
    assert sorted(line.port_number or 0 for line in town.lines) == [1, 2, 3, 4]
    ours = {held.line_id for run in (mine, theirs) for held in run.record.lines.values()}
    assert ours == {line.id for line in town.lines}


async def test_a_colleague_with_the_same_sheet_of_credentials_adopts(
    ada: Technician, bob: Technician, town: Town
) -> None:
    (mine,) = await ada.apply(rows(2))
    (theirs,) = await bob.apply(ada.exported(mine))
    assert theirs.record.finished
    assert [held.made_here for held in theirs.record.lines.values()] == [False, False]
    async with bob.session() as session:
        await session.visits.undo(None, YES, None)
    assert len(town.lines) == 2
    assert seed.USERS[1].username not in {entry.user for entry in town.requests}
