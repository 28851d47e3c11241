"""A line as the platform has it, with what this home knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from installer.domain.gateway import FxsPort
from installer.domain.job import PortPlan
from installer.domain.line import Account, SpecialtyLine
from installer.planning.record import JobRecord
from installer.planning.steps import LineRef, Subject


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A line of the platform, with the job and port of this home that hold it, if any do."""

    account: Account
    line: SpecialtyLine
    job: JobRecord | None
    port: FxsPort | None
    registered: bool | None = None
    """None: not told, or not asked about."""
    checked_at: datetime | None = None
    """When registration was asked about."""

    @property
    def plan(self) -> PortPlan | None:
        """What the job plans for the line's port, None where no job holds it."""
        return self.job.job.port(self.port) if self.job and self.port else None

    @property
    def rung_by(self) -> tuple[str, ...]:
        """The numbers that ring it: as the platform says, else as its job plans."""
        planned = self.plan.draft.inbound_numbers if self.plan and self.plan.draft else ()
        return self.line.linked_numbers or tuple(map(str, planned))

    @property
    def subject(self) -> Subject:
        """Whose step a change of the line is."""
        return self.port or LineRef(self.line.id)
