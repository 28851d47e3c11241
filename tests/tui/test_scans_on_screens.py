"""A scan on any screen, however it arrives, is one scan; it fires no key and answers no question."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

import pytest

from tests.cli.kit import NUMBERS, Site, rows, served, sheet_at
from tests.memory import folder_in_memory
from tests.tui.arrivals import ARRIVALS, Code, events, every_arrival, in_turns, strangers
from tests.tui.terminal import Terminal, punchdown, terminal
from tests.tui.walking import NAMES, add_gateway, begin, here, label_ids, walk
from tui.screens.dialog import GRACE

TALL = (80, 50)
"""Room for all that is said of the arrivals."""
MACS = ("005058aabb01", "005058aabb02")

_LAST = {
    "Sign in": " rehearsal ",
    "Visits": "○ made",
    "Review": "Nothing to write",
    "Registration": "looked ",
}
"""What comes last on a step."""


@dataclass(frozen=True)
class Standing:
    """A home in which one visit is applied, with a port on each of two gateways, and another is prepared."""

    site: Site
    labels: tuple[str, str]
    prepared: str
    """A telephone number of the other visit."""
    writes: int


@pytest.fixture(scope="module")
def made() -> Iterator[Standing]:
    with folder_in_memory() as folder, served(folder) as site:
        one, two = rows(1), rows(2, gateway="GW-2", mac="00:50:58:aa:bb:02").splitlines()[-1]
        sheet = sheet_at(folder, one + two.replace(",4,2,", ",4,1,") + "\n")
        assert site.run("apply", sheet, "--yes").code == 0
        first, second = label_ids(site)[::4]
        annex = rows(4, gateway="GW-9", mac="00:50:58:aa:bb:09").replace("Tower,,", "Tower,Annex,")
        lines = annex.splitlines(keepends=True)
        done = site.run("prepare", sheet_at(folder, "".join([lines[0], *lines[3:]]), "annex.csv"))
        assert done.code == 0
        yield Standing(site, (first, second), NUMBERS[2], site.writes)


@pytest.fixture
def standing(made: Standing, folder: Path) -> Standing:
    """A copy of that home; the platform is the same."""
    shutil.copytree(made.site.home, folder / "home")
    return replace(made, site=replace(made.site, folder=folder))


@contextmanager
def visited(standing: Standing) -> Iterator[Terminal]:
    """The screen on the visit that is applied."""
    with terminal(punchdown(*standing.site.options), TALL) as screen:
        screen.until("punchdown · ")
        screen.burst(f"{standing.labels[0]}\r")
        screen.until("►", "GW-1:1 · RJ11 1 · label ")
        yield screen


@pytest.mark.parametrize("steps", [NAMES[:4], NAMES[4:8], NAMES[8:]], ids=", ".join)
def test_every_arrival_is_the_scans_it_is_and_nothing_else(standing: Standing, steps: list[str]) -> None:
    with visited(standing) as screen:
        codes = strangers(100)
        for name in steps:
            walk(screen, name)
            settled(screen, name)
            every_arrival(screen, codes)
            assert here(screen) == name
        assert standing.site.writes == standing.writes
        screen.burst(f"{standing.labels[1]}\t")
        screen.until(f"GW-2:1 · RJ11 1 · label {standing.labels[1]}")


def settled(screen: Terminal, name: str) -> None:
    """What the step reads by itself, or asks the platform for, has come."""
    screen.until(_LAST.get(name, ""))
    screen.lull()


@pytest.mark.parametrize(
    "name, said, shown",
    [
        ("Gateways", "{mac} stands at {place} already", "{mac} stands at {place} already"),
        ("Account", "searching for {bare}", "found for {bare}"),
        ("Ports", "{place}:1: ", "{place}:1: {label}"),
        ("Registration", "{place}:1: ", "{place}:1 · RJ11 1 · label {label}"),
        ("Labels", "{place}:1: ", "{place}:1: "),
    ],
)
def test_every_arrival_of_what_the_step_takes_is_taken_once(
    standing: Standing, name: str, said: str, shown: str
) -> None:
    codes = list[Code]()
    for place, bare, label in zip(("GW-1", "GW-2"), MACS, standing.labels, strict=True):
        mac = ":".join(bare[at : at + 2] for at in range(0, 12, 2))
        words = {"place": place, "mac": mac, "bare": bare, "label": label}
        text = bare if name in {"Gateways", "Account"} else label
        codes.append(Code(text, said.format(**words), shown.format(**words), place))
    with visited(standing) as screen:
        walk(screen, name)
        settled(screen, name)
        every_arrival(screen, in_turns(*codes))
        assert here(screen) == name
    assert standing.site.writes == standing.writes


def test_a_serial_number_behind_a_mac_is_kept_however_both_arrive(folder: Path) -> None:
    with terminal(punchdown("--home", folder / "home", "demo"), TALL) as screen:
        screen.until("New here? Press Enter")
        screen.press("Enter")
        screen.wait(lambda: here(screen) == "Visits")
        begin(screen)
        add_gateway(screen, "8 FXS", "GW-1")
        screen.burst("00505812AB01\r")
        screen.until("the platform has nothing on 00:50:58:12:ab:01")
        mac = Code("00505812AB01", "stands at GW-1 already", "")
        one, two = (
            Code(serial, f"serial {serial} kept for GW-1", f"serial {serial} kept for GW-1", serial)
            for serial in ("VEGA00017", "VEGA00018")
        )
        # What is pasted and is no code of ours is text.
        every_arrival(screen, cycle((mac, one, mac, two)), [way for way in ARRIVALS if "pasted" not in way])


@pytest.mark.parametrize("key, dialog", [("F1", "Visits: help"), ("F6", "What was said"), ("F8", "Find")])
def test_a_dialog_stays_open_whatever_is_scanned(standing: Standing, key: str, dialog: str) -> None:
    labels = standing.labels
    with visited(standing) as screen:
        walk(screen, "Visits")
        screen.press(key)
        screen.until(dialog)
        screen.lull()
        before = _box(screen.shown)
        for arrive in ARRIVALS.values():
            arrive(screen, *labels)
            screen.lull()
        screen.burst("SN0012345678\r")  # a serial number: text, where a dialog takes text
        taken = f"{labels[1]}SN0012345678"
        after = screen.until(taken) if key == "F8" else screen.shown
        assert _box(after.replace(taken, "")) == before
        screen.press("Escape")
        if key != "F8":
            screen.until("nothing was done with it")
        screen.wait(lambda: here(screen) == "Visits")


def test_the_palette_stays_open_and_nothing_beneath_it_reacts(standing: Standing) -> None:
    with visited(standing) as screen:
        walk(screen, "Visits")
        screen.press("F9")
        screen.until("All keys and steps")
        for arrive in ARRIVALS.values():
            arrive(screen, *standing.labels)
            screen.lull()
        screen.until("All keys and steps", standing.labels[1], "nothing like that here")
        screen.press("Escape")
        screen.wait(lambda: "All keys and steps" not in screen.shown)
        assert here(screen) == "Visits"


@pytest.mark.parametrize("codes", ["labels", "macs"])
def test_no_arrival_answers_whether_to_provision(standing: Standing, codes: str) -> None:
    one, two = standing.labels if codes == "labels" else MACS
    with visited(standing) as screen:
        screen.burst(f"{standing.prepared}\r")
        screen.until("GW-9:1")
        walk(screen, "Review")
        screen.until("F3 makes 4 writes")
        screen.press("F3")
        screen.until("Provision?")
        time.sleep(GRACE)
        screen.press("Right")  # the focus is on what would write
        before = _box(screen.shown)
        for arrive in ARRIVALS.values():
            arrive(screen, one, two)
            screen.lull()
            assert _box(screen.shown) == before
        screen.press("Escape")
        screen.wait(lambda: "Provision?" not in screen.shown)
        said = "scanned while a question was open: nothing was done with it"
        assert events(screen, said) == [said] * 2 * len(ARRIVALS)
        assert here(screen) == "Review"
    assert standing.site.writes == standing.writes


def _box(shown: str) -> list[list[str]]:
    """What stands in the dialog's frame."""
    return [line.split() for line in shown.splitlines() if "│" in line]
