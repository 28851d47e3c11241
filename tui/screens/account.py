"""Step 3: whose visit it is."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from installer.domain.line import Account as PlatformAccount
from installer.text import safe
from tui.commands import Command
from tui.scan import Scan
from tui.screens.dialog import Prompt, Said
from tui.screens.step import Step
from tui.widgets.field import Field
from tui.widgets.grid import Cell, Column, Grid, Row
from tui.widgets.plain import Plain
from tui.words import Tone, counted


class Account(Step):
    """Found by name, number, telephone number or MAC."""

    NAME = "Account"
    HELP = (
        "Type part of the account's name, its number, a telephone number of it or a gateway's MAC, then "
        "Enter. Enter on an account begins its visit, or goes on with the one that is kept. Signed out, "
        "the accounts that were looked at before are shown, with their date."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("search", "f3", "search", "type what to search for", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """What to search for, what was found."""
        yield Field("search for", hint="name, number, telephone number or MAC", id="wanted")
        yield Plain("", id="found", classes="hint")
        yield Grid(
            Column("number", 12), Column("name", 0), Column("state", 10), Column("lines there", 11),
            id="accounts", empty="nothing searched for yet",
        )  # fmt: skip

    def renew(self) -> None:
        """Signed out, what was seen before."""
        self._accounts: dict[str, PlatformAccount] = {}
        seen = self.app.session.customers.all_seen() if self.app.platform_is_known else ()
        rows = []
        for each in seen:
            self._accounts[each.account.id] = each.account
            rows.append(_row(each.account, f"{each.taken_at:%m-%d %H:%M}"))
        if rows:
            self.query_one("#found", Plain).update("Accounts that were looked at before:")
            self.query_one(Grid).show(rows)

    def action_search(self) -> None:
        """Back to the field."""
        self.query_one("#wanted Input", Input).focus()

    def scanned(self, scan: Scan) -> bool:
        """A gateway's MAC finds the account that has it."""
        if scan.mac is None:
            return False
        self.query_one("#wanted Input", Input).value = scan.mac.bare
        self.search()
        return True

    @on(Input.Submitted, "#wanted Input")
    def search(self) -> None:
        """Ask the platform."""
        wanted = self.query_one("#wanted", Field).text.strip()
        if not wanted:
            self.query_one("#wanted", Field).fault("what to search for?")
            return
        self.app.say(f"searching for {safe(wanted, 60)}")
        self.app.start("search", self._search(wanted))

    async def _search(self, wanted: str) -> None:
        found = await self.app.session.customers.search(wanted)
        self._accounts = {each.account.id: each.account for each in found}
        grid = self.query_one(Grid)
        grid.show([_row(each.account, str(len(each.lines) or "")) for each in found])
        self.query_one("#found", Plain).update(f"{counted(len(found), 'account')} found.")
        self.app.say(f"{counted(len(found), 'account')} found", Tone.GOOD if found else Tone.WARN)
        if found:
            grid.focus()

    @on(Grid.Chosen, "#accounts")
    def chosen(self, event: Grid.Chosen) -> None:
        """Its visit: the site's name first."""
        account = self._accounts[event.key]
        prompt = Prompt("Which site?", f"Account {safe(account.name, 60)}.", "site", safe(account.name, 60))

        def begin(site: Said) -> None:
            if isinstance(site, str):
                self._begin(account, site)

        self.app.push_screen(prompt, begin)

    def _begin(self, account: PlatformAccount, site: str) -> None:
        self.app.draft_visit(account, site)
        self.app.start("look", self.app.session.customers.look(account))
        self.app.go("Gateways")


def _row(account: PlatformAccount, about: str) -> Row:
    return Row(
        account.id, (Cell(account.number), Cell(account.name), Cell(account.status), Cell(about, Tone.QUIET))
    )
