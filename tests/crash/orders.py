"""What a life of the kit is told to do, and how it ended; both cross a pipe as one line of JSON."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

Source = Literal["moment", "file", "call"]
"""Boundaries are the watcher's moments, calls that change files, or these with SQLite's statements."""


@dataclass(frozen=True)
class Order:
    """One act in one home. At the `kill_at`-th boundary of `source`, from 1, the process kills itself."""

    act: str
    home: str
    url: str
    user: str
    password: str
    passphrase: str
    sheet: str = ""
    source: Source = "moment"
    kill_at: int = 0
    quiet_window: float = 0.02
    forks: bool = True
    """False for a life in the warm process itself, which fills the caches that the forks then share."""

    def to_line(self) -> str:
        return json.dumps(asdict(self)) + "\n"

    @staticmethod
    def of_line(line: str) -> "Order":
        return Order(**json.loads(line))


@dataclass(frozen=True)
class End:
    """How a life ended: by `signal`, 0 for none; what it said was not as wanted; boundaries it passed."""

    signal: int
    said: tuple[str, ...] = ()
    boundaries: int = 0

    @property
    def killed(self) -> bool:
        return self.signal != 0
