"""A whole visit by keys, from scripts/run.py to the labels: with scans, and with all that goes wrong."""

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from installer.rehearsal.faults import Kind, Rule
from tests.tui.started import Checkout, Control, Rehearsed
from tests.tui.terminal import Terminal, terminal
from tests.tui.walking import add_gateway, answer, begin, here

pytestmark = pytest.mark.timeout(120)  # a visit of some hundred keys, at the pace of a person

CREATE, NUMBER = "*/specialty-line", "*/telephonenumber/*"
MAC, SERIAL = "00505812AB01", "VEGA00017"
FIRST = ("Elevator 1", "elevator", "5035550106", "5035550106", "5035550106")
BLOCK = (
    "Fire panel\tfire-panel\t5035550119\t5035550108\t5035550119\tBasement\r\n"
    "Fax\tfax\t5035550110\t5035550107\t5035550110\tOffice"
)
"""Two more lines, each with the 911 callback of an elevator that is somewhere else."""
LINES = ["Elevator 1", "Elevator 2", "Elevator 3", "Elevator 4", "Fax", "Fire panel"]
NUMBERS = ["15035550106", "15035550107", "15035550108", "15035550109", "15035550110", "15035550119"]


@contextmanager
def started(checkout: Checkout, home: Path) -> Iterator[Terminal]:
    """What a person sees who types the one command of the README."""
    with terminal(checkout.command(), (80, 24), PUNCHDOWN_HOME=str(home), **checkout.variables) as screen:
        yield screen


def scan_the_gateway(screen: Terminal) -> None:
    add_gateway(screen, "8 FXS", "GW-1")
    screen.burst(f"{MAC}\r")
    screen.until("00:50:58:12:ab:01 stands at GW-1", "the platform has nothing on 00:50:58:12:ab:01")
    screen.burst(f"{SERIAL}\r")
    screen.until(f"serial {SERIAL} kept")
    screen.press("F4")
    screen.wait(lambda: here(screen) == "Ports")


def fill_in_the_ports(screen: Terminal) -> None:
    for text in FIRST:
        screen.type(f"{text}\t", pace=0.045)
    screen.press(*["Left"] * len(FIRST))
    for _ in FIRST:
        screen.press("F3")
        answer(screen, "Fill down", "BSpace", "4", "Enter")
        screen.press("Right")
    screen.press(*["Left"] * len(FIRST), *["Down"] * 4)
    screen.paste(BLOCK)
    screen.until("GW-1:6", "Fire panel", "Fax", "nothing is at fault")
    screen.press("F4")
    screen.wait(lambda: here(screen) == "Credentials")


def make_credentials(screen: Terminal) -> None:
    screen.until("6 credentials to make")
    screen.press("F3")
    screen.until("6 ports with a credential", "every username is free")
    screen.press("F4")
    screen.wait(lambda: here(screen) == "Review")


def review(screen: Terminal) -> None:
    """Two warnings that life safety hangs on: taking one on leaves the other."""
    screen.until("2 warnings to take on")
    screen.press("F3")
    screen.until("take the warnings on first")
    screen.press("Home", "Enter")
    answer(screen, "Take this on?", "Right", "Enter")
    screen.until("1 warning to take on")
    screen.press("Down", "Enter")
    answer(screen, "Take this on?", "Right", "Enter")
    screen.until("F3 makes 12 writes")


def provision_until_it_is_killed(screen: Terminal, control: Control) -> None:
    """One reply is lost, one write never arrives, two are under way, and nobody is signed in any more."""
    control.expire_tokens()
    control.faults(
        Rule(Kind.DROP_AFTER_COMMIT, "POST", CREATE, first=2),
        Rule(Kind.LATE_COMMIT, "POST", CREATE, first=3, seconds=3600),
        Rule(Kind.SLOW, "POST", CREATE, first=5, count=None, seconds=3600),
    )
    screen.press("F3")
    answer(screen, "Provision?", "Right", "Enter")
    screen.until("2 of 12 steps", "? not known yet", "► on its way")
    screen.wait(lambda: control.created() == len(LINES) - 1)
    screen.kill()
    assert screen.code == 128 + signal.SIGKILL


def go_on_where_it_was_killed(screen: Terminal, control: Control) -> None:
    """What is not known is looked up first; a reply is lost again, and a token runs out."""
    screen.until("► unfinished")
    assert here(screen) == "Visits"
    screen.press("Enter")
    screen.wait(lambda: here(screen) == "Provision")
    screen.until("2 of 6 steps; 4 outcomes not known yet. F5")
    screen.press("F5")
    screen.until("Make 5 writes, and up to 2 more once an earlier create is looked up?")
    control.faults(
        Rule(Kind.DROP_AFTER_COMMIT, "POST", CREATE), Rule(Kind.EXPIRE_TOKEN, "PATCH", NUMBER, first=3)
    )
    answer(screen, "Before it goes on", "Right", "Enter")
    screen.until("10 of 11 steps; 1 outcome not known yet. F5")
    screen.press("F5")
    answer(screen, "Before it goes on", "Right", "Enter")
    screen.until("● 7 of 7 steps done", "F4 goes on")


def hand_over(screen: Terminal) -> None:
    """The sheet, then every port green, then the labels, and nothing is open."""
    screen.press("F4")
    screen.until("6 rows final", "credentials.xlsx", "GW-1", SERIAL)
    screen.press("F3")
    screen.until("sheet and hand-over text written")
    screen.press("F4")
    screen.wait(lambda: here(screen) == "Registration")
    screen.until("● 6 of 6 lines registered")
    assert screen.shown.count("● registered") == len(LINES)
    screen.press("F4")
    screen.wait(lambda: here(screen) == "Labels")
    screen.press("F3")
    screen.until("9 labels written")
    screen.press("F4")
    screen.until("● 6 lines on the platform; nothing is open. F10 ends.")


def leave(screen: Terminal) -> list[Path]:
    """Gives the files that are told once the screen is gone."""
    screen.press("F10")
    assert screen.code == 0
    assert screen.is_restored
    told = screen.scrolled.strip().splitlines()
    assert told[-1].endswith("registered: 6, spare or off: 2; nothing is open")
    return [Path(line.partition(": ")[2]) for line in told[:-1]]


def test_a_whole_visit_with_scans_a_lost_reply_an_expired_token_a_kill_and_a_resume(folder: Path) -> None:
    checkout, home = Checkout(folder / "checkout"), folder / "home"
    rehearsal = home / "rehearsal"
    control = Control(rehearsal)
    with started(checkout, home) as screen:
        screen.until("New here? Press Enter")
        screen.press("Enter")
        screen.wait(lambda: here(screen) == "Visits")
        screen.until("no visit yet")
        begin(screen)
        scan_the_gateway(screen)
        fill_in_the_ports(screen)
        make_credentials(screen)
        review(screen)
        provision_until_it_is_killed(screen, control)
    with started(checkout, home) as screen:
        go_on_where_it_was_killed(screen, control)
        hand_over(screen)
        files = leave(screen)
    assert all(path.is_file() for path in files)
    assert {path.suffix for path in files} == {".xlsx", ".txt", ".pdf"}
    with closing(Rehearsed(rehearsal)) as site:
        audit(site)


def audit(site: Rehearsed) -> None:
    """Each line was made once, each number set to ring once; what was asked in vain made nothing."""
    assert site.auditor.finished(site.kits[0]) == []
    assert sorted(line.name for line in site.lines) == LINES
    made = Counter(touched for entry in site.commits("create-line") for touched in entry.objects)
    rung = Counter(touched for entry in site.commits("patch-number") for touched in entry.objects)
    assert made == dict.fromkeys((line.id for line in site.lines), 1)
    assert rung == dict.fromkeys(NUMBERS, 1)
    assert {entry.fault for entry in site.writes} >= {Kind.DROP_AFTER_COMMIT, Kind.LATE_COMMIT, Kind.SLOW}
