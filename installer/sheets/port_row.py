"""What one row of the sheet says, and what it refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from installer.domain.credential import CredentialSource, SipCredential
from installer.domain.gateway import GatewayModel, GatewayPlace
from installer.domain.job import PortState
from installer.domain.label import LabelId
from installer.domain.line import LineDraft, LineUse
from installer.domain.mac import MacAddress


class Catalogue(Protocol):
    """What a sheet refers to: gateway models and line uses. `installer.profiles.Profiles` is one."""

    @property
    def uses(self) -> Mapping[str, LineUse]:
        """By id."""
        ...

    def model(self, text: str) -> GatewayModel:
        """The model of that id or device type. Raises InvalidValue."""
        ...


@dataclass(frozen=True, slots=True)
class PortRow:
    """What the sheet says of one FXS port; `row` is None where it has no row and so is spare.

    `draft` stands exactly where `state` is USE. `credential` stands where `source` is OWN. `written` are the
    kit's own columns as read, blanks left out; `extra` the columns it does not know, and without a line the
    port's location, jack and notes.
    """

    fxs_port: int
    state: PortState = PortState.SPARE
    draft: LineDraft | None = None
    source: CredentialSource = CredentialSource.GENERATED
    credential: SipCredential | None = None
    label_id: LabelId | None = None
    written: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the job that a sheet continues has at a row's port: its blank cells mean this.

    `state` is None where the job does not have the port; `cells` are those of the port and its line.
    """

    model: str
    state: PortState | None
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row and where it belongs, as far as it could be read; `port` is None where a cell is at fault.

    `placed` is False where the fault leaves open which gateway of the account and site the row is about;
    `account` is None where even that is open.
    """

    row: int
    account: str | None
    site: str
    place: GatewayPlace | None
    mac: MacAddress | None
    model: GatewayModel | None
    serial: str
    gateway_label: LabelId | None
    fxs_port: int | None
    port: PortRow | None
    placed: bool
