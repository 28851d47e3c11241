"""The only owner of stdout and stderr: what is written there is redacted, whole lines, and never raises."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TextIO

from installer.redactor import Redactor

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_CLEAR = "\r\x1b[2K"


class Console:
    """Results to stdout, narration and progress to stderr, the latter only where that is a terminal.

    A reader that went away does not end the run: what is under way on a platform is worth more than a pipe.
    `full` is set where stdout's disk took no more.
    """

    def __init__(self, *, no_color: bool = False) -> None:
        self.redact = Redactor()
        self.full = False
        # A stream that was closed before the start is None.
        self._stdout: TextIO = sys.stdout or io.StringIO()
        self._stderr: TextIO = sys.stderr or io.StringIO()
        for stream in (self._stdout, self._stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="replace")  # a symbol the terminal cannot show is no reason to stop
        self.narrates = _is_terminal(self._stderr)
        plain = no_color or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        self._colors_out = not plain and _is_terminal(self._stdout)
        self._colors_err = not plain and self.narrates
        self._progress = False

    @property
    def asks(self) -> bool:
        """Whether a person sits there who can be asked."""
        return self.narrates and _is_terminal(sys.stdin)

    @property
    def encoding(self) -> str:
        """How stdout spells characters."""
        return self._stdout.encoding or "ascii"

    def out(self, line: str, color: str = "") -> None:
        """One line of the result."""
        self._clear_progress()
        self._write(self._stdout, _colored(self.redact(line), color if self._colors_out else "") + "\n")

    def event(self, line: str) -> None:
        """One line of the protocol for programs, whose texts were redacted one by one before it was made."""
        self._write(self._stdout, line + "\n")

    def complain(self, line: str, color: str = "") -> None:
        """One line a person has to read, on stderr, terminal or not."""
        self._clear_progress()
        self._write(self._stderr, _colored(self.redact(line), color if self._colors_err else "") + "\n")

    def narrate(self, line: str) -> None:
        """One line of what goes on; silent in a pipe."""
        if self.narrates:
            self.complain(line, "2")

    def progress(self, line: str) -> None:
        """The line that the next one replaces; silent in a pipe."""
        if self.narrates:
            self._write(self._stderr, _CLEAR + self.redact(line))
            self._progress = True

    def end(self) -> None:
        """The last progress line stays, and what comes next begins on its own."""
        if self._progress:
            self._progress = False
            self._write(self._stderr, "\n")

    def ask(self, question: str) -> None:
        """A question, and the cursor behind it."""
        self._clear_progress()
        self._write(self._stderr, self.redact(question))

    def _clear_progress(self) -> None:
        if self._progress:
            self._progress = False
            self._write(self._stderr, _CLEAR)

    def _write(self, stream: TextIO, text: str) -> None:
        try:
            stream.write(text)
            stream.flush()
        except OSError as fault:
            self.full = self.full or (fault.errno in _FULL and stream is self._stdout)
            _deafen(stream)


def _colored(text: str, color: str) -> str:
    return f"\x1b[{color}m{text}\x1b[0m" if color else text


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def _deafen(stream: TextIO) -> None:
    """Let all that follows go nowhere, the interpreter's own last flush too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
