"""Hostile words on a real terminal: the octets that reach it are the screen's own and nothing else."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from unicodedata import category

import pytest

from installer.session import Session, Settings
from installer.session.drafting import Draft
from tests.cli.kit import NUMBERS, Site, rows, served, sheet_at
from tests.hostile import ALL
from tests.session.office import Town
from tests.tui.hostile_town import fill_platform, marked, printable, sheet_draft
from tests.tui.stage import TOWER
from tests.tui.terminal import Terminal, punchdown, terminal
from tests.tui.walking import here, walk
from tui.screens import STEPS

_SIZE = (80, 24)
_COLOR = rb"[34]8;2;\d{1,3};\d{1,3};\d{1,3}"
_OWN = re.compile(
    rb"\x1b\[(?:0|(?:[12347];)*" + _COLOR + rb"(?:;" + _COLOR + rb")?)m"
    rb"|\x1b\[(?P<row>\d+);(?P<column>\d+)H|\x1b\]22;default\x07"
)
_BEGUN, _ENDED = b"F10 quit", b"\x1b[?2004l"
_RESTORED = re.compile(rb"\x1b\[(?:\?(?:7h|25h|1000l|1003l|1004l|1006l|1015l|1049l|2004l)|<u)")
"""Modes that are taken back behind the last frame."""
_HARMFUL = "\x1b[2J[/]\u202e"
_SITE = "[@click=app.quit]x[/] [red]"
"""What a sheet may call a site: nothing of it is unseen."""
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def foreign(stream: bytes) -> list[str]:
    """What of a stream, from the first frame on, no screen of ours sends by itself.

    A frame is text, colors, places of the cursor within the window, the pointer's usual shape, and line ends.
    Modes are set before the first, and taken back after the last, where lines of text tell what was done.
    """
    end = stream.rindex(_ENDED)
    frames, told = stream[stream.index(_BEGUN) : end], stream[end:]
    own = _OWN.sub(_beyond, frames) + _RESTORED.sub(b"", told)
    text = own.decode().replace("\r\n", "\n")
    acting = (at for at, char in enumerate(text) if char != "\n" and category(char) in _UNSEEN)
    return [text[max(0, at - 12) : at + 12] for at in acting]


def _beyond(found: re.Match[bytes]) -> bytes:
    """Nothing, but for a place outside the window."""
    width, height = _SIZE
    is_ours = found["row"] is None or (int(found["row"]) <= height and int(found["column"]) <= width)
    return b"" if is_ours else found[0]


@pytest.mark.parametrize(
    "word", ["\x1b[2J", "\x1b[31m", "\x1b[99;99H", "\x1b]0;t\x07", "\x9b", "\u202e", "\x1b[?25l"]
)
def test_what_is_foreign_is_found(word: str) -> None:
    frame = "\x1b[1;1H\x1b[1;38;2;1;2;3;48;2;4;5;6mwords\x1b[0m\r\n"
    assert foreign(_BEGUN + frame.encode() + _ENDED) == []
    assert foreign(_BEGUN + f"{frame}A001{word}".encode() + _ENDED)
    assert foreign(_BEGUN + frame.encode() + _ENDED + f"\x1b[?1049l{word}".encode())


@pytest.fixture
def hostile(folder: Path) -> Iterator[Site]:
    """A site whose home lies behind a name that acts on terminals, and whose platform is full of such."""
    with served(folder / _HARMFUL.replace("/", "")) as site:
        fill_platform(Town(site.thread), ALL)
        assert site.run("apply", named(site, printable(ALL)[60:64]), "--yes").code == 0
        asyncio.run(drafts(site, ALL))
        yield site


def test_nothing_but_the_screens_own_reaches_the_terminal(hostile: Site) -> None:
    command = punchdown(*hostile.options, "--operator", f"{_HARMFUL}ada")
    with terminal(command, _SIZE, COLORTERM="truecolor") as screen:
        screen.until("F10 quit", "draft")
        the_accounts(screen)
        the_draft(screen)
        every_step(screen)
        the_run(screen)
        screen.press("C-q")
        assert screen.code == 0
        assert screen.is_restored
        stream, title = screen.stream, screen.flag("pane_title")
        told = " ".join(screen.scrolled.split())
    assert f"{_SITE} J" in told
    assert "sheet: " in told
    seen = {int(each) for each in re.findall(rb"A(\d\d\d)", stream)}
    assert seen == set(range(len(ALL)))
    found = foreign(stream)
    assert not found, sorted({ascii(each[-16:]) for each in found})
    assert not any(word in title for word in ("owned", "title", "note"))


def test_octets_that_are_no_text_end_no_screen(folder: Path) -> None:
    with terminal(punchdown("--home", folder / "home", "demo"), _SIZE, COLORTERM="truecolor") as screen:
        screen.until("Which platform?")
        screen.octets(b"\xff\x9b31m\xc3(\xed\xa0\x80")
        screen.until("nothing of this home is called ")
        screen.press("C-q")
        assert screen.code == 0
        assert foreign(screen.stream) == []


def named(site: Site, names: Sequence[str]) -> object:
    """A sheet whose lines are called so."""
    text = rows(4)
    for port, name in enumerate(names, 1):
        text = text.replace(f"Line {port}", '"' + name.replace('"', '""') + '"')
    text = text.replace("Tower,,", f"Tower,{_SITE},")
    return sheet_at(site.folder, text)


async def drafts(site: Site, words: Sequence[str]) -> None:
    """One with a word in each cell, and some whose sites are called so."""
    async with Session(Settings(site.home, base_url=site.platform.url)) as session:
        for at, name in enumerate(marked("S", words[:40])):
            session.drafting.keep(Draft(f"D{at:05}", TOWER.id, name))
        session.drafting.keep(replace(sheet_draft(session, words), id="D"))


def the_accounts(screen: Terminal) -> None:
    """Searched for, all of them by pages."""
    walk(screen, "Account")
    screen.type("harbor\r", pace=0.04)
    screen.until("accounts found")
    while "A330" not in screen.shown:
        before = screen.shown
        screen.press("PageDown")
        screen.wait(lambda: screen.shown != before)  # noqa: B023 - called at once


def the_draft(screen: Terminal) -> None:
    """Gone on with: its cells by pages, their faults, what is offered, what is pasted over one."""
    walk(screen, "Visits")
    screen.until("draft")
    screen.press("NPage", "NPage", "Home", "Enter")
    screen.wait(lambda: here(screen) == "Ports")
    screen.until("D000")
    screen.press("NPage", "NPage", "NPage", "Right", "Right", "Right", "Right", "Right", "Right", "Home")
    looked_into(screen, "C-l", "Faults and warnings", "NPage", "NPage")
    screen.paste("D0\x1b[2J[/]\x9b31m\u202e\x07")
    screen.until("D0")
    screen.press("C-z", "Enter")
    screen.lull()
    screen.press("Escape")


def every_step(screen: Terminal) -> None:
    """To the last step in the usual size and back in the small one, a dialog over each."""
    dialogs = (("F1", "help"), ("F6", "What was said"), ("F7", ""), ("F8", "Find"), ("F9", "All keys"))
    for number, step in enumerate(STEPS[5:]):
        walk(screen, step.NAME)
        looked_into(screen, *dialogs[number % len(dialogs)], "NPage")
    screen.resize(60, 20)
    for number, step in enumerate(reversed(STEPS)):
        walk(screen, step.NAME)
        looked_into(screen, *dialogs[number % len(dialogs)], "NPage")


def the_run(screen: Terminal) -> None:
    """The visit that stands is gone on with, and its sheet is written: both are told of at the end."""
    screen.resize(*_SIZE)
    screen.burst(f"{NUMBERS[0]}\r")
    screen.until("Registration◄", "GW-1:1 · ")
    walk(screen, "Provision")
    screen.press("F5")
    screen.until("● ")
    walk(screen, "Sheet")
    screen.press("F3")
    screen.until("revision")


def looked_into(screen: Terminal, key: str, title: str, *keys: str) -> None:
    """A dialog is opened, looked through, and left."""
    screen.press(key)
    screen.until(title)
    screen.press(*keys, "Escape")
    screen.wait(lambda: here(screen) != "")
