"""Dialogs in which a secret is typed: it is given to the session, and kept nowhere else."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from installer.domain.credential import Secret
from installer.errors import PunchdownError
from installer.session import Settings
from tui.screens.dialog import Dialog
from tui.widgets.field import Field
from tui.widgets.plain import Plain

_NOBODY = "no-login"


class LoginAsked(Dialog):
    """Who signs in, while something waits for it. Gives True once `given` holds user and password."""

    def __init__(self, settings: Settings, failure: PunchdownError) -> None:
        where = settings.platform or settings.base_url or ""
        why = "This needs the platform." if failure.code == _NOBODY else f"{failure.message}."
        super().__init__(f"Sign in to {where}", f"{why} What you were doing waits, and goes on after it.")
        self._user = Field("user", settings.username or "", id="user")
        self._password = Field("password", secret=True, id="password")
        self.given = ("", Secret(""))

    def answers(self) -> ComposeResult:
        """User, password."""
        yield self._user
        yield self._password
        yield Plain("Enter signs in. Escape leaves it: nothing is lost.", classes="hint")

    def on_mount(self) -> None:
        """Ready to type what is missing."""
        (self._password if self._user.text else self._user).line.focus()

    @on(Input.Submitted, "#user Input")
    def named(self) -> None:
        """On to the password."""
        if self.is_seen:
            self._password.line.focus()

    @on(Input.Submitted, "#password Input")
    def signed(self) -> None:
        """Give both."""
        if not self.is_seen:
            return
        user = self._user.text.strip()
        missing = self._user if not user else self._password if not self._password.text else None
        if missing is not None:
            missing.fault("needed to sign in")
            missing.line.focus()
            return
        self.given = user, Secret(self._password.text)
        self.dismiss(result=True)


class PassphraseAsked(Dialog):
    """The vault's passphrase; a new one is typed twice. Gives True once `given` holds it."""

    def __init__(self, told: str, *, new: bool) -> None:
        words = (
            "SIP passwords are kept in a vault. Choose its passphrase: without it they cannot be read again."
            if new
            else "SIP passwords are kept in a vault. It opens with its passphrase."
        )
        super().__init__(
            "A new vault" if new else "Unlock the vault", f"■ {told}\n{words}" if told else words
        )
        self._first = Field("passphrase", secret=True, id="first")
        self._again = Field("the same again", secret=True, id="again") if new else None
        self.given = Secret("")

    def answers(self) -> ComposeResult:
        """Once, or twice."""
        yield self._first
        if self._again is not None:
            yield self._again
        yield Plain("Enter goes on. Escape leaves it: nothing is lost.", classes="hint")

    def on_mount(self) -> None:
        """Ready to type."""
        self._first.line.focus()

    @on(Input.Submitted, "#first Input")
    def typed(self) -> None:
        """On to the second, or done."""
        if not self.is_seen:
            return
        if not self._first.text:
            self._first.fault("type it")
        elif self._again is not None:
            self._again.line.focus()
        else:
            self._give()

    @on(Input.Submitted, "#again Input")
    def typed_again(self) -> None:
        """Both have to be the same."""
        if self._again is None or not self.is_seen:
            return
        if self._again.text != self._first.text:
            self._first.fault("the second one differs: type it once more")
            self._again.line.value = ""
        else:
            self._give()

    def _give(self) -> None:
        self.given = Secret(self._first.text)
        self.dismiss(result=True)
