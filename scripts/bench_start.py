"""Starting: what the answers that need nothing cost beside an interpreter that does nothing."""

import sys
from pathlib import Path

from scripts.bench_kit import Measurement, Scale, run

_STARTS = {
    "nothing": ("-c", "pass"),
    "--version": ("-m", "installer", "--version"),
    "--help": ("-m", "installer", "--help"),
}


def measure_start(scale: Scale, folder: Path) -> list[Measurement]:
    """`--version` and `--help`: each kind of start in turn, so that a busy moment meets all, and its best."""
    words = {name: (sys.executable, *rest) for name, rest in _STARTS.items()}
    for each in words.values():
        run(each, folder)
    rounds = [{name: run(each, folder)[0] for name, each in words.items()} for _ in range(scale.starts)]
    best = {name: min(taken[name] for taken in rounds) for name in words}
    nothing = best["nothing"]
    return [
        Measurement(
            option,
            f"{best[option] * 1000:.0f} ms",
            f"{nothing * 1000:.0f} ms, python -c pass",
            best[option] / nothing,
            limit,
        )
        for option, limit in (("--version", 1.5), ("--help", 5.0))
    ]
