"""A step is checked before it is written: a row that cannot be folded costs the home its journal."""

import pytest

from installer.journal import events
from installer.journal.fold import Fold
from tests.journal.homes import JOB, MODELS, done, intended, key, preparation, rows_of


def folded(*happened: events.Event) -> Fold:
    fold = Fold(MODELS)
    for row in rows_of([*(entry.event for entry in preparation()), *happened]):
        fold.add(row)
    return fold


def test_a_whole_life_of_a_step_in_one_transaction_passes() -> None:
    step = key()
    folded().check(JOB, [intended(step), events.StepSent(step, 1), done(step), events.Noted("kept")])


@pytest.mark.parametrize("before", [0, 1, 2])
def test_an_edge_that_a_step_does_not_have_is_refused_before_it_is_written(before: int) -> None:
    step = key()
    life: list[events.Event] = [intended(step), events.StepSent(step, 1), done(step)]
    with pytest.raises(RuntimeError, match="cannot go from"):
        folded(*life[:before]).check(JOB, [events.UndoDone(step)])


def test_a_step_of_a_job_that_is_not_open_begins_with_its_intent() -> None:
    folded().check("another", [intended(key())])
    with pytest.raises(RuntimeError):
        folded().check("another", [events.StepSent(key(), 1)])
