"""A process with everything imported and no thread, which forks a life of the kit for each order.

A fork from a test's own process would copy the test runner's threads and the platform's sockets.
"""

import asyncio
import gc
import json
import os
import signal
import sqlite3
import sys
import threading
import traceback
from pathlib import Path
from types import FrameType

import openpyxl  # noqa: F401 - imported once, before the forks, as all of these
import reportlab.pdfgen.canvas  # noqa: F401
import xlsxwriter  # noqa: F401

import installer.alianza.client
import installer.journal.view
import installer.outputs.handover
import installer.outputs.labels
import installer.outputs.report
import installer.outputs.written
import installer.provisioning.apply
import installer.session.outputs
import installer.session.visits  # noqa: F401
from installer.domain.credential import Secret
from installer.errors import SheetFaults
from installer.provisioning.visit import Happening
from installer.session import Answers, Session, Settings
from installer.session.run import JobRun
from tests.crash.orders import Order, Source

FILES = frozenset({"write", "fsync", "replace", "rename", "unlink", "mkdir", "ftruncate"})
"""Functions of `os` that change what lies on the disk, or make it last."""


class Boundaries:
    """Counts boundaries, and kills the process at one of them, with nothing run after it."""

    def __init__(self, kill_at: int) -> None:
        self.passed = 0
        self._kill_at = kill_at
        self._one_by_one = threading.Lock()

    def cross(self) -> None:
        with self._one_by_one:
            self.passed += 1
            if self.passed == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, source: Source) -> None:
        """Count the calls of this thread and of those that begin from here on: the journal's is one."""
        function = self.file if source == "file" else self.call
        threading.setprofile(function)
        sys.setprofile(function)

    def moment(self, _happening: Happening) -> None:
        self.cross()

    def file(self, _frame: FrameType, event: str, called: object) -> None:
        """A profile function for `sys.setprofile`: the moment before each call that changes files."""
        if event == "c_call" and _changes_files(called):
            self.cross()

    def call(self, _frame: FrameType, event: str, called: object) -> None:
        """The same, and the moment before each of SQLite's statements."""
        if event == "c_call" and (_changes_files(called) or _is_statement(called)):
            self.cross()


def _changes_files(called: object) -> bool:
    return getattr(called, "__name__", "") in FILES and getattr(called, "__module__", None) == os.name


def _is_statement(called: object) -> bool:
    return getattr(called, "__name__", "") == "execute" and isinstance(
        getattr(called, "__self__", None), sqlite3.Connection
    )


async def live(order: Order, boundaries: Boundaries) -> list[str]:
    """Carry the order out in a session of its own; gives what went otherwise than done."""
    settings = Settings(
        home=Path(order.home),
        base_url=order.url,
        username=order.user,
        password=Secret(order.password),
        passphrase=Secret(order.passphrase),
        operator=order.user,
        quiet_window=order.quiet_window,
    )
    watcher = boundaries.moment if order.source == "moment" else lambda _: None
    answers = Answers(yes=True)
    async with Session(settings, watcher=watcher) as session:
        visits = session.visits
        if order.source != "moment":
            boundaries.watch(order.source)
        match order.act:
            case "prepare":
                await visits.prepare(Path(order.sheet), answers)
            case "apply":
                await visits.apply(Path(order.sheet), answers)
            case "resume":
                if not await visits.resume(None, answers):
                    await visits.apply(Path(order.sheet), answers)
            case "undo":
                await visits.undo(None, answers, None)
            case "export":
                (record,) = session.rooms.records.all()
                await session.outputs.sheet(record, "xlsx")
                await session.outputs.labels(record, "avery-5160", 1)
                await session.outputs.report(record)
        sys.setprofile(None)
        threading.setprofile(None)
        return [said for run in visits.runs for said in _said(run)]


def _said(run: JobRun) -> list[str]:
    bad = [each for each in run.outcomes if each.kind.value not in {"done", "already-done", "undone"}]
    return [
        *(f"{each.subject} {each.kind} {each.code} {each.message}" for each in bad),
        *(finding.message for finding in run.differences),
        *([repr(run.error)] if run.error else []),
    ]


def _child(order: Order, tell: int) -> None:
    boundaries = Boundaries(order.kill_at)
    try:
        said = asyncio.run(live(order, boundaries))
    except SheetFaults as faults:
        said = [faults.message, *(str(finding) for finding in faults.findings)]
    except BaseException:  # noqa: BLE001 - told to the test, which fails on it
        said = [traceback.format_exc()]
    os.write(tell, json.dumps([said, boundaries.passed]).encode())


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve orders from standard input until it ends: two lines of answer for a fork, its pid and its end."""
    for line in sys.stdin:
        order = Order.of_line(line)
        if not order.forks:
            said = asyncio.run(live(order, Boundaries(0)))
            gc.collect()
            gc.freeze()
            _say(said)
            continue
        hear, tell = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(hear)
            _child(order, tell)
            os._exit(0)
        os.close(tell)
        _say(pid)
        told = b""
        while more := os.read(hear, 65536):
            told += more
        os.close(hear)
        status = os.waitpid(pid, 0)[1]
        _say([os.WTERMSIG(status), *json.loads(told or b"[[], 0]")])


if __name__ == "__main__":
    main()
