"""A whole site for tests: a rehearsal platform and the kits that work on it, under virtual time."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from installer.domain.credential import CredentialSource, Secret, SipUsername
from installer.domain.mac import MacAddress
from installer.domain.numbers import TelephoneNumber
from installer.journal import events
from installer.journal.store import Entry as Row
from installer.rehearsal import seed
from installer.rehearsal.bindings import Binding
from installer.rehearsal.faults import Kind, Rule
from installer.rehearsal.ledger import Entry
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.storage import JsonObject
from installer.rehearsal.things import Line
from installer.rehearsal.world import Rules
from tests.provisioning.kit import JOB, NUMBERS, Kit, Wanted, port
from tests.provisioning.virtual import VirtualLoop, VirtualTime

LOOSE = Rules(unique_usernames=False, unique_ports=False)
SOMEBODY = "somebody-else-0001"


class Site:
    """`kit` has the job of the `wanted` gateways; further technicians come by `another`."""

    def __init__(
        self,
        folder: Path,
        loop: VirtualLoop,
        *wanted: Wanted,
        rules: Rules | None = None,
        latency: float = 0.08,
        chance: int = 0,
    ) -> None:
        self.folder = folder
        self.served = False
        self.loop = loop
        self.chance = chance
        self.clock = VirtualTime(loop).clock
        self.platform = RehearsalPlatform(
            folder / "platform",
            clock=self.clock,
            rules=rules or Rules(),
            latency=latency,
            chance=random.Random(chance),
        )
        self._keep_few_numbers()
        self.kits: list[Kit] = []
        self.kit = self.another("Ada", *wanted)

    def another(self, name: str, *wanted: Wanted) -> Kit:
        """One more technician, in a home of their own, signed in as somebody else."""
        chance = random.Random(f"{self.chance}{name}")
        kit = Kit(self.platform, self.folder, self.clock, name, len(self.kits), chance)
        kit.open_job(*(wanted or (Wanted(),)))
        self.kits.append(kit)
        return kit

    def _keep_few_numbers(self) -> None:
        """Reading 150 numbers at each look is most of what a small run would take."""
        held = self.platform.desk.world._numbers_of[seed.TOWER.id]
        for phone in [phone for index, phone in enumerate(held) if 30 <= index < 140]:
            del held[phone]

    def close(self) -> None:
        for kit in self.kits:
            kit.close()
        if not self.served:
            self.platform.desk.close()

    @asynccontextmanager
    async def over_sockets(self) -> AsyncIterator[None]:
        """The platform answers on loopback, and the kits call it there; the site cannot be used after."""
        self.served = True
        self.loop.wait_for_traffic(0.005)
        for kit in self.kits:
            kit.in_process = False
        async with self.platform:
            yield

    def fault(self, kind: Kind, method: str = "*", path: str = "*", **how: object) -> None:
        """One more rule for the fault script; those there count anew."""
        rule = Rule(kind, method, path, **how)  # type: ignore[arg-type]
        self.platform.faults.load((*self.platform.faults.rules, rule))

    def heal(self) -> None:
        """The fault is gone; what was to be committed late is."""
        self.platform.faults.load(())
        self.platform.advance(3600)

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.platform.lines()

    def line_at(self, mac: MacAddress, number: int) -> Line:
        """The one line on that hardware port."""
        (found,) = (line for line in self.lines if line.device_port == (mac.bare, number))
        return found

    def line_of(self, kit: Kit, number: int) -> Line:
        """The one line of that port of GW-1."""
        mac = kit.record.job.gateways[0].mac
        assert mac is not None
        return self.line_at(mac, number)

    @property
    def writes(self) -> Sequence[Entry]:
        """Every write request that the platform received."""
        return self.platform.ledger.entries

    def commits(self, operation: str | None = None) -> list[Entry]:
        return self.platform.ledger.committed(operation)

    def rings(self, number: TelephoneNumber) -> str | None:
        """The line that the number rings."""
        held = self.platform.desk.world.numbers[number.digits]
        return None if held.get("referenceId") is None else str(held["referenceId"])

    def stands(self) -> tuple[dict[str, Line], dict[str, tuple[object, object]]]:
        """Lines and references, for holding two moments against each other."""
        numbers = {
            phone: (held.get("referenceType"), held.get("referenceId"))
            for phone, held in self.platform.desk.world.numbers.items()
        }
        return {line.id: line for line in self.lines}, numbers

    def foreign_line(self, mac: MacAddress | None, number: int, **changes: object) -> Line:
        """A line that somebody else made."""
        desk = self.platform.desk
        made = Line(
            id=desk.world.new_uuid(),
            account_id=seed.TOWER.id,
            partition_id=seed.PARTITION,
            name="Somebody's line",
            caller_id=NUMBERS[29].digits,
            e911_callback_number=NUMBERS[29].digits,
            calling_plan_ids=(seed.PLANS[0].id,),
            device_type=None if mac is None else "SIP_4_Port_MTA",
            device_id=None if mac is None else desk.world.new_uuid(),
            mac_address=None if mac is None else mac.bare,
            port_number=None if mac is None else number,
            sip_username=SOMEBODY,
            sip_password="not-ours-not-ours",
            created_at=desk.timeline.now(),
        )
        made = replace(made, **changes)  # type: ignore[arg-type]
        desk.world.create_line(made, (0.0, 0), desk.timeline.now())
        return made

    def edit(self, line: Line, **changes: object) -> Line:
        """A colleague changes the line in the Admin Portal."""
        changed = replace(self.platform.desk.world.lines[line.id], **changes)  # type: ignore[arg-type]
        self.platform.desk.world.replace_line(changed)
        return changed

    def delete(self, line: Line) -> tuple[str, ...]:
        """A colleague takes the line off, and first the numbers that ring it, which are given back."""
        rung = self.platform.desk.world.linked(line.id)
        for number in rung:
            self.route(TelephoneNumber(number), None)
        self.platform.desk.world.delete_line(line, (0.0, 0), self.platform.desk.timeline.now())
        return rung

    def route(self, number: TelephoneNumber, line_id: str | None) -> None:
        """A colleague lets the number ring that line, or nothing."""
        world = self.platform.desk.world
        rest: JsonObject = {
            key: value
            for key, value in world.numbers[number.digits].items()
            if key not in {"referenceType", "referenceId"}
        }
        ring: JsonObject = {"referenceType": "SPECIALTY_LINE", "referenceId": line_id} if line_id else {}
        world.replace_number({**rest, **ring})

    def register(self, line: Line, *, registered: bool = True) -> None:
        """The gateway registers the line, or lets it go."""
        bindings = self.platform.registrar._bindings
        until = self.platform.timeline.now() + 1e6
        held = Binding("sip:x@127.0.0.1", ("127.0.0.1", 5060), until, "call", 1, "Vega")
        if registered:
            bindings.bind(line.sip_username, held)
        else:
            bindings.end(line.sip_username, held.contact)


def username(site: Site) -> str:
    made = site.kit.record.credentials[port(1)].username
    assert made is not None
    return made.text


def take_username(site: Site) -> str:
    """Somebody on another account has the port's username; which it was."""
    taken = username(site)
    site.foreign_line(None, 0, sip_username=taken, account_id="CedarRidgeMedical00001")
    return taken


def own(site: Site) -> None:
    """A credential that the sheet gave."""
    made = events.CredentialMade(port(1), SipUsername("ownname0001"), CredentialSource.OWN)
    site.kit.records.append(JOB, Row(made, Secret("own-password-0001")))
