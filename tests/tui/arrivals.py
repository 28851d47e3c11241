"""Every way in which codes come: from a scanner, from a clipboard, to a screen that has no time."""

import re
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import zip_longest
from typing import NamedTuple

from installer.domain.label import ALPHABET
from tests.tui.terminal import Terminal

Arrival = Callable[[Terminal, str, str], None]
"""Two codes come; the second is the last."""
_AGE = re.compile(r"just now|\d+ \w+ ago|\d+ s\.")


def stopped(screen: Terminal, first: str, second: str) -> None:
    """The screen has no time for anything while both come."""
    screen.kill(signal.SIGSTOP)
    screen.burst(f"{first}\r")
    screen.burst(f"{second}\r")
    screen.kill(signal.SIGCONT)


def each_ended_by(end: str) -> Arrival:
    """Both with that key behind them."""

    def arrive(screen: Terminal, first: str, second: str) -> None:
        for code in (first, second):
            screen.burst(f"{code}{end}")

    return arrive


def pasted(screen: Terminal, first: str, second: str) -> None:
    """From a clipboard."""
    for code in (first, second):
        screen.paste(code)


def pasted_and_entered(screen: Terminal, first: str, second: str) -> None:
    """From a scanner that a terminal takes for a clipboard."""
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


class Code(NamedTuple):
    """A code, what is said of it once, where the screen shows it, and what then stands on it."""

    text: str
    said: str
    shown: str
    leads: str = ""


def strangers(seed: int) -> Iterator[Code]:
    """Label ids that no home has, from `seed` on: they lead nowhere."""
    for number in range(seed, len(ALPHABET) ** 2):
        text = f"PD-ZZZZZZ{ALPHABET[number // len(ALPHABET)]}{ALPHABET[number % len(ALPHABET)]}Z"
        yield Code(text, text, f"nothing of this home is called {text}")


def in_turns(one: Code, two: Code) -> Iterator[Code]:
    """Two codes, so that no pair of them ends as the one before."""
    while True:
        yield from (one, two, two, one)


def every_arrival(screen: Terminal, codes: Iterable[Code], ways: Iterable[str] = ARRIVALS) -> None:
    """Each with its own two of `codes`: all are told of, once and in order, and nothing else is moved.

    A window of 50 rows shows what is said of all of them.
    """
    each, told, bodies = iter(codes), list[Code](), {"": body(screen)}
    for way in ways:
        one, two = next(each), next(each)
        ARRIVALS[way](screen, one.text, two.text)
        screen.until(two.shown)
        if two.leads not in bodies:
            screen.lull()
            bodies[two.leads] = body(screen)
        stands(screen, bodies[two.leads])
        told += [one, two]
    words = {re.escape(code.said) for code in told}
    assert events(screen, "|".join(words))[: len(told)] == [code.said for code in reversed(told)]
    stands(screen, bodies[told[-1].leads])


def stands(screen: Terminal, lines: list[str]) -> None:
    """That is what is shown, at once or soon."""
    with suppress(AssertionError):
        screen.wait(lambda: body(screen) == lines, 5)
    moved = [each for each in zip_longest(lines, body(screen)) if each[0] != each[1]]
    assert not moved, moved


def body(screen: Terminal) -> list[str]:
    """What is shown, without what was said last, and the same however old it is."""
    *above, _said, keys = screen.shown.rstrip("\n").split("\n")
    return [*(" ".join(_AGE.sub("ago", line).split()) for line in above), keys]


def events(screen: Terminal, words: str) -> list[str]:
    """What of those words, a pattern, stands in the log of what was said, newest first."""
    screen.press("F6")
    shown = screen.until("What was said", "Close")
    screen.press("Escape")
    screen.wait(lambda: "What was said" not in screen.shown)
    return re.findall(words, shown[shown.index("What was said") :])
