"""Looking at the screen: in each size once nothing moves it any more, without what differs by run."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from rich.style import Style

from installer.clock import Clock, system_clock
from installer.session import Session
from tests.tui.contrast import LEAST, contrast
from tests.tui.stage import LIVE, SIZES, Stage

_BEGUN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_VARIES = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "u"),
    (re.compile(r"\b[0-9a-f]{56,64}\b|^ [0-9a-f]{7,8}$", re.MULTILINE), "s"),
    (re.compile(r"127\.0\.0\.1:\d{1,5}"), "p"),
    (re.compile(r"(?<=For support: )\S+"), "t"),
)


class Look:
    """What a scene showed, by size; neither clock nor chance moves it."""

    def __init__(self, on: Stage, folder: Path) -> None:
        self.on = on
        self.seen: defaultdict[tuple[int, int], str] = defaultdict(str)
        self.folder = folder
        self._titles: Counter[str] = Counter()
        self._ahead = timedelta()
        self.frozen(on.app.session)

    def frozen(self, session: Session) -> None:
        """A session whose clock stands still, and whose waiting is short."""
        real = system_clock()
        session.rooms.clock = Clock(
            lambda: _BEGUN + self._ahead, real.monotonic, lambda seconds: real.sleep(min(seconds, 0.05))
        )
        session.rooms.randbelow = random.Random(3).randrange

    def later(self, hours: float) -> None:
        """Time passes."""
        self._ahead += timedelta(hours=hours)

    async def at(self, step: str, *shows: str, title: str = "", going: Iterable[str] = ()) -> None:
        """Look at that step, once it shows all of `shows`."""
        await self.on.go(step)
        await self.here(title or step, *shows, going=going)

    async def here(self, title: str, *shows: str, going: Iterable[str] = ()) -> None:
        """Look at what is open, while work of the groups in `going` is under way and no other."""
        await self.on.until(lambda: all(text in " ".join(self.on.text.split()) for text in shows), 30)
        self.on.app.action_shade()  # light and dark in turn: both are read
        for size in SIZES:
            await self.on.resized(*size)
            text = await self._still(LIVE.union(going))
            self.seen[size] += f"=== {title}\n{_plain(text, self.folder)}\n"
            assert self._too_faint() == []
        await self.on.resized(80, 24)

    def _too_faint(self) -> list[tuple[str, str, str]]:
        """What is drawn with too little to tell it from its ground: text and both shades."""
        strips = self.on.app.screen._compositor.render_strips()
        return [
            (text, *shades)
            for strip in strips
            for text, style, _ in strip
            if text.strip(" ▀") and style is not None
            if contrast(*(shades := _shades(style))) < LEAST
        ]

    async def _still(self, going: frozenset[str]) -> str:
        """The text once no work is left, and every message of every widget was acted on, twice alike."""
        app = self.on.app
        before, text = None, ""
        while before != text:
            await self.on.until(lambda: not set(app._work) - going, 20)
            before, text = text, self.on.text
        return text


def _shades(style: Style) -> tuple[str, str]:
    """Of the letters and of their ground, as a terminal with all colors draws them."""
    fore, back = style.color, style.bgcolor
    assert fore is not None, style
    assert back is not None, style
    assert not style.dim, style
    return fore.get_truecolor().hex, back.get_truecolor().hex


def _plain(text: str, folder: Path) -> str:
    """Without what differs from run to run, each as wide as it was."""
    text = text.replace(str(folder), "/" + "f" * (len(str(folder)) - 1))
    for pattern, letter in _VARIES:
        text = pattern.sub(partial(_veiled, letter), text)
    return re.sub(r"\b\d+(?= s\b)", "n", text)


def _veiled(letter: str, found: re.Match[str]) -> str:
    return letter * len(found[0])
