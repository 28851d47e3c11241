"""A step of the visit: frame, body, what is wrong, what was said last."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen

from installer.domain.finding import Severity
from installer.errors import PunchdownError
from installer.text import safe
from tui import words
from tui.commands import EVERYWHERE, Command
from tui.widgets.frame import Keys, Rail, Top
from tui.widgets.plain import Plain
from tui.words import Tone

if TYPE_CHECKING:
    from tui.app import PunchdownApp
    from tui.scan import Scan

NARROWEST, LOWEST = 60, 20
USUAL, WIDE = 24, 110


class Step(Screen[None]):
    """One step. A screen says its name and what F1 tells of it, composes its body, and shows what stands."""

    NAME: ClassVar[str]
    HELP: ClassVar[str]
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = ()
    walked_to = False
    """Whether Enter on the row of steps led here: it has the focus then."""
    AUTO_FOCUS = "#body Grid, #body Input, #body Button"

    if TYPE_CHECKING:
        app: PunchdownApp

    def __init_subclass__(cls) -> None:
        cls.BINDINGS = [each.binding for each in cls.COMMANDS_HERE if each.keys]
        super().__init_subclass__()

    @property
    def commands(self) -> tuple[Command, ...]:
        """What can be done here: its own, and what everywhere can be done by keys that are not its own."""
        own = {each.keys for each in self.COMMANDS_HERE if each.keys}
        return (*self.COMMANDS_HERE, *(each for each in EVERYWHERE if each.keys not in own))

    def compose(self) -> ComposeResult:
        """The frame around the body."""
        in_bar = [each for each in self.commands if each.in_bar]
        yield Top()
        yield Rail([step.NAME for step in self.app.steps], self.NAME)
        with Vertical(id="body", classes="frame"):
            yield from self.body()
        yield Plain(id="trouble", classes="frame")
        yield Plain(id="status", classes="frame")
        yield Keys(in_bar)
        yield Plain(words.TOO_SMALL, id="small")

    @property
    def is_mounted(self) -> bool:
        """Whether it may be drawn on: a step that was left goes node by node, whatever still works for it."""
        app = self.app
        return super().is_mounted and self in app.screen_stack and app._running  # noqa: SLF001 - nobody else says so

    def body(self) -> ComposeResult:
        """What this step is about."""
        raise NotImplementedError

    def renew(self) -> None:
        """Show what stands now; called when the screen opens and whenever something changed."""

    def once_drawn(self, work: Callable[[], object]) -> None:
        """Do `work` after the step was drawn as it stands; at a start, nothing is drawn before the app is."""
        self.app.call_later(self.call_after_refresh, work)

    def every(self, seconds: float, act: Callable[[], object]) -> None:
        """Do `act` so often while the step is open; what fails is told, and `act` is done no more."""

        def again() -> None:
            try:
                act()
            except PunchdownError as error:
                timer.stop()
                self.failed(error)

        timer = self.set_interval(seconds, again)

    def scanned(self, scan: Scan) -> bool:
        """Whether the screen took a scan for itself; what it leaves, the app takes to what it names."""
        del scan
        return False

    def on_mount(self) -> None:
        """Fill the frame."""
        for fill in (self._frame, self.renew):
            try:
                fill()
            except PunchdownError as error:
                self.failed(error)
        if self.walked_to:
            self.query_one(Rail).focus()

    async def _dispatch_message(self, message: Message) -> None:
        """What cannot be read or kept in answer to a message is told, as it is of a key."""
        try:
            await super()._dispatch_message(message)
        except PunchdownError as error:
            self.failed(error)

    def failed(self, error: PunchdownError) -> None:
        """Tell what failed, also while the step is being filled: to the app it is not there yet."""
        self.app.trouble(error)
        if not self.is_mounted and self in self.app.screen_stack:
            self.trouble(error)

    def on_rail_moved(self, event: Rail.Moved) -> None:
        """The keys say what Enter opens."""
        opens = (Command("open", "enter", f"opens {event.name}", ""),) if event.name else ()
        self.query_one(Keys).begin_with(*opens)

    def on_rail_opened(self, event: Rail.Opened) -> None:
        """Go there."""
        if not event.name:
            self.app.say("what was typed on the row of steps went nowhere; Enter opens the step", Tone.WARN)
        elif event.name == self.NAME:
            self.app.say("this step is open; left and right choose another", Tone.WARN)
        else:
            self.app.walk_to(event.name)

    def on_resize(self) -> None:
        """Below what can be worked with, say so instead of showing a part."""
        size = self.app.size
        self.set_class(size.width < NARROWEST or size.height < LOWEST, "-small")
        self.set_class(size.height < USUAL, "-low")
        self.set_class(size.width >= WIDE, "-wide")

    def frame_anew(self) -> None:
        """Platform, visit and user as they are."""
        self.app.attempt(self._frame)

    def _frame(self) -> None:
        app, visit = self.app, words.UNREADABLE
        try:
            visit = app.visit_title
        finally:
            production = app.is_production
            for top in self.query(Top):  # it is gone before the work is, where somebody leaves meanwhile
                top.tell(app.platform_title, production=production, job=visit, user=app.user)

    def told(self, text: str, tone: Tone) -> None:
        """Say it, where the step is just being opened once it is there."""
        if self.is_mounted:
            self.say(text, tone)
        else:
            self.call_later(self._say_late, text, tone)

    def _say_late(self, text: str, tone: Tone) -> None:
        if self.is_mounted:
            self.say(text, tone)

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """The line above the keys; what it said before stands in the event log."""
        self.query_one("#status", Plain).say(safe(text, 240), tone)

    def trouble(self, error: PunchdownError) -> None:
        """What happened and what to do next; it stays until it is left with Escape or mended."""
        sign = words.SEVERITIES[Severity.ERROR].sign
        lines = [f"{sign} {safe(error.message, 300)}"]
        if error.remedy:
            lines.append(f"What to do: {safe(error.remedy, 300)}")
        if trace := getattr(error, "trace_id", None):
            lines.append(f"For support: {safe(str(trace), 80)}")
        panel = self.query_one("#trouble", Plain)
        panel.update("\n".join(lines))
        panel.border_subtitle = "Escape puts this away"
        panel.add_class("-shown")

    def mended(self) -> None:
        """Take the last trouble away."""
        self.query_one("#trouble", Plain).remove_class("-shown")

    def key_escape(self) -> None:
        """Trouble that was read goes."""
        self.mended()
