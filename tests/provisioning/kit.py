"""One technician for tests: a home with vault and journal, a login, and runs on a job."""

import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from installer.alianza.auth import SignIn
from installer.alianza.client import Alianza
from installer.alianza.transport import Wire
from installer.clock import Clock
from installer.domain.credential import CredentialSource, Secret
from installer.domain.finding import Finding
from installer.domain.gateway import FxsPort, GatewayPlace
from installer.domain.job import PlatformAddress, PortState
from installer.domain.label import mint_label_id
from installer.domain.line import Account, LineDraft
from installer.domain.mac import MacAddress
from installer.domain.numbers import TelephoneNumber
from installer.journal import events
from installer.journal.store import Entry, Journal
from installer.journal.vault import Vault
from installer.planning.outcome import Outcome, OutcomeKind
from installer.planning.record import JobRecord
from installer.planning.steps import Action, Plan
from installer.profiles import Profiles
from installer.provisioning.apply import apply
from installer.provisioning.logbook import Logbook, Records
from installer.provisioning.prepare import mint_credentials
from installer.provisioning.undo import undo
from installer.provisioning.visit import Happening, Moment, Visit
from installer.rehearsal import seed
from installer.rehearsal.platform import RehearsalPlatform
from tests.provisioning.door import Door

JOB = "job-1"
PROFILES = Profiles.load()
PASSPHRASE = Secret("correct horse battery staple")
CHEAP = 2**10
TOWER = Account(seed.TOWER.id, seed.TOWER.number, seed.TOWER.name)
NUMBERS = tuple(TelephoneNumber(f"1503555{100 + index:04}") for index in range(100))
MACS = tuple(MacAddress(f"00505812340{index}") for index in range(10))
CREATE, LINE, NUMBER = "*/specialty-line", "*/specialty-line/*", "*/telephonenumber/*"
"""The platform's paths, for fault rules."""


def port(number: int, place: str = "GW-1") -> FxsPort:
    return FxsPort(GatewayPlace(place), number)


def draft(index: int, **changes: object) -> LineDraft:
    """The line of the job's `index`-th port in use, from 0, rung by a number of its own."""
    number = NUMBERS[index]
    made = LineDraft(f"Elevator {index + 1}", "elevator", number, number, (), (number,))
    return replace(made, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Wanted:
    """One gateway of the job: its model, the lines on its first ports, its hardware and credentials."""

    model: str = "4"
    drafts: tuple[LineDraft, ...] = tuple(draft(index) for index in range(4))
    mac: MacAddress | None = MACS[0]
    place: str = "GW-1"
    source: CredentialSource = CredentialSource.GENERATED


ONE = Wanted(drafts=(draft(0),))


class Killed(BaseException):
    """The end of a run as `kill -9` would bring it: nothing after it reaches the journal that is kept."""


def at(moment: Moment, action: Action | None = None) -> Callable[[Happening], bool]:
    """Whether it is that moment, of a step of that action where one is named."""
    return lambda each: each.moment is moment and (action is None or (each.key and each.key.action) is action)


async def agreed(_plan: Plan) -> None:
    """Says yes to any plan."""


class Kit:
    """One technician: a home with vault and journal, a login, and runs on the one job."""

    def __init__(
        self,
        platform: RehearsalPlatform,
        folder: Path,
        clock: Clock,
        name: str,
        user: int,
        chance: random.Random,
    ) -> None:
        self.platform = platform
        self.name = name
        self.user = seed.USERS[user]
        self._folder = folder
        self._clock = clock
        self.watcher: Callable[[Happening], None] = lambda _: None
        self.quiet_window = 30.0
        self.deadline = 30.0
        self.in_process = True
        self.chance = chance
        self.home = folder / name
        self._lives = 0
        self._dying = False
        self.open()
        self.door = Door(platform.app, self.has_durable_intent)

    def open(self) -> None:
        path = self.home / "vault.json"
        if path.exists():
            self.vault = Vault.open(path, passphrase=PASSPHRASE, keyring=None)
        else:
            self.vault = Vault.create(path, passphrase=PASSPHRASE, keyring=None, cost=CHEAP)
        self.journal = Journal.open(
            self.home / "journal.sqlite3",
            self.vault,
            clock=self._clock,
            operator=self.name,
            locks=self.home / "locks",
        )
        self.records = Records(self.journal, self.vault, PROFILES.gateways)
        self._seen = sqlite3.connect(f"{(self.home / 'journal.sqlite3').as_uri()}?mode=ro", uri=True)

    def close(self) -> None:
        self._seen.close()
        self.journal.close()

    def reopen(self) -> None:
        """As after the end of the program."""
        self.close()
        self.open()

    def kill(self) -> None:
        """Keep the home as it is on disk at this moment for the next life, and end this one."""
        if self._dying:
            raise Killed
        self._dying = self.door.shut = True
        self._lives += 1
        self._next = self._folder / f"{self.name}-{self._lives}"
        (self._next / "locks").mkdir(parents=True)
        for name in ("vault.json", "journal.sqlite3"):
            (self._next / name).write_bytes((self.home / name).read_bytes())
        (self._next / "journal.reserve").hardlink_to(self.home / "journal.reserve")
        raise Killed

    async def killed(self, act: Callable[[], Awaitable[object]], when: Callable[[Happening], bool]) -> None:
        """Begin `act`, end at the first moment that is `when`, and go on in the next life."""

        def watcher(happening: Happening) -> None:
            if when(happening):
                self.kill()

        self.watcher = watcher
        with pytest.raises(Killed):
            await act()
        self.revive()
        self.watcher = lambda _: None

    def revive(self) -> None:
        """Go on in the home as the kill left it."""
        self._dying = self.door.shut = False
        self.close()
        self.home = self._next
        self.open()

    def has_durable_intent(self, path: str, body: bytes) -> bool:
        """Whether another reader of the journal's file sees the intent of that call, with that body."""
        return self._holds_intent(self._seen, path, body)

    def _holds_intent(self, seen: sqlite3.Connection, path: str, body: bytes) -> bool:
        found = seen.execute(
            "SELECT 1 FROM event WHERE kind IN ('step-intended', 'undo-intended')"
            " AND instr(body, ?) AND instr(body, ?)",
            (self.vault.mac(body), path),
        ).fetchone()
        return found is not None

    @property
    def record(self) -> JobRecord:
        return self.records.record(JOB)

    @property
    def logbook(self) -> Logbook:
        return Logbook(self.records, JOB)

    def note(self, *happened: events.Event) -> None:
        self.logbook.note(*(Entry(event) for event in happened))

    def open_job(self, *gateways: Wanted) -> None:
        """What `prepare` and `bind` write, and the credentials."""
        below = self.chance.randrange
        opened = events.JobOpened(
            PlatformAddress("rehearsal", self._url, seed.PARTITION), TOWER, "Harbor Point"
        )
        entries: list[Entry] = [Entry(opened)]
        for wanted in gateways:
            place = GatewayPlace(wanted.place)
            model = PROFILES.gateways[wanted.model]
            entries.append(Entry(events.GatewayPlanned(place, model.id, mint_label_id(below))))
            if wanted.mac is not None:
                entries.append(Entry(events.GatewayBound(place, wanted.mac, "", "scan")))
            for number in range(1, model.fxs_ports + 1):
                line = wanted.drafts[number - 1] if number <= len(wanted.drafts) else None
                state = PortState.USE if line else PortState.SPARE
                entries.append(
                    Entry(
                        events.PortPlanned(
                            FxsPort(place, number), state, mint_label_id(below), line, wanted.source
                        )
                    )
                )
        self.records.append(JOB, *entries)
        mint_credentials(
            self._visit(Alianza(self._wire(), self._sign_in(), clock=self._clock, random=self.chance.random))
        )

    def replan(self, changed: FxsPort, **changes: object) -> None:
        """The sheet says something else for that port."""
        plan = self.record.job.port(changed)
        assert plan.draft is not None
        wanted = replace(plan.draft, **changes)  # type: ignore[arg-type]
        self.note(events.PortPlanned(changed, plan.state, plan.label_id, wanted, plan.source))

    @asynccontextmanager
    async def visit(self) -> AsyncIterator[Visit]:
        """A run on the job, signed in."""
        async with Alianza(
            self._wire(), self._sign_in(), clock=self._clock, random=self.chance.random
        ) as platform:
            await platform.sign_in()
            yield self._visit(platform)

    async def apply(self, only: str | None = None) -> tuple[Visit, tuple[Finding, ...]]:
        async with self.visit() as visit:
            return visit, await apply(visit, agreed, GatewayPlace(only) if only else None)

    async def undo(self, *confirmed: str, ports: Iterable[FxsPort] | None = None) -> Visit:
        wanted = None if ports is None else frozenset(ports)
        async with self.visit() as visit:
            await undo(visit, frozenset(confirmed), lambda each: wanted is None or each in wanted)
            return visit

    def _visit(self, platform: Alianza) -> Visit:
        return Visit(
            platform,
            self.logbook,
            PROFILES.uses,
            self._clock,
            self.chance.randrange,
            self.quiet_window,
            self._watch,
        )

    def _watch(self, happening: Happening) -> None:
        self.watcher(happening)

    def _wire(self) -> Wire:
        return Wire(
            self._url, ca_file=None, deadline=self.deadline, asgi_app=self.door if self.in_process else None
        )

    def _sign_in(self) -> SignIn:
        return SignIn(self.user.username, Secret(self.user.password))

    @property
    def _url(self) -> str:
        return "http://127.0.0.1:1" if self.in_process else self.platform.url


def of(visit: Visit, action: Action) -> list[Outcome]:
    return [outcome for outcome in visit.outcomes if outcome.action is action]


def kinds(visit: Visit) -> Counter[OutcomeKind]:
    return Counter(outcome.kind for outcome in visit.outcomes)
