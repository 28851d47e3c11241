"""Somebody else goes on: a second technician in a home of their own, or a fresh home that has the sheet."""

import shutil

import pytest

from tests.crash.points import breaches_now, breaches_once_finished
from tests.crash.scene import Laptop, Scene, sheet_credentials
from tests.provisioning.auditor import Auditor
from tests.provisioning.kit import MACS

MODES = pytest.mark.parametrize("unique", [True, False], ids=["unique", "loose"])


def _credentials(laptop: Laptop) -> dict[tuple[str, int], tuple[str, str]]:
    (sheet,) = (laptop.home / "out").rglob("*-credentials.xlsx")
    return sheet_credentials(sheet)


@MODES
@pytest.mark.parametrize("kill_at", [3, 8, 14, 19, 25, 31])
def test_a_colleague_on_the_same_ports_doubles_nothing_and_takes_nothing(
    scene: Scene, unique: bool, kill_at: int
) -> None:
    where = f"4 ports, {unique=}, killed at moment {kill_at}, then a colleague"
    scene.begin(unique=unique)
    auditor = Auditor(scene)
    ada, bob = scene.laptop(4, "ada"), scene.laptop(4, "bob")
    assert scene.live(ada, "apply", kill_at=kill_at).killed, where
    for laptop, act in ((bob, "apply"), (ada, "resume"), (bob, "resume")):
        assert scene.live(laptop, act).signal == 0, where
        assert breaches_now(scene, auditor) == [], where
    places = [line.device_port for line in scene.lines if line.mac_address == MACS[0].bare]
    assert sorted(places, key=str) == [(MACS[0].bare, number) for number in range(1, 5)], where


@MODES
@pytest.mark.parametrize("kill_at", [5, 15, 21, 30])
def test_a_colleague_on_the_next_gateway_and_a_killed_run_do_not_disturb_each_other(
    scene: Scene, unique: bool, kill_at: int
) -> None:
    where = f"4 ports, {unique=}, killed at moment {kill_at}, then a colleague next to it"
    scene.begin(unique=unique)
    auditor = Auditor(scene)
    ada, bob = scene.laptop(4, "ada"), scene.laptop(4, "bob", MACS[1], first=4)
    assert scene.live(ada, "apply", kill_at=kill_at).killed, where
    assert scene.live(bob, "apply").said == (), where
    assert scene.live(ada, "resume").said == (), where
    assert breaches_once_finished(scene, ada, auditor) == [], where
    assert breaches_once_finished(scene, bob, auditor) == [], where


@MODES
@pytest.mark.parametrize(
    "act, kill_at", [("prepare", 0), ("apply", 0), ("apply", 4), ("apply", 12), ("apply", 20)]
)
def test_a_home_that_is_lost_is_made_up_for_by_the_sheet_alone(
    scene: Scene, unique: bool, act: str, kill_at: int
) -> None:
    where = f"4 ports, {unique=}, home lost after {act} killed at moment {kill_at}"
    scene.begin(unique=unique)
    auditor, laptop = Auditor(scene), scene.laptop(4)
    assert scene.live(laptop, "prepare").said == (), where
    kept = _credentials(laptop)
    if act == "apply":
        assert scene.live(laptop, "apply", kill_at=kill_at).killed == bool(kill_at), where
    stood = {line.id for line in scene.lines}
    (sheet,) = (laptop.home / "out").rglob("*-credentials.xlsx")
    shutil.copy(sheet, scene.folder / "kept.xlsx")
    scene.lose_home(laptop, scene.folder / "kept.xlsx")
    assert scene.live(laptop, "apply").said == (), where
    assert breaches_once_finished(scene, laptop, auditor) == [], where
    assert _credentials(laptop) == kept, where
    assert stood <= {line.id for line in scene.lines}, where
    made = len(scene.writes)
    assert scene.live(laptop, "apply").said == (), where
    assert len(scene.writes) == made, where
