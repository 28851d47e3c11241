"""Which keys are bound, and that each is to be found by who does not know it."""

import asyncio
import importlib
import pkgutil
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

from textual import events
from textual.binding import Binding
from textual.dom import DOMNode

import tui
from tests.tui.stage import stage
from tui.commands import EVERYWHERE
from tui.keyboard import Keyboard
from tui.scan import Scan
from tui.screens import STEPS
from tui.screens.dialog import Dialog
from tui.screens.pick import Pick
from tui.wedge import GAP, LULL, TERMINATORS
from tui.widgets.grid import Grid
from tui.widgets.plain import Plain

_NOT_TOLD_APART = {"ctrl+m", "ctrl+i", "ctrl+h", "ctrl+[", "ctrl+enter", "shift+enter"}
"""What terminals send as Enter, Tab, Backspace and Escape, or not at all."""


def test_nothing_of_ours_is_bound_to_a_character_nor_to_a_scanners_end_before_others() -> None:
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        importlib.import_module(module.name)
    ours = [owner for owner in _below(DOMNode) if owner.__module__.startswith("tui.")]
    bindings: list[tuple[str, Binding]] = [
        (owner.__name__, each) for owner in ours for each in vars(owner).get("BINDINGS", ())
    ]
    bound = {(key.strip(), each.priority, owner) for owner, each in bindings for key in each.key.split(",")}
    assert {"Visits", "Dialog", "Grid", "PunchdownApp"} <= {owner for _, _, owner in bound}
    assert [each for each in bound if len(each[0]) == 1] == []
    assert [each for each in bound if each[0] in TERMINATORS and each[1]] == []
    assert [each for each in bound if each[0] in _NOT_TOLD_APART or "alt+" in each[0]] == []


async def test_every_command_stands_in_help_and_in_the_list_of_all(folder: Path) -> None:
    async with stage(folder / "home") as on:
        for stop in STEPS:
            await on.go(stop.NAME)
            assert on.app.step is not None
            own = {each.keys for each in on.app.step.COMMANDS_HERE}
            commands = (*on.app.step.COMMANDS_HERE, *(each for each in EVERYWHERE if each.keys not in own))
            await on.press("f1")
            await on.until(lambda: isinstance(on.app.screen, Dialog))
            words = "\n".join(str(each.content) for each in on.app.screen.query(Plain))
            for each in commands:
                assert f"{each.shown_key:<10} {each.label}: {each.help}" in words
            await on.press("escape", "f9")
            await on.until(lambda: isinstance(on.app.screen, Pick))
            offered = {row.key for row in on.app.screen.query_one(Grid).rows}
            assert offered == {each.action for each in commands} - {"command_palette"} | {
                step.NAME for step in STEPS
            }
            await on.press("escape")


class Heard(Keyboard[int]):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def scanned(self, scan: Scan) -> None:
        self.heard.append(scan.text)

    def on_key(self, event: events.Key) -> None:
        self.heard.append(event.key)


async def test_keys_that_were_read_while_the_screen_was_busy_still_belong_to_their_scan() -> None:
    app, loop = Heard(), asyncio.get_running_loop()

    def read(first: int, last: int) -> None:
        for at, char in enumerate("005058102024"[first:last], first):
            key = events.Key(char, char)
            key.time = 100.0 + at / 1000
            asyncio.run_coroutine_threadsafe(app._post_message(key), loop)

    def busy() -> None:
        reader = Thread(target=read, args=(1, 12))
        reader.start()
        reader.join()
        time.sleep(2 * GAP)  # what waits for silence is due by now

    async with app.run_test() as pilot:
        read(0, 1)
        await pilot.pause()
        loop.call_soon(busy)
        await pilot.pause(2 * LULL)
        assert app.heard == ["005058102024"]


def _below(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    each: type[DOMNode]
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)
