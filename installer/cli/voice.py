"""What a command can say; people and programs hear the same facts (contract §7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from installer.cli.exits import Exit
from installer.domain.finding import Finding
from installer.errors import PunchdownError

if TYPE_CHECKING:
    from installer.outputs.written import WrittenFile
    from installer.planning.outcome import Outcome
    from installer.planning.record import JobRecord, StepRecord
    from installer.planning.steps import Plan
    from installer.profiles import PlatformProfile
    from installer.session.line_changes import Change
    from installer.session.standing import StandingLine
    from installer.session.status import LineStatus


@dataclass(frozen=True, slots=True)
class Served:
    """Where a rehearsal platform answers."""

    url: str
    username: str
    password_file: Path
    registrar: str
    customers: tuple[str, ...]
    """Name and account number of each customer that a sheet may name."""


class Voice(Protocol):
    """Says each fact once, in the order it is told."""

    def plan(self, record: JobRecord, plan: Plan) -> None:
        """What would be done."""

    def undo(self, record: JobRecord, steps: tuple[StepRecord, ...]) -> None:
        """What would be taken back, the first to go first."""

    def outcomes(self, record: JobRecord, outcomes: tuple[Outcome, ...]) -> None:
        """What became of each step of one job."""

    def lines(self, statuses: Iterable[LineStatus]) -> None:
        """Ports and what is known of them."""

    def standing(self, lines: Iterable[StandingLine]) -> None:
        """Lines as the platform has them."""

    def line(self, line: StandingLine) -> None:
        """One line, with all that is known of it."""

    def change(self, line: StandingLine, change: Change) -> None:
        """What an act on a line changes, before it is agreed to."""

    def jobs(self, records: Iterable[JobRecord]) -> None:
        """The jobs of a home."""

    def findings(self, findings: Iterable[Finding], record: JobRecord | None = None) -> None:
        """What is wrong or worth knowing, of a job or of the command."""

    def error(self, error: PunchdownError, record: JobRecord | None = None) -> None:
        """Why a command, or a job's run, ended early."""

    def caution(self, platform: PlatformProfile) -> None:
        """What the platform's profile warns of, before anything is asked or written."""

    def artifacts(self, files: Iterable[WrittenFile]) -> None:
        """Files that were written."""

    def remark(self, text: str) -> None:
        """What a person at the terminal may want to know or do next."""

    def rehearsal(self, served: Served) -> None:
        """A rehearsal platform answers."""

    def summary(self, record: JobRecord | None, code: Exit, counts: Mapping[str, int]) -> None:
        """What it came to: of a job, or with None, last of all, of the command."""
