"""One rehearsal platform on its thread, the homes that work on it, and lives of the kit that get killed."""

import csv
import json
import os
import random
import shutil
import signal
import sqlite3
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import openpyxl

from installer.clock import system_clock
from installer.domain.mac import MacAddress
from installer.domain.numbers import TelephoneNumber
from installer.journal.vault import Vault
from installer.planning.record import JobRecord
from installer.provisioning.logbook import Logbook
from installer.rehearsal import seed
from installer.rehearsal.answers import Answer
from installer.rehearsal.desk import Attempt
from installer.rehearsal.faults import Kind
from installer.rehearsal.ledger import entry_from_json
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.storage import JsonObject
from installer.rehearsal.things import User
from installer.rehearsal.thread import PlatformThread
from installer.rehearsal.world import Rules
from tests.crash.lives import PATIENCE, Warm
from tests.crash.orders import End, Order, Source
from tests.provisioning.door import Asked
from tests.provisioning.kit import CHEAP, MACS, PASSPHRASE, Kit
from tests.provisioning.site import Site

ACCOUNT = seed.CLINIC
NUMBERS = tuple(TelephoneNumber(f"1971555{100 + index:04}") for index in range(58))
"""Of the account; nothing rings on them."""
FOREIGN_MAC = MACS[9]
COLUMNS = (
    "account",
    "mac",
    "model",
    "fxs_port",
    "line_name",
    "line_use",
    "caller_id",
    "e911_callback",
    "inbound_number",
)

Stage = Literal["lost", "answered"]
"""A write reached the platform and was lost there, or was carried out and its answer never left."""


@dataclass
class Ear:
    """What the platform heard from one home: writing calls, and those it heard before their intent."""

    asked: list[Asked] = field(default_factory=list)
    unannounced: list[Asked] = field(default_factory=list)


class Laptop(Kit):
    """A technician whose kit runs in processes of its own; here only its home is read, between lives."""

    def __init__(self, scene: "Scene", name: str, user: int, vault: Vault) -> None:
        self.platform = scene.platform
        self.name = name
        self.user = seed.USERS[user]
        self.home = scene.folder / name
        self.sheet = scene.folder / f"{name}.csv"
        self.vault = vault
        self.door = Ear()  # type: ignore[assignment] # what an auditor reads of a door
        self.chance = random.Random(user)
        self._clock = system_clock()

    @property
    def record(self) -> JobRecord:
        (record,) = self.records.all()
        return record

    @property
    def logbook(self) -> Logbook:
        return Logbook(self.records, self.record.job.id)

    @property
    def has_job(self) -> bool:
        """Whether a job is kept; the home is open."""
        return self.has_journal and bool(self.records.all())

    @property
    def has_journal(self) -> bool:
        """Whether the home came so far as to have a journal."""
        return (self.home / "journal.sqlite3").exists()

    def heard(self, asked: Asked) -> None:
        """The platform has read a writing call off the wire: its intent must be on disk, for any reader.

        This is the platform's thread, and may be late: the home may be open in the test's own.
        """
        self.door.asked.append(asked)
        with closing(_reader(self.home / "journal.sqlite3")) as seen:
            if not self._holds_intent(seen, asked.path, asked.body):
                self.door.unannounced.append(asked)

    def order(self, act: str, url: str, source: Source = "moment", kill_at: int = 0) -> Order:
        return Order(
            act,
            str(self.home),
            url,
            self.user.username,
            self.user.password,
            PASSPHRASE.reveal(),
            str(self.sheet),
            source,
            kill_at,
        )


class Scene(Site):
    """A platform with somebody else's line and number on it, and laptops that lose their lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.vault_file = folder / "vault.json"
        self.vault = Vault.create(self.vault_file, passphrase=PASSPHRASE, keyring=None, cost=CHEAP)
        self.platform = RehearsalPlatform(folder / "platform")
        self.kits: list[Kit] = []
        self._thread = PlatformThread(self.platform)
        self._warm = Warm()
        self._carry_out = self.platform.desk._carry_out
        self.platform.desk._carry_out = self._hear  # type: ignore[method-assign] # the boundary on the wire
        self._fatal: tuple[int, Stage] | None = None
        self._writes = 0
        self._victim: Future[int] = Future()
        self.begin()
        laptop = self.laptop(4)
        for act in ("apply", "export", "undo"):
            self._warm.get_warm(laptop.order(act, self.platform.url))

    def close(self) -> None:
        self._warm.close()
        self._thread.stop()

    @property
    def laptops(self) -> list[Laptop]:
        """The technicians at this site."""
        return [kit for kit in self.kits if isinstance(kit, Laptop)]

    def begin(self, *, unique: bool = True) -> None:
        """A fresh platform with no laptop; one foreign line on it, rung by one number."""
        self._thread.call(self.platform.desk.reset)
        self.platform.desk.world.rules = Rules(unique_usernames=unique, unique_ports=unique)
        self.kits.clear()
        line = self.foreign_line(FOREIGN_MAC, 1, account_id=ACCOUNT.id)
        self.route(NUMBERS[-1], line.id)

    def laptop(self, model: int, name: str = "ada", mac: MacAddress = MACS[0], first: int = 0) -> Laptop:
        """One more technician with an empty home, and a sheet for a full gateway of `model` ports."""
        made = Laptop(self, name, len(self.kits), self.vault)
        write_rows(made.sheet, model, mac, first)
        self._furnish(made.home)
        self.kits.append(made)
        return made

    def lose_home(self, laptop: Laptop, sheet: Path) -> None:
        """A fresh home for the technician, who has nothing but `sheet` to go on with."""
        self._furnish(laptop.home)
        laptop.sheet = sheet
        laptop.door.asked.clear()

    def _furnish(self, home: Path) -> None:
        """Make the home anew, with a vault that costs little to open."""
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        shutil.copy(self.vault_file, home / "vault.json")

    def live(self, laptop: Laptop, act: str, source: Source = "moment", kill_at: int = 0) -> End:
        """One life of the kit on `laptop`, killed at the `kill_at`-th boundary."""
        self._victim = Future()
        self._victim.set_result(self._warm.begin(laptop.order(act, self.platform.url, source, kill_at)))
        return self._warm.end()

    def live_until(self, laptop: Laptop, act: str, write: int, stage: Stage) -> End:
        """One life, killed as the platform has read its `write`-th writing call."""
        self._writes, self._fatal = 0, (write, stage)
        self._victim = Future()
        pid = self._warm.begin(laptop.order(act, self.platform.url))
        self._victim.set_result(pid)
        end = self._warm.end()
        self._fatal = None
        return end

    def keep(self, folder: Path) -> None:
        """Keep platform and homes as they are, for `restore`."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(self.platform.desk._storage.path, folder / "ledger.jsonl")
        for kit in self.kits:
            copy_home(kit.home, folder / kit.name)

    def restore(self, folder: Path) -> None:
        """Platform and homes as they were kept."""
        self._thread.call(lambda: self._replay((folder / "ledger.jsonl").read_text().splitlines()))
        for kit in self.kits:
            shutil.rmtree(kit.home)
            copy_home(folder / kit.name, kit.home)

    def _replay(self, lines: list[str]) -> None:
        desk = self.platform.desk
        desk.reset()
        for line in lines:
            record: JsonObject = json.loads(line)
            desk.world.replay(record["changes"])  # type: ignore[arg-type] # our own file
            desk.ledger.entries.append(entry_from_json(record["entry"]))  # type: ignore[arg-type] # the same
            desk._storage.append(record)

    def _hear(
        self,
        attempt: Attempt,
        fault: Kind | None = None,
        lag: tuple[float, int] | None = None,
        accepted_of: User | None = None,
    ) -> Answer:
        """As the platform carries a request out; a fatal one ends the life that sent it."""
        if not attempt.operation.write:
            return self._carry_out(attempt, fault, lag, accepted_of)
        user = accepted_of or self.platform.desk.sessions.use(attempt.token, self.platform.timeline.now())
        for laptop in self.laptops:
            if laptop.user.username == user.username:
                laptop.heard(Asked(attempt.operation.method, attempt.path, attempt.body))
        self._writes += 1
        stage = self._fatal[1] if self._fatal and self._fatal[0] == self._writes else None
        answer = Answer(503) if stage == "lost" else self._carry_out(attempt, fault, lag, accepted_of)
        if stage is not None:
            os.kill(self._victim.result(PATIENCE), signal.SIGKILL)
        return answer


def copy_home(source: Path, target: Path) -> None:
    """A home as it lies on disk. Its reserve, a random megabyte that nobody writes into, is linked."""
    target.mkdir()
    for path in sorted(source.rglob("*")):
        there = target / path.relative_to(source)
        if path.is_dir():
            there.mkdir()
        elif path.name == "journal.reserve":
            there.hardlink_to(path)
        else:
            shutil.copy2(path, there)


def write_rows(path: Path, model: int, mac: MacAddress, first: int = 0) -> None:
    """A line sheet for every port of one gateway; each line has a number of its own, which rings it."""
    numbers = [number.digits for number in NUMBERS[first : first + model]]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for port, number in enumerate(numbers, 1):
            writer.writerow(
                (ACCOUNT.id, mac, model, port, f"Elevator {port}", "elevator", number, number, number)
            )


def _reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)


def sheet_credentials(path: Path) -> dict[tuple[str, int], tuple[str, str]]:
    """Username and password of every FXS port in the sheet."""
    workbook = openpyxl.load_workbook(path)
    header, *rows = workbook.worksheets[0].iter_rows(values_only=True)
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    return {
        (str(row["mac"]).replace(":", ""), int(str(row["fxs_port"]))): (
            str(row["sip_username"]),
            str(row["sip_password"]),
        )
        for row in cells
    }
