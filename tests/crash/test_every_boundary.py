"""SIGKILL at every boundary of the 4- and the 8-port job: create, route, undo."""

from itertools import count

import pytest

from tests.crash.points import breaches_now, resume
from tests.crash.scene import Scene, Stage
from tests.provisioning.auditor import Auditor

SHARES = 8
"""Tests that share the boundaries of one job between them."""
JOBS = pytest.mark.parametrize(
    "model, unique", [(4, True), (4, False), (8, True)], ids=["4-unique", "4-loose", "8-unique"]
)
STAGES = pytest.mark.parametrize("stage", ["lost", "answered"])
SHARED = pytest.mark.parametrize("share", range(1, SHARES + 1))


@JOBS
@SHARED
def test_apply_killed_at_each_moment_is_made_whole_by_one_resume(
    scene: Scene, model: int, unique: bool, share: int
) -> None:
    for kill_at in count(share, SHARES):
        scene.begin(unique=unique)
        auditor, laptop = Auditor(scene), scene.laptop(model)
        end = scene.live(laptop, "apply", kill_at=kill_at)
        if not end.killed:
            # planned, and each create and route begun, intended, answered, settled
            assert end.boundaries == 1 + 8 * model < kill_at
            return
        resume(scene, laptop, auditor, f"{model} ports, {unique=}, killed at moment {kill_at}")


@STAGES
@JOBS
def test_apply_killed_with_a_call_on_the_wire_is_made_whole_by_one_resume(
    scene: Scene, model: int, unique: bool, stage: Stage
) -> None:
    for write in range(1, 2 * model + 1):
        scene.begin(unique=unique)
        auditor, laptop = Auditor(scene), scene.laptop(model)
        assert scene.live_until(laptop, "apply", write, stage).killed
        resume(scene, laptop, auditor, f"{model} ports, {unique=}, call {write} {stage}")


def _undo(scene: Scene, model: int) -> tuple[Auditor, object]:
    """A finished job, kept for `restore`; gives how the platform stood before it."""
    scene.begin()
    auditor, stood = Auditor(scene), scene.stands()
    laptop = scene.laptop(model)
    assert scene.live(laptop, "apply").said == ()
    scene.keep(scene.folder / "finished")
    return auditor, stood


def _undone(scene: Scene, auditor: Auditor, stood: object, where: str) -> None:
    (laptop,) = scene.laptops
    assert breaches_now(scene, auditor) == [], where
    end = scene.live(laptop, "undo")
    assert (end.signal, end.said) == (0, ()), where
    assert breaches_now(scene, auditor) == [], where
    assert scene.stands() == stood, where


@pytest.mark.parametrize("model", [4, 8])
@pytest.mark.parametrize("share", [1, 2])
def test_undo_killed_at_each_moment_leaves_the_platform_as_it_was_after_one_more(
    scene: Scene, model: int, share: int
) -> None:
    auditor, stood = _undo(scene, model)
    for kill_at in count(share, 2):
        scene.restore(scene.folder / "finished")
        end = scene.live(scene.laptops[0], "undo", kill_at=kill_at)
        if not end.killed:
            # each route and each line intended, answered, settled
            assert end.boundaries == 6 * model < kill_at
            return
        _undone(scene, auditor, stood, f"{model} ports, undo killed at moment {kill_at}")


@STAGES
@pytest.mark.parametrize("model", [4, 8])
def test_undo_killed_with_a_call_on_the_wire_leaves_the_platform_as_it_was_after_one_more(
    scene: Scene, model: int, stage: Stage
) -> None:
    auditor, stood = _undo(scene, model)
    for write in range(1, 2 * model + 1):
        scene.restore(scene.folder / "finished")
        assert scene.live_until(scene.laptops[0], "undo", write, stage).killed
        _undone(scene, auditor, stood, f"{model} ports, undo, call {write} {stage}")
