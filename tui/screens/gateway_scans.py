"""Hardware that is scanned or typed onto a place, one after the other: the one before is kept first."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from installer.domain.gateway import GatewayPlace
from installer.domain.mac import MacAddress
from installer.errors import PunchdownError
from installer.session.drafting import DraftGateway, editing
from installer.text import safe
from tui.scan import Scan
from tui.screens.dialog import Prompt
from tui.screens.step import Step
from tui.widgets.grid import Grid
from tui.words import Tone, counted


@dataclass(frozen=True, slots=True)
class Taken:
    """What came, and how: a MAC, or as text a serial number; `place` None is where the cursor stands then."""

    code: MacAddress | str
    how: str
    place: str | None = None


class GatewayScans(Step):
    """A MAC is bound to the place under the cursor, or found where it stands; then comes its serial number.

    What comes at once waits. Where one of it is not kept, nobody knows any more which place the next ones are
    meant for: they are not looked at.
    """

    def on_mount(self) -> None:
        """Nothing waits."""
        self._waiting: deque[Taken] = deque()
        self._is_busy = False
        self._awaits_serial: tuple[str, MacAddress] | None = None

    @property
    def here(self) -> DraftGateway | None:
        """The place under the cursor."""
        place = self.query_one(Grid).key
        return self.app.draft.gateway(place) if self.app.draft is not None and place is not None else None

    def stands(self, place: str) -> bool:
        """Whether the visit was kept with that place."""
        record = self.app.record
        return record is not None and GatewayPlace(place) in record.job.by_place

    def bound(self, mac: MacAddress) -> None:
        """That hardware was bound just now."""
        raise NotImplementedError

    def scanned(self, scan: Scan) -> bool:
        """A MAC; what comes behind one, and is nothing of this home, is its serial number."""
        if self.app.draft is None:
            return False
        if scan.mac is not None:
            self.take(Taken(scan.mac, "scanned"))
            return True
        awaited = self._is_busy or self._awaits_serial is not None
        if not awaited or scan.is_strong or self.app.session.kept.named(scan.text):
            self._awaits_serial = None
            return False
        self.take(Taken(scan.text, "scanned"))
        return True

    def take(self, taken: Taken) -> None:
        """Look at it once those before it are kept."""
        self._waiting.append(taken)
        if not self._is_busy:
            self._is_busy = True
            self.app.start("bind", self._in_turn(), waits=True)

    async def _in_turn(self) -> None:
        before = None
        try:
            while self._waiting and self.is_mounted:
                before = await self._take(self._waiting.popleft(), before)
                if before is None:
                    break
        except PunchdownError as error:
            self.app.trouble(error)
        finally:
            self._is_busy = False
            if self._waiting:
                behind = counted(len(self._waiting), "scan")
                self.app.say(f"{behind} behind it not looked at: scan again", Tone.WARN)
                self._waiting.clear()

    async def _take(self, taken: Taken, before: str | None) -> str | None:
        """Where it was kept, None where it was not; `before` is the place of what came with it."""
        awaits, self._awaits_serial = self._awaits_serial, None
        draft, code = self.app.draft, taken.code
        if isinstance(code, str):
            return await self._keep_serial(*awaits, code) if awaits else None
        gateway = draft.gateway(taken.place) if draft is not None and taken.place else self.here
        if draft is None or gateway is None:
            self.app.say("add a gateway first: F3", Tone.WARN)
            return None
        for each in draft.gateways:
            if editing.holds(each, code):
                self.query_one(Grid).find(each.place)
                self._awaits_serial = each.place, code
                self.app.say(f"{code} stands at {safe(each.place, 40)} already", Tone.WARN)
                return each.place
        if gateway.place == before:
            self.app.say(f"{code} came at once with that of {safe(before, 40)}: scan it again", Tone.WARN)
            return None
        return await self._bind(gateway, code, taken.how)

    async def _bind(self, gateway: DraftGateway, mac: MacAddress, how: str) -> str | None:
        place, why = gateway.place, how
        stands = self.stands(place)
        if stands and gateway.mac:
            words = f"{safe(place, 40)} has {gateway.mac}; {mac} takes its place. The reason is kept."
            prompt = Prompt("Why other hardware?", words, "reason", hint="what was wrong with the first one")
            said = await self.app.answer(prompt)
            why = said.strip() if isinstance(said, str) else ""
            if not why:
                self.app.say(f"no reason was given: {gateway.mac} stays at {safe(place, 40)}", Tone.WARN)
                return None
        if not await self._keep(place, mac, "", why, stands=stands):
            return None
        self._awaits_serial = place, mac
        left = [each.place for each in self.app.draft.gateways if not each.mac] if self.app.draft else []
        then = f"next: {safe(left[0], 40)}" if left else "every gateway is bound, F4 goes on"
        self.app.say(f"{mac} stands at {safe(place, 40)}; {then}", Tone.GOOD)
        if self.is_mounted:
            self.bound(mac)
            if mac.is_sangoma and left:
                self.query_one(Grid).find(left[0])
        return place

    async def _keep_serial(self, place: str, mac: MacAddress, serial: str) -> str | None:
        if not await self._keep(place, mac, safe(serial, 60), "scanned", stands=self.stands(place)):
            return None
        self.app.say(f"serial {safe(serial, 40)} kept for {safe(place, 40)}", Tone.GOOD)
        return place

    async def _keep(self, place: str, mac: MacAddress, serial: str, why: str, *, stands: bool) -> bool:
        """Whether it is kept: in the draft, and in the journal where the visit was kept with that place."""
        app, job_id = self.app, self.app.job_id
        if stands:
            if not await app.unlocked():
                return False
            visits = app.session.new_visits()
            visits.bind(job_id, GatewayPlace(place), mac, serial, safe(why, 120))
            for finding in visits.findings:
                app.say(finding.message, Tone.WARN)
        if job_id != app.job_id or not app.edit(
            lambda draft: editing.bind_gateway(draft, place, mac, serial)
        ):
            return False
        if self.is_mounted:
            self.mended()
            self.renew()
        return True
