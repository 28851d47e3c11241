"""The only ways a step may go: each edge drawn anew here, and every other pair refused."""

from itertools import product

import pytest

from installer.planning.outcome import EDGES, MAYBE_SENT_STATES, Mark, StepState

WAYS = """
planned intent intent
intent sent sent
intent unknown unknown
sent done done
sent refused refused
sent unknown unknown
unknown done done
unknown sent sent
unknown conflict conflict
unknown refused refused
done undo-intent undo-intent
undo-intent undo-done undone
undo-intent undo-refused done
undo-intent undo-unknown undo-unknown
undo-unknown undo-done undone
undo-unknown undo-intent undo-intent
undo-unknown undo-refused done
"""
DRAWN = {(start, mark): end for start, mark, end in (way.split() for way in WAYS.split("\n") if way)}


@pytest.mark.parametrize("state, mark", list(product(StepState, Mark)))
def test_a_step_goes_the_ways_that_are_drawn_and_no_other(state: StepState, mark: Mark) -> None:
    assert EDGES.get((state, mark)) == DRAWN.get((state.value, mark.value))


def test_what_was_refused_or_undone_ends_there() -> None:
    ends = {state for state in StepState if not any(start is state for start, _ in EDGES)}
    assert ends == {StepState.REFUSED, StepState.CONFLICT, StepState.UNDONE}


def test_whatever_may_have_been_sent_can_become_unknown() -> None:
    others = MAYBE_SENT_STATES - {StepState.UNKNOWN}
    assert {EDGES.get((state, Mark.UNKNOWN)) for state in others} == {StepState.UNKNOWN}
    ways = {state for (_, mark), state in EDGES.items() if mark in {Mark.INTENT, Mark.SENT}}
    assert ways == others
