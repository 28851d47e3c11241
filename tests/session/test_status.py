"""What is known of a port's registration: never called dead before somebody looked."""

from dataclasses import replace

import pytest

from installer.cli.console import Console
from installer.cli.people import People
from installer.provisioning.visit import Moment
from installer.session.status import HowFar, Registration, how_far, registration
from tests.session.office import YES, Killed, Technician, Town, fxs, look_once, rows


async def look(ada: Technician, job: str) -> None:
    """One look at every line."""
    async with ada.session() as session:
        await look_once(session, job)


async def test_a_line_is_called_never_registered_only_once_somebody_looked(ada: Technician) -> None:
    (run,) = await ada.apply(rows(1))
    assert registration(await ada.record(), fxs(1)) is Registration.NOT_LOOKED
    assert registration(await ada.record(), fxs(2)) is Registration.NOT_EXPECTED
    await look(ada, run.record.job.id)
    assert registration(await ada.record(), fxs(1)) is Registration.NEVER


async def test_a_line_of_which_nobody_knows_whether_it_stands_is_called_so(ada: Technician) -> None:
    ada.kills = lambda happening: happening.moment is Moment.ANSWERED
    with pytest.raises(Killed):
        await ada.apply(rows(1))
    ada.kills = lambda _: False
    record = await ada.record()
    assert registration(record, fxs(1)) is Registration.NOT_KNOWN
    async with ada.session() as session:
        assert session.outputs.summary(record).counts["not known yet"] == 1


async def test_a_line_made_after_the_last_look_was_not_looked_at(ada: Technician) -> None:
    (run,) = await ada.apply(rows(1))
    await look(ada, run.record.job.id)
    ada.hours.pass_by(0.1)
    await ada.apply(rows(2))
    record = await ada.record()
    assert registration(record, fxs(1)) is Registration.NEVER
    assert registration(record, fxs(2)) is Registration.NOT_LOOKED
    await look(ada, run.record.job.id)
    assert registration(await ada.record(), fxs(2)) is Registration.NEVER


async def test_made_is_one_fact_of_a_visit_and_every_line_registered_another(
    ada: Technician, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    (run,) = await ada.prepare(rows(2))
    job = run.record.job.id

    async def stands(far: HowFar, told: str) -> None:
        record = await ada.record()
        assert how_far(record) is far
        People(Console()).jobs([record])
        assert told in capsys.readouterr().out

    await stands(HowFar.OPEN, "… open")
    await ada.apply(rows(2))
    await stands(HowFar.MADE, "○ made")
    for name, far, told in (
        ("Elevator 1", HowFar.MADE, "○ made"),
        ("Elevator 2", HowFar.REGISTERED, "✓ registered"),
    ):
        town.register(town.line(name))
        await look(ada, job)
        await stands(far, told)
    async with ada.session() as session:
        await session.visits.undo(None, replace(YES, confirm=frozenset({"Elevator 1", "Elevator 2"})), None)
    await stands(HowFar.TAKEN_BACK, "- taken back")
