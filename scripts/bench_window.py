"""A terminal to measure through: a pty of 80x24 with a program of its own in it, which answers nothing."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts.bench_kit import BenchFault, resident_of
from scripts.environment import ROOT, child_variables

LIMIT = 30.0
"""Seconds until a text has to be shown."""
_ROWS, _COLUMNS = 24, 80
_QUIET = 0.04
_CHUNK = 65536
_USER_TIME, _SYSTEM_TIME = 11, 12
_VARIABLES = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}


class Window:
    """What runs in it is `words`; `opened` is when it was started, by the clock of time.perf_counter."""

    def __init__(self, words: Sequence[str], folder: Path) -> None:
        self._screen, within = pty.openpty()
        fcntl.ioctl(within, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
        self._shown = b""
        self.opened = time.perf_counter()
        try:
            self._child = subprocess.Popen(
                words, cwd=folder, env=child_variables() | _VARIABLES, start_new_session=True,
                stdin=within, stdout=within, stderr=within,
            )  # fmt: skip
        finally:
            os.close(within)

    def until(self, *texts: str) -> float:
        """When all of `texts` had been drawn since the last key, or the last time this was asked.

        Raises BenchFault where they are not in time.
        """
        end = time.perf_counter() + LIMIT
        wanted = [text.encode() for text in texts]
        while not all(text in self._shown for text in wanted):
            if not self._read(end - time.perf_counter()) and self._is_over(end):
                raise BenchFault(f"{' and '.join(texts)} not shown: …{self._shown[-600:]!r}")
        at = time.perf_counter()
        self._shown = b""
        return at

    def press(self, key: bytes) -> float:
        """Writes the key and forgets what was drawn before it; when that was."""
        self._shown = b""
        at = time.perf_counter()
        os.write(self._screen, key)
        return at

    def rest(self, seconds: float) -> None:
        """Takes in what is drawn meanwhile."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)

    def settle(self) -> None:
        """Until nothing is drawn any more; what went on without an end is not waited for."""
        end = time.perf_counter() + 1.0
        while time.perf_counter() < end and self._read(_QUIET):
            pass

    @property
    def memory(self) -> float:
        """Of the program, in MB."""
        return resident_of(self._child.pid)

    @property
    def worked(self) -> float:
        """Seconds of a core that the program took so far."""
        text = Path(f"/proc/{self._child.pid}/stat").read_text("utf-8", "replace")
        fields = text.rpartition(")")[2].split()
        return (int(fields[_USER_TIME]) + int(fields[_SYSTEM_TIME])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """Ends the program."""
        self._child.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            end = time.perf_counter() + 5
            while self._child.poll() is None and time.perf_counter() < end:
                self._read(_QUIET)
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()
        os.close(self._screen)

    def _read(self, seconds: float) -> bool:
        """Whether something was drawn within so long."""
        ready, _, _ = select.select([self._screen], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            found = os.read(self._screen, _CHUNK)
        except OSError:  # how Linux says that nobody holds the other side any more
            found = b""
        if not found:
            time.sleep(_QUIET)
        self._shown += found
        return bool(found)

    def _is_over(self, end: float) -> bool:
        return self._child.poll() is not None or time.perf_counter() >= end


@contextmanager
def window(words: Sequence[str], folder: Path) -> Iterator[Window]:
    """A window that is closed in the end, with what runs in it."""
    opened = Window(words, folder)
    try:
        yield opened
    finally:
        opened.close()
