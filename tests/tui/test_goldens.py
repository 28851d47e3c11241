"""Every screen as text, in three sizes, as goldens that a person can read in a diff.

PUNCHDOWN_GOLDENS=write python3 scripts/test.py tests/tui/test_goldens.py writes them anew.
"""

import asyncio
import os
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from installer.clock import system_clock
from tests.tui.stage import Stage, stage
from tui.screens import STEPS

HERE = Path(__file__).parent / "goldens"
SIZES = ((60, 20), (80, 24), (132, 43))
ALL = tuple(step.NAME for step in STEPS)
_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_LIVE = {"watch"}
"""Work that never ends by itself."""
_VARIES = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "u"),
    (re.compile(r"\b[0-9a-f]{56,64}\b|^ [0-9a-f]{8}$", re.MULTILINE), "s"),
    (re.compile(r"127\.0\.0\.1:\d{1,5}"), "p"),
    (re.compile(r"(?<=For support: )\S+"), "t"),
)


async def nothing(_: Stage) -> None:
    """A home in which nothing was done yet."""


async def planned(on: Stage) -> None:
    """A visit is being written; nobody signed in."""
    on.wanted("4", 3)


async def stands(on: Stage) -> None:
    """The lines stand."""
    await on.stand()


SCENES: dict[Callable[[Stage], Awaitable[None]], tuple[str, ...]] = {
    nothing: ALL,
    planned: ("Gateways", "Ports", "Credentials", "Review", "Registration", "Labels", "Done"),
    stands: (
        "Gateways", "Ports", "Credentials", "Review", "Sheet", "Registration", "Labels", "Done",
    ),
}  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
async def test_every_screen_is_as_it_was_looked_at(
    scene: Callable[[Stage], Awaitable[None]],
    size: tuple[int, int],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    found = ""
    async with stage(Path("home"), size) as on:
        frozen(on)
        await scene(on)
        for name in SCENES[scene]:
            await on.go(name)
            found += f"=== {name}\n{plain(await still(on), folder)}\n"
    path = HERE / f"{scene.__name__}-{size[0]}x{size[1]}.txt"
    if os.environ.get("PUNCHDOWN_GOLDENS") == "write":
        HERE.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def frozen(on: Stage) -> None:
    """Neither clock nor chance moves what is shown."""
    rooms = on.app.session.rooms
    rooms.clock = replace(system_clock(), now=lambda: _NOW)
    rooms.randbelow = random.Random(3).randrange


async def still(on: Stage) -> str:
    """The screen once nothing moves it any more."""
    await on.until(lambda: not any(on.app.works(group) for group in set(on.app._work) - _LIVE))
    before, text = "", on.text
    while before != text:
        await asyncio.sleep(0.15)
        before, text = text, on.text
    return text


def plain(text: str, folder: Path) -> str:
    """Without what differs from run to run, each as wide as it was."""
    text = text.replace(str(folder), "/" + "f" * (len(str(folder)) - 1))
    for pattern, letter in _VARIES:
        text = pattern.sub(partial(_veiled, letter), text)
    return text


def _veiled(letter: str, found: re.Match[str]) -> str:
    return letter * len(found[0])
