"""A home with a vault and a journal for tests, and the events of a small job."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from installer.clock import Clock
from installer.domain.cabling import Rj11Jack
from installer.domain.credential import CredentialSource, Secret, SipUsername
from installer.domain.gateway import FxsPort, GatewayModel, GatewayPlace
from installer.domain.job import PlatformAddress, PortState
from installer.domain.label import LabelId
from installer.domain.line import Account, LineDraft
from installer.domain.mac import MacAddress
from installer.domain.numbers import TelephoneNumber
from installer.errors import PunchdownError
from installer.journal import events
from installer.journal.store import Entry, Journal, Row
from installer.journal.vault import Vault
from installer.planning.steps import Action, StepKey, Subject

PASSPHRASE = Secret("correct horse battery staple")
CHEAP = 2**10
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
NUMBER = TelephoneNumber("12604683252")
PLACE = GatewayPlace("GW-1")
PORT = FxsPort(PLACE, 1)
JOB = "job-1"
USERNAME = SipUsername("abcdefgh23456")
PASSWORD = "Sesame-Sesame-Sesame-42"


def model(ports: int) -> GatewayModel:
    jacks = tuple(Rj11Jack(str(number)) for number in range(1, ports + 1))
    return GatewayModel(str(ports), f"SIP_{ports}_Port_MTA", f"Vega {ports}", jacks, confirmed=True)


def stepping_clock() -> Clock:
    """A clock that goes on by a second at each look."""
    seconds = count()

    async def sleep(_seconds: float) -> None:
        raise AssertionError("the journal does not wait on this clock")

    return Clock(now=lambda: START + timedelta(seconds=next(seconds)), monotonic=lambda: 0.0, sleep=sleep)


class Home:
    """Paths of a home under `folder`, and its two doors."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "home"
        self.journal_path = self.folder / "journal.sqlite3"
        self.vault_path = self.folder / "vault.json"
        self.reserve_path = self.folder / "journal.reserve"
        self.locks = self.folder / "locks"

    def create_vault(self) -> Vault:
        return Vault.create(self.vault_path, passphrase=PASSPHRASE, keyring=None, cost=CHEAP)

    def vault(self) -> Vault:
        return Vault.open(self.vault_path, passphrase=PASSPHRASE, keyring=None)

    def open(self, vault: Vault | None = None, operator: str = "Ada") -> Journal:
        return Journal.open(
            self.journal_path,
            vault or self.vault(),
            clock=stepping_clock(),
            operator=operator,
            locks=self.locks,
        )


def draft(name: str = "Elevator 1") -> LineDraft:
    return LineDraft(name, "elevator", NUMBER, NUMBER, inbound_numbers=(NUMBER,))


def key(action: Action = Action.CREATE_LINE, generation: int = 1, subject: Subject = PORT) -> StepKey:
    number = NUMBER if action in {Action.ROUTE_NUMBER, Action.UNROUTE_NUMBER} else None
    return StepKey(subject, action, number, generation)


def opened() -> events.JobOpened:
    return events.JobOpened(
        PlatformAddress("rehearsal", "http://127.0.0.1:1", "part"),
        Account("acc", "1001", "Lakeside"),
        "Lakeside",
    )


def planned_port(number: int, place: GatewayPlace = PLACE, name: str = "Elevator 1") -> events.PortPlanned:
    label = LabelId(f"PD-{number:09}")
    return events.PortPlanned(
        FxsPort(place, number), PortState.USE, label, draft(name), CredentialSource.GENERATED
    )


def preparation(ports: int = 4) -> list[Entry]:
    """What `prepare` writes for one gateway with a line on each port, the first port's credential too."""
    return [
        Entry(opened()),
        Entry(events.GatewayPlanned(PLACE, str(ports), LabelId("PD-222222222"))),
        *(Entry(planned_port(number)) for number in range(1, ports + 1)),
        Entry(events.CredentialMade(PORT, USERNAME, CredentialSource.GENERATED), Secret(PASSWORD)),
        Entry(events.GatewayBound(PLACE, MacAddress("005058123456"), "S1", "first")),
    ]


def intended(step: StepKey, line_id: str | None = None) -> events.StepIntended:
    return events.StepIntended(step, "POST", "/v2/line", "00" * 32, line_id, None)


def done(step: StepKey, line_id: str | None = "L1", device_id: str | None = "D1") -> events.StepDone:
    return events.StepDone(step, line_id, device_id, ())


def created(line_id: str = "L1") -> list[Entry]:
    """A create that went well."""
    step = key()
    return [
        Entry(intended(step), b'{"body": 1}'),
        Entry(events.StepSent(step, 1)),
        Entry(done(step, line_id)),
    ]


def rows_of(happened: Iterable[events.Event | events.Opaque], job_id: str = JOB) -> list[Row]:
    """Rows as a journal would read them back, without a journal; credentials count as sealed."""
    return [
        Row(
            seq,
            START + timedelta(minutes=seq),
            "Ada",
            job_id,
            "",
            event,
            b"sealed" if isinstance(event, events.CredentialMade) else None,
        )
        for seq, event in enumerate(happened, 1)
    ]


MODELS = {str(ports): model(ports) for ports in (4, 8)}


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(PunchdownError) as caught:
        call()
    assert caught.value.remedy
    return caught.value.code
