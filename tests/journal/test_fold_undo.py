"""What the journal knows of an undo: where it began, where it ended, and what an apply wants again."""

from dataclasses import replace

import pytest

from installer.domain.gateway import FxsPort, GatewayPlace
from installer.domain.label import LabelId
from installer.journal import events
from installer.journal.events import UndoBegun, UndoEnded, WantedAgain
from installer.journal.fold import fold
from installer.journal.rows import SCRATCH
from installer.planning.outcome import Mark
from installer.planning.steps import Action, LineRef, StepKey
from tests.journal.homes import JOB, MODELS, PLACE, PORT, key, planned_port, rows_of
from tests.journal.stories import CREATED, PREPARED, after, moved

OTHER = GatewayPlace("GW-9")
SECOND: tuple[events.Event, ...] = (
    events.GatewayPlanned(OTHER, "4", LabelId("PD-22222222X")),
    *(planned_port(number, OTHER) for number in (1, 2, 3, 4)),
)
WRITTEN = events.ArtifactWritten("labels", "labels.pdf", "ab", 1)


HERE = frozenset(FxsPort(PLACE, number) for number in (1, 2, 3, 4))
THERE = frozenset(FxsPort(OTHER, number) for number in (1, 2, 3, 4))
UNDONE = (events.UndoIntended(key(), "DELETE", "/v2/line", "00" * 32), events.UndoDone(key()))


@pytest.mark.parametrize(
    "happened, undoing, taken_back",
    [
        ([UndoBegun(None)], {None}, set()),
        ([UndoBegun(OTHER)], {OTHER}, set()),
        ([UndoBegun(None), UndoEnded(None)], set(), HERE | THERE),
        ([UndoBegun(OTHER), UndoEnded(OTHER)], set(), THERE),
        ([UndoBegun(None), UndoEnded(OTHER)], {PLACE}, THERE),
        ([UndoBegun(None), WantedAgain(OTHER)], {PLACE}, set()),
        ([UndoBegun(None), UndoEnded(None), WantedAgain(OTHER)], set(), HERE),
        ([UndoBegun(OTHER), WantedAgain(None)], set(), set()),
        ([UndoBegun(None), *CREATED, UndoEnded(None)], set(), (HERE | THERE) - {PORT}),
        ([*CREATED, UndoBegun(None), *UNDONE], {None}, {PORT}),
        ([*CREATED, UndoBegun(PLACE), *UNDONE], {PLACE}, {PORT}),
        ([*CREATED, UndoBegun(OTHER), *UNDONE], {OTHER}, set()),
        ([*CREATED, *UNDONE], set(), set()),
        (
            [UndoBegun(None), UndoEnded(None), events.LineAdopted(PORT, "L", None)],
            set(),
            (HERE | THERE) - {PORT},
        ),
    ],
)
def test_an_undo_is_known_by_its_places_and_by_the_ports_it_left_bare(
    happened: list[events.Event], undoing: set[GatewayPlace | None], taken_back: set[FxsPort]
) -> None:
    record = after(*SECOND, *happened)
    assert (set(record.undoing), set(record.taken_back)) == (undoing, taken_back)
    assert record.is_unfinished is (taken_back != HERE | THERE)


def test_the_undo_of_a_line_of_no_port_takes_no_port_back() -> None:
    loose = StepKey(LineRef("L9"), Action.UPDATE_LINE)
    changed = [moved(mark, loose) for mark in (Mark.INTENT, Mark.SENT, Mark.DONE)]
    undone = [moved(mark, loose) for mark in (Mark.UNDO_INTENT, Mark.UNDO_DONE)]
    assert not after(*changed, UndoBegun(None), *undone).taken_back


def test_a_line_is_blocked_until_a_look_at_its_place_says_otherwise() -> None:
    far = FxsPort(OTHER, 2)
    first = [*SECOND, WRITTEN, events.LinesBlocked(None, (PORT, far))]
    assert after(*first).blocked == {PORT, far}
    assert not after(*first).fresh
    assert after(*first, events.LinesBlocked(OTHER, ())).blocked == {PORT}
    assert after(*first, events.LinesBlocked(None, (far,))).blocked == {far}


def test_a_job_that_only_a_dry_run_has_is_not_kept() -> None:
    rows = rows_of(PREPARED)
    dry = [replace(row, kind=SCRATCH) for row in rows]
    assert [fold(each, MODELS)[JOB].kept for each in (rows, dry)] == [True, False]


def test_a_finished_job_is_unfinished_while_an_undo_of_it_is() -> None:
    clean = events.Audited(clean=True, differences=0)
    assert not after(*CREATED, clean).is_unfinished
    assert after(*CREATED, clean, UndoBegun(None)).is_unfinished


@pytest.mark.parametrize(
    "later", [UndoEnded(None), events.LineAdopted(PORT, "line", None), events.LineLost(PORT, "line")]
)
def test_an_artifact_is_fresh_until_what_it_tells_changes(later: events.Event) -> None:
    assert after(*CREATED, WRITTEN).fresh == {"labels"}
    assert not after(WRITTEN, *CREATED).fresh
    assert not after(*CREATED, WRITTEN, later).fresh


def test_what_is_wanted_again_is_unfinished_until_it_stands() -> None:
    clean = events.Audited(clean=True, differences=0)
    taken = after(*SECOND, *CREATED, UndoBegun(OTHER), UndoEnded(OTHER), clean)
    assert (taken.finished, taken.is_unfinished) == (True, False)
    again = after(*SECOND, *CREATED, UndoBegun(OTHER), UndoEnded(OTHER), clean, WantedAgain(OTHER))
    assert (again.finished, again.is_unfinished) == (False, True)
