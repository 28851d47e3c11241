"""What a front end decides before a session begins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from installer.domain.credential import Secret
from installer.errors import PunchdownError

if TYPE_CHECKING:
    from installer.planning.steps import Step

REHEARSAL = "rehearsal"
REHEARSAL_PASSPHRASE = "punchdown-rehearsal"  # noqa: S105 - published: it opens rehearsed secrets only


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the kit keeps things, which platform it speaks to, and how hard.

    `platform` names a profile, `base_url` overrides its address; both None where nobody has said yet.
    `deadline` is seconds for a whole call, `quiet_window` seconds between the two listings of protocol R4,
    None for 30, or 2 on the rehearsal platform.
    """

    home: Path
    platform: str | None = None
    base_url: str | None = None
    ca_file: Path | None = None
    username: str | None = None
    password: Secret | None = None
    passphrase: Secret | None = None
    operator: str = ""
    out: Path | None = None
    concurrency: int = 4
    deadline: float = 30.0
    quiet_window: float | None = None


AskLogin = Callable[[PunchdownError], Awaitable[tuple[str, Secret] | None]]
"""Asks a person who signs in, username and password, told why; None where nobody answers."""

Ask = Callable[[str], Awaitable[bool]]
"""Puts a yes-or-no question to a person."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Decisions a person gave beforehand, and how to ask for more; `ask` None where nobody is there.

    `yes` accepts a plan and its warnings, never one that concerns life safety; `accept` holds the codes that
    were accepted by name; `confirm` line names that were typed; `taken_on` code and
    sentence of each warning that was taken on as it stood; `agreed` the writes that were shown and agreed to;
    `partial` leaves gateways with faults out.
    """

    yes: bool = False
    accept: frozenset[str] = field(default_factory=frozenset)
    confirm: frozenset[str] = field(default_factory=frozenset)
    partial: bool = False
    ask: Ask | None = None
    taken_on: frozenset[tuple[str, str]] = frozenset()
    agreed: tuple[Step, ...] = ()
