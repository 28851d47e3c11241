"""A real terminal: tmux with a server of its own, in which the command runs as a person would see it."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.cli.kit import ROOT
from tests.components import need
from tests.memory import folder_in_memory
from tui.wedge import LULL

PATIENCE = 30.0
"""Seconds until a text has to be shown; two cores are shared with other work."""
_PACE = 0.06
"""Seconds between two typed keys: more than a scanner takes, less than most people."""
_SETTINGS = """
set -g status off
set -s escape-time 0
set -g default-terminal tmux-256color
set -g history-limit 5000
"""
_WITHIN = """
stty -g >{folder}/before
sh -c 'echo $$ >{folder}/pid; exec nice -n $((0 - $(nice))) "$@"' sh {command}
code=$?
stty -g >{folder}/after
echo $code >{folder}/code
exec cat
"""
_KEPT = ("PATH", "TMPDIR", "TZ")
_FIRST = ("nice", "-n", "-10")
"""A scanner waits for nobody: what plays it goes before all else this machine is busy with, if it may.

The command itself does not.
"""
_PACER = """
import sys, time
for line in sys.stdin:
    pause, command = line.split(" ", 1)
    time.sleep(float(pause))
    sys.stdout.write(command)
    sys.stdout.flush()
"""
"""Hands on commands at their pace, with nothing else to do."""
_POLL = 0.02


class Terminal:
    """A window with one command in it, and all that the command ever sent there."""

    def __init__(self, folder: Path, command: Sequence[object], size: tuple[int, int], **more: str) -> None:
        self.folder = folder
        (folder / "tmux.conf").write_text(_SETTINGS)
        words = shlex.join(str(each) for each in command)
        (folder / "within.sh").write_text(_WITHIN.format(folder=folder, command=words))
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._environment = {**kept, "LANG": "C.UTF-8", "HOME": str(folder), "PYTHONPATH": str(ROOT), **more}
        self._command = ["tmux", "-u", "-S", str(folder / "tmux")]
        self._pasted = 0
        width, height = map(str, size)
        self._tmux(
            "-f", folder / "tmux.conf", "new-session", "-d", "-x", width, "-y", height,
            f"sh {folder}/within.sh", ";", "pipe-pane", "-o", f"cat >{folder}/stream",
            first=True,
        )  # fmt: skip
        self._pacer = subprocess.Popen(
            [*_FIRST, sys.executable, "-I", "-S", "-c", _PACER],
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._keys = subprocess.Popen(
            [*_FIRST, *self._command, "-C", "attach-session", "-f", "ignore-size,no-output"],
            env=self._environment,
            stdin=self._pacer.stdout, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self._pacer.stdout is not None
        self._pacer.stdout.close()

    @property
    def shown(self) -> str:
        """The screen as it is, a line each, without blanks at their ends."""
        return self._tmux("capture-pane", "-p")

    @property
    def styled(self) -> str:
        """The same with its colors."""
        return self._tmux("capture-pane", "-p", "-e")

    @property
    def scrolled(self) -> str:
        """The same with what was scrolled out of sight, lines that were broken made whole."""
        return self._tmux("capture-pane", "-p", "-J", "-S", "-")

    @property
    def stream(self) -> bytes:
        """Every octet the command sent so far."""
        return (self.folder / "stream").read_bytes()

    @property
    def pid(self) -> int:
        """Of the command."""
        self.wait(lambda: (self.folder / "pid").exists() and (self.folder / "pid").read_text().strip() != "")
        return int((self.folder / "pid").read_text())

    def wait(self, holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Until it holds."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, self.shown
            time.sleep(_POLL)

    def until(self, *texts: str, seconds: float = PATIENCE) -> str:
        """The screen, once it shows each of `texts`."""
        end = time.monotonic() + seconds
        while not all(text in (shown := self.shown) for text in texts):
            assert time.monotonic() < end, f"{texts} not in\n{shown}"
            time.sleep(_POLL)
        return shown

    def press(self, *keys: str) -> None:
        """Keys by tmux's names, at a person's pace."""
        for key in keys:
            time.sleep(_PACE)
            self._send(f"send-keys {key}")
        time.sleep(_PACE)

    def type(self, text: str, pace: float = _PACE) -> None:
        """Characters one by one, `pace` seconds apart; \\r and the like are keys."""
        for character in text:
            self._send(_octets(character.encode()), pace)
        time.sleep(pace * (len(text) + 1))

    def burst(self, text: str) -> None:
        """All of it in one write, as a scanner on a quick wire does; \\r is Enter, \\n is Ctrl+J."""
        self.octets(text.encode())

    def octets(self, octets: bytes) -> None:
        """The same for what need not be text."""
        self._send(_octets(octets))

    def lull(self) -> None:
        """Long enough that keys struck before and after belong to nothing in common."""
        time.sleep(2 * LULL)

    def paste(self, text: str) -> None:
        """As a terminal hands on what was pasted, between brackets."""
        self._pasted += 1  # each in its own: the next may be loaded before this one is handed on
        self._tmux("load-buffer", "-b", self._pasted, "-", given=text)
        self._send(f"paste-buffer -p -r -d -b {self._pasted}")

    def resize(self, width: int, height: int) -> None:
        """Another size of the window."""
        self._tmux("resize-window", "-x", width, "-y", height)

    def flag(self, name: str) -> str:
        """What tmux knows of the terminal: alternate_on, cursor_flag, pane_title…"""
        return self._tmux("display-message", "-p", f"#{{{name}}}").strip()

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """End the command, and nothing else."""
        os.kill(self.pid, number)

    def end_window(self) -> None:
        """The window is closed with the command in it; no exit code is kept then."""
        self._tmux("kill-server")

    @property
    def code(self) -> int:
        """The exit code, once the command has ended; a signal counts as 128 and its number."""
        path = self.folder / "code"
        self.wait(lambda: path.exists() and path.read_text().strip() != "")
        return int(path.read_text())

    @property
    def is_restored(self) -> bool:
        """Whether the terminal is as it was before the command."""
        assert self.code >= 0
        modes = [(self.folder / name).read_text() for name in ("before", "after")]
        flags = {name: self.flag(name) for name in ("alternate_on", "cursor_flag", "mouse_any_flag")}
        return modes[0] == modes[1] and flags == {
            "alternate_on": "0",
            "cursor_flag": "1",
            "mouse_any_flag": "0",
        }

    def close(self) -> None:
        """Whatever still runs in it ends."""
        if (self.folder / "pid").exists() and not (self.folder / "code").exists():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self._tmux("kill-server", check=False)
        self._pacer.communicate(timeout=PATIENCE)
        self._keys.wait(timeout=PATIENCE)

    def _send(self, command: str, pause: float = 0.0) -> None:
        """In the order in which it is told, and without the time that a program takes to start."""
        assert self._pacer.stdin is not None
        self._pacer.stdin.write(f"{pause} {command}\n")
        self._pacer.stdin.flush()

    def _tmux(self, *words: object, given: str | None = None, check: bool = True, first: bool = False) -> str:
        done = subprocess.run(
            [*(_FIRST if first else ()), *self._command, *map(str, words)],
            env=self._environment, input=given, capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert not check or done.returncode == 0, done.stderr
        return done.stdout


def _octets(octets: bytes) -> str:
    return f"send-keys -H {octets.hex(' ')}"


def punchdown(*arguments: object) -> list[object]:
    """The command as this checkout's."""
    return [sys.executable, "-P", "-m", "installer", *arguments]


@contextmanager
def terminal(command: Sequence[object], size: tuple[int, int] = (80, 24), **more: str) -> Iterator[Terminal]:
    """A terminal of `size` columns and rows with `command` in it; more is its environment."""
    need("tmux")
    with folder_in_memory() as folder:
        window = Terminal(folder, command, size, **more)
        try:
            yield window
        finally:
            window.close()
