"""What is to be written is tried first: a row that cannot be folded costs the home its journal."""

from collections.abc import Iterable

import pytest

from installer.domain.gateway import GatewayPlace
from installer.journal import events
from installer.journal.fold import Fold
from installer.journal.scratch import ScratchJournal
from installer.journal.store import Entry, Moved
from tests.journal.homes import (
    JOB,
    MODELS,
    Home,
    done,
    intended,
    key,
    planned_port,
    preparation,
    rows_of,
    stepping_clock,
)


def folded(*happened: events.Event) -> Fold:
    fold = Fold(MODELS)
    for row in rows_of([*(entry.event for entry in preparation()), *happened]):
        fold.add(row)
    return fold


def entries(happened: Iterable[events.Event]) -> list[Entry]:
    return [Entry(event) for event in happened]


def test_a_whole_life_of_a_step_in_one_transaction_passes() -> None:
    step = key()
    life: list[events.Event] = [intended(step), events.StepSent(step, 1), done(step), events.Noted("kept")]
    folded().check(JOB, entries(life))


def test_what_is_tried_moves_nothing() -> None:
    fold, step = folded(), key()
    before = fold.record(JOB)
    life: list[events.Event] = [intended(step), events.StepSent(step, 1), done(step)]
    fold.check(JOB, entries(life))
    assert fold.record(JOB) == before
    assert not before.steps
    assert not before.lines


@pytest.mark.parametrize("before", [0, 1, 2])
def test_an_edge_that_a_step_does_not_have_is_refused_before_it_is_written(before: int) -> None:
    step = key()
    life: list[events.Event] = [intended(step), events.StepSent(step, 1), done(step)]
    with pytest.raises(RuntimeError, match="moves a step"):
        folded(*life[:before]).check(JOB, entries([events.UndoDone(step)]))


def test_nothing_can_be_said_of_a_job_that_is_not_open() -> None:
    with pytest.raises(RuntimeError, match="belongs to no job"):
        folded().check("another", entries([events.Noted("kept")]))


def test_a_job_is_opened_once() -> None:
    opens = preparation()[0]
    assert isinstance(opens.event, events.JobOpened)
    with pytest.raises(RuntimeError, match="opens a job that is open"):
        folded().check(JOB, [opens])
    with pytest.raises(RuntimeError, match="opens a job that is open"):
        folded().check("another", [opens, opens])
    folded().check("another", [opens])


def test_what_is_no_job_any_more_is_refused_before_it_is_written() -> None:
    fold, place = folded(), GatewayPlace("GW-9")
    (gateway,) = fold.record(JOB).job.gateways
    assert gateway.mac is not None
    elsewhere = events.GatewayPlanned(place, gateway.model.id, gateway.label_id)
    ports = [planned_port(number, place) for number in range(1, gateway.model.fxs_ports + 1)]
    fold.check(JOB, entries([elsewhere, *ports]))
    with pytest.raises(RuntimeError, match="stands twice"):
        fold.check(JOB, entries([elsewhere, *ports, events.GatewayBound(place, gateway.mac, "", "scan")]))
    with pytest.raises(RuntimeError, match="not exactly those"):
        fold.check(JOB, entries([elsewhere, *ports[1:]]))


def test_nothing_is_written_behind_other_rows_than_it_was_checked_against(home: Home) -> None:
    noted = Entry(events.Noted("kept"))
    with home.open(home.create_vault()) as journal:
        journal.append(JOB, *preparation())
        stood = journal.verify()
        for after in (stood - 1, stood + 1):
            with pytest.raises(Moved):
                journal.append(JOB, noted, after=after)
        assert journal.verify() == stood
        assert journal.append(JOB, noted, after=stood) == (stood + 1,)
        scratch = ScratchJournal(journal, stepping_clock())
        assert scratch.append(JOB, noted, after=stood + 1) == (stood + 2,)
        with pytest.raises(Moved):
            scratch.append(JOB, noted, after=stood + 1)
