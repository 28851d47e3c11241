"""Step 3: whose visit it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from installer.domain.line import Account as PlatformAccount
from installer.text import safe
from tui.commands import Command
from tui.scan import Scan
from tui.screens.account_words import about, row, sites, warned
from tui.screens.dialog import Prompt, Said
from tui.screens.pick import Offer, Pick
from tui.screens.step import Step
from tui.widgets.field import Field
from tui.widgets.grid import Column, Grid
from tui.widgets.plain import Plain
from tui.words import Tone, counted

if TYPE_CHECKING:
    from installer.session.customers import Found


class Account(Step):
    """Found by name, number, telephone number or MAC."""

    NAME = "Account"
    HELP = (
        "Type part of the account's name, its number, a telephone number of it or a gateway's MAC, or scan "
        "one of these, then Enter. Enter on an account begins its visit, or goes on with the one that is "
        "kept. Signed out, the accounts that were looked at before are shown, with their date."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("search", "f3", "search", "type what to search for", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """What to search for, what was found, what is known of the one under the cursor."""
        yield Field("search for", hint="name, number, telephone number or MAC", id="wanted")
        yield Plain("", id="found", classes="hint")
        yield Grid(
            Column("number", 10), Column("name", 0), Column("state", 13), Column("as seen", 27, least=80),
            id="accounts", empty="nothing searched for yet",
        )  # fmt: skip
        yield Plain("", id="about")

    def on_mount(self) -> None:
        """Nothing searched for yet."""
        self._accounts: dict[str, PlatformAccount] = {}
        self._found: dict[str, Found] | None = None

    def renew(self) -> None:
        """What was found; before that the accounts that were looked at."""
        customers = self.app.session.customers
        if self._found is not None:
            self._accounts = {each.account.id: each.account for each in self._found.values()}
        elif self.app.platform_is_known:
            self._accounts = {each.account.id: each.account for each in customers.all_seen()}
            if self._accounts:
                self._say_found("Looked at before; Enter goes on without signing in:")
        now = self.app.session.rooms.clock.now()
        self.query_one(Grid).show(
            [row(each, customers.seen(each.id), now) for each in self._accounts.values()]
        )
        self._tell()

    def action_search(self) -> None:
        """Back to the field."""
        self.query_one("#wanted Input", Input).focus()

    def scanned(self, scan: Scan) -> bool:
        """A gateway's MAC or a telephone number finds the account that has it."""
        if scan.mac is None and scan.number is None:
            return False
        self.query_one("#wanted Input", Input).value = scan.mac.bare if scan.mac else scan.text
        self.search()
        return True

    @on(Input.Submitted, "#wanted Input")
    def search(self) -> None:
        """Ask the platform."""
        wanted = self.query_one("#wanted", Field).text.strip()
        if not wanted:
            if self._accounts:
                self.query_one(Grid).focus()
            else:
                self.query_one("#wanted", Field).fault("what to search for?")
            return
        self.mended()
        self.query_one(Grid).empty = ""
        self.app.say(f"searching for {safe(wanted, 60)}")
        self.app.start("search", self._search(wanted))

    async def _search(self, wanted: str) -> None:
        found = await self.app.session.customers.search(wanted)
        self._found = {each.account.id: each for each in found}
        if not self.is_mounted:
            return
        told = f"{counted(len(found), 'account')} found for {safe(wanted, 40)}"
        self._say_found(
            f"{told}." if found else f"{told}: try part of the name, or a telephone number of it."
        )
        self.app.say(told, Tone.GOOD if found else Tone.WARN)
        self.renew()
        if found:
            self.query_one(Grid).focus()

    @on(Grid.Moved, "#accounts")
    def moved(self) -> None:
        """What is known of it."""
        self.app.attempt(self._tell)

    @on(Grid.Chosen, "#accounts")
    def chosen(self, event: Grid.Chosen) -> None:
        """Its visit: the site's name first, or one that was begun."""
        account = self._accounts[event.key]
        self.app.attempt(lambda: self._choose(account))

    def _choose(self, account: PlatformAccount) -> None:
        begun = sites(account, self.app.session.kept.jobs(), self.app.session.drafting.drafts()[0])
        name = safe(account.name, 60)
        words = "\n".join(filter(None, (f"Account {name}.", warned(account))))

        def begin(site: Said) -> None:
            if isinstance(site, str):
                self.app.attempt(lambda: self._begin(account, site))

        if begun:
            offers = [Offer(site, site, "begun: go on with it", Tone.GOOD) for site in begun]
            if name.casefold() not in {site.casefold() for site in begun}:
                offers.append(Offer(name, name, "a new visit"))
            asked = f"{words}\nChoose, or type the name of another site."
            self.app.push_screen(Pick("Which site?", asked, offers, own=True), begin)
        else:
            self.app.push_screen(Prompt("Which site?", words, "site", name), begin)

    def _begin(self, account: PlatformAccount, site: str) -> None:
        self.app.draft_visit(account, site)
        if self.app.user:
            self.app.start("look", self.app.session.customers.look(account))
        self.app.go("Gateways")
        if warning := warned(account):
            self.app.say(warning, Tone.WARN)

    def _say_found(self, text: str) -> None:
        self.query_one("#found", Plain).update(text)

    def _tell(self) -> None:
        key = self.query_one(Grid).key
        words = self.query_one("#about", Plain)
        account = self._accounts.get(key or "")
        if account is None:
            words.update("")
            return
        found = self._found.get(account.id) if self._found else None
        begun = sites(account, self.app.session.kept.jobs(), self.app.session.drafting.drafts()[0])
        now = self.app.session.rooms.clock.now()
        words.say(*about(account, found, self.app.session.customers.seen(account.id), begun, now))
