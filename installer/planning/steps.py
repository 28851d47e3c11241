"""Steps: one intended call each, holding drafts; the wire body is made once, at intent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from installer.domain.credential import CredentialSource
from installer.domain.finding import Finding
from installer.domain.gateway import FxsPort
from installer.domain.line import DeviceSlot, LineChanges, LineDraft
from installer.domain.numbers import Reference, TelephoneNumber


class Action(StrEnum):
    """The call a step makes; every one but VALIDATE_USERNAME writes."""

    VALIDATE_USERNAME = "validate-username"
    CREATE_LINE = "create-line"
    UPDATE_LINE = "update-line"
    DELETE_LINE = "delete-line"
    ROUTE_NUMBER = "route-number"
    UNROUTE_NUMBER = "unroute-number"


@dataclass(frozen=True, slots=True, order=True)
class LineRef:
    """A line that no port of this job carries, by the platform's id."""

    line_id: str

    def __str__(self) -> str:
        return f"line {self.line_id}"


Subject = FxsPort | LineRef
"""What a step belongs to: a port of the job, or an existing line."""


@dataclass(frozen=True, slots=True)
class StepKey:
    """A step's identity: never the MAC, which a swap changes. `generation` counts from 1."""

    subject: Subject
    action: Action
    number: TelephoneNumber | None = None
    generation: int = 1


@dataclass(frozen=True, slots=True)
class CreateLine:
    """A line to be made on `slot`; its credential is the port's."""

    port: FxsPort
    slot: DeviceSlot
    draft: LineDraft
    calling_plan_ids: tuple[str, ...]
    source: CredentialSource

    action = Action.CREATE_LINE
    number = None

    @property
    def validates(self) -> bool:
        """Whether a username of ours is asked about first."""
        return self.source is not CredentialSource.PLATFORM


@dataclass(frozen=True, slots=True)
class UpdateLine:
    """Fields of a standing line to be set; `before` and `after` name them for people, no secret in them."""

    port: FxsPort
    line_id: str
    changes: LineChanges
    before: tuple[str, ...]
    after: tuple[str, ...]

    action = Action.UPDATE_LINE
    number = None


@dataclass(frozen=True, slots=True)
class RouteNumber:
    """A number to ring a line; `line_id` None until the line is made. `prior` is what it rings today."""

    port: FxsPort
    number: TelephoneNumber
    line_id: str | None
    prior: Reference | None

    action = Action.ROUTE_NUMBER


Step = CreateLine | UpdateLine | RouteNumber


@dataclass(frozen=True, slots=True)
class Standing:
    """A port whose line is on the platform as wanted; `adopted` where the journal did not know it yet."""

    port: FxsPort
    line_id: str
    device_id: str | None
    adopted: bool


@dataclass(frozen=True, slots=True)
class Deferral:
    """A port left for later, and why; the rest goes on."""

    port: FxsPort
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """A port where something else stands in the way; a person decides."""

    port: FxsPort
    code: str
    message: str
    number: TelephoneNumber | None = None
    line_id: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What shall happen to one job, as seen at `snapshot_at`: the dry run and the apply are this."""

    job_id: str
    snapshot_at: datetime
    steps: tuple[Step, ...]
    standing: tuple[Standing, ...]
    deferred: tuple[Deferral, ...]
    blocked: tuple[Blocked, ...]
    findings: tuple[Finding, ...]

    @property
    def writes(self) -> int:
        """How many writing calls a clean run makes."""
        return len(self.steps)
