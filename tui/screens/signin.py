"""Step 1: which platform, and who signs in."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from installer.domain.credential import Secret
from installer.errors import PunchdownError, SignInFailure
from installer.session import Settings
from installer.text import safe
from tui.commands import Command
from tui.screens.step import Step
from tui.widgets.field import Field
from tui.widgets.grid import Cell, Column, Grid, Row
from tui.widgets.plain import Plain
from tui.words import Tone

REHEARSAL = "rehearsal"
_FIRST_RUN = (
    "You say what hangs on which port; punchdown makes the lines on the platform "
    "and leaves credential sheet and labels. Nothing is written unasked.\n"
    "New here? Press Enter on rehearsal: it is built in, nothing there is real."
)


class SignIn(Step):
    """Platform, user and password; what is wrong is said in the form."""

    NAME = "Sign in"
    HELP = (
        "Choose the platform, then give user and password and press Enter. The rehearsal platform is "
        "built in: it needs neither, and nothing made there is real. An address that was given at the start "
        "is a row of its own. The password is kept in memory "
        "only, until you leave. All but calls to the platform also works signed out: F4 goes on."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("enter", "f3", "sign in", "sign in with what stands in the form", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """Platforms above, the form below."""
        yield Plain("", id="first", classes="hint")
        yield Plain("Which platform? Choose with up and down, then Enter.", classes="hint")
        yield Grid(Column("platform", 12), Column("what it is", 0), id="platforms")
        yield Field("user", self.app.settings.username or "", id="user")
        yield Field("password", secret=True, id="password")
        yield Plain("", id="form")

    def renew(self) -> None:
        """The platforms that there is a profile of; the frame stands before their profiles are read."""
        self.once_drawn(lambda: self.app.start("platforms", self._offer()))

    async def _offer(self) -> None:
        """On a home that holds nothing yet, three lines say what this is."""
        login, settings = self.app.session.login, self.app.settings
        rows = [_row(name, name, profile.title, profile.warning) for name, profile in login.platforms.items()]
        rows += [
            _row(url, "as given", url, login.warning_of(each)) for url, each in self._at_addresses().items()
        ]
        if not self.is_mounted:
            return
        grid = self.query_one("#platforms", Grid)
        grid.show(rows)
        grid.find(settings.base_url or settings.platform or REHEARSAL)
        grid.styles.height = len(rows) + 1
        if self.app.session.is_untouched:
            self.query_one("#first", Plain).update(_FIRST_RUN)

    @on(Grid.Chosen, "#platforms")
    def chosen(self, event: Grid.Chosen) -> None:
        """The rehearsal is entered at once, another platform asks who signs in."""
        if event.key == REHEARSAL:
            self._begin(event.key, "", "")
        else:
            user = self.query_one("#user", Field)
            (self.query_one("#password", Field) if user.text.strip() else user).line.focus()

    @on(Input.Submitted, "#user Input")
    def named(self) -> None:
        """On to the password."""
        self.query_one("#password", Field).line.focus()

    @on(Input.Submitted, "#password Input")
    def action_enter(self) -> None:
        """Sign in with what stands in the form."""
        grid = self.query_one("#platforms", Grid)
        user, password = self.query_one("#user", Field), self.query_one("#password", Field)
        platform, who = grid.key or "", safe(user.text.strip(), 40)
        if platform == REHEARSAL and (who or password.text):
            self._say_wrong(
                f"which platform does {who or 'it'} sign in to? Choose it above. The rehearsal is entered "
                "without user and password: Enter on its row"
            )
            grid.focus()
            return
        if platform == REHEARSAL:
            self._begin(platform, "", "")
            return
        for field, wanted in ((user, "who signs in?"), (password, "the password is missing")):
            if not field.text.strip():
                field.fault(wanted)
                field.line.focus()
                return
        self._begin(platform, user.text.strip(), password.text)

    def _begin(self, platform: str, user: str, password: str) -> None:
        self.mended()
        self.query_one("#form", Plain).update("")
        for field in self.query(Field):
            field.fault("")
        self.app.say(f"signing in to {platform}")
        self.app.start("sign-in", self._enter(platform, user, Secret(password)))

    async def _enter(self, platform: str, user: str, password: Secret) -> None:
        app = self.app
        here, there = app.settings, self._at_addresses().get(platform)
        named = (there.platform, there.base_url) if there else (platform, None)
        try:
            if named != (here.platform, here.base_url):
                await app.open_session(replace(here, platform=named[0], base_url=named[1]))
            login = app.session.login
            found = await (login.sign_in(user, password) if user else login.enter())
        except PunchdownError as error:
            self._wrong(error)
            return
        name, partition = safe(found.username, 60), safe(found.partition_name, 60)
        app.say(f"signed in as {name}, partition {partition}", Tone.GOOD)
        self.frame_anew()
        if app.step is self:
            app.action_onward()

    def _wrong(self, error: PunchdownError) -> None:
        """In the form, by the field it is about; what was typed stays."""
        text = safe(f"{error.message}: {error.remedy}" if error.remedy else error.message, 300)
        self.app.say(error.message, Tone.BAD)
        if not self.is_mounted:
            return
        if isinstance(error, SignInFailure):
            password = self.query_one("#password", Field)
            password.fault(text)
            password.line.focus()
        else:
            self._say_wrong(text)

    def _say_wrong(self, text: str) -> None:
        self.query_one("#form", Plain).say(f"■ {text}", Tone.BAD)

    def _at_addresses(self) -> dict[str, Settings]:
        """What was given by its address: at the start, and where somebody is now."""
        return {each.base_url: each for each in (self.app.given, self.app.settings) if each.base_url}


def _row(key: str, name: str, about: str, warning: str) -> Row:
    """A platform; one that is real says so, and where it is."""
    said = warning if key == name or not warning else f"{about}: {warning}"
    return Row(key, (Cell(name), Cell(said or about, Tone.WARN if warning else Tone.PLAIN)))
