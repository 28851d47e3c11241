"""A town in which every word is one that nobody should print, each with a mark of its own before it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.segment import Segment

from installer.domain.mac import parse_mac
from installer.rehearsal import seed
from installer.rehearsal.storage import JsonObject
from installer.rehearsal.things import Account, Plan
from installer.session import Session
from installer.session.drafting import Draft, editing, filling
from installer.text import safe
from tests.hostile import hidden
from tests.session.office import Town, number
from tests.tui.stage import TOWER, Stage
from tui.screens.dialog import Dialog
from tui.widgets.grid import Grid

SITE = "Tower"
HOSTILE_SITE = "S000[@click=app.quit][/]"
MAC = "00:50:58:12:34:00"
_LONGEST = 40
"""Characters of a place."""


def marked(letter: str, words: Iterable[str]) -> tuple[str, ...]:
    """Each word behind its mark, A000 to A330 say; what no UTF-8 holds comes as a question mark."""
    return tuple(f"{letter}{at:03}{_octets(word).decode()}" for at, word in enumerate(words))


def _octets(word: str) -> bytes:
    return word.encode("utf-8", "replace")


def fill_platform(town: Town, words: Sequence[str]) -> None:
    """Accounts, numbers with their addresses and calling plans by those names, behind the kit's back."""
    world = town.thread.platform.desk.world

    def change() -> None:
        for at, name in enumerate(marked("A", words)):
            account = Account(f"Account{at:015}", seed.PARTITION, f"9{at:05}", f"{name} harbor", "ACTIVE")
            world.accounts[account.id] = account
        for at, name in enumerate(marked("P", words)):
            world.plans[f"plan{at:018}"] = Plan(f"plan{at:018}", name, 1)
        pattern = world.numbers[number(0)]
        for at, street in enumerate(marked("N", words)):
            world.replace_number(_number(pattern, f"1503556{at:04}", street))

    town.change(change)


def _number(pattern: JsonObject, digits: str, street: str) -> JsonObject:
    address = pattern["e911Address"]
    assert isinstance(address, dict)
    at = {**address, "streetNumber": "", "streetName": street, "streetSuffix": ""}
    return {**pattern, "phoneNumber": digits, "id": digits, "e911Address": at}


def sheet_draft(session: Session, words: Sequence[str]) -> Draft:
    """A draft of the tower with a word in each of its cells, as somebody may have typed or pasted them."""
    desk = session.drafting
    draft = editing.add_gateway(desk.begin(TOWER, SITE), desk.models["50"])
    cells = iter(marked("D", words))
    columns = (
        "line_name",
        "line_use",
        "caller_id",
        "e911_callback",
        "location",
        "jack",
        "calling_plan",
        "notes",
    )
    for row in range(len(draft.rows)):
        for column in columns:
            if (word := next(cells, None)) is not None:
                draft = filling.set_cell(draft, row, column, word)
    return editing.bind_gateway(draft, "GW-1", parse_mac(MAC), "\x1b[2Jserial")


def printable(words: Iterable[str]) -> tuple[str, ...]:
    """Those that can name a line: what is left to do harm once nothing of them is unseen."""
    return tuple(
        word for word in words if word.strip() and safe(word, 90) == word and word == " ".join(word.split())
    )


def places(words: Iterable[str]) -> tuple[str, ...]:
    """Those that can name a place, each behind its mark."""
    return tuple(word for word in marked("G", words) if ":" not in word and len(word) <= _LONGEST)


def job_draft(session: Session, words: Sequence[str]) -> Draft:
    """A draft that can be provisioned: site, places and lines are called by those words."""
    desk = session.drafting
    names, gateways = marked("J", words), places(words)
    draft = desk.begin(TOWER, HOSTILE_SITE)
    for place in gateways:
        draft = editing.add_gateway(draft, desk.models["4"], place)
    of_first_ports = [each.rows[0] for each in draft.gateways]
    of_second_ports = [each.rows[1] for each in draft.gateways]
    for row, name in zip([*of_first_ports, *of_second_ports], names, strict=False):
        said = {"line_name": name, "line_use": "fax", "caller_id": number(0), "e911_callback": number(0)}
        for column, text in said.items():
            draft = filling.set_cell(draft, row, column, text)
    for at, place in enumerate(gateways):
        draft = editing.bind_gateway(draft, place, parse_mac(f"0050581234{at:02x}"))
    return draft


def write_sheet(path: Path, words: Iterable[str]) -> None:
    """A line sheet with a word at fault in each row."""
    header = [
        "account",
        "site",
        "gateway",
        "mac",
        "model",
        "fxs_port",
        "line_name",
        "line_use",
        "caller_id",
        "e911_callback",
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for at, word in enumerate(marked("C", words)):
            gateway, port = divmod(at, 50)
            row = [TOWER.number, SITE, f"GW-{gateway + 1}", "", "50", port + 1, "Fax", "fax", word, number(0)]
            writer.writerow(row)


class Eye:
    """Looks at every screen of a stage, and keeps what it saw."""

    def __init__(self, on: Stage) -> None:
        self.on = on
        self._seen: list[str] = []

    @property
    def seen(self) -> str:
        """All of it."""
        return "\n".join(self._seen)

    def marks(self, letter: str) -> set[int]:
        """Which of those words were seen."""
        return {int(each) for each in re.findall(rf"{letter}(\d\d\d)", self.seen)}

    def look(self) -> None:
        """At the screen as it is: nothing that acts, no link, nothing to click."""
        for strip in self.on.app.screen._compositor.render_strips():
            for segment in strip:
                _harmless(segment)
        self._seen.append(self.on.text)

    async def rows(self) -> None:
        """Every row of the table that is shown, by pages."""
        grid = self.on.app.screen.query(Grid).last()
        grid.action_end(last=False)
        while True:
            await self.on.settled()
            self.look()
            before = grid.cursor
            grid.action_page(1)
            if grid.cursor == before:
                return

    async def dialog(self, key: str, *, whole: bool = True, close: bool = True) -> None:
        """What opens by that key, from its head to its end where it is read whole; then it is left."""
        await self.on.pilot.press(key)
        await self.on.until(lambda: isinstance(self.on.app.screen, Dialog))
        self.look()
        if whole:
            await self.read()
        if close:
            await self.on.pilot.press("escape")
            await self.on.until(lambda: self.on.app.screen is self.on.app.step)

    async def question(self) -> None:
        """A run asks: read whole, then left without a yes."""
        await self.on.until(lambda: isinstance(self.on.app.screen, Dialog), 60)
        await self.read()
        await self.on.press("escape")

    async def read(self, what: str = "#words") -> None:
        """Words that are scrolled, to their end."""
        words = self.on.app.screen.query_one(what)
        before = None
        while before != words.scroll_offset:
            before = words.scroll_offset
            self.look()
            words.scroll_relative(y=max(1, words.size.height - 1), animate=False)
            await self.on.settled()


def _harmless(segment: Segment) -> None:
    assert segment.control is None
    assert not hidden(segment.text), repr(segment.text)
    assert "\n" not in segment.text
    if segment.style is not None and segment.text.strip():  # a scroll bar is of blanks, and is clicked on
        assert segment.style.link is None
        assert not [key for key in segment.style.meta if key.startswith("@")]
