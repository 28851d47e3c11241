"""Everything that must hold before a change may land: checks, tests, coverage.

python3 scripts/test.py                     all of it, on two workers
python3 scripts/test.py tests/domain -k mac just those tests; no checks, no coverage
"""

import re
import subprocess
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)
from scripts import check, components, environment
from scripts.environment import ROOT

SUMMARY = re.compile(r"=+ (.*\b(?:passed|failed|errors?|skipped|no tests ran)\b.*) =+$")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def main(arguments: list[str]) -> int:
    """0 if all holds, else 1."""
    try:
        python = environment.ready_for_tests()
    except environment.EnvironmentFault as fault:
        environment.say(f"test: {fault}")
        return 1
    components.install_missing()
    if arguments:
        return subprocess.call(
            [str(python), "-m", "pytest", *arguments], cwd=ROOT, env=environment.child_variables()
        )
    checked = check.run_all(python, fast=False)
    tested, summary = run_tests(python)
    covered = check.report("coverage", lambda: coverage(python))
    print(f"checks: {word(checked)}, coverage: {word(covered)}, tests: {summary}")
    return 0 if checked and tested and covered else 1


def word(holds: bool) -> str:  # noqa: FBT001 - the one thing it takes
    return "ok" if holds else "FAILED"


def run_tests(python: Path) -> tuple[bool, str]:
    """Whether every test passed, and pytest's own last line."""
    erase = [str(python), "-m", "coverage", "erase"]
    subprocess.run(erase, cwd=ROOT, env=environment.child_variables(), check=True)
    words = [str(python), "-m", "coverage", "run", "-m", "pytest", "-n", "2"]
    if sys.stdout.isatty():
        words.append("--color=yes")
    summary = "pytest did not end by itself"
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env=environment.child_variables(),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as pytest:
        for line in pytest.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            if found := SUMMARY.match(COLOUR.sub("", line.rstrip())):
                summary = found[1]
    return pytest.returncode == 0, summary


def coverage(python: Path) -> str:
    """The report on the rooms that must be covered whole."""
    tool = [str(python), "-m", "coverage"]
    check.command(*tool, "combine", "--quiet")
    return check.command(*tool, "report")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
