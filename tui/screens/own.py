"""A credential of somebody's own: checked while it is typed, sealed when it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer
from textual.widgets import Input

from installer.domain.credential import (
    PASSWORD_ADVISED,
    SipCredential,
    SipUsername,
    parse_password,
    parse_username,
)
from installer.errors import InvalidValue, PunchdownError
from installer.text import safe
from tui.screens.dialog import Dialog
from tui.widgets.field import Field
from tui.widgets.plain import Plain
from tui.words import Tone

if TYPE_CHECKING:
    from installer.session.credentials import Credentials, PortAccess
    from tui.tasks import Tasks

_PAUSE = 0.5
"""Seconds without a key before the platform is asked."""


class OwnCredential(Dialog):
    """Username and password. Gives True once `given` holds them; the platform says whether it is free."""

    if TYPE_CHECKING:
        app: Tasks

    def __init__(self, credentials: Credentials, port: PortAccess) -> None:
        super().__init__(f"Your own credential for {port.port}", safe(port.line_name, 60))
        self._credentials = credentials
        self._username = Field("username", id="username")
        self._password = Field("password", secret=True, id="password")
        self._asking: Timer | None = None
        self.given: SipCredential | None = None

    def answers(self) -> ComposeResult:
        """Both lines, and what the platform says of the name."""
        yield self._username
        yield Plain("", id="free")
        yield self._password
        yield Plain("", id="weak")
        yield Plain("Enter keeps it, sealed. Escape leaves it as it was.", classes="hint")

    def on_mount(self) -> None:
        """Ready to type."""
        self._username.line.focus()

    def on_unmount(self) -> None:
        """Nobody waits for the platform's answer."""
        self.app.stop("username")

    @on(Input.Changed, "#username Input")
    def changed(self) -> None:
        """Ask the platform once the typing rests."""
        self.query_one("#free", Plain).update("")
        if self._asking is not None:
            self._asking.stop()
        username = self._parsed()
        if username is not None:
            self._asking = self.set_timer(_PAUSE, lambda: self.app.start("username", self._ask(username)))

    async def _ask(self, username: SipUsername) -> None:
        try:
            free = await self._credentials.is_free(username)
        except PunchdownError as error:
            self._tell(f"? not asked: {error.message}", Tone.WARN)
            return
        if self._username.text.strip() == username.text:
            self._tell(*(("● free", Tone.GOOD) if free else ("■ in use on the platform", Tone.BAD)))

    def _tell(self, text: str, tone: Tone) -> None:
        if self.is_mounted:
            self.query_one("#free", Plain).say(safe(text, 200), tone)

    @on(Input.Changed, "#password Input")
    def weighed(self) -> None:
        """A short one is warned of."""
        short = 0 < len(self._password.text) < PASSWORD_ADVISED
        text = f"▲ shorter than {PASSWORD_ADVISED} characters: it may be guessed" if short else ""
        self.query_one("#weak", Plain).say(text, Tone.WARN)

    @on(Input.Submitted, "#username Input")
    def named(self) -> None:
        """On to the password."""
        if self._parsed(say=True) is not None:
            self._password.line.focus()

    @on(Input.Submitted, "#password Input")
    def typed(self) -> None:
        """Keep both, where they can be used."""
        if not self.is_seen:
            return
        username = self._parsed(say=True)
        if username is None:
            self._username.line.focus()
            return
        try:
            password = parse_password(self._password.text)
        except InvalidValue as fault:
            self._password.fault(f"{fault.message}: {fault.wanted}")
            return
        self.given = SipCredential(username, password)
        self.dismiss(result=True)

    def _parsed(self, *, say: bool = False) -> SipUsername | None:
        text = self._username.text.strip()
        try:
            return parse_username(text)
        except InvalidValue as fault:
            if say or text:
                self._username.fault(f"wanted: {fault.wanted}")
            return None
