"""Speed and memory, each as a ratio to something measured in the same run; about six minutes.

python3 scripts/bench.py              every measurement, the largest ones at a part of their size
python3 scripts/bench.py ports start  just those
python3 scripts/bench.py --full       every size in full
"""

import subprocess
import sys
import tempfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)
from scripts import environment
from scripts.bench_calls import measure_fleet, measure_memory, measure_ports
from scripts.bench_files import measure_labels, measure_sheet
from scripts.bench_journal import measure_journal
from scripts.bench_kit import FULL, BenchFault, Measure, Measurement, Scale
from scripts.bench_screen import measure_screen
from scripts.bench_start import measure_start

MEASURES: dict[str, Measure] = {
    "start": measure_start,
    "ports": measure_ports,
    "memory": measure_memory,
    "journal": measure_journal,
    "fleet": measure_fleet,
    "labels": measure_labels,
    "sheet": measure_sheet,
    "screen": measure_screen,
}
_COLUMNS = "{:<54} {:>28} {:>44} {:>7} {:>8}  {}"


def main(arguments: list[str]) -> int:
    """1 where a ratio is over its target or could not be measured, 2 for a name that is none; else 0."""
    if {"-h", "--help"} & set(arguments):
        print(__doc__)
        return 0
    names = [name for name in arguments if name != "--full"]
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        environment.say(f"bench: no measurement {', '.join(unknown)}; there are {', '.join(MEASURES)}")
        return 2
    try:
        python = environment.ready()
    except environment.EnvironmentFault as fault:
        environment.say(f"bench: {fault}")
        return 1
    if Path(sys.prefix).resolve() != python.parent.parent.resolve():
        words = [str(python), __file__, *arguments]
        return subprocess.call(words, env=environment.child_variables())
    compile_all()
    return measure(names or list(MEASURES), FULL if "--full" in arguments else Scale())


def compile_all() -> None:
    """Bytecode of all that is measured, or the first start would pay for it."""
    folders = [str(environment.ROOT / name) for name in ("installer", "tui", "scripts")]
    libraries = str(environment.libraries(Path(sys.prefix)))
    words = [sys.executable, "-m", "compileall", "-q", *folders, libraries]
    subprocess.run(words, env=environment.child_variables(), capture_output=True, check=False)


def measure(names: list[str], scale: Scale) -> int:
    """Runs the measurements one after the other and prints each line as soon as it is known."""
    print(_COLUMNS.format("measured", "", "beside", "ratio", "target", ""), flush=True)
    held = True
    for name in names:
        with tempfile.TemporaryDirectory(prefix="punchdown-bench-") as folder:
            try:
                found = MEASURES[name](scale, Path(folder))
            except BenchFault as fault:
                print(f"{name}: could not be measured: {fault}", flush=True)
                held = False
                continue
        for each in found:
            print(line(each), flush=True)
        held = held and all(each.holds for each in found)
    return 0 if held else 1


def line(each: Measurement) -> str:
    """One line of the table."""
    verdict = "" if each.limit is None else "ok" if each.holds else "OVER"
    ratio = f"{each.ratio:.2f}"
    return _COLUMNS.format(each.name, each.measured, each.reference, ratio, each.target, verdict).rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
