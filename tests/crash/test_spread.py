"""SIGKILL at spread boundaries of large jobs, twice in small ones, and inside commits."""

import random

import pytest

from tests.crash.points import breaches_now, resume
from tests.crash.scene import Scene, Stage
from tests.provisioning.auditor import Auditor

SEED = 20260302
LARGE = (24, 50)
SHARES = 7


def _spread(model: int, points: int) -> list[int]:
    """Moments of a whole job of that model, evenly spread with the first and the last among them."""
    last = 1 + 8 * model
    return [1 + index * (last - 1) // (points - 1) for index in range(points)]


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("model", LARGE)
def test_a_large_job_killed_at_spread_moments_is_made_whole_by_one_resume(
    scene: Scene, model: int, share: int
) -> None:
    for index, kill_at in enumerate(_spread(model, 14)[share::SHARES]):
        unique = index % 2 == 0
        scene.begin(unique=unique)
        auditor, laptop = Auditor(scene), scene.laptop(model)
        assert scene.live(laptop, "apply", kill_at=kill_at).killed
        resume(scene, laptop, auditor, f"{model} ports, {unique=}, killed at moment {kill_at}")


@pytest.mark.parametrize("stage", ["lost", "answered"])
@pytest.mark.parametrize("model", LARGE)
def test_a_large_job_killed_with_a_call_on_the_wire_is_made_whole_by_one_resume(
    scene: Scene, model: int, stage: Stage
) -> None:
    for write in (1, model, 2 * model):
        scene.begin()
        auditor, laptop = Auditor(scene), scene.laptop(model)
        assert scene.live_until(laptop, "apply", write, stage).killed
        resume(scene, laptop, auditor, f"{model} ports, call {write} {stage}")


@pytest.mark.parametrize("unique", [True, False], ids=["unique", "loose"])
def test_a_resume_that_is_killed_too_is_made_whole_by_the_next(scene: Scene, unique: bool) -> None:
    chance = random.Random(SEED)
    for _ in range(10):
        first, second = chance.randint(1, 33), chance.randint(1, 16)
        where = f"4 ports, {unique=}, killed at moment {first}, its resume at {second}"
        scene.begin(unique=unique)
        auditor, laptop = Auditor(scene), scene.laptop(4)
        assert scene.live(laptop, "apply", kill_at=first).killed, where
        scene.live(laptop, "resume", kill_at=second)
        resume(scene, laptop, auditor, where)


@pytest.mark.parametrize("unique", [True, False], ids=["unique", "loose"])
def test_a_resume_killed_with_its_call_on_the_wire_is_made_whole_by_the_next(
    scene: Scene, unique: bool
) -> None:
    chance = random.Random(SEED)
    for stage in ("lost", "answered", "lost", "answered", "lost", "answered"):
        first, second = chance.randint(1, 4), chance.randint(1, 2)
        where = f"4 ports, {unique=}, call {first} {stage}, call {second} of its resume answered"
        scene.begin(unique=unique)
        auditor, laptop = Auditor(scene), scene.laptop(4)
        assert scene.live_until(laptop, "apply", first, stage).killed, where
        assert scene.live_until(laptop, "resume", second, "answered").killed, where
        resume(scene, laptop, auditor, where)


def test_apply_killed_inside_commits_and_files_is_made_whole_by_one_resume(scene: Scene) -> None:
    scene.begin()
    calls = scene.live(scene.laptop(4), "apply", "call").boundaries
    assert calls > 180, "what the journal's thread does is missing"
    for kill_at in random.Random(SEED).sample(range(1, calls + 1), 12):
        where = f"4 ports, killed before call {kill_at} that reaches the disk"
        scene.begin()
        auditor, laptop = Auditor(scene), scene.laptop(4)
        scene.live(laptop, "apply", "call", kill_at)
        resume(scene, laptop, auditor, where)


def test_undo_killed_twice_leaves_the_platform_as_it_was_after_one_more(scene: Scene) -> None:
    chance = random.Random(SEED)
    scene.begin()
    auditor, stood = Auditor(scene), scene.stands()
    laptop = scene.laptop(4)
    assert scene.live(laptop, "apply").said == ()
    scene.keep(scene.folder / "finished")
    for _ in range(8):
        first, second = chance.randint(1, 24), chance.randint(1, 8)
        where = f"4 ports, undo killed at moment {first}, then at {second}"
        scene.restore(scene.folder / "finished")
        assert scene.live(laptop, "undo", kill_at=first).killed, where
        scene.live(laptop, "undo", kill_at=second)
        assert breaches_now(scene, auditor) == [], where
        end = scene.live(laptop, "undo")
        assert (end.signal, end.said) == (0, ()), where
        assert breaches_now(scene, auditor) == [], where
        assert scene.stands() == stood, where


@pytest.mark.parametrize("kill_at", [3, 9, 20, 31, 40, 52, 60, 65])
def test_an_undo_of_a_job_that_was_killed_half_way_takes_back_what_there_is(
    scene: Scene, kill_at: int
) -> None:
    scene.begin(unique=kill_at % 2 == 0)
    auditor, stood = Auditor(scene), scene.stands()
    laptop = scene.laptop(8)
    assert scene.live(laptop, "apply", kill_at=kill_at).killed
    scene.live(laptop, "undo")
    assert breaches_now(scene, auditor) == []
    assert scene.stands() == stood
