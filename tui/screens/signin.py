"""Step 1: which platform, and who signs in."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from installer.domain.credential import Secret
from installer.errors import PunchdownError
from installer.text import safe
from tui.screens.step import Step
from tui.widgets.field import Field
from tui.widgets.grid import Cell, Column, Grid, Row
from tui.widgets.plain import Plain
from tui.words import Tone


class SignIn(Step):
    """Platform, user and password; what is wrong is said in the form."""

    NAME = "Sign in"
    HELP = (
        "Choose the platform, then give user and password and press Enter. The rehearsal platform is "
        "built in: it needs neither, and nothing made there is real. The password is kept in memory "
        "only, until you leave."
    )

    def body(self) -> ComposeResult:
        """Platforms above, the form below."""
        yield Plain("Which platform? Choose with up and down, then Enter.", classes="hint")
        yield Grid(Column("platform", 14), Column("what it is", 0), id="platforms")
        yield Field("user", self.app.settings.username or "", id="user")
        yield Field("password", secret=True, id="password")

    def renew(self) -> None:
        """The platforms that there is a profile of."""
        rows = [
            Row(
                name,
                (
                    Cell(name),
                    Cell(profile.warning or profile.title, Tone.WARN if profile.warning else Tone.PLAIN),
                ),
            )
            for name, profile in self.app.session.login.platforms.items()
        ]
        grid = self.query_one("#platforms", Grid)
        grid.show(rows)
        grid.find(self.app.settings.platform or "rehearsal")
        grid.styles.height = len(rows) + 1

    @on(Grid.Chosen, "#platforms")
    def chosen(self, event: Grid.Chosen) -> None:
        """The rehearsal is entered at once, another platform asks who signs in."""
        if event.key == "rehearsal":
            self.enter(event.key, "", "")
        else:
            self.query_one("#user", Field).line.focus()

    @on(Input.Submitted, "#user Input")
    def named(self) -> None:
        """On to the password."""
        self.query_one("#password", Field).line.focus()

    @on(Input.Submitted, "#password Input")
    def given(self) -> None:
        """Sign in with what stands in the form."""
        user, password = self.query_one("#user", Field), self.query_one("#password", Field)
        if not user.text.strip():
            user.fault("who signs in?")
            user.line.focus()
            return
        platform = self.query_one("#platforms", Grid).key or ""
        self.enter(platform, user.text.strip(), password.text)

    def enter(self, platform: str, user: str, password: str) -> None:
        """Sign in on `platform`."""
        self.mended()
        self.app.say(f"signing in to {platform}")
        self.app.start("sign-in", self._enter(platform, user, Secret(password)))

    async def _enter(self, platform: str, user: str, password: Secret) -> None:
        app = self.app
        if platform != app.settings.platform:
            await app.open_session(replace(app.settings, platform=platform, base_url=None))
        try:
            if user:
                found = await app.session.login.sign_in(user, password)
            else:
                found = (await app.session.rooms.platform()).signed_in
        except PunchdownError as error:
            self.query_one("#password", Field).fault(error.message)
            raise
        app.user = found.username
        app.say(
            f"signed in as {safe(found.username, 60)}, partition {safe(found.partition_name, 60)}", Tone.GOOD
        )
        app.action_onward()
