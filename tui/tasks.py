"""Work beside the screen, and what it has to ask of the person in front of it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from installer.domain.credential import Secret
from installer.errors import PunchdownError, UsageFault, VaultUnusable
from installer.session import Session, Settings
from installer.session.vault_state import VaultNeed
from installer.text import safe
from tui.keyboard import Keyboard
from tui.screens.dialog import Dialog, Question, Said
from tui.screens.step import Step
from tui.words import Tone

if TYPE_CHECKING:
    from installer.session import Happening

T = TypeVar("T")
_MOST_EVENTS = 500


class Tasks(Keyboard[int]):
    """Holds the session; starts work in it, shows what fails, and answers what it asks by dialogs."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.said: deque[tuple[datetime, str, Tone]] = deque(maxlen=_MOST_EVENTS)
        self._work: dict[str, list[asyncio.Task[None]]] = {}
        self._unlocking = asyncio.Lock()
        self.session = self.begin_session(settings)

    def begin_session(self, settings: Settings) -> Session:
        """A session on `settings` that asks the person in front of the screen."""
        session = Session(settings, watcher=self.happened)
        session.login.ask_with(self._login_asked)
        return session

    def happened(self, happening: Happening) -> None:
        """A moment of a run."""
        raise NotImplementedError

    @property
    def settings(self) -> Settings:
        """What the session was given, and what was typed since."""
        return self.session.rooms.settings

    @property
    def user(self) -> str:
        """Who is signed in; empty while nobody is."""
        return self.session.login.user

    @property
    def step(self) -> Step | None:
        """The step that is open, also under a dialog."""
        return next((each for each in reversed(self.screen_stack) if isinstance(each, Step)), None)

    def start(
        self,
        group: str,
        work: Coroutine[object, object, T],
        done: Callable[[T], None] | None = None,
        *,
        sealed: bool = False,
        waits: bool = False,
    ) -> None:
        """Carry out `work` beside the screen; what fails is shown. It ends what its group has under way.

        Where it `waits`, as what writes does, it begins once that has ended. Where it is `sealed`, the vault
        is opened first, or the work is not begun.
        """
        if not waits:
            self.stop(group)
        under_way = self._work.setdefault(group, [])
        before = under_way[-1] if waits and under_way else None
        task = asyncio.create_task(self._carry_out(work, done, before, sealed=sealed))
        under_way.append(task)

        def ended(task: asyncio.Task[None]) -> None:
            work.close()
            under_way.remove(task)
            if not under_way:
                del self._work[group]
            self.work_ended(group)

        task.add_done_callback(ended)

    def work_ended(self, group: str) -> None:  # noqa: ARG002 - others look at it
        """Work of that group has ended; somebody may have signed in for it."""
        if (step := self.step) is not None and step.is_mounted:
            step.frame_anew()

    def works(self, group: str) -> bool:
        """Whether work of that group is under way."""
        return group in self._work

    def stop(self, group: str) -> None:
        """End the work of that group."""
        for task in self._work.get(group, ()):
            task.cancel()

    async def end_work(self) -> None:
        """Nothing of ours goes on; the journal holds what was begun."""
        tasks = [task for under_way in self._work.values() for task in under_way]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _carry_out(
        self,
        work: Coroutine[object, object, T],
        done: Callable[[T], None] | None,
        before: asyncio.Task[None] | None,
        *,
        sealed: bool,
    ) -> None:
        try:
            if before is not None:
                await asyncio.wait([before])
            if sealed and not await self.unlocked():
                return
            result = await work
            if done is not None:
                done(result)
        except PunchdownError as error:
            self.trouble(error)
        except Exception as defect:  # noqa: BLE001 - a defect ends the screen, with a report
            self._handle_exception(defect)

    def attempt(self, act: Callable[[], T]) -> T | None:
        """What `act` gives; what fails in it is shown, and there is nothing."""
        try:
            return act()
        except PunchdownError as error:
            self.trouble(error)
            return None

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Say it on the step that is open, and keep it in the event log."""
        self.said.append((self.session.rooms.clock.now(), safe(text, 240), tone))
        if (step := self.step) is not None:
            step.told(text, tone)

    def trouble(self, error: PunchdownError) -> None:
        """Show what failed where it stays until it was read."""
        if isinstance(error, UsageFault) and error.code == "no-platform":
            error = UsageFault(error.message, code=error.code, remedy="choose one first: step Sign in")
        self.say(error.message, Tone.BAD)
        if (step := self.step) is not None and step.is_mounted:
            step.trouble(error)

    async def answer(self, dialog: Dialog) -> Said:
        """What a person answered; None where the dialog was left, or nobody waits for it any more."""
        given: asyncio.Future[Said] = asyncio.get_running_loop().create_future()

        def give(said: Said) -> None:
            if not given.done():
                given.set_result(said)

        self.push_screen(dialog, give)
        try:
            return await given
        finally:
            if dialog in self.screen_stack[-1:]:
                dialog.dismiss(None)

    async def ask(self, question: Question) -> bool:
        """Whether a person said yes; leaving the question is a no."""
        return await self.answer(question) is True

    async def unlocked(self) -> bool:
        """Whether secrets can be read and made: a person is asked for what it takes."""
        from tui.screens.secrets import PassphraseAsked  # noqa: PLC0415 - most starts ask for none

        async with self._unlocking:
            told, login = "", self.session.login
            while True:
                need = await asyncio.to_thread(lambda: login.need)
                if need is VaultNeed.NOTHING and not login.opens_by_keyring:
                    return True
                if need is VaultNeed.NOTHING and await self.ask(_keyring(new=not login.has_vault)):
                    passphrase = None
                elif need is VaultNeed.NOTHING and login.has_vault:
                    break
                else:
                    dialog = PassphraseAsked(told, new=not login.has_vault)
                    if await self.answer(dialog) is not True:
                        break
                    passphrase = dialog.given
                try:
                    await login.unlock(passphrase)
                except VaultUnusable as error:
                    told = error.message
                    self.say(told, Tone.BAD)
                else:
                    self.say("the vault is open until you leave", Tone.GOOD)
            self.say("the vault stays locked: nothing was done", Tone.WARN)
            return False

    async def _login_asked(self, failure: PunchdownError) -> tuple[str, Secret] | None:
        """The dialog over whatever is open; what waits for it goes on with the answer."""
        from tui.screens.secrets import LoginAsked  # noqa: PLC0415 - as above

        dialog = LoginAsked(self.settings, failure)
        if await self.answer(dialog) is not True:
            return None
        self.say(f"signing in as {safe(dialog.given[0], 60)}")
        return dialog.given


def _keyring(*, new: bool) -> Question:
    what = "A vault will keep the SIP passwords; its key can lie" if new else "The vault's key lies"
    return Question(
        "The keyring of this computer",
        f"{what} in the keyring of this computer, which may ask for a password of its own."
        + (" Leave it for a passphrase instead." if new else ""),
        "Use the keyring",
        "A passphrase instead" if new else "Leave it",
    )
