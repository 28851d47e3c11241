"""Step 4: the places of the site, and the hardware that stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult

from installer.domain.gateway import GatewayPlace
from installer.domain.mac import MacAddress, parse_mac
from installer.errors import PunchdownError
from installer.session.drafting import DraftGateway, editing
from installer.text import safe
from tui.commands import Command
from tui.screens.dialog import Prompt, Question, Said
from tui.screens.gateway_scans import GatewayScans, Taken
from tui.screens.gateway_words import about_hardware, offer, row, socket_words
from tui.screens.pick import Pick
from tui.widgets.grid import Column, Grid
from tui.widgets.plain import Plain
from tui.words import Tone

if TYPE_CHECKING:
    from installer.session.customers import Found


class Gateways(GatewayScans):
    """Places with model and MAC; a scan binds the one under the cursor."""

    NAME = "Gateways"
    HELP = (
        "A gateway is a place at the site; its hardware is scanned onto it. Put the cursor on a place "
        "and scan the box's MAC, or press Enter and type it; the cursor goes on to the next place "
        "without one. A serial number scanned right after the MAC is kept with it. Models differ in "
        "their sockets: RJ11 jacks on the 4 and 8, RJ21 connectors on the 24 and 50."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("add", "f3", "add", "a place with a model", in_bar=True),
        Command("rename", "ctrl+r", "rename", "another name for this place", in_bar=True),
        Command("model", "ctrl+e", "model", "another model for this place"),
        Command("remove", "ctrl+d,delete", "remove", "this place, where no line is planned on it"),
    )

    def body(self) -> ComposeResult:
        """The places; what is to be known of the one under the cursor."""
        yield Plain("F3 adds a gateway. Scan its MAC, or press Enter to type it.", classes="hint")
        yield Grid(
            Column("place", 14), Column("model", 18), Column("MAC", 17), Column("lines", 6),
            Column("sockets", 0),
            id="places", empty=self.app.no_record,
        )  # fmt: skip
        yield Plain("", id="sockets", classes="hint")
        yield Plain("", id="vendor")
        yield Plain("", id="about")

    def on_mount(self) -> None:
        """Nothing was asked yet."""
        self._hardware: dict[str, tuple[Found, ...]] = {}
        self._asked: set[str] = set()

    def renew(self) -> None:
        """What the draft says."""
        draft = self.app.draft
        if draft is None:
            return
        models, grid = self.app.session.drafting.models, self.query_one(Grid)
        grid.empty = "no gateway yet: F3 adds one"
        grid.show([row(draft, each, models.get(each.model)) for each in draft.gateways])
        if self.app.cell is not None:
            (at, _), self.app.cell = self.app.cell, None
            grid.find(next(each.place for each in draft.gateways if at in each.rows))
        self._tell()

    def action_add(self) -> None:
        """Which model?"""
        if self.app.draft is None:
            self.app.say("choose an account first (step Account)", Tone.WARN)
            return
        models = [offer(model) for model in self.app.session.drafting.models.values()]
        words = "Count the sockets: they tell the models apart."
        self.app.push_screen(Pick("Which gateway?", words, models), self._add)

    def _add(self, model_id: Said) -> None:
        if isinstance(model_id, str):
            model = self.app.session.drafting.models[model_id]
            if self.app.edit(lambda draft: editing.add_gateway(draft, model)):
                self.renew()
                grid = self.query_one(Grid)
                grid.find(grid.rows[-1].key)
                self.app.say(f"{grid.key} added: scan its MAC, or Ctrl+R names it", Tone.GOOD)

    def action_model(self) -> None:
        """Another model."""
        gateway = self._changeable("its model stays")
        if gateway is None:
            return
        models = self.app.session.drafting.models

        def change(model_id: Said) -> None:
            if isinstance(model_id, str):
                model = models[model_id]
                self.app.edit(lambda draft: editing.change_model(draft, gateway.place, model))
                self.renew()

        title = f"{safe(gateway.place, 40)}: which model?"
        found = [offer(model) for model in models.values()]
        self.app.push_screen(Pick(title, "Ports that hold text stay.", found, at=gateway.model), change)

    def action_rename(self) -> None:
        """Another name."""
        gateway = self._changeable("it keeps its name")
        if gateway is None:
            return

        def rename(name: Said) -> None:
            if isinstance(name, str) and name.strip():
                self.app.edit(lambda draft: editing.rename_gateway(draft, gateway.place, name))
                self.renew()

        words = "Where it stands: GW-1, B2-closet. Labels and sheet call it so."
        self.app.push_screen(Prompt("Rename", words, "place", gateway.place), rename)

    def action_remove(self) -> None:
        """Once it was said what goes."""
        gateway = self._changeable("it is not removed here")
        draft = self.app.draft
        if gateway is None or draft is None:
            return
        if self.app.attempt(lambda: editing.remove_gateway(draft, gateway.place)) is None:
            return  # what stands against it is told before anything is asked

        def remove(yes: Said) -> None:
            if yes is True:
                self.app.edit(lambda draft: editing.remove_gateway(draft, gateway.place))
                self.renew()

        what = f"{safe(gateway.place, 40)} goes, with {gateway.mac or 'no hardware bound'}."
        self.app.push_screen(Question("Remove the place?", what, "Remove it"), remove)

    @on(Grid.Chosen, "#places")
    def chosen(self, event: Grid.Chosen) -> None:
        """Type its MAC."""
        if self.app.draft is None:
            return
        gateway = self.app.draft.gateway(event.key)
        words = "As on the box: 00:50:58…; blank for not known yet."
        prompt = Prompt(f"MAC of {safe(event.key, 40)}", words, "MAC", gateway.mac)
        self.app.push_screen(prompt, lambda text: self._typed(gateway, text))

    @on(Grid.Moved, "#places")
    def moved(self) -> None:
        """What is to be known of the place under the cursor."""
        self._tell()

    def _typed(self, gateway: DraftGateway, text: Said) -> None:
        if not isinstance(text, str):
            return
        try:
            mac = parse_mac(text) if text.strip() else None
        except PunchdownError as error:
            self.app.trouble(error)
            return
        if mac is None:
            self._unbind(gateway)
        else:
            self.take(Taken(mac, "typed", gateway.place))

    def _changeable(self, why_not: str) -> DraftGateway | None:
        gateway = self.here
        if gateway is not None and self.stands(gateway.place):
            self.app.say(f"{safe(gateway.place, 40)} has credentials and labels by now: {why_not}", Tone.WARN)
            return None
        return gateway

    def _unbind(self, gateway: DraftGateway) -> None:
        if not gateway.mac:
            return
        if self.stands(gateway.place):
            self.app.say("what is bound is replaced by another scan, never emptied", Tone.WARN)
        elif self.app.edit(lambda draft: editing.bind_gateway(draft, gateway.place, None)):
            self.app.say(f"{safe(gateway.place, 40)} has no hardware")
        self.renew()

    def bound(self, mac: MacAddress) -> None:
        """Ask anew what the platform has on it."""
        self._asked.discard(str(mac))
        self._ask(mac)

    def _tell(self) -> None:
        gateway = self.here
        if gateway is None:
            return
        model = self.app.session.drafting.models.get(gateway.model)
        self.query_one("#sockets", Plain).update(socket_words(gateway.place, model) if model else "")
        vendor, about = self.query_one("#vendor", Plain), self.query_one("#about", Plain)
        try:
            mac = parse_mac(gateway.mac)
        except PunchdownError:
            vendor.display = False
            about.update("")
            return
        finding = self.app.session.customers.doubt(mac, GatewayPlace(gateway.place))
        vendor.display = finding is not None
        vendor.say(f"▲ {finding.message} - {finding.remedy}" if finding else "", Tone.WARN)
        known = self._hardware.get(str(mac))
        bound = self.app.session.customers.bound(mac)
        others = [each for each in bound if each.job_id != self.app.job_id]
        about.say(*about_hardware(mac, known, others, self.app.draft, self.app.record))
        self._ask(mac)

    def _ask(self, mac: MacAddress) -> None:
        """What the platform has on it, asked once, where somebody is signed in."""
        if self.app.user and str(mac) not in self._asked:
            self._asked.add(str(mac))
            self.app.start(f"hardware {mac}", self._look(mac))

    async def _look(self, mac: MacAddress) -> None:
        self._hardware[str(mac)] = await self.app.session.customers.search(mac.bare)
        if self.is_mounted:
            self._tell()
