"""What the journal can say, one frozen dataclass per kind of row.

A row is {seq, at, operator, job, kind, event, sealed}; times and operators belong to the row, secrets to its
sealed part. Kinds are open-ended: a new chapter of the visit adds a class here and a line in the fold.
"""

from __future__ import annotations

from dataclasses import dataclass

from installer.domain.credential import CredentialSource, SipUsername
from installer.domain.gateway import FxsPort, GatewayPlace
from installer.domain.job import PlatformAddress, PortState
from installer.domain.label import LabelId
from installer.domain.line import Account, LineDraft
from installer.domain.mac import MacAddress
from installer.planning.steps import StepKey


@dataclass(frozen=True, slots=True)
class JobOpened:
    """A job begins."""

    platform: PlatformAddress
    account: Account
    site: str


@dataclass(frozen=True, slots=True)
class GatewayPlanned:
    """A place gets a model; again with another model before the first write."""

    place: GatewayPlace
    model_id: str
    label_id: LabelId


@dataclass(frozen=True, slots=True)
class GatewayBound:
    """Hardware was scanned onto a place."""

    place: GatewayPlace
    mac: MacAddress
    serial: str
    why: str


@dataclass(frozen=True, slots=True)
class PortPlanned:
    """What a port is for; the newest row of a port stands."""

    port: FxsPort
    state: PortState
    label_id: LabelId
    draft: LineDraft | None
    source: CredentialSource
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CredentialMade:
    """A port has a credential; the row seals the password, if one is known."""

    port: FxsPort
    username: SipUsername | None
    source: CredentialSource


@dataclass(frozen=True, slots=True)
class UserFixed:
    """The platform user that writes for this job; a second row is a takeover that was agreed to."""

    username: str


@dataclass(frozen=True, slots=True)
class StepIntended:
    """A step's call, frozen; the row seals the body. `prior` is the value to restore, as JSON text."""

    key: StepKey
    method: str
    path: str
    body_mac: str
    line_id: str | None
    prior: str | None


@dataclass(frozen=True, slots=True)
class StepSent:
    """The frozen body may reach the platform from here on."""

    key: StepKey
    attempt: int


@dataclass(frozen=True, slots=True)
class StepDone:
    """The step's effect is on the platform; `drift` names fields that came back otherwise than sent."""

    key: StepKey
    line_id: str | None
    device_id: str | None
    drift: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepRefused:
    """The step had no effect: refused, never sent, or abandoned by a person."""

    key: StepKey
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class StepUnknown:
    """Nobody knows whether the step had its effect; `status` is the HTTP status, None where none came."""

    key: StepKey
    code: str
    message: str
    status: int | None = None


@dataclass(frozen=True, slots=True)
class StepConflicted:
    """Something else stands where the step's effect should."""

    key: StepKey
    code: str
    message: str
    line_id: str | None


@dataclass(frozen=True, slots=True)
class UndoIntended:
    """A done step is to be taken back; the row seals the body."""

    key: StepKey
    method: str
    path: str
    body_mac: str


@dataclass(frozen=True, slots=True)
class UndoDone:
    """The step's effect is off the platform."""

    key: StepKey


@dataclass(frozen=True, slots=True)
class UndoRefused:
    """The step stays done."""

    key: StepKey
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class UndoUnknown:
    """Nobody knows whether the step was taken back."""

    key: StepKey
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class UndoBegun:
    """A person agreed to take back what was done at a place, or in the whole job: a resume goes on there."""

    place: GatewayPlace | None


@dataclass(frozen=True, slots=True)
class UndoEnded:
    """What was to be taken back is, but for what stays by a rule that was told."""

    place: GatewayPlace | None


@dataclass(frozen=True, slots=True)
class WantedAgain:
    """A person agreed to an apply of what was taken back, or was about to be."""

    place: GatewayPlace | None


@dataclass(frozen=True, slots=True)
class LineAdopted:
    """A line that stood on the platform with our username at our port belongs to the job."""

    port: FxsPort
    line_id: str
    device_id: str | None


@dataclass(frozen=True, slots=True)
class LineLost:
    """A person agreed that a line the journal held is gone from the platform."""

    port: FxsPort
    line_id: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A person accepted a finding, that sentence: the same code about something else is asked anew."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Audited:
    """A closing audit; the job is finished where it was clean and nothing was written since."""

    clean: bool
    differences: int


@dataclass(frozen=True, slots=True)
class LinesBlocked:
    """Ports whose line something else keeps off, of one place or of the whole job."""

    place: GatewayPlace | None
    ports: tuple[FxsPort, ...]


@dataclass(frozen=True, slots=True)
class RegistrationSeen:
    """A port's registration was seen to change."""

    port: FxsPort
    registered: bool


@dataclass(frozen=True, slots=True)
class RegistrationsLooked:
    """Somebody asked about every line's registration; how many of how many were registered."""

    registered: int
    lines: int


@dataclass(frozen=True, slots=True)
class ArtifactWritten:
    """A file left the kit."""

    kind: str
    path: str
    sha256: str
    revision: int


@dataclass(frozen=True, slots=True)
class Noted:
    """A remark of a person or of the kit."""

    text: str


Event = (
    JobOpened | GatewayPlanned | GatewayBound | PortPlanned | CredentialMade | UserFixed | StepIntended
    | StepSent | StepDone | StepRefused | StepUnknown | StepConflicted | UndoIntended | UndoDone
    | UndoRefused | UndoUnknown | UndoBegun | UndoEnded | WantedAgain | LineAdopted | LineLost
    | Acknowledged | Audited | LinesBlocked | RegistrationSeen | RegistrationsLooked | ArtifactWritten
    | Noted
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opaque:
    """A row of a kind that only a newer kit knows: kept as it is, and ignored by the fold."""

    kind: str
    body: str


OUTCOMES = StepDone | StepRefused | StepUnknown | StepConflicted | UndoDone | UndoRefused | UndoUnknown
"""What became of something that was sent: the rows that must still fit on a full disk."""
