"""The screen: a session of the engine, the steps of the visit over it, and how it ends."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.theme import Theme

from installer.errors import PunchdownError
from installer.session import Session, Settings
from installer.text import safe
from tui.commands import EVERYWHERE, Commands
from tui.keyboard import Keyboard
from tui.progress import Progress
from tui.scan import Scan
from tui.screens.dialog import Dialog, Prompt, Question, Said
from tui.screens.step import Step
from tui.words import Tone

if TYPE_CHECKING:
    from installer.domain.line import Account
    from installer.planning.record import JobRecord
    from installer.session import Happening, WrittenFile
    from installer.session.drafting import Draft
    from installer.session.kept import Named

T = TypeVar("T")
_MOST_EVENTS = 500
_SIGNALS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
_SIGNS = {"good": "#7ee787", "bad": "#ff9d94", "warn": "#f2cc60", "quiet": "#a8b3bd",
          "bad-ground": "#8e1519", "bad-text": "#ffffff"}  # fmt: skip
DARK = Theme(
    "punchdown-dark", primary="#79b8ff", secondary="#79b8ff", accent="#79b8ff", warning="#f2cc60",
    error="#ff9d94", success="#7ee787", foreground="#e6edf3", background="#0d1117", surface="#161b22",
    panel="#21262d", variables=_SIGNS,
)  # fmt: skip
LIGHT = Theme(
    "punchdown-light", primary="#0a4fa0", secondary="#0a4fa0", accent="#0a4fa0", warning="#7a4d00",
    error="#a40e17", success="#0f5d27", foreground="#1a1f24", background="#ffffff", surface="#f3f5f7",
    panel="#e1e6eb", dark=False,
    variables={**_SIGNS, "good": "#0f5d27", "bad": "#a40e17", "warn": "#7a4d00", "quiet": "#4b5660"},
)  # fmt: skip


class PunchdownApp(Keyboard[int]):
    """Holds the session and the visit that is open; steps read them here, and start their work here."""

    TITLE = "punchdown"
    CSS_PATH = "styles/base.tcss"
    COMMANDS = {Commands}  # noqa: RUF012 - textual's
    COMMAND_PALETTE_BINDING = "f9"
    BINDINGS: ClassVar[list[BindingType]] = [each.binding for each in EVERYWHERE]

    def __init__(self, settings: Settings, steps: tuple[type[Step], ...]) -> None:
        super().__init__()
        self.settings = settings
        self.steps = steps
        self.session = Session(settings, watcher=self._happened)
        self.job_id: str | None = None
        self.source: Path | str | None = None
        self.agreed: frozenset[tuple[str, str]] | None = None
        self.draft: Draft | None = None
        self.progress = Progress()
        self.looked_for: Named | None = None
        self.user = ""
        self.said: deque[tuple[datetime, str, Tone]] = deque(maxlen=_MOST_EVENTS)
        self.farewell: list[str] = []
        self.defect: BaseException | None = None
        self._work: dict[str, asyncio.Task[None]] = {}

    @property
    def record(self) -> JobRecord | None:
        """The visit that is open, as of the last row of its journal."""
        return self.session.kept.record(self.job_id) if self.job_id else None

    @property
    def platform_title(self) -> str:
        """The platform's name, empty where none is chosen yet."""
        return self.settings.platform or (self.settings.base_url or "no platform")

    @property
    def platform_is_known(self) -> bool:
        """Whether somebody chose a platform."""
        return bool(self.settings.platform or self.settings.base_url)

    @property
    def is_production(self) -> bool:
        """Whether what is written here reaches real telephone lines."""
        return self.settings.platform == "production"

    @property
    def step(self) -> Step | None:
        """The step that is open, also under a dialog."""
        return next((each for each in reversed(self.screen_stack) if isinstance(each, Step)), None)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The tones, where a theme of somebody else's lacks them."""
        return _SIGNS

    def on_mount(self) -> None:
        """Colors, signals, the first step."""
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name
        loop = asyncio.get_running_loop()
        for name, code in _SIGNALS.items():
            if (number := getattr(signal, name, None)) is not None and sys.platform != "win32":
                loop.add_signal_handler(number, self.exit, code, code)
        self.push_screen(self.steps[0]())

    async def on_unmount(self) -> None:
        """Nothing of ours goes on behind a closed screen; the journal holds what was begun."""
        for task in tuple(self._work.values()):
            task.cancel()
        await asyncio.gather(*self._work.values(), return_exceptions=True)
        with suppress(PunchdownError):
            await self.session.rooms.close()

    def go(self, name: str) -> None:
        """Open the step of that name."""
        found = next(step for step in self.steps if name == step.NAME)
        self.switch_screen(found())

    async def open_session(self, settings: Settings) -> None:
        """Begin anew with other settings: another platform, another login."""
        await self.session.rooms.close()
        self.settings, self.session = settings, Session(settings, watcher=self._happened)
        self.user, self.job_id, self.source = "", None, None

    def open_visit(self, job_id: str) -> None:
        """Go on with a visit of this home."""
        self.job_id = self.source = job_id
        self.draft = self.session.drafting.of_job(self.session.kept.record(job_id))

    def draft_visit(self, account: Account, site: str) -> None:
        """Begin the visit of that account and site, or go on with the draft that is kept."""
        self.draft = self.session.drafting.begin(account, site)
        record = self.session.drafting.standing(self.draft)
        self.job_id = record.job.id if record else None
        self.edit(lambda draft: draft)

    def edit(self, change: Callable[[Draft], Draft]) -> bool:
        """Change the draft and keep it; whether it could be."""
        if self.draft is None:
            return False
        try:
            changed = change(self.draft)
            self.session.drafting.keep(changed)
        except PunchdownError as error:
            self.trouble(error)
            return False
        self.draft, self.source = changed, self.session.drafting.path(changed)
        return True

    def jack_of(self, model_id: str, number: str) -> str:
        """The socket of a port as an installer looks for it; empty for a port that is none."""
        model = self.session.drafting.models.get(model_id)
        if model is None or not number.isdecimal() or not 1 <= int(number) <= model.fxs_ports:
            return ""
        return str(model.jacks[int(number) - 1])

    def concluded(self) -> None:
        """After a run: its visit is the one that is open, and what it left is told once more at the end."""
        for run in self.session.visits.runs:
            record = run.record
            self.open_visit(record.job.id)
            self.left(run.artifacts)
            if run.error is not None:
                self.trouble(run.error)

    def left(self, written: Iterable[WrittenFile]) -> None:
        """Files that were written are told once more when the screen is gone."""
        self.farewell += [f"{each.kind}: {each.path}" for each in written]

    def _happened(self, happening: Happening) -> None:
        """A moment of a run; the screen that shows it draws on its own clock."""
        match happening.moment:
            case "begun" if happening.key is not None:
                self.progress.begun(happening.key)
            case "waiting":
                self.progress.waits = happening.seconds
            case "settled" if happening.outcome is not None:
                self.progress.settled(happening.outcome)
        if (step := self.step) is not None and step.is_mounted and step.NAME == "Provision":
            step.renew()

    def start(
        self, group: str, work: Coroutine[object, object, T], done: Callable[[T], None] | None = None
    ) -> None:
        """Carry out `work` beside the screen; a second one of a group ends the first. What fails is shown."""
        before = self._work.get(group)
        if before is not None:
            before.cancel()
        self._work[group] = asyncio.create_task(self._carry_out(group, work, done))

    def works(self, group: str) -> bool:
        """Whether work of that group is under way."""
        return group in self._work

    def stop(self, group: str) -> None:
        """End the work of that group."""
        if task := self._work.get(group):
            task.cancel()

    async def _carry_out(
        self, group: str, work: Coroutine[object, object, T], done: Callable[[T], None] | None
    ) -> None:
        try:
            result = await work
        except PunchdownError as error:
            self.trouble(error)
        except Exception as defect:  # noqa: BLE001 - a defect ends the screen, with a report
            self._handle_exception(defect)
        else:
            if done is not None:
                done(result)
        finally:
            if self._work.get(group) is asyncio.current_task():
                del self._work[group]

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Say it on the step that is open, and keep it in the event log."""
        self.said.append((self.session.rooms.clock.now(), safe(text, 240), tone))
        if (step := self.step) is not None and step.is_mounted:
            step.say(text, tone)

    def trouble(self, error: PunchdownError) -> None:
        """Show what failed where it stays until it was read."""
        self.say(error.message, Tone.BAD)
        if (step := self.step) is not None and step.is_mounted:
            step.trouble(error)

    async def ask(self, question: Question) -> bool:
        """Whether a person said yes; leaving the question is a no."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def give(said: Said) -> None:
            if not answer.done():
                answer.set_result(bool(said))

        self.push_screen(question, give)
        return await answer

    def scanned(self, scan: Scan) -> None:
        """The step may take it; else it leads to what it names. A question that is open is not answered."""
        step = self.step
        if isinstance(self.screen, ModalScreen):
            self.say("scanned while a question was open: nothing was done with it", Tone.WARN)
        elif step is None or not step.scanned(scan):
            self.lead_to(scan.text)

    def lead_to(self, text: str) -> None:
        """Go to what `text` names: the visit it belongs to, the table of its ports, its row."""
        found = self.session.kept.named(text)
        if not found:
            self.say(f"nothing of this home is called {safe(text, 60)}", Tone.WARN)
            return
        mine = [each for each in found if each.job_id == self.job_id] or found
        first = mine[0]
        self.open_visit(first.job_id)
        self.looked_for = first
        self.go("Registration")
        more = f"; {len(mine) - 1} more fit" if len(mine) > 1 else ""
        self.say(f"{first.port or first.gateway}: {first.about}{more}")

    async def action_back(self) -> None:
        """The step before."""
        self._walk(-1)

    def action_onward(self) -> None:
        """The step after."""
        self._walk(1)

    def action_renew(self) -> None:
        """Read anew what is shown."""
        if (step := self.step) is not None:
            step.renew()

    def action_help(self) -> None:
        """What the step is for, and its keys."""
        step = self.step
        if step is None:
            return
        keys = "\n".join(
            f"{each.shown_key:<10} {each.label}: {each.help}" for each in (*step.COMMANDS_HERE, *EVERYWHERE)
        )
        self.push_screen(Dialog(f"{step.NAME}: help", f"{step.HELP}\n\n{keys}"))

    def action_events(self) -> None:
        """Everything that was said, newest first."""
        lines = [f"{at.astimezone():%H:%M:%S} {text}" for at, text, _ in reversed(self.said)]
        self.push_screen(Dialog("What was said", "\n".join(lines) or "nothing yet"))

    def action_find(self) -> None:
        """Ask what to look for."""
        prompt = Prompt("Find", "A line's name, a telephone number, a MAC, a label, a place.", "find")

        def found(text: Said) -> None:
            if isinstance(text, str) and text.strip():
                self.lead_to(text)

        self.push_screen(prompt, found)

    def action_history(self) -> None:
        """The journal of the visit, newest first."""
        if self.job_id is None:
            self.say("no visit is open", Tone.WARN)
            return
        deeds = self.session.kept.history(self.job_id)
        lines = [f"{each.at.astimezone():%m-%d %H:%M:%S} {each.operator} {each.what}" for each in deeds]
        self.push_screen(Dialog("Journal of the visit, newest first", "\n".join(lines)))

    def action_help_quit(self) -> None:
        """Ctrl+C ends other programs; here it says what does."""
        self.say("Ctrl+Q or F10 leaves; the visit is kept")

    async def action_leave(self) -> None:
        """Leave; the visit is kept as it is."""
        self.exit(0)

    def _walk(self, way: int) -> None:
        if isinstance(self.screen, Dialog) or (step := self.step) is None:
            return
        at = self.steps.index(type(step)) + way
        if 0 <= at < len(self.steps):
            self.go(self.steps[at].NAME)

    def _handle_exception(self, error: Exception) -> None:
        """A defect: kept for its report, never printed with what its frames held."""
        self.defect = self.defect or error
        self._return_code = 1
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        """Nothing of the frames is printed."""
        self._close_messages_no_wait()


def run(settings: Settings, home: Path) -> int:
    """The exit code of the screen, after its terminal was given back and what was done was printed."""
    from tui.screens import STEPS  # noqa: PLC0415 - the steps know the app

    app = PunchdownApp(settings, STEPS)
    app.run()
    for line in app.farewell:
        sys.stdout.write(f"{safe(line, 300)}\n")
    if app.defect is not None:
        from installer.session.crash import write_report  # noqa: PLC0415 - never needed but here

        path = write_report(home, "screen", app.defect)
        sys.stderr.write(f"punchdown: a defect in the kit ({type(app.defect).__name__}); report: {path}\n")
        return 1
    return app.return_code or 0
