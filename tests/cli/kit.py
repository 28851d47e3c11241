"""Runs the command in this process or in one of its own, against rehearsal platforms."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from installer.cli import main
from installer.domain.credential import Secret
from installer.journal.vault import Vault
from installer.rehearsal.faults import Rule
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.thread import PlatformThread
from installer.session import Settings

ROOT = Path(__file__).parents[2]
PASSPHRASE = "a passphrase of the tests"
HEADER = "account,site,gateway,mac,model,fxs_port,line_name,line_use,caller_id,e911_callback,inbound_number\n"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every line of stdout; the last is the command's summary and agrees with the exit code."""
        events = [json.loads(line) for line in self.out.splitlines()]
        last = events[-1]
        assert (last["event"], last["job"], last["exit"]) == ("summary", None, self.code)
        assert sum(each["event"] == "summary" and each["job"] is None for each in events) == 1
        jobs = [each["job"] for each in events if each["event"] == "summary"]
        assert len(jobs) == len(set(jobs))
        return events

    def of(self, event: str) -> list[dict[str, Any]]:
        return [each for each in self.events if each["event"] == event]

    @property
    def codes(self) -> set[str]:
        return {each["code"] for each in self.of("finding")}


def no_screen(_settings: Settings, _home: Path) -> int:
    """Stands where the screen would open: a test that has no terminal gets nowhere near it."""
    raise AssertionError


def run(*arguments: object) -> Ran:
    """The command in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in "12")
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(each) for each in arguments], no_screen)
    for stream in (out, err):
        stream.seek(0)
    return Ran(code, out.read(), err.read())


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "installer", *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PUNCHDOWN_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **more}


def after(prelude: str, arguments: list[str]) -> list[str]:
    """The same started once `prelude` has run in its process: a fork of threads may run nothing of ours."""
    script = f"import os, sys; {prelude}; os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", script, *arguments]


def start(
    *arguments: object, prelude: str = "", stdout: IO[str] | int = subprocess.PIPE
) -> "subprocess.Popen[str]":
    """The command as a process of its own."""
    started = after(prelude, command(*arguments)) if prelude else command(*arguments)
    return subprocess.Popen(
        started, cwd=ROOT, env=environment(), text=True,
        stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE,
    )  # fmt: skip


def rows(count: int, *, name: str = "Line", gateway: str = "GW-1", mac: str = "00:50:58:aa:bb:01") -> str:
    """A sheet for the rehearsal's customer with `count` lines, each with a number of its own."""
    return HEADER + "".join(
        f"Harbor Point Tower,,{gateway},{mac},4,{port},{name} {port},voice,5035550107,5035550107,{number}\n"
        for port, number in zip(range(1, count + 1), NUMBERS, strict=False)
    )


NUMBERS = ("5035550107", "5035550117", "5035550108", "5035550118")


def sheet_at(folder: Path, text: str, name: str = "site.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def secret_at(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text + "\n")
    path.chmod(0o600)
    return path


@dataclass(frozen=True)
class Site:
    """A platform that answers on loopback, and a home of this kit that signs in there."""

    platform: RehearsalPlatform
    thread: PlatformThread
    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def options(self) -> list[str]:
        return [
            "--home", str(self.home), "--base-url", self.platform.url, "--username", self.platform.username,
            "--password-file", str(secret_at(self.folder, "pw", self.platform.password)),
            "--passphrase-file", str(secret_at(self.folder, "pp", PASSPHRASE)), "--quiet-window", "0.05",
        ]  # fmt: skip

    def run(self, verb: str, *arguments: object) -> Ran:
        """The verb with --json."""
        return run(verb, *arguments, *self.options, "--json")

    def faults(self, *rules: Rule) -> None:
        self.thread.call(lambda: self.platform.faults.load(rules))

    @property
    def writes(self) -> int:
        """How many writes the platform took."""
        return self.thread.call(lambda: sum(entry.committed for entry in self.platform.ledger.entries))


@contextmanager
def served(folder: Path, rules: Sequence[Rule] = ()) -> Iterator[Site]:
    thread = PlatformThread(RehearsalPlatform(folder / "platform", faults=rules))
    # Made beforehand, with a derivation that costs nothing: dozens of commands open it.
    Vault.create(folder / "home" / "vault.json", passphrase=Secret(PASSPHRASE), keyring=None, cost=2**10)
    try:
        yield Site(thread.platform, thread, folder)
    finally:
        thread.stop()
