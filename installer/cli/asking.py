"""What a person or a file is asked for: yes or no, a name, a password, a passphrase."""

from __future__ import annotations

import asyncio
import getpass
import os
import stat
import sys
import threading
from pathlib import Path

from installer.cli.console import Console
from installer.cli.tables import wrapped
from installer.domain.credential import Secret
from installer.domain.finding import Finding, Severity
from installer.errors import UsageFault
from installer.text import safe

_LONGEST = 4096
_YES = frozenset({"y", "yes"})


def read_secret(path: Path, option: str, findings: list[Finding]) -> Secret:
    """The text in `path` without its last line end; a finding where others may read it too.

    Raises UsageFault where there is none to be read.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            octets = file.read(_LONGEST + 1)
    except OSError as fault:
        reason = safe(fault.strerror or type(fault).__name__)
        raise _unreadable(path, option, reason) from fault
    if os.name == "posix" and stat.S_ISREG(mode) and mode & (stat.S_IRGRP | stat.S_IROTH):
        findings.append(_readable_by_others(path))
    octets = octets.removesuffix(b"\n").removesuffix(b"\r")
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        raise _unreadable(path, option, "it is not text in UTF-8") from None
    if not text or len(octets) > _LONGEST:
        raise _unreadable(path, option, "it is empty" if not text else "it is too long for one")
    return Secret(text)


def ask_secret(console: Console, what: str, *, twice: bool = False) -> Secret:
    """A secret typed without echo. Raises UsageFault where nothing, or two different ones, were typed."""
    text = _typed(f"{what}: ")
    if not text or (twice and _typed(f"{what}, again: ") != text):
        raise UsageFault("nothing was typed" if not text else "they differ", code="no-secret", remedy="again")
    console.redact.add(text)
    return Secret(text)


def ask_name(console: Console, what: str) -> str:
    """A line typed on the terminal."""
    console.ask(f"{what}: ")
    return sys.stdin.readline().strip()


class YesOrNo:
    """Puts a question to the person at the terminal; only y or yes is a yes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    async def __call__(self, question: str) -> bool:
        """What the person answered; the end of input is a no."""
        self._console.ask("\n".join(wrapped(f"{safe(question, 400)} [y/N]")) + " ")
        return (await _line()).strip().lower() in _YES


async def _line() -> str:
    """A line of the terminal, read on a thread that an interruption may leave behind.

    The descriptor itself is read: a thread inside sys.stdin holds a lock that the interpreter's end wants.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[str] = loop.create_future()

    def deliver(text: str) -> None:
        if not answer.done():
            answer.set_result(text)

    def read() -> None:
        octets = os.read(sys.stdin.fileno(), _LONGEST)
        loop.call_soon_threadsafe(deliver, octets.decode("utf-8", "replace"))

    threading.Thread(target=read, name="answer", daemon=True).start()
    return await answer


def _typed(prompt: str) -> str:
    try:
        return getpass.getpass(prompt)
    except EOFError:
        return ""


def _unreadable(path: Path, option: str, reason: str) -> UsageFault:
    return UsageFault(
        f"{safe(str(path), 80)} cannot be used: {reason}", code="secret-file", remedy=f"give {option} a file"
    )


def _readable_by_others(path: Path) -> Finding:
    return Finding(
        Severity.WARNING,
        "secret-file-open",
        f"others on this machine can read {safe(path.name, 60)}",
        f"chmod 600 {safe(path.name, 60)}",
    )
