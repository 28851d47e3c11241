"""What one run on one job came to, filled while it goes, so that an interrupted run can still be told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort
from installer.errors import DiskUnusable, JournalUnusable, PunchdownError, VaultUnusable
from installer.outputs.written import WrittenFile
from installer.planning.outcome import Outcome, OutcomeKind
from installer.planning.planner import OUTCOME_UNKNOWN
from installer.planning.record import JobRecord
from installer.planning.steps import Plan
from installer.provisioning.visit import Visit
from installer.session.sheet_in import SheetTaken

FATAL = (JournalUnusable, VaultUnusable, DiskUnusable)
"""What ends every run of a session, not one alone."""


@dataclass(slots=True)
class JobRun:
    """One job in one run; `error` is what ended it early, `differences` what an audit found.

    `sheet` is what the run was asked for with, if with one: findings name its rows.
    """

    visit: Visit
    findings: list[Finding] = field(default_factory=list)
    plan: Plan | None = None
    differences: tuple[Finding, ...] = ()
    artifacts: list[WrittenFile] = field(default_factory=list)
    error: PunchdownError | None = None
    sheet: SheetTaken | None = None

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Keeps what ends the block; what ends every run is raised, and a signal whatever failed."""
        try:
            yield
        except asyncio.CancelledError as stop:
            if isinstance(stop.__cause__, PunchdownError):
                self.error = stop.__cause__
            raise
        except PunchdownError as error:
            self.error = error
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise asyncio.CancelledError from error
            if isinstance(error, FATAL):
                raise

    @property
    def record(self) -> JobRecord:
        """The job as it stands."""
        return self.visit.record

    @property
    def faults(self) -> list[Finding]:
        """What was found that stops a job, or its gateway."""
        return [each for each in self.findings if each.severity is Severity.ERROR]

    def note(self, findings: Iterable[Finding]) -> None:
        """Keep what was found, each once."""
        self.findings += [each for each in map(self._located, findings) if each not in self.findings]

    def audited(self, found: tuple[Finding, ...]) -> None:
        """Keep what an audit found, but for what this run's outcomes and findings say already."""
        told = {(each.subject, each.code) for each in self.outcomes if each.code is not None}
        left = {each.subject for each in self.outcomes if each.kind is OutcomeKind.UNKNOWN}

        def is_told(each: Finding) -> bool:
            port = FxsPort(each.gateway, each.fxs_port) if each.gateway and each.fxs_port else None
            is_unknown = each.code == OUTCOME_UNKNOWN and port in left
            return each in self.findings or (port, each.code) in told or is_unknown

        self.differences = tuple(each for each in map(self._located, found) if not is_told(each))

    def _located(self, finding: Finding) -> Finding:
        return self.sheet.locate(finding) if self.sheet else finding

    @property
    def codes(self) -> frozenset[str]:
        """Of all that was found on the way, and of what a person took on before."""
        told = (each.code for each in (*self.findings, *self.differences))
        later = (each.code for each in (self.plan.deferred if self.plan else ()))
        taken_on = (code for code, _ in self.record.acknowledged)
        return frozenset((*told, *later, *taken_on))

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The last word on each step, in the order the steps were first told of."""
        last = {(each.subject, each.action, each.number): each for each in self.visit.outcomes}
        return tuple(last.values())
