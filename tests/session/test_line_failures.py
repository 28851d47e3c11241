"""Acts on a line that were cut short: killed, unanswered, or of unknown outcome."""

from dataclasses import replace

import pytest

from installer.domain.line import LineChanges
from installer.planning.outcome import OutcomeKind
from installer.provisioning.visit import Moment
from installer.rehearsal.faults import Kind
from installer.session import Answers
from tests.session.office import TOWER, YES, Killed, Technician, Town, fxs, rows
from tests.session.standing import Act, act, agrees

KILLS = [Moment.BEGUN, Moment.INTENDED, Moment.ANSWERED, Moment.SETTLED]


@pytest.mark.parametrize("moment", KILLS)
@pytest.mark.parametrize("verb", ["set", "move", "delete", "reissue"])
async def test_an_act_that_ends_in_the_middle_is_finished_by_the_next_run(
    ada: Technician, town: Town, verb: str, moment: Moment
) -> None:
    await ada.apply(rows(2))
    typed = Answers(yes=True, confirm=frozenset({"Elevator 2"}))
    acts: dict[str, Act] = {
        "set": lambda s: s.lines.set(TOWER, "Elevator 2", LineChanges(name="Freight"), typed),
        "move": lambda s: s.lines.move(TOWER, "Elevator 2", fxs(4), typed),
        "delete": lambda s: s.lines.delete(TOWER, "Elevator 2", typed),
        "reissue": lambda s: s.lines.reissue(TOWER, "Elevator 2", typed),
    }
    ada.kills = lambda happening: happening.moment is moment
    with pytest.raises(Killed):
        await act(ada, acts[verb])
    ada.kills = lambda _: False
    await ada.apply("Tower")
    if verb == "delete" and any(line.name == "Elevator 2" for line in town.lines):
        await act(ada, acts[verb])
    await agrees(ada, town)
    expected = {
        "set": {"Elevator 1": 1, "Freight": 2},
        "move": {"Elevator 1": 1, "Elevator 2": 4},
        "delete": {"Elevator 1": 1},
        "reissue": {"Elevator 1": 1, "Elevator 2": 2},
    }
    assert {line.name: line.port_number for line in town.lines} == expected[verb]
    assert len(town.writes("create-line")) == 2


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE_COMMIT, Kind.DROP_AFTER_COMMIT])
@pytest.mark.parametrize("verb", ["set", "move", "reissue"])
async def test_a_put_of_unknown_outcome_is_read_back(
    ada: Technician, town: Town, verb: str, kind: Kind, masked: bool
) -> None:
    await ada.apply(rows(2))
    world = town.thread.platform.desk.world
    town.change(lambda: setattr(world, "rules", replace(world.rules, mask_passwords=masked)))

    def encode_anew() -> None:
        for line in tuple(world.lines.values()):
            world.replace_line(line)

    town.change(encode_anew)
    town.fault(kind, "PUT")
    acts: dict[str, Act] = {
        "set": lambda s: s.lines.set(TOWER, "Elevator 2", LineChanges(name="Freight"), YES),
        "move": lambda s: s.lines.move(TOWER, "Elevator 2", fxs(4), YES),
        "reissue": lambda s: s.lines.reissue(TOWER, "Elevator 2", YES),
    }
    run = await act(ada, acts[verb])
    assert run.outcomes[-1].kind is OutcomeKind.DONE
    town.heal()
    await agrees(ada, town)


async def test_a_platform_that_stays_silent_leaves_the_change_unknown_and_the_next_run_settles_it(
    ada: Technician, town: Town
) -> None:
    await ada.apply(rows(2, inbound_number=""))
    town.fault(Kind.DROP_AFTER_COMMIT, "DELETE")
    town.fault(Kind.DROP_BEFORE_COMMIT, "GET", "*/specialty-line*", first=3, count=None)
    run = await act(ada, lambda session: session.lines.delete(TOWER, "Elevator 2", YES))
    assert run.outcomes[-1].kind is OutcomeKind.UNKNOWN
    town.heal()
    assert [line.name for line in town.lines] == ["Elevator 1"]
    await ada.apply("Tower")
    await agrees(ada, town)
