"""What every measurement shares: its line in the table, its size, and children that measure themselves."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.environment import ROOT, child_variables

CHILD_LIMIT = 1200.0


class BenchFault(Exception):
    """Something could not be measured; the message says why."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One line of the table: two figures of one run, `ratio` the first by the second.

    `limit` is what the ratio may be at most, or at least where `least`; None where it is only shown.
    """

    name: str
    measured: str
    reference: str
    ratio: float
    limit: float | None = None
    least: bool = False

    @property
    def holds(self) -> bool:
        if self.limit is None:
            return True
        return self.ratio >= self.limit if self.least else self.ratio <= self.limit

    @property
    def target(self) -> str:
        return "-" if self.limit is None else f"{'>=' if self.least else '<='} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured. `starts` are repetitions, of which the best counts.

    `large` are the models of a large visit's gateways.
    """

    ports: int = 50
    large: tuple[int, ...] = (8, 24, 24, 50)
    latency: float = 0.08
    starts: int = 15
    appends: int = 400
    gateways: int = 100
    gateways_an_account: int = 20
    labels: int = 2_000
    rows: int = 50_000
    changes: int = 66
    seconds: float = 10.0


FULL = Scale(gateways=1_000, labels=10_000, changes=500)
GATEWAYS_MEANT = FULL.gateways
LABELS_MEANT = FULL.labels
CHANGES_MEANT = FULL.changes

Measure = Callable[[Scale, Path], "list[Measurement]"]


def run(words: Sequence[str], folder: Path) -> tuple[float, str]:
    """Seconds from start to exit, and standard output. Raises BenchFault where it ends non-zero."""
    begun = time.perf_counter()
    ended = subprocess.run(
        words,
        cwd=folder,
        env=child_variables() | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=CHILD_LIMIT,
        check=False,
    )
    seconds = time.perf_counter() - begun
    if ended.returncode:
        said = (ended.stderr or ended.stdout).strip()[-2000:]
        raise BenchFault(f"{' '.join(words[:6])} … ended with {ended.returncode}: {said}")
    return seconds, ended.stdout


def child(module: str, work: str, *arguments: object) -> dict[str, float]:
    """What `work` of `scripts.MODULE` measured in a process of its own, and that process's peak memory."""
    words = [sys.executable, "-m", f"scripts.{module}", work, *map(str, arguments)]
    found: dict[str, float] = json.loads(run(words, ROOT)[1].splitlines()[-1])
    return found


def work(works: Mapping[str, Callable[..., Mapping[str, float]]]) -> None:
    """The other side of `child`: does the work that the arguments name and prints what it measured."""
    name, *arguments = sys.argv[1:]
    print(json.dumps({**works[name](*arguments), "peak": peak()}))


def peak() -> float:
    """Most memory this process ever held, in MB."""
    return _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        2**20 if sys.platform == "darwin" else 2**10
    )


def resident() -> float:
    """Memory this process holds, in MB; where the system does not say, the most it ever held."""
    return _status("VmRSS") or peak()


def resident_of(process: int) -> float:
    """Memory another process holds, in MB. Raises BenchFault where the system does not say."""
    if found := _status("VmRSS", process):
        return found
    raise BenchFault("what a process holds is told on Linux only")


def _status(field: str, process: int | str = "self") -> float:
    """A field of Linux's /proc/PROCESS/status in MB, 0 where there is none.

    getrusage would do but for a child: its peak begins with that of the process that started it.
    """
    path = Path(f"/proc/{process}/status")
    if not path.exists():
        return 0.0
    lines = path.read_text("ascii", "replace").splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:")), 0.0)
