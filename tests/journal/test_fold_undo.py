"""What the journal knows of an undo: where it began, where it ended, and what an apply wants again."""

import pytest

from installer.domain.gateway import GatewayPlace
from installer.domain.label import LabelId
from installer.journal import events
from installer.journal.events import UndoBegun, UndoEnded, WantedAgain
from tests.journal.homes import PLACE, PORT, planned_port
from tests.journal.stories import CREATED, after

OTHER = GatewayPlace("GW-9")
SECOND: tuple[events.Event, ...] = (
    events.GatewayPlanned(OTHER, "4", LabelId("PD-22222222X")),
    *(planned_port(number, OTHER) for number in (1, 2, 3, 4)),
)
WRITTEN = events.ArtifactWritten("labels", "labels.pdf", "ab", 1)


@pytest.mark.parametrize(
    "happened, undoing, taken_back",
    [
        ([UndoBegun(None)], {None}, set()),
        ([UndoBegun(OTHER)], {OTHER}, set()),
        ([UndoBegun(None), UndoEnded(None)], set(), {PLACE, OTHER}),
        ([UndoBegun(OTHER), UndoEnded(OTHER)], set(), {OTHER}),
        ([UndoBegun(None), UndoEnded(OTHER)], {PLACE}, {OTHER}),
        ([UndoBegun(None), WantedAgain(OTHER)], {PLACE}, set()),
        ([UndoBegun(None), UndoEnded(None), WantedAgain(OTHER)], set(), {PLACE}),
        ([UndoBegun(OTHER), WantedAgain(None)], set(), set()),
    ],
)
def test_an_undo_is_known_by_its_places(
    happened: list[events.Event], undoing: set[GatewayPlace | None], taken_back: set[GatewayPlace]
) -> None:
    record = after(*SECOND, *happened)
    assert (set(record.undoing), set(record.taken_back)) == (undoing, taken_back)
    assert record.is_unfinished is (taken_back != {PLACE, OTHER})


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
