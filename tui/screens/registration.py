"""Step 10: which ports register, since when, and how old that is."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from installer.domain.gateway import FxsPort
from installer.domain.job import PortPlan
from installer.errors import PlatformFailure
from installer.planning.record import JobRecord
from installer.text import safe
from tui.commands import Command
from tui.scan import Scan
from tui.screens.registration_words import about, row, summed_up, word_of
from tui.screens.step import Step
from tui.widgets.faceplate import Faceplate
from tui.widgets.grid import Column, Grid
from tui.widgets.plain import Plain
from tui.words import Tone, Word

if TYPE_CHECKING:
    from installer.session.looking import Sighting

_WATCH = "watch"


class Registrations(Step):
    """A live table; it can be held still, and says how old it is."""

    NAME = "Registration"
    HELP = (
        "A line registers once the partner has loaded the sheet into the gateway. A port is never "
        "called dead before it was expected: not expected yet, never, lost and registered are told "
        "apart. What registered before the gateway was bound is the box before, and does not count. F3 "
        "holds the table still, F5 looks at once. A label that is scanned leads to its port."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("hold", "f3", "pause", "hold the table still, or let it go on", in_bar=True),
        Command("look", "f5", "look now", "ask the platform at once", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """How many of how many, port by port, and the box as it is."""
        yield Plain("", id="summary", classes="title")
        yield Plain("", id="network")
        with Container(id="live"):
            yield Grid(
                Column("port", 12), Column("line", 0), Column("state", 22), Column("since", 11, least=66),
                Column("flaps", 5, least=76), id="ports",
            )  # fmt: skip
            yield Faceplate(id="faceplate")
        yield Plain("", id="about", classes="hint")

    def on_mount(self) -> None:
        """Look at once, then again and again."""
        self._open = asyncio.Event()
        self._open.set()
        self._now = asyncio.Event()
        self._held = False
        self._looked: datetime | None = None
        self._silent: frozenset[FxsPort] = frozenset()
        self._failure: tuple[datetime, str] | None = None
        self.every(1.0, self._age)
        if self.app.user or self.app.session.rooms.is_rehearsal:
            self._watch()

    def on_unmount(self) -> None:
        """Nobody looks: nobody asks. Opened anew from itself, the new one asks by now."""
        if not isinstance(self.app.step, Registrations):
            self.app.stop(_WATCH)

    def on_screen_suspend(self) -> None:
        """Nobody looks while something lies over it."""
        self._open.clear()

    def on_screen_resume(self) -> None:
        """Somebody looks again."""
        if not self._held:
            self._open.set()

    def renew(self) -> None:
        """What is known."""
        record = self.app.record
        if record is None:
            self._age()
            return
        grid = self.query_one(Grid)
        grid.show([row(record, plan, self._word(record, plan)) for plan in record.job.ports])
        if (named := self.app.looked_for) is not None:
            self.app.looked_for = None
            grid.find(str(named.port or f"{named.gateway}:1"))
        self._age()
        self._tell()

    def scanned(self, scan: Scan) -> bool:
        """A label, MAC or number of this visit leads to its port."""
        for named in self.app.session.kept.named(scan.text):
            if named.job_id == self.app.job_id:
                key = str(named.port or FxsPort(named.gateway, 1))
                self.query_one(Grid).find(key)
                self.app.say(f"{key}: {named.about}", Tone.GOOD)
                return True
        return False

    def action_hold(self) -> None:
        """Hold still, or go on."""
        self._held = not self._held
        if self._held:
            self._open.clear()
        else:
            self._open.set()
            if not self.app.works(_WATCH):
                self._watch()
        self._age()

    def action_look(self) -> None:
        """Ask now: what is looking already looks once more, and need not begin anew."""
        self._held = False
        self._open.set()
        if self.app.works(_WATCH):
            self._now.set()
            self._say_when()
        else:
            self._watch()

    def _say_when(self) -> None:
        from installer.session.looking import LEAST_PAUSE  # noqa: PLC0415 - loaded by what looks

        now = self.app.session.rooms.clock.now()
        if self._looked is not None and (left := LEAST_PAUSE - (now - self._looked).total_seconds()) > 0:
            self.app.say(f"looks again in {left:.0f} s: not more than once in {LEAST_PAUSE:.0f} s")

    @on(Grid.Moved, "#ports")
    def moved(self) -> None:
        """The port in full, and its gateway."""
        self._tell()

    def _watch(self) -> None:
        record = self.app.record
        if record is not None and record.lines:
            looking = self.app.session.looking.on(record.job.id, self._seen, self._failed, self._turn)
            self.app.start(_WATCH, looking, sealed=True)

    async def _turn(self, seconds: float) -> None:
        """The next look: in so many seconds or when it is asked for, and only while somebody looks."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._now.wait()
        self._now.clear()
        await self._open.wait()

    def _seen(self, sightings: tuple[Sighting, ...]) -> None:
        """A look came back."""
        self._looked = self.app.session.rooms.clock.now()
        self._silent = frozenset(each.port for each in sightings if each.registered is None)
        self._failure = None
        self._drawn()

    def _failed(self, failure: PlatformFailure) -> None:
        """A look came to nothing: the table stays, with its age."""
        since = self._failure[0] if self._failure else self.app.session.rooms.clock.now()
        self._failure = since, failure.message
        self._drawn()

    def _drawn(self) -> None:
        if self.is_mounted and self._open.is_set():
            self.frame_anew()  # somebody may have signed in for the look
            self.renew()

    def _word(self, record: JobRecord, plan: PortPlan) -> Word:
        return word_of(record, plan, silent=plan.port in self._silent)

    def _age(self) -> None:
        record, summary = self.app.record, self.query_one("#summary", Plain)
        if record is None:
            summary.update(self.app.no_record)
            return
        now = self.app.session.rooms.clock.now()
        looking = self.app.works(_WATCH)
        looked = self._looked or record.looked_at
        summary.say(*summed_up(record, self._silent, looked, now, held=self._held, looking=looking))
        network = self.query_one("#network", Plain)
        network.display = self._failure is not None
        if self._failure is not None:
            since, why = self._failure
            gone = int((now - since).total_seconds())
            network.say(f"▲ no answer for {gone} s, still trying: {safe(why, 120)}", Tone.WARN)

    def _tell(self) -> None:
        record, key = self.app.record, self.query_one(Grid).key
        if record is None or key is None:
            return
        port = record.job.ports[self.query_one(Grid).cursor[0]].port
        gateway = record.job.gateway(port.gateway)
        words = {
            plan.port.number: word_of(record, plan, silent=plan.port in self._silent)
            for plan in record.job.ports
            if plan.port.gateway == port.gateway
        }
        title = f"{gateway.place} · {gateway.model.name} · {gateway.mac or 'not bound'}"
        self.query_one(Faceplate).show(title, gateway.model.jacks, words, port.number)
        self.query_one("#about", Plain).update(about(record, port))
