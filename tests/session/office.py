"""Technicians for tests: each has a home, sheets on disk and sessions on one rehearsal platform."""

import asyncio
import csv
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from installer.clock import Clock
from installer.domain.credential import Secret
from installer.domain.finding import Finding
from installer.domain.gateway import FxsPort, GatewayPlace
from installer.domain.line import Account
from installer.errors import PunchdownError, SheetFaults
from installer.journal.vault import Vault
from installer.planning.record import JobRecord
from installer.profiles import Profiles
from installer.provisioning.visit import Happening
from installer.rehearsal import seed
from installer.rehearsal.bindings import Binding
from installer.rehearsal.faults import Kind, Rule
from installer.rehearsal.ledger import Entry
from installer.rehearsal.things import Line
from installer.rehearsal.thread import PlatformThread
from installer.session import Answers, Session, Settings
from installer.session.drafting import Draft, Drafting, editing, filling
from installer.session.run import JobRun
from installer.sheets import read_sheet
from installer.sheets.port_row import PortRow

PASSPHRASE = Secret("correct horse battery staple")
PROFILES = Profiles.load()
CHEAP = 2**10
YES = Answers(yes=True)
TOWER = seed.TOWER.number
CLINIC = seed.CLINIC.number
ACCOUNT = Account(seed.TOWER.id, seed.TOWER.number, seed.TOWER.name)
MACS = tuple(f"00:50:58:12:34:0{index}" for index in range(8))

T = TypeVar("T")
Cells = dict[str, str]


def number(index: int) -> str:
    """An active number of the tower, with an address of its own: the tenth of each ten has none."""
    return f"1503555{100 + index + index // 9:04}"


def clinic_number(index: int) -> str:
    return f"1971555{100 + index:04}"


def row(port: int, **cells: str) -> Cells:
    """A line in use on GW-1, rung by a number of its own."""
    own = number(port - 1)
    return {
        "account": TOWER,
        "site": "Tower",
        "gateway": "GW-1",
        "mac": MACS[0],
        "model": "4",
        "fxs_port": str(port),
        "line_name": f"Elevator {port}",
        "line_use": "elevator",
        "caller_id": own,
        "e911_callback": own,
        "inbound_number": own,
        **cells,
    }


def rows(count: int = 4, **cells: str) -> list[Cells]:
    return [row(port, **cells) for port in range(1, count + 1)]


def fxs(port: int, place: str = "GW-1") -> FxsPort:
    return FxsPort(GatewayPlace(place), port)


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def faults_of(fault: SheetFaults) -> list[Finding]:
    return [each for each in fault.findings if isinstance(each, Finding)]


class Hours:
    """A clock that a test moves, and that sleeping moves too."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self.clock = Clock(now=self._now, monotonic=lambda: self._ahead, sleep=self._sleep)

    def pass_by(self, hours: float) -> None:
        self._ahead += hours * 3600

    def _now(self) -> datetime:
        return datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(seconds=self._ahead)

    async def _sleep(self, seconds: float) -> None:
        self._ahead += seconds
        await asyncio.sleep(0)


class Killed(BaseException):
    """The end of a run at a moment of the test's choosing."""


@dataclass
class Town:
    """The platform that every technician of a test works on."""

    thread: PlatformThread

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.thread.call(self.thread.platform.lines)

    def writes(self, operation: str | None = None) -> list[Entry]:
        """Every write that was carried out."""
        return self.thread.call(lambda: self.thread.platform.ledger.committed(operation))

    @property
    def requests(self) -> list[Entry]:
        """Every write request that came."""
        return self.thread.call(lambda: list(self.thread.platform.ledger.entries))

    def line(self, name: str) -> Line:
        (found,) = (line for line in self.lines if line.name == name)
        return found

    def at(self, port: int, mac: str = MACS[0]) -> Line:
        slot = mac.replace(":", ""), port
        (found,) = (line for line in self.lines if line.device_port == slot)
        return found

    def rings(self, digits: str) -> str | None:
        held = self.thread.call(lambda: self.thread.platform.desk.world.numbers[digits])
        return None if held.get("referenceId") is None else str(held["referenceId"])

    def fault(self, kind: Kind, method: str = "*", path: str = "*", **how: object) -> None:
        rule = Rule(kind, method, path, **how)  # type: ignore[arg-type]
        faults = self.thread.platform.faults
        self.thread.call(lambda: faults.load((*faults.rules, rule)))

    def heal(self) -> None:
        self.thread.call(lambda: self.thread.platform.faults.load(()))

    def register(self, line: Line) -> None:
        platform = self.thread.platform
        held = Binding(
            "sip:x@127.0.0.1", ("127.0.0.1", 5060), platform.timeline.now() + 1e6, "call", 1, "Vega"
        )
        self.thread.call(lambda: platform.registrar._bindings.bind(line.sip_username, held))

    def change(self, work: Callable[[], T]) -> T:
        """Something done behind the kit's back."""
        return self.thread.call(work)

    def delete(self, line: Line) -> None:
        world = self.thread.platform.desk.world

        def gone() -> None:
            for digits in world.linked(line.id):
                world.replace_number({**world.numbers[digits], "referenceType": None, "referenceId": None})
            world.delete_line(line, (0.0, 0), 0.0)

        self.thread.call(gone)


@dataclass
class Technician:
    """One laptop: a home whose vault is cheap to open, and somebody's login."""

    town: Town
    folder: Path
    name: str = "ada"
    user: int = 0
    hours: Hours = field(default_factory=Hours)
    kills: Callable[[Happening], bool] = lambda _: False

    def __post_init__(self) -> None:
        self.home = self.folder / self.name
        if not (self.home / "vault.json").exists():
            Vault.create(self.home / "vault.json", passphrase=PASSPHRASE, keyring=None, cost=CHEAP)

    def settings(self, **changes: object) -> Settings:
        login = seed.USERS[self.user]
        known: dict[str, object] = {
            "home": self.home,
            "base_url": self.town.thread.platform.url,
            "username": login.username,
            "password": Secret(login.password),
            "passphrase": PASSPHRASE,
            "operator": self.name,
            **changes,
        }
        return Settings(**known)  # type: ignore[arg-type]

    def session(self, **changes: object) -> Session:
        return Session(self.settings(**changes), clock=self.hours.clock, watcher=self._watch)

    def _watch(self, happening: Happening) -> None:
        if self.kills(happening):
            raise Killed

    def sheet(self, cells: Sequence[Cells], name: str = "in.csv") -> Path:
        """A sheet on disk with the columns that any of its rows has."""
        return line_sheet(self.folder / name, cells)

    async def apply(
        self, source: Sequence[Cells] | Path | str | None, answers: Answers = YES, only: str | None = None
    ) -> list[JobRun]:
        async with self.session() as session:
            given = self.sheet(source) if isinstance(source, list) else source
            assert not isinstance(given, Sequence) or isinstance(given, str)
            await session.visits.apply(given, answers, GatewayPlace(only) if only else None)
            return session.visits.runs

    async def prepare(self, source: Sequence[Cells] | Path, answers: Answers = YES) -> list[JobRun]:
        async with self.session() as session:
            given = source if isinstance(source, Path) else self.sheet(source)
            await session.visits.prepare(given, answers)
            return session.visits.runs

    async def record(self, text: str | None = None) -> JobRecord:
        from installer.session.jobs import find_job

        async with self.session() as session:
            return find_job(session.rooms.records, text)

    async def rows(self) -> dict[str, int]:
        """How many rows of each kind the journal holds."""
        async with self.session() as session:
            found: dict[str, int] = {}
            for each in session.rooms.records._journal.rows():
                kind = type(each.event).__name__
                found[kind] = found.get(kind, 0) + 1
            return found

    def exported(self, run: JobRun) -> Path:
        """The credential sheet that the run left."""
        (path,) = (each.path for each in run.artifacts if each.kind == "credential-sheet")
        return path


def untroubled(failure: PunchdownError) -> None:
    """A look that fails ends the test."""
    raise failure


async def look_once(session: Session, job: str) -> None:
    """One look at every line of the job."""
    looks = iter((True, False))

    async def once(_: float) -> None:
        if not next(looks):
            raise asyncio.CancelledError

    with suppress(asyncio.CancelledError):
        await session.looking.on(job, lambda _: None, untroubled, once)


def line_sheet(path: Path, cells: Sequence[Cells]) -> Path:
    """A sheet on disk with the columns that any of its rows has."""
    columns = list(dict.fromkeys(column for each in cells for column in each))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(cells)
    return path


def written(drafting: Drafting, count: int = 2, model: str = "4") -> Draft:
    """A visit of the tower as somebody writes it: one gateway, lines in series."""
    draft = editing.add_gateway(drafting.begin(ACCOUNT, "Tower"), drafting.models[model])
    draft = filling.fill(draft, range(count), "line_name", "Elevator 1")
    draft = filling.fill(draft, range(count), "line_use", "elevator")
    for column in ("caller_id", "e911_callback", "inbound_number"):
        draft = filling.fill(draft, range(count), column, number(0))
    return draft


def read_back(path: Path) -> dict[FxsPort, PortRow]:
    """The rows of an exported sheet."""
    reading = read_sheet(path, PROFILES)
    assert not reading.faults
    return {
        FxsPort(gateway.place, each.fxs_port): each
        for job in reading.sound
        for gateway in job.gateways
        for each in gateway.ports
    }
