"""What is kept of a defect in the kit: where it was, never what it held."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from installer import __version__
from installer.files import make_folder

_MOST_FRAMES = 60


def write_report(home: Path, verb: str, defect: BaseException) -> Path | None:
    """The path of a report on `defect` in `home`, 0600; None where none could be written.

    Types and places only: messages, locals and arguments may hold what is secret or somebody's name.
    """
    at = datetime.now(UTC)
    path = home / f"crash-{at:%Y%m%dT%H%M%S%fZ}.txt"
    text = "\n".join(
        [f"punchdown {__version__}, {at:%Y-%m-%d %H:%M:%S} UTC", *_about(verb), *_chain(defect), ""]
    )
    with suppress(OSError):
        make_folder(home)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        return path
    return None


def _about(verb: str) -> list[str]:
    return [f"verb {verb}", f"python {platform.python_version()} on {sys.platform}"]


def _chain(defect: BaseException) -> list[str]:
    """Each exception of the chain and of its groups, newest first, with its frames."""
    lines: list[str] = []
    waiting, seen = [defect], set()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        lines += ["", f"{type(each).__module__}.{type(each).__qualname__}", *_frames(each)]
        waiting += [other for other in (each.__cause__, each.__context__) if other is not None]
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
    return lines


def _frames(defect: BaseException) -> list[str]:
    frames = traceback.extract_tb(defect.__traceback__)[-_MOST_FRAMES:]
    return [f"  {_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _place(filename: str) -> str:
    """A module's path below what is on sys.path: a home directory's name is nobody's business."""
    path = Path(filename)
    for part in ("installer", "site-packages", "tui"):
        if part in path.parts:
            return "/".join(path.parts[path.parts.index(part) :])
    return path.name
