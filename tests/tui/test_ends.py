"""However the screen ends: the terminal is as it was, the exit code says how, nothing of inside is shown."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.kit import Site, rows, sheet_at
from tests.tui.gate import Gate
from tests.tui.terminal import Terminal, punchdown, terminal
from tests.tui.walking import answer
from tui.screens.dialog import GRACE

_SECRET = "hunter2-planted"
_DEFECT = f"""
import asyncio, sys
from installer.__main__ import main
from tui.screens.visits import Visits

def spoiled(self):
    password = "{_SECRET}"
    raise RuntimeError(f"no such thing as {{password}}")

async def late(self):
    await asyncio.sleep(0)
    spoiled(self)

if sys.argv.pop(1) == "renew":
    Visits.renew = spoiled
else:
    Visits.renew = lambda self: self.app.start("spoiled", late(self))
sys.exit(main())
"""


@contextmanager
def demo(home: Path) -> Iterator[Terminal]:
    with terminal(punchdown("--home", home, "demo")) as screen:
        screen.until("punchdown · REHEARSAL")
        yield screen


@pytest.mark.parametrize("number, code", [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_restores_the_terminal_and_is_the_exit_code(
    folder: Path, number: signal.Signals, code: int
) -> None:
    with demo(folder / "home") as screen:
        screen.kill(number)
        assert screen.code == code
        assert screen.is_restored
        assert "Traceback" not in screen.scrolled
    assert not list(folder.rglob("crash-*"))


def test_a_bare_stop_begins_nothing_twice_and_the_terminal_is_restored(folder: Path) -> None:
    with demo(folder / "home") as screen:
        threads = Path(f"/proc/{screen.pid}/task")
        before = len(list(threads.iterdir()))
        for _ in range(3):
            screen.kill(signal.SIGSTOP)
            screen.kill(signal.SIGCONT)
            screen.press("F1", "Escape")
        assert len(list(threads.iterdir())) <= before
        screen.press("C-q")
        assert screen.code == 0
        assert screen.is_restored


def test_a_window_that_is_closed_ends_the_screen(folder: Path) -> None:
    with demo(folder / "home") as screen:
        pid = screen.pid
        screen.end_window()
        screen.wait(lambda: not _runs(pid))
    assert not list(folder.rglob("crash-*"))


def by_signal(number: signal.Signals) -> Callable[[Terminal], None]:
    return lambda screen: screen.kill(number)


def in_a_small_window(screen: Terminal) -> None:
    """What is asked before a run is left is answered by a person who has read it."""
    screen.resize(50, 15)
    screen.until("too small")
    screen.press("C-q")
    screen.until("Something is being written", "Cancel it and leave")
    time.sleep(GRACE)
    screen.press("Right", "Enter")


LEAVING: dict[str, tuple[Callable[[Terminal], None], int | None]] = {
    "SIGTERM": (by_signal(signal.SIGTERM), 143),
    "SIGHUP": (by_signal(signal.SIGHUP), 129),
    "a key, in a small window": (in_a_small_window, 4),
    "a closed window": (Terminal.end_window, None),
}
"""How it is left, and the exit code where anybody is there to see one."""


@pytest.mark.parametrize("how", LEAVING)
def test_whatever_ends_a_run_nothing_is_lost_nor_made_twice(site: Site, how: str) -> None:
    leave, code = LEAVING[how]
    gate = Gate(site, "POST", "*/account/*/specialty-line")
    assert site.run("prepare", sheet_at(site.folder, rows(4))).code == 0
    with terminal(punchdown(*site.options)) as screen:
        screen.until("►2 Visits", "Harbor Point Tower")
        screen.press("Enter")
        screen.until("F3 makes 8 writes")
        screen.press("F3")
        answer(screen, "Provision?", "Right", "Enter")
        screen.wait(lambda: gate.waiting == 4)
        pid = screen.pid
        leave(screen)
        screen.wait(lambda: not _runs(pid))
        if code is not None:
            assert screen.code == code
            assert screen.is_restored
            told = " ".join(screen.scrolled.split())
            assert "lines planned: 4" in told
            assert "what became of 4 writes is not known: resume looks it up" in told
            assert "Traceback" not in told
    assert not list(site.home.glob("crash-*"))
    assert site.writes == 4
    gate.open()
    assert site.run("resume", "--yes").code == 0
    assert site.writes == 8
    assert len(site.thread.call(site.platform.lines)) == 4


def test_ctrl_c_leaves_nothing_and_says_what_does(folder: Path) -> None:
    with demo(folder / "home") as screen:
        screen.press("C-c")
        screen.until("F10 leaves")
        screen.press("C-q")
        assert screen.code == 0


@pytest.mark.parametrize("where", ["renew", "work"])
def test_a_defect_is_reported_without_what_the_frames_held(folder: Path, where: str) -> None:
    command = [sys.executable, "-P", "-c", _DEFECT, where, "--home", folder / "home", "demo"]
    with terminal(command) as screen:
        screen.until("punchdown · REHEARSAL")
        screen.press("F4")
        assert screen.code == 1
        assert screen.is_restored
        told = screen.scrolled
        assert "a defect in the kit (RuntimeError)" in told
        (report,) = folder.rglob("crash-*.txt")
        assert report.name in told.replace("\n", "")
        assert _SECRET not in told + report.read_text()
        assert "Traceback" not in told
        assert _SECRET.encode() not in screen.stream


def _runs(pid: int) -> bool:
    """What ended and was not asked how is no process any more."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
