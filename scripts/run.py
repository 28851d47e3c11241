"""Starts the kit in its private environment, made at the first start.

python3 scripts/run.py              a whole visit on the rehearsal platform: in a terminal on the screen
python3 scripts/run.py --headless   the same without a screen, as where there is no terminal
python3 scripts/run.py ARGS…        punchdown ARGS…
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

sys.path[0] = str(Path(__file__).resolve().parent.parent)
from scripts import environment


def verb(arguments: list[str], *, terminal: bool) -> list[str]:
    """What the kit is started with; `terminal` is whether a person sits before a screen."""
    if arguments[:1] == ["--headless"]:
        return ["rehearse", "--visit", *arguments[1:]]
    if not arguments and not terminal:
        return ["rehearse", "--visit"]
    return arguments or ["demo"]


def main(arguments: list[str]) -> NoReturn:
    """Becomes the kit, so that signals and its exit code are its own; ends with 1 where it cannot start."""
    try:
        python = environment.ready()
    except environment.EnvironmentFault as fault:
        sys.exit(f"punchdown: {fault}")
    except KeyboardInterrupt:
        sys.exit(130)
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    # -P: a folder named installer where the person stands is not the kit.
    command = [str(python), "-P", "-m", "installer", *verb(arguments, terminal=terminal)]
    become(command, environment.child_variables())


def become(command: list[str], variables: dict[str, str]) -> NoReturn:
    """Ends this process as the command ends."""
    if sys.platform == "win32":
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command gets it too, and decides
        sys.exit(subprocess.call(command, env=variables))
    os.execve(command[0], command, variables)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
