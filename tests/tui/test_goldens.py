"""Every screen as text, in three sizes, as goldens that a person can read in a diff.

PUNCHDOWN_GOLDENS=write python3 scripts/test.py tests/tui/test_goldens.py writes them anew.
"""

import os
from pathlib import Path

import pytest

from installer.session import Settings
from tests.tui.beta import ada, beta, with_vault
from tests.tui.looking import Look
from tests.tui.scenes import SCENES, Scene
from tests.tui.scenes_of_dialogs import dialogs, registering, signing_in
from tests.tui.scenes_of_trouble import OF_TROUBLE
from tests.tui.stage import SIZES, screen, stage

HERE = Path(__file__).parent / "goldens"


@pytest.mark.parametrize("scene", [*SCENES, dialogs, *OF_TROUBLE], ids=lambda scene: scene.__name__)
async def test_every_screen_is_as_it_was_looked_at(
    scene: Scene, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    async with stage(Path("home")) as on:
        look = Look(on, folder)
        await scene(look)
    compare(scene.__name__, look)


async def test_signing_in_is_as_it_was_looked_at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with beta(Path("home")) as town:
        async with screen(Settings(Path("home"), platform="beta")) as on:
            look = Look(on, folder)
            await signing_in(look, town)
    compare("signing_in", look)


async def test_registering_is_as_it_was_looked_at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with beta(Path("home")) as town:
        with_vault(Path("home"))
        async with screen(ada(Path("home"))) as on:
            look = Look(on, folder)
            await registering(look, town)
    compare("registering", look)


def compare(name: str, look: Look) -> None:
    """With the files of that scene, or write them."""
    paths = {size: HERE / f"{name}-{size[0]}x{size[1]}.txt" for size in SIZES}
    if os.environ.get("PUNCHDOWN_GOLDENS") == "write":
        for size, path in paths.items():
            path.write_text(look.seen[size], encoding="utf-8")
    for size, path in paths.items():
        assert look.seen[size] == path.read_text(encoding="utf-8"), path.name
