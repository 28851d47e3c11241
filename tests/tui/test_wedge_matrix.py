"""A keyboard wedge through a pty, again and again: no key of a scan is ever taken for a hotkey."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from tests.cli.kit import Site, rows, sheet_at
from tests.tui.arrivals import ARRIVALS, every_arrival, strangers
from tests.tui.gate import Gate
from tests.tui.terminal import Terminal, punchdown, terminal
from tests.tui.walking import add_gateway, answer, begin, here, walk

TIMES = 20
AT_ONCE = 4
"""Lines that are made side by side."""
_HOTKEYS = """
import json, sys, time
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Button, DataTable
from tui.keyboard import Keyboard

class Hotkeys(Keyboard[int]):
    '''Every key that a scanner strikes does something here, and what has the focus acts on Enter.'''

    BINDINGS = [
        Binding(key, f"fire('{key}')", priority=True)
        for key in (*"abcdefABCDEF0123456789PDSNZ-", "tab", "ctrl+j", "backspace")
    ]

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")
        yield Button("Make them", id="make")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("port", "seen")
        table.add_rows((str(port), 0) for port in range(50))
        table.focus()
        self.ticks = 0
        self.set_interval(0.2, self.tick)
        self.tell("ready", "")

    def tick(self) -> None:
        '''Every row is written anew five times a second.'''
        self.ticks += 1
        table = self.query_one(DataTable)
        for row in range(50):
            table.update_cell_at((row, 1), self.ticks)

    def tell(self, what: str, about: str) -> None:
        with open(sys.argv[1], "a") as file:
            file.write(json.dumps([what, about]) + chr(10))

    def scanned(self, scan) -> None:
        time.sleep(float(sys.argv[2]))
        self.tell("scanned", scan.text)

    def action_fire(self, key: str) -> None:
        self.tell("fired", key)

    def on_data_table_row_selected(self) -> None:
        self.tell("fired", "row")

Hotkeys().run()
"""


class Told:
    """What the screen with hotkeys says it did."""

    def __init__(self, screen: Terminal, path: Path) -> None:
        self.screen = screen
        self._path = path

    @property
    def all(self) -> list[tuple[str, str]]:
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        return [(what, about) for what, about in map(json.loads, lines)]

    def came(self, many: int) -> None:
        """Wait until that many scans were told."""
        self.screen.wait(lambda: len(self.scans) >= many)

    @property
    def scans(self) -> list[str]:
        return [about for what, about in self.all if what == "scanned"]

    @property
    def fired(self) -> list[str]:
        return [about for what, about in self.all if what == "fired"]


@contextmanager
def hotkeys(folder: Path, blocked: float = 0.0) -> Iterator[Told]:
    """The screen with hotkeys, which has no time for anything for `blocked` seconds after a scan."""
    with terminal([sys.executable, "-P", "-c", _HOTKEYS, folder / "told", blocked]) as screen:
        told = Told(screen, folder / "told")
        screen.wait(lambda: ("ready", "") in told.all)
        yield told


@pytest.mark.parametrize("name", ARRIVALS)
def test_no_scan_fires_a_hotkey_while_a_table_is_written(folder: Path, name: str) -> None:
    sent, each = list[str](), strangers(300)
    with hotkeys(folder) as told:
        for _ in range(TIMES):
            one, two = next(each).text, next(each).text
            ARRIVALS[name](told.screen, one, two)
            sent += [one, two]
            told.came(len(sent))
        told.screen.lull()
        assert (told.fired, told.scans) == ([], sent)
        told.screen.press("a", "Enter")
        told.screen.wait(lambda: told.fired == ["a", "row"])


@pytest.mark.parametrize("end", ["\r", "\n", "\t", "\r\n"])
def test_no_scan_is_lost_while_each_keeps_the_screen_busy(folder: Path, end: str) -> None:
    sent = [code.text for code in islice(strangers(350), 8)]
    with hotkeys(folder, blocked=0.4) as told:
        for code in sent:
            told.screen.burst(f"{code}{end}")
        told.came(len(sent))
        told.screen.lull()
        assert (told.fired, told.scans) == ([], sent)


def test_a_hundred_scans_one_right_after_the_other_are_a_hundred(folder: Path) -> None:
    sent = [f"0050581{number:05}" for number in range(100)]
    with hotkeys(folder) as told:
        told.screen.burst("".join(f"{code}\r" for code in sent))
        told.came(len(sent))
        told.screen.lull()
        assert (told.fired, told.scans) == ([], sent)


def test_hardware_and_serials_of_two_gateways_in_one_burst_are_each_kept_where_they_stand(
    folder: Path,
) -> None:
    with terminal(punchdown("--home", folder / "home", "demo")) as screen:
        screen.until("New here? Press Enter")
        screen.press("Enter")
        screen.wait(lambda: here(screen) == "Visits")
        begin(screen)
        for place in ("GW-1", "GW-2"):
            add_gateway(screen, "8 FXS", place)
        screen.press("Up")
        screen.burst("00505812AB01\tVEGA00017\r00505812AB02\tVEGA00018\r")
        screen.until("serial VEGA00018 kept for GW-2")
        assert [line.split()[:6] for line in screen.shown.splitlines() if line.startswith(" GW-")][:2] == [
            ["GW-1", "Vega", "60G,", "8", "FXS", "00:50:58:12:ab:01"],
            ["GW-2", "Vega", "60G,", "8", "FXS", "00:50:58:12:ab:02"],
        ]
        screen.press("F6")
        said = screen.until("What was said", "serial VEGA00017 kept for GW-1")
        assert "nothing of this home is called" not in said


def test_scans_while_lines_are_written_cancel_nothing_and_are_all_told(site: Site) -> None:
    gate = Gate(site, "POST", "*/account/*/specialty-line")
    sheet = sheet_at(site.folder, rows(4))
    with terminal(punchdown(*site.options), (80, 50)) as screen:
        walk(screen, "Visits")
        screen.press("F3")
        screen.until("Open a line sheet")
        screen.paste(str(sheet))
        answer(screen, "Open a line sheet", "Enter")
        screen.until("F3 makes 8 writes")
        screen.press("F3")
        answer(screen, "Provision?", "Right", "Enter")
        screen.wait(lambda: gate.waiting == AT_ONCE)
        screen.until("0 of 8 steps", "► on its way")
        every_arrival(screen, strangers(400))
        assert here(screen) == "Provision"
        assert gate.waiting == AT_ONCE
        gate.open()
        screen.until("● 8 of 8 steps done")
    assert site.writes == 8
