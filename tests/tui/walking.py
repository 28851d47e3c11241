"""Finding one's way on a real terminal: which step is open, and how to come to another."""

import csv
import re
import time
from pathlib import Path

from tests.cli.kit import Site
from tests.tui.terminal import Terminal
from tui.screens import STEPS
from tui.screens.dialog import GRACE

NAMES = [step.NAME for step in STEPS]
_HERE = re.compile(r"►(\d+) ")


def here(screen: Terminal) -> str:
    """The name of the step that is open, empty where none is to be seen."""
    found = _HERE.search(screen.shown)
    return NAMES[int(found[1]) - 1] if found else ""


def walk(screen: Terminal, name: str) -> None:
    """To the step of that name by F2 and F4, one after the other."""
    screen.wait(lambda: here(screen) != "")
    while (at := here(screen)) != name:
        key, way = ("F4", 1) if NAMES.index(name) > NAMES.index(at) else ("F2", -1)
        following = NAMES[NAMES.index(at) + way]
        screen.press(key)
        _come(screen, following)


def _come(screen: Terminal, name: str) -> None:
    screen.wait(lambda: here(screen) == name)


def answer(screen: Terminal, question: str, *keys: str) -> None:
    """Read it, then strike the keys."""
    screen.until(question)
    time.sleep(GRACE + 0.1)
    screen.press(*keys)
    screen.wait(lambda: question not in screen.shown)


def begin(screen: Terminal) -> None:
    """From the list of visits to a new one of the tower, which has no gateway yet."""
    screen.press("C-n")
    screen.wait(lambda: here(screen) == "Account")
    screen.type("harb\r")
    screen.until("2 accounts found for harb", "Harbor Point Tower")
    screen.press("Enter")
    answer(screen, "Which site?", "Enter")
    screen.wait(lambda: here(screen) == "Gateways")


def add_gateway(screen: Terminal, model: str, place: str) -> None:
    """A place with that model."""
    screen.press("F3")
    screen.until("Which gateway?")
    screen.type(model)
    answer(screen, "Which gateway?", "Enter")
    screen.until(f"{place} added")


def label_ids(site: Site) -> list[str]:
    """The label of each port of the only job, in order."""
    (sheet,) = site.run("sheet", "--format", "csv", "--out", site.folder / "out").of("artifact")[:1]
    with Path(sheet["path"]).open(encoding="utf-8-sig", newline="") as file:
        return [row["label_id"] for row in csv.DictReader(file)]
