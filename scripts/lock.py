"""Writes both lock files again: exact versions and hashes for every platform, from pyproject.toml.

python3 scripts/lock.py             keeps every pin that still fits
python3 scripts/lock.py --upgrade   takes the newest version that fits
"""

import os
import subprocess
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)
from scripts import environment

HEADER = "# Written by scripts/lock.py for every platform and Python >= 3.11. Do not edit.\n"
UNIVERSAL = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-config",
)


def main(arguments: list[str]) -> int:
    """Exit code; both lock files are written, or none is touched further after a failure."""
    uv = environment.tool(environment.ready_for_tests(), "uv")
    # A mirror set up on this machine must not decide what is locked.
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))}
    running, testing = environment.RUN_LOCK, environment.TEST_LOCK
    wanted = {
        running: ["pyproject.toml"],
        testing: [
            "--group=pyproject.toml:test",
            "--group=pyproject.toml:check",
            f"--constraint={running.name}",
        ],
    }
    for lock, sources in wanted.items():
        command = [
            uv,
            "pip",
            "compile",
            "--quiet",
            *UNIVERSAL,
            *arguments,
            f"--output-file={lock.name}",
            *sources,
        ]
        if code := subprocess.call(command, cwd=environment.ROOT, env=clean, stdout=subprocess.DEVNULL):
            return code
        text = lock.read_text("utf-8").removeprefix(HEADER)
        lock.write_text(HEADER + text, "utf-8", newline="\n")
        print(f"{lock.name}: {sum(line[0].isalpha() for line in text.splitlines())} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
