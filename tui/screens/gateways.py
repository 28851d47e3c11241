"""Step 4: the places of the site, and the hardware that stands there."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from installer.domain.mac import MacAddress, parse_mac
from installer.errors import PunchdownError
from installer.session.drafting import editing
from installer.text import safe
from tui.commands import Command
from tui.scan import Scan
from tui.screens.dialog import Choice, Prompt, Question, Said
from tui.screens.step import Step
from tui.widgets.grid import Cell, Column, Grid, Row
from tui.widgets.plain import Plain
from tui.words import Tone, counted


class Gateways(Step):
    """Places with model and MAC; a scan binds the one under the cursor."""

    NAME = "Gateways"
    HELP = (
        "A gateway is a place at the site; its hardware is scanned onto it. Put the cursor on a place "
        "and scan the box's MAC, or press Enter and type it. Vega models differ in their sockets: RJ11 "
        "jacks on the 4 and 8, RJ21 connectors on the 24 and 50."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("add", "f3", "add", "a place with a model", in_bar=True),
        Command("model", "ctrl+e", "model", "another model for this place"),
        Command("rename", "ctrl+r", "rename", "another name for this place"),
        Command("remove", "ctrl+d,delete", "remove", "this place, where no line is planned on it"),
    )

    def body(self) -> ComposeResult:
        """The places; what the platform has on the one under the cursor."""
        yield Plain("F3 adds a gateway. Scan its MAC, or press Enter to type it.", classes="hint")
        yield Grid(
            Column("place", 14), Column("model", 18), Column("MAC", 17), Column("in use", 8),
            Column("sockets", 0),
            id="places", empty="no gateway yet: F3 adds one",
        )  # fmt: skip
        yield Plain("", id="about", classes="hint")

    def renew(self) -> None:
        """What the draft says."""
        draft = self.app.draft
        if draft is None:
            self.query_one("#about", Plain).update("No visit is open: choose one (Visits), or an account.")
            return
        models = self.app.session.drafting.models
        rows = []
        for gateway in draft.gateways:
            model = models.get(gateway.model)
            used = sum(str(draft.state(row)) == "use" for row in gateway.rows)
            sockets = ", ".join(dict.fromkeys(str(jack).split()[0] for jack in model.jacks)) if model else ""
            rows.append(
                Row(
                    gateway.place,
                    (
                        Cell(gateway.place), Cell(model.name if model else gateway.model),
                        Cell(gateway.mac or "not bound", Tone.PLAIN if gateway.mac else Tone.WARN),
                        Cell(f"{used}/{len(gateway.rows)}"), Cell(sockets),
                    ),
                )
            )  # fmt: skip
        self.query_one(Grid).show(rows)

    def scanned(self, scan: Scan) -> bool:
        """A MAC is bound to the place under the cursor, or found where it stands."""
        if scan.mac is None or self.app.draft is None:
            return False
        self._bind(scan.mac)
        return True

    def action_add(self) -> None:
        """Which model?"""
        if self.app.draft is None:
            self.app.say("choose an account first (step Account)", Tone.WARN)
            return
        models = self.app.session.drafting.models
        choices = [
            (model.id, f"{model.name}, {counted(model.fxs_ports, 'FXS port')}") for model in models.values()
        ]
        self.app.push_screen(Choice("Which gateway?", "Its sockets tell it apart.", choices), self._add)

    def _add(self, model_id: Said) -> None:
        if isinstance(model_id, str):
            desk = self.app.session.drafting
            self.app.edit(lambda draft: editing.add_gateway(draft, desk.models[model_id]))
            self.renew()
            grid = self.query_one(Grid)
            grid.find(grid.rows[-1].key)

    def action_model(self) -> None:
        """Another model."""
        place = self.query_one(Grid).key
        if place is not None:
            models = self.app.session.drafting.models
            choices = [(model.id, model.name) for model in models.values()]

            def change(model_id: Said) -> None:
                if isinstance(model_id, str):
                    self.app.edit(lambda draft: editing.change_model(draft, place, models[model_id]))
                    self.renew()

            self.app.push_screen(Choice(f"{safe(place, 40)}: which model?", "", choices), change)

    def action_rename(self) -> None:
        """Another name."""
        place = self.query_one(Grid).key
        if place is not None:

            def rename(name: Said) -> None:
                if isinstance(name, str):
                    self.app.edit(lambda draft: editing.rename_gateway(draft, place, name))
                    self.renew()

            self.app.push_screen(
                Prompt("Rename", "Where it stands: GW-1, B2-closet.", "place", place), rename
            )

    def action_remove(self) -> None:
        """Once it was said what goes."""
        place = self.query_one(Grid).key
        if place is not None:

            def remove(yes: Said) -> None:
                if yes is True:
                    self.app.edit(lambda draft: editing.remove_gateway(draft, place))
                    self.renew()

            self.app.push_screen(
                Question("Remove the place?", f"{safe(place, 40)} goes.", "Remove it"), remove
            )

    @on(Grid.Chosen, "#places")
    def chosen(self, event: Grid.Chosen) -> None:
        """Type its MAC."""
        known = self.app.draft.gateway(event.key).mac if self.app.draft else ""
        prompt = Prompt(
            f"MAC of {safe(event.key, 40)}",
            "As on the box: 00:50:58…; blank for not known yet.",
            "MAC",
            known,
        )
        self.app.push_screen(prompt, self._typed)

    def _typed(self, text: Said) -> None:
        if not isinstance(text, str):
            return
        if not text.strip():
            self._bind(None)
            return
        try:
            self._bind(parse_mac(text))
        except PunchdownError as error:
            self.app.trouble(error)

    def _bind(self, mac: MacAddress | None) -> None:
        place = self.query_one(Grid).key
        if place is None:
            self.app.say("add a gateway first: F3", Tone.WARN)
            return
        if self.app.edit(lambda draft: editing.bind_gateway(draft, place, mac)) and mac is not None:
            self.mended()
            self.app.say(f"{mac} stands at {safe(place, 40)}", Tone.GOOD)
            if self.app.user:
                self.app.start("hardware", self._ask(mac))
        self.renew()

    async def _ask(self, mac: MacAddress) -> None:
        """What the platform has on that MAC already, here or elsewhere."""
        on = await self.app.session.customers.on_hardware(mac)
        lines = [
            f"{safe(each.account.name, 40)}: {counted(len(each.lines), 'line')}"
            for each in on.accounts
            if each.lines
        ]
        text = f"On {mac} already: {'; '.join(lines)}" if lines else f"Nothing is on {mac} yet."
        self.query_one("#about", Plain).say(text, Tone.WARN if lines else Tone.QUIET)
