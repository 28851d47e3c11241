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

sys.path[0] = str(Path(__file__).resolve().parent.parent)
from scripts import environment


def verb(arguments: list[str], *, terminal: bool) -> list[str]:
    """What the kit is started with; `terminal` is whether a person sits before a screen."""
    if arguments == ["--headless"] or (not arguments and not terminal):
        return ["rehearse", "--visit"]
    return arguments or ["demo"]


def main(arguments: list[str]) -> int:
    """Exit code of the kit. Where the system can, this process becomes the kit, so signals reach it."""
    try:
        python = str(environment.ready())
    except environment.EnvironmentFault as fault:
        environment.say(f"punchdown: {fault}")
        return 1
    except KeyboardInterrupt:
        return 130
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    # -P: a folder named installer where the person stands is not the kit.
    command = [python, "-P", "-m", "installer", *verb(arguments, terminal=terminal)]
    variables = environment.child_variables()
    if sys.platform != "win32":
        os.execve(python, command, variables)  # noqa: S606 - no shell is the point
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the kit gets it too, and decides
    return subprocess.call(command, env=variables)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
