"""The screen, driven by its keys through a pty: its first frame, its memory, and what polling costs it.

Everything is beside an app of Textual that does nothing, or beside the same screen idle. Linux only.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import chain, repeat
from pathlib import Path
from statistics import median, quantiles

from installer.provisioning.watch import LEAST_PAUSE
from scripts.bench_kit import CHANGES_MEANT, BenchFault, Measurement, Scale, child, run
from scripts.bench_site import Site, account_id, unasked, visit_rows, write_sheet
from scripts.bench_standin import counts, stand_in
from scripts.bench_window import Window, window

_MINIMAL = """
from textual.app import App, ComposeResult
from textual.widgets import Static

class Minimal(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("the first frame")

Minimal().run()
"""
_COMMAND = (sys.executable, "-m", "installer")
_SMALL = (8,)
_ENTER, _UP, _DOWN, _RIGHT = b"\r", b"\x1b[A", b"\x1b[B", b"\x1b[C"
_BACK, _F3, _ONWARD, _LOOK = b"\x1bOQ", b"\x1bOR", b"\x1bOS", b"\x1b[15~"
_AT_ONCE = 0.1
"""Seconds until a run that is cancelled says so, at most."""
_SEEN = 0.7
"""Seconds after which a question takes an answer."""
_TAKES = 0.3
"""Seconds of each call of a run that is cancelled: some are under way for certain."""
_PACE = 0.11
"""Seconds between two keys: over many of them no part of a second is always met, or never."""
_ROUNDS = 2
_KEYS_A_SECOND = 5
_WARM = 5
"""Rounds over all steps until Textual's caches are full."""
_DOWNWARDS = 12
"""Rows that are in sight under the first."""
_STEPS, _REGISTRATION = 12, 10
_WAY = (*range(11, _STEPS + 1), *range(_STEPS - 1, 0, -1), *range(2, _REGISTRATION + 1))
"""From Registration over every step and back to it, by number."""


def measure_screen(scale: Scale, folder: Path) -> list[Measurement]:
    """The first frame; then, on a stand-in, how visits open, and one of many ports that is looked at."""
    found, bare = _first_frame(scale, folder)
    with stand_in(0.0, Site(3, 1, max(scale.ports, sum(scale.large)))) as url:
        visits = [_Visit(url, folder, number, each) for number, each in enumerate((_SMALL, scale.large))]
        found += _opening(scale, *visits)
        visit = _Visit(url, folder, 2, (scale.ports,))
        with visit.screen() as screen:
            visit.open(screen)
            calls = child("bench_callers", "look", url, scale.ports)["worked"]
            looked_at, idle = _looked_at(scale, screen, url, bare, calls)
            found += [*looked_at, _flat(scale, screen)]
    return [*found, _cancelled(scale, folder, idle)]


class _Visit:
    """A home with one visit, for the platform at `url`: a gateway of each of `models`, all in use.

    `act` is the command by which the home comes to know it.
    """

    def __init__(
        self, url: str, folder: Path, number: int, models: tuple[int, ...], act: str = "apply"
    ) -> None:
        self._folder = folder
        self._account = account_id(number)
        folder.mkdir(exist_ok=True)
        self._options = unasked(url, folder / f"visit-{number}")
        self.lines = sum(models)
        sheet = write_sheet(folder / f"visit-{number}.csv", visit_rows(number, models))
        run([*_COMMAND, act, str(sheet), *self._options, *(["--yes"] if act == "apply" else [])], folder)

    def screen(self) -> AbstractContextManager[Window]:
        """The screen on that home."""
        return window([*_COMMAND, *self._options], self._folder)

    def open(self, screen: Window) -> tuple[float, float]:
        """Opens it from the list of visits: seconds since Enter, and these with those until it was listed."""
        listed = screen.until(self._account) - screen.opened
        screen.settle()
        begun = screen.press(_ENTER)
        taken = screen.until(f"of {self.lines} lines registered") - begun
        return taken, listed + taken

    def cancelled(self, screen: Window) -> float:
        """Opens it where it was prepared, begins the run and cancels it: seconds until it says so."""
        screen.until(self._account)
        screen.settle()
        screen.press(_ENTER)
        screen.until("F3 makes")
        screen.settle()
        screen.press(_F3)
        screen.until("Provision?")
        screen.rest(_SEEN)
        screen.press(_RIGHT)
        screen.rest(_PACE)
        screen.press(_ENTER)
        screen.until("on its way")
        screen.rest(_PACE)
        return -screen.press(_F3) + screen.until("cancelled; ")


def _first_frame(scale: Scale, folder: Path) -> tuple[list[Measurement], float]:
    """Both apps in turn, so that a busy moment meets both, the best of each; and what a bare one holds."""
    bare: list[float] = []
    ours: list[float] = []
    whole: list[float] = []
    memory = 0.0
    for number in range(-(-scale.starts // 2)):
        with window([sys.executable, "-c", _MINIMAL], folder) as screen:
            bare.append(screen.until("the first frame") - screen.opened)
            screen.settle()
            memory = max(memory, screen.memory)
        with window([*_COMMAND, "--home", str(folder / f"home-{number}")], folder) as screen:
            ours.append(screen.until("Which platform?") - screen.opened)
            whole.append(screen.until("New here?") - screen.opened)
    beside = f"{min(bare) * 1000:.0f} ms, a minimal Textual app"
    return [
        Measurement(name, f"{min(taken) * 1000:.0f} ms", beside, min(taken) / min(bare), limit)
        for name, taken, limit in (
            ("first frame of the screen", ours, 1.3),
            ("its platforms read as well", whole, None),
        )
    ], memory


def _opening(scale: Scale, small: _Visit, large: _Visit) -> list[Measurement]:
    """Each visit in turn, in a process of its own, and the best of each."""
    taken: dict[_Visit, list[tuple[float, float]]] = {small: [], large: []}
    for _ in range(max(1, scale.starts // 5)):
        for visit, times in taken.items():
            with visit.screen() as screen:
                times.append(visit.open(screen))
    found = []
    for at, name in enumerate(("a visit is opened", "the same from the start of the command")):
        first, second = (min(times[at] for times in taken[visit]) for visit in (small, large))
        found.append(
            Measurement(
                f"{name}, {len(scale.large)} gateways, {large.lines} ports",
                f"{second * 1000:.0f} ms",
                f"{first * 1000:.0f} ms, {small.lines} ports",
                second / first,
                1.5,
            )
        )
    return found


def _looked_at(
    scale: Scale, screen: Window, url: str, bare: float, calls: float
) -> tuple[list[Measurement], float]:
    """The registration screen, looked at as often as it lets anybody; and seconds from a key to its paint.

    Raises BenchFault where it was not looked at.
    """
    screen.press(_LOOK)
    screen.until("looked just now")
    idle: list[float] = []
    polled: list[float] = []
    keys = _up_and_down(scale.ports)
    for _ in range(_ROUNDS):
        screen.press(_F3)
        screen.until("held still")
        idle += _keys(scale, screen, keys, polls=False)
        polled += _keys(scale, screen, keys, polls=True)
    worked = _worked(scale, screen, url)
    name = f"registration, {scale.ports} ports"
    return [
        Measurement(
            f"{name}, memory", f"{screen.memory:.1f} MB", f"{bare:.1f} MB, the minimal app",
            screen.memory / bare, 1.8,
        ),
        *(
            Measurement(
                f"{name} polled, key to paint, {what}", f"{of(polled) * 1000:.0f} ms",
                f"{of(idle) * 1000:.0f} ms, the same idle", of(polled) / of(idle), limit,
            )
            for what, of, limit in (("median", median, 2.0), ("95th percentile", _slowest, None))
        ),
        Measurement(
            f"{name} polled, processor", f"{worked * 1000:.0f} ms a second",
            f"a core; {calls * 1000:.0f} ms the calls of a look", worked, 0.06,
        ),
    ], median(idle)  # fmt: skip


def _worked(scale: Scale, screen: Window, url: str) -> float:
    """Seconds of a core, each second, while F5 is pressed each second. Raises BenchFault without a look."""
    worked, looks = screen.worked, counts(url)["registration"]
    for _ in range(round(scale.seconds)):
        screen.press(_LOOK)
        screen.rest(1.0)
    check_looks(counts(url)["registration"] - looks, scale)
    return (screen.worked - worked) / scale.seconds


def check_looks(asked: int, scale: Scale) -> None:
    """Raises BenchFault where the platform was `asked` of fewer lines than were to be looked at."""
    meant = int(scale.seconds / LEAST_PAUSE) * scale.ports
    if asked < meant:
        raise BenchFault(f"the registrar was asked {asked} times, not {meant}: nothing was polled")


def _cancelled(scale: Scale, folder: Path, idle: float) -> Measurement:
    """From the key that cancels a run to the words that say so, the worst of some; `idle` is a key's time."""
    times = range(max(1, scale.starts // 5))
    with stand_in(_TAKES, Site(len(times), 1, scale.ports)) as url:
        taken = []
        for number in times:
            visit = _Visit(url, folder / "runs", number, (scale.ports,), "prepare")
            with visit.screen() as screen:
                taken.append(visit.cancelled(screen))
    return Measurement(
        "a run cancelled, key to paint, the worst",
        f"{max(taken) * 1000:.0f} ms",
        f"{_AT_ONCE * 1000:.0f} ms; a key idle {idle * 1000:.0f} ms",
        max(taken) / _AT_ONCE,
        1.0,
    )


def _keys(scale: Scale, screen: Window, keys: Iterator[tuple[bytes, int]], *, polls: bool) -> list[float]:
    """Seconds from each key to the bytes that show the port it leads to."""
    taken = []
    due = 0.0
    for _ in range(round(scale.seconds * _KEYS_A_SECOND / 2)):
        if polls and time.perf_counter() >= due:
            screen.press(_LOOK)
            due = time.perf_counter() + 1.0
        screen.rest(_PACE)
        key, port = next(keys)
        begun = screen.press(key)
        taken.append(screen.until(f"GW-1:{port} ·") - begun)
    return taken


def _up_and_down(ports: int) -> Iterator[tuple[bytes, int]]:
    """Keys that move over rows in sight, and the port each leads to, without an end."""
    last = min(ports, 1 + _DOWNWARDS)
    down = [(_DOWN, port) for port in range(2, last + 1)]
    up = [(_UP, port) for port in range(last - 1, 0, -1)]
    return chain.from_iterable(repeat([*down, *up]))


def _slowest(taken: list[float]) -> float:
    return quantiles(taken, n=20)[-1]


def _flat(scale: Scale, screen: Window) -> Measurement:
    """Memory once every step was opened and left some times, and again after many such rounds."""
    for _ in range(min(_WARM, scale.changes // _STEPS)):
        _walk(screen)
    rounds = -(-scale.changes // len(_WAY))
    before = screen.memory
    for _ in range(rounds):
        _walk(screen)
    part = "" if scale.changes >= CHANGES_MEANT else f" (of {CHANGES_MEANT}: --full)"
    return Measurement(
        f"its memory after {rounds * len(_WAY)} changes of the step{part}",
        f"{screen.memory:.1f} MB",
        f"{before:.1f} MB, before them",
        screen.memory / before,
        1.05,
    )


def _walk(screen: Window) -> None:
    before = _REGISTRATION
    for number in _WAY:
        screen.press(_ONWARD if number > before else _BACK)
        screen.until(f"►{number} ")
        before = number
