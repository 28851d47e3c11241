"""The process that forks lives of the kit, and the pipe on which it is told to."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from tests.crash.orders import End, Order

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
"""Seconds that a process may take to begin or to end."""


class Warm:
    """The process that forks lives; one order at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.warm"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def get_warm(self, order: Order) -> None:
        """Live once without a fork."""
        said = json.loads(self._ask(replace(order, forks=False).to_line()))
        assert said == []

    def begin(self, order: Order) -> int:
        """Let a life begin; gives its process id."""
        return int(self._ask(order.to_line()))

    def end(self) -> End:
        """How the life that was begun ended."""
        signalled, said, boundaries = json.loads(self._ask(""))
        return End(signalled, tuple(said), boundaries)

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(PATIENCE)
