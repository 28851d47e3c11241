"""A screen for tests: the real app on the rehearsal platform, driven by its keys."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from rich.segment import Segment
from textual import events
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size
from textual.keys import _character_to_key
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.strip import Strip

from installer.domain.finding import Acceptable
from installer.domain.line import Account
from installer.domain.mac import parse_mac
from installer.rehearsal import seed
from installer.rehearsal.faults import Kind, Rule
from installer.session import Answers, Settings
from installer.session.drafting import Draft, editing, filling
from tui.app import PunchdownApp
from tui.screens import STEPS
from tui.screens.dialog import GRACE, Dialog
from tui.wedge import GAP, LULL

LIVE = frozenset({"watch"})
"""Work that never ends by itself."""
_HELD = LIVE.union(("hardware", "labels", "look", "plan", "run", "search", "sheet", "sign-in", "username"))
"""Work that tests hold, at the platform or a disk: what comes of it is to be waited for with `until`."""
_BRIEF = 0.06
"""Seconds that such work is waited for all the same. Other work ends when it ends, on a slow machine too."""
SIZES = ((60, 20), (80, 24), (132, 43))
"""Of the window, to be tried: columns and rows."""
TOWER = Account(seed.TOWER.id, seed.TOWER.number, seed.TOWER.name)


class Stage:
    """The app under a pilot."""

    def __init__(self, app: PunchdownApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def text(self) -> str:
        """What is on the screen, line by line."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(_plain(strip) for strip in strips)

    @property
    def draft(self) -> Draft:
        """The visit that is being written."""
        assert self.app.draft is not None
        return self.app.draft

    async def settled(self) -> None:
        """All that was sent to any widget is acted on, brief work is done, and what came of it is drawn."""
        brief = asyncio.get_running_loop().time() + _BRIEF
        async with asyncio.timeout(20):
            while self.app._running:
                pumps = [self.app, *self.app.screen.walk_children(with_self=True)]
                told: list[MessagePump] = []
                for each in pumps:
                    each.call_later(told.append, each)
                await asyncio.sleep(0)
                while any(each._running and each not in told for each in pumps):
                    await asyncio.sleep(0.001)
                screen = self.app.screen
                screen._on_timer_update()
                if screen._callbacks or any(each.message_queue_size for each in pumps):
                    continue
                if not self._works(LIVE):
                    return
                own = self._works(_HELD) and not isinstance(screen, Dialog)
                if not own and asyncio.get_running_loop().time() > brief:
                    return
                await asyncio.sleep(0.002)

    def _works(self, but: frozenset[str]) -> bool:
        """Whether work of another kind is under way."""
        return any(group.split()[0] not in but for group in self.app._work)

    async def press(self, *keys: str) -> None:
        """Keys, one after the other, as a person strikes them."""
        for key in keys:
            self.app.post_message(_struck(key))
            await self._told()

    async def typed(self, text: str) -> None:
        """Text, character by character."""
        await self.press(*text)

    async def burst(self, text: str, end: str = "enter") -> None:
        """A scanner's: all at once."""
        for char in text:
            self.app.post_message(_struck(char))
        self.app.post_message(_struck(end))
        await asyncio.sleep(1.2 * LULL)
        await self._told()

    async def paste(self, text: str, end: str = "") -> None:
        """What a terminal's bracketed paste gives, and the key that a scanner sends right behind."""
        self.app.post_message(events.Paste(text))
        if end:
            self.app.post_message(_struck(end))
        await self._told()

    async def _told(self) -> None:
        """What the wedge holds back until it knows whether it is a scan has been told."""
        await self.settled()
        async with asyncio.timeout(20):
            while self.app._wedge.holds:
                await asyncio.sleep(GAP / 4)
        await self.settled()

    async def resized(self, width: int, height: int) -> None:
        """The window is of that size."""
        size = Size(width, height)
        driver = self.app._driver
        assert isinstance(driver, HeadlessDriver)
        driver._size = size
        self.app.post_message(events.Resize(size, size))
        await self.until(lambda: self.app.size == size and self.app._resize_timer is None)

    async def until(self, true: Callable[[], bool], seconds: float = 15.0) -> None:
        """Wait for it, then for the screen to have drawn it."""
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    await asyncio.sleep(0.02)
        except TimeoutError as failure:
            failure.add_note(self.text)
            raise
        await self.settled()

    async def go(self, step: str) -> None:
        """Open the step of that name."""
        self.app.go(step)
        await self.until(lambda: self.app.step is not None and step == self.app.step.NAME)

    async def seen(self, kind: type[Dialog] = Dialog) -> None:
        """Wait until a dialog of that kind is open; it was for as long as a key is not taken."""
        await self.until(lambda: isinstance(self.app.screen, kind))
        dialog = self.app.screen
        assert isinstance(dialog, Dialog)
        dialog._opened -= GRACE

    def wanted(self, model: str, lines: int, name: str = "Fax 1") -> Path:
        """A visit of the tower is planned: a gateway with some lines; where its draft lies."""
        self.plan(model)
        wanted = self.draft
        for column, first in (
            ("line_name", name), ("line_use", "fax"), ("caller_id", "5035550100"),
            ("e911_callback", "5035550100"), ("inbound_number", "5035550100"),
        ):  # fmt: skip
            wanted = filling.fill(wanted, range(lines), column, first)
        wanted = editing.bind_gateway(wanted, "GW-1", parse_mac("00:50:58:12:34:01"))
        self.app.edit(lambda _: wanted)
        return self.app.session.drafting.path(wanted)

    async def stand(self, model: str = "4", lines: int = 3) -> None:
        """The visit is provisioned."""
        visits, answers = self.app.session.visits, Answers(yes=True, accept=frozenset(Acceptable))
        await visits.apply(self.wanted(model, lines), answers)
        self.opened()

    async def prepared(self, model: str = "4", lines: int = 3, name: str = "Fax 1") -> None:
        """The visit is kept with its credentials; nothing is written to the platform."""
        await self.app.session.visits.prepare(self.wanted(model, lines, name), Answers())
        self.opened()

    def opened(self) -> None:
        """The visit that was last run is open, and its draft is gone."""
        (run,) = self.app.session.visits.runs
        assert run.error is None, run.error
        self.app.session.drafting.drop(self.draft.id)
        self.app.open_visit(run.record.job.id)

    def fault(self, kind: Kind, path: str = "*", method: str = "*", **how: object) -> None:
        """From now on the platform fails so as well."""
        thread = self.app.session.rooms.rehearsal
        rule = Rule(kind, method, path, **{"status": 400, "count": None, **how})  # type: ignore[arg-type]
        faults = thread.platform.faults
        thread.call(lambda: faults.load((*faults.rules, rule)))

    @property
    def lines(self) -> int:
        """How many lines the platform has on the tower."""
        thread = self.app.session.rooms.rehearsal
        return len(thread.call(thread.platform.lines))

    @property
    def looks(self) -> int:
        """How often the platform was asked whether a line is registered."""
        thread = self.app.session.rooms.rehearsal
        return thread.call(lambda: thread.platform.ledger.reads["registration-status"])

    def heal(self) -> None:
        """The platform is well again."""
        thread = self.app.session.rooms.rehearsal
        thread.call(lambda: thread.platform.faults.load(()))

    def plan(self, *models: str) -> None:
        """Begin a visit of the tower with a gateway of each of `models`."""
        desk = self.app.session.drafting
        draft = desk.begin(TOWER, "Tower")
        for model in models:
            draft = editing.add_gateway(draft, desk.models[model])
        self.app.edit(lambda _: draft)
        self.app.draft = draft
        desk.keep(draft)


@asynccontextmanager
async def screen(settings: Settings, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Stage]:
    """The app on `settings`, in a window of `size`; what ended it as a defect fails the test."""
    app = PunchdownApp(settings, STEPS)
    async with app.run_test(size=size) as pilot:
        on = Stage(app, pilot)
        try:
            yield on
        except BaseException as failure:
            if app.defect is not None:
                raise app.defect from failure
            failure.add_note(on.text)
            raise
    assert app.defect is None, app.defect


def stage(home: Path, size: tuple[int, int] = (80, 24)) -> AbstractAsyncContextManager[Stage]:
    """The app on the rehearsal platform."""
    return screen(Settings(home=home, platform="rehearsal"), size)


def _struck(key: str) -> events.Key:
    return events.Key(_character_to_key(key), key) if len(key) == 1 else events.Key(key, None)


def _plain(strip: Strip | list[Segment]) -> str:
    return "".join(segment.text for segment in strip).rstrip()
