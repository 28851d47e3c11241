"""Starting: what the answers that need nothing cost beside an interpreter that does nothing."""

import sys
from pathlib import Path

from scripts.bench_kit import Measurement, Scale, median_start


def measure_start(scale: Scale, folder: Path) -> list[Measurement]:
    """`--version` and `--help`, medians over as many starts."""
    nothing = median_start([sys.executable, "-c", "pass"], scale.starts, folder)
    return [
        _beside(nothing, option, limit, scale.starts, folder)
        for option, limit in (("--version", 1.5), ("--help", 5.0))
    ]


def _beside(nothing: float, option: str, limit: float, times: int, folder: Path) -> Measurement:
    taken = median_start([sys.executable, "-m", "installer", option], times, folder)
    return Measurement(
        option, f"{taken * 1000:.0f} ms", f"{nothing * 1000:.0f} ms, python -c pass", taken / nothing, limit
    )
