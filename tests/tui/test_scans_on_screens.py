"""A scan on any screen, however it arrives, is one scan; it fires no key and answers no question."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

import pytest

from installer.domain.label import ALPHABET
from tests.cli.kit import Site, rows, sheet_at
from tests.tui.terminal import Terminal, punchdown, terminal
from tests.tui.walking import NAMES, here, label_ids, walk

Arrival = Callable[[Terminal, str, str], None]
"""Two codes that are not of this home come; the second is the last."""


def stopped(screen: Terminal, first: str, second: str) -> None:
    """The screen has no time for anything while both come."""
    screen.kill(signal.SIGSTOP)
    screen.burst(f"{first}\r")
    screen.burst(f"{second}\r")
    screen.kill(signal.SIGCONT)


def each_ended_by(end: str) -> Arrival:
    def arrive(screen: Terminal, first: str, second: str) -> None:
        for code in (first, second):
            screen.burst(f"{code}{end}")

    return arrive


def pasted(screen: Terminal, first: str, second: str) -> None:
    for code in (first, second):
        screen.paste(code)


def pasted_and_entered(screen: Terminal, first: str, second: str) -> None:
    for code in (first, second):
        screen.paste(code)
        screen.burst("\r")


ARRIVALS: dict[str, Arrival] = {
    "carriage return": each_ended_by("\r"),
    "line feed": each_ended_by("\n"),
    "both": each_ended_by("\r\n"),
    "tab": each_ended_by("\t"),
    "two in one burst": lambda screen, one, two: screen.burst(f"{one}\r{two}\r"),
    "two in one burst, tab between": lambda screen, one, two: screen.burst(f"{one}\t{two}\r"),
    "a character taken back": lambda screen, one, two: screen.burst(f"X\x7f{one}\r{two}\r"),
    "pasted": pasted,
    "pasted, then entered": pasted_and_entered,
    "pasted with a line end": lambda screen, one, two: screen.paste(f"{one}\n{two}\n"),
    "paced": lambda screen, one, two: screen.type(f"{one}\r{two}\r", pace=0.0007),
    "while the screen is busy": stopped,
}  # fmt: skip


def codes(seed: int) -> Iterator[str]:
    """Label ids that no home has: all from `seed` on."""
    for number in range(seed, seed + 40):
        yield f"PD-ZZZZZZ{ALPHABET[number // 25]}{ALPHABET[number % 25]}Z"


@contextmanager
def visited(site: Site) -> Iterator[tuple[Terminal, list[str]]]:
    """The screen on a home whose one visit stands, with the labels of its ports."""
    assert site.run("apply", sheet_at(site.folder, rows(2)), "--yes").code == 0
    labels = label_ids(site)
    with terminal(punchdown(*site.options)) as screen:
        screen.until("punchdown · ")
        yield screen, labels


@pytest.mark.parametrize("name", NAMES)
def test_every_arrival_is_the_scans_it_is_and_nothing_else(site: Site, name: str) -> None:
    with visited(site) as (screen, labels):
        screen.burst(f"{labels[0]}\r")
        screen.until("►", "GW-1:1")
        walk(screen, name)
        before, scanned = site.writes, []
        for (one, two), arrive in zip(_pairs(codes(100)), ARRIVALS.values(), strict=False):
            arrive(screen, one, two)
            screen.until(two)
            scanned += [one, two]
            assert here(screen) == name
            assert events(screen, two)[:4] == scanned[::-1][:4]
        assert site.writes == before
        screen.burst(f"{labels[1]}\t")
        screen.until("GW-1:2", "Line 2")


@pytest.mark.parametrize("key, dialog", [("F1", "Visits: help"), ("F6", "What was said"), ("F8", "Find")])
def test_a_dialog_stays_open_whatever_is_scanned(site: Site, key: str, dialog: str) -> None:
    with visited(site) as (screen, labels):
        walk(screen, "Visits")
        screen.press(key)
        screen.until(dialog)
        screen.lull()
        before = _box(screen.shown)
        for arrive in ARRIVALS.values():
            arrive(screen, *labels[:2])
            screen.lull()
        screen.burst("SN0012345678\r")  # a serial number: text, where a dialog takes text
        taken = f"{labels[1]}SN0012345678"
        after = screen.until(taken) if key == "F8" else screen.shown
        assert _box(after.replace(taken, "")) == before
        screen.press("Escape")
        if key != "F8":
            screen.until("nothing was done with it")
        screen.wait(lambda: here(screen) == "Visits")


def test_the_palette_stays_open_and_nothing_beneath_it_reacts(site: Site) -> None:
    with visited(site) as (screen, labels):
        walk(screen, "Visits")
        screen.press("F9")
        screen.until("All keys and steps")
        for arrive in ARRIVALS.values():
            arrive(screen, *labels[:2])
            screen.lull()
        screen.until("All keys and steps", labels[1], "nothing like that here")
        screen.press("Escape")
        screen.wait(lambda: "All keys and steps" not in screen.shown)
        assert here(screen) == "Visits"


def events(screen: Terminal, last: str) -> list[str]:
    """The codes in the log of what was said, newest first."""
    screen.press("F6")
    shown = screen.until("What was said", last)
    screen.press("Escape")
    screen.wait(lambda: "What was said" not in screen.shown)
    lines = shown[shown.index("What was said") :].splitlines()
    return [word.strip(":,. ") for line in lines for word in line.split() if word.startswith("PD-ZZZZZZ")]


def _box(shown: str) -> list[list[str]]:
    """What stands in the dialog's frame."""
    return [line.split() for line in shown.splitlines() if "│" in line]


def _pairs(each: Iterator[str]) -> Iterator[tuple[str, str]]:
    while pair := tuple(islice(each, 2)):
        yield pair[0], pair[1]
