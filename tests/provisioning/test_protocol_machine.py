"""Runs, kills, faults, a colleague and undo in any order: the invariants hold after every one of them.

PUNCHDOWN_TEST_MACHINE="2000x50" runs so many examples of so many steps, instead of what suits every push.
"""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from installer.errors import PlatformFailure
from installer.provisioning.visit import Happening
from installer.rehearsal.faults import Kind
from tests.memory import MEMORY
from tests.provisioning.auditor import Auditor
from tests.provisioning.kit import MACS, NUMBERS, Killed, Kit, Wanted, draft, port
from tests.provisioning.site import LOOSE, Site
from tests.provisioning.virtual import MEANWHILE, VirtualLoop

pytestmark = pytest.mark.timeout(0 if "PUNCHDOWN_TEST_MACHINE" in os.environ else 300)
_EXAMPLES, _STEPS = map(int, os.environ.get("PUNCHDOWN_TEST_MACHINE", "50x15").split("x"))
_PORTS = 2
_WANTED = Wanted(drafts=tuple(draft(index) for index in range(_PORTS)))
_RIVAL = Wanted(drafts=(draft(0, inbound_numbers=()),), mac=MACS[0])

CALLS = st.sampled_from(
    [
        ("POST", "*/specialty-line"),
        ("POST", "*/specialty-line"),
        ("GET", "*/specialty-line"),
        ("GET", "*/specialty-line/*"),
        ("PUT", "*/specialty-line/*"),
        ("DELETE", "*/specialty-line/*"),
        ("PATCH", "*/telephonenumber/*"),
        ("GET", "*/telephonenumber/*"),
        ("GET", "*/telephonenumber"),
        ("POST", "*/validate-sip-username"),
        ("POST", "/v2/authorize"),
        ("*", "*"),
    ]
)
FAULTS = st.sampled_from(
    [
        (Kind.DROP_BEFORE_COMMIT, {}),
        (Kind.DROP_AFTER_COMMIT, {}),
        (Kind.LATE_COMMIT, {"seconds": 4.0}),
        (Kind.LATE_COMMIT, {"seconds": 25.0, "status": 502}),
        (Kind.LIST_LAG, {"seconds": 20.0, "listings": 3}),
        (Kind.EXPIRE_TOKEN, {}),
        (Kind.SLOW, {"seconds": 45.0}),
        (Kind.STATUS, {"status": 500, "after_commit": True}),
        (Kind.STATUS, {"status": 429, "retry_after": "5"}),
        (Kind.STATUS, {"status": 409}),
        (Kind.STATUS, {"status": 400}),
        (Kind.STATUS, {"status": 403}),
        (Kind.BODY, {"body": "other-fields"}),
        (Kind.PORTAL, {}),
    ]
)
PORTS = st.integers(1, _PORTS)


class Protocol(RuleBasedStateMachine):
    """One technician's job on two ports; a colleague in the Admin Portal; a rival kit on their hardware."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.runner = asyncio.Runner(loop_factory=VirtualLoop)
        self.site: Site | None = None

    @initialize(unique=st.booleans(), chance=st.integers(0, 2**16))
    def begin(self, unique: bool, chance: int) -> None:
        loop = self.runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        self.site = Site(self.folder, loop, _WANTED, rules=None if unique else LOOSE, chance=chance)
        self.kit = self.site.kit
        self.rival: Kit | None = None
        self.auditor = Auditor(self.site)
        self.routed: dict[str, str] = {}
        self.undisturbed = True

    def run(self, kit: Kit, kill_at: int | None = None, *, undo: bool = False) -> None:
        """A run that may be refused, cut off or killed at the `kill_at`-th moment."""
        passed = 0

        def watcher(_: Happening) -> None:
            nonlocal passed
            passed += 1
            if passed == kill_at:
                kit.kill()

        kit.watcher = watcher

        async def act() -> None:
            await (kit.undo() if undo else kit.apply())

        try:
            self.runner.run(act())
        except PlatformFailure:
            pass
        except Killed:
            self.runner.run(asyncio.sleep(MEANWHILE))  # what is on its way arrives before a colleague acts
            kit.revive()
        kit.watcher = lambda _: None

    @rule(kill_at=st.none() | st.integers(1, 30))
    def apply(self, kill_at: int | None) -> None:
        self.run(self.kit, kill_at)

    @rule(kill_at=st.none() | st.integers(1, 12))
    def undo(self, kill_at: int | None) -> None:
        self.run(self.kit, kill_at, undo=True)

    @rule()
    def resume(self) -> None:
        """The fault is gone: one more run makes the job whole, if nobody else was at it."""
        assert self.site is not None
        self.site.heal()
        self.kit.reopen()
        self.run(self.kit)
        if self.undisturbed:
            assert self.auditor.finished(self.kit) == []

    @rule(call=CALLS, fault=FAULTS, first=st.integers(1, 4), count=st.integers(1, 3))
    def go_wrong(
        self, call: tuple[str, str], fault: tuple[Kind, dict[str, Any]], first: int, count: int
    ) -> None:
        assert self.site is not None
        kind, how = fault
        self.site.fault(kind, *call, first=first, count=count, **how)

    @rule(number=PORTS, name=st.sampled_from(["Elevator North", "Fire panel", "Pool"]))
    def change_the_sheet(self, number: int, name: str) -> None:
        self.kit.replan(port(number), name=name)

    @rule(number=PORTS)
    def swap_the_numbers(self, number: int) -> None:
        """The numbers of both ports ring this one; the other rings none."""
        for each in range(1, _PORTS + 1):
            self.kit.replan(port(each), inbound_numbers=NUMBERS[:_PORTS] if each == number else ())

    @rule(kill_at=st.none() | st.integers(1, 12))
    def the_rival_applies(self, kill_at: int | None) -> None:
        assert self.site is not None
        if self.rival is None:
            self.rival = self.site.another("Bob", _RIVAL)
        self.undisturbed = False
        self.run(self.rival, kill_at)

    @rule(number=PORTS, name=st.sampled_from(["Colleague's", "Elevator 1"]))
    def a_colleague_renames(self, number: int, name: str) -> None:
        assert self.site is not None
        held = self.kit.record.lines.get(port(number))
        if held is not None and held.line_id in self.auditor.standing():
            self.auditor.disturbed.add(held.line_id)
            self.site.edit(self.auditor.standing()[held.line_id], name=name)

    @precondition(lambda self: self.undisturbed)
    @rule(number=PORTS)
    def a_colleague_deletes(self, number: int) -> None:
        assert self.site is not None
        held = self.kit.record.lines.get(port(number))
        if held is not None and held.line_id in self.auditor.standing():
            self.undisturbed = False
            rung = self.site.delete(self.auditor.standing()[held.line_id])
            self.auditor.disturbed |= {held.line_id, *rung}
            for phone in rung:
                self.routed.pop(phone, None)

    @rule(index=st.integers(0, _PORTS - 1))
    def a_colleague_routes(self, index: int) -> None:
        assert self.site is not None
        self.undisturbed = False
        number = NUMBERS[index]
        line = self.site.foreign_line(
            MACS[9], 1 + len(self.routed) % 4, sip_username=f"foreign{len(self.auditor.disturbed):08}"
        )
        self.site.route(number, line.id)
        self.auditor.disturbed |= {number.digits, line.id}
        self.routed[number.digits] = line.id

    @precondition(lambda self: self.site is not None)
    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        assert self.site is not None
        assert self.auditor.breaches() == []
        for number, line_id in self.routed.items():
            assert self.site.platform.desk.world.numbers[number].get("referenceId") == line_id

    def teardown(self) -> None:
        if self.site is not None:
            self.site.close()
        self.runner.close()
        shutil.rmtree(self.folder)


TestProtocol = Protocol.TestCase
TestProtocol.settings = settings(
    max_examples=_EXAMPLES,
    stateful_step_count=_STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
