"""How far the rows of a credential sheet may be used, once an undo or an obstacle came between."""

from pathlib import Path

from installer.domain.gateway import GatewayPlace
from installer.session import Answers
from installer.session.run import JobRun
from tests.session.office import MACS, YES, Technician, Town, read_back, row, rows
from tests.session.standing import loose_line


def states(who: Technician, run: JobRun) -> list[str]:
    return [each.written["row_state"] for each in read_back(who.exported(run)).values()]


def note(run: JobRun) -> str:
    (path,) = (each.path for each in run.artifacts if each.kind == "handover")
    return " ".join(Path(path).read_text(encoding="utf-8").split())


async def undo(who: Technician, answers: Answers = YES) -> JobRun:
    async with who.session() as session:
        await session.visits.undo(None, answers, None)
        return session.visits.runs[-1]


async def test_what_was_taken_back_is_not_to_be_loaded(ada: Technician) -> None:
    await ada.apply(rows(3))
    run = await undo(ada)
    assert states(ada, run) == ["draft"] * 4
    assert "draft: every line was taken back: do not load it" in note(run)
    assert "FXS in use 0 of 4: none taken back 1-3: not to be loaded" in note(run)
    (run,) = await ada.apply(None)
    assert states(ada, run) == ["final"] * 4
    assert "taken back" not in note(run)


async def test_a_line_that_stays_is_final_beside_those_taken_back(ada: Technician, town: Town) -> None:
    await ada.apply(rows(3))
    town.register(town.at(2))
    run = await undo(ada)
    assert states(ada, run) == ["draft", "final", "draft", "final"]
    assert "final: every line exists as written" in note(run)
    assert "what was taken back is not to be loaded" in note(run)
    assert "FXS in use 1 of 4: 2 taken back 1, 3: not to be loaded" in note(run)


async def test_a_line_that_something_keeps_off_is_not_prepared(ada: Technician, town: Town) -> None:
    (run,) = await ada.prepare(rows(2))
    assert states(ada, run) == ["prepared"] * 4
    line = loose_line(town, "Old alarm", 1, MACS[0])
    (run,) = await ada.apply(rows(1))
    assert states(ada, run)[0] == "draft"
    async with ada.session() as session:
        run.artifacts = await session.outputs.sheet(await ada.record(), "xlsx")
    assert states(ada, run)[0] == "draft"
    town.delete(line)
    async with ada.session() as session:
        await session.visits.audit(None, YES, None)
        run.artifacts = await session.outputs.sheet(await ada.record(), "xlsx")
    assert states(ada, run)[0] == "prepared"


async def test_an_obstacle_at_one_gateway_is_kept_when_another_is_looked_at(
    ada: Technician, town: Town
) -> None:
    loose_line(town, "Old alarm", 1, MACS[0])
    (run,) = await ada.prepare([row(1), row(2, gateway="GW-2", mac=MACS[1])])
    assert states(ada, run) == ["draft", *["prepared"] * 7]
    async with ada.session() as session:
        await session.visits.audit(None, YES, GatewayPlace("GW-2"))
        run.artifacts = await session.outputs.sheet(await ada.record(), "xlsx")
    assert states(ada, run) == ["draft", *["prepared"] * 7]


async def test_a_job_left_out_is_not_one_that_was_taken_back(ada: Technician) -> None:
    await ada.apply(rows(1))
    await undo(ada)
    await ada.apply([row(2, site="Annex", mac=MACS[1])])
    assert (await ada.record()).job.site == "Annex"
