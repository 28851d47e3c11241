"""On a real terminal: questions, hidden answers, a progress bar, color."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.kit import HEADER, PASSPHRASE, ROOT, Site, after, command, environment, rows, run, sheet_at

if sys.platform == "win32":
    pytest.skip("pseudo-terminals of POSIX", allow_module_level=True)

import pty
import termios

_TAKE_TERMINAL = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)"


class Terminal:
    """A process with a terminal of its own, and what it showed there."""

    def __init__(self, process: "subprocess.Popen[bytes]", descriptor: int) -> None:
        self.process = process
        self.descriptor = descriptor
        self.shown = ""

    def until(self, text: str) -> None:
        """Read until `text` is shown."""
        start = len(self.shown)
        while text not in self.shown[start:]:
            assert self._read(), self.shown

    def type(self, text: str) -> None:
        os.write(self.descriptor, text.encode())

    def end(self) -> int:
        while self._read():
            pass
        return self.process.wait(20)

    def _read(self) -> bool:
        assert select.select([self.descriptor], [], [], 20)[0]
        try:
            octets = os.read(self.descriptor, 65536)
        except OSError:  # the other end is closed
            return False
        self.shown += octets.decode("utf-8", "replace")
        return bool(octets)


@contextmanager
def terminal(*arguments: object, **more: str) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        after(_TAKE_TERMINAL, command(*arguments)), cwd=ROOT, env=environment(TERM="xterm", **more),
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(ours)


def bare(site: Site) -> list[str]:
    """The site's options without its sign-in and passphrase."""
    return ["--home", str(site.home), "--base-url", site.platform.url, "--quiet-window", "0.05"]


def sign_in(site: Site, screen: Terminal) -> None:
    screen.until("username: ")
    screen.type(f"{site.platform.username}\n")
    screen.until("password of ")
    # getpass turns the echo off, then throws away what was typed before.
    time.sleep(0.2)
    screen.type(f"{site.platform.password}\n")
    screen.until("passphrase: ")
    time.sleep(0.2)
    screen.type(f"{PASSPHRASE}\n")


def test_everything_is_asked_for_and_nothing_secret_is_echoed(site: Site) -> None:
    with terminal("apply", sheet_at(site.folder, rows(2)), *bare(site)) as screen:
        sign_in(site, screen)
        screen.until("Make 4 writes? [y/N] ")
        assert site.writes == 0
        screen.type("y\n")
        assert screen.end() == 0
    assert site.writes == 4
    assert site.platform.password not in screen.shown
    assert PASSPHRASE not in screen.shown
    assert "█" in screen.shown
    assert "4/4" in screen.shown
    assert "\x1b[1m" in screen.shown


def test_what_is_done_before_a_plan_is_shown_is_said_and_what_comes_after_an_apply(site: Site) -> None:
    with terminal("apply", sheet_at(site.folder, rows(2)), "--yes", *site.options) as screen:
        screen.until("signing in, reading what stands on the platform")
        assert "writes" not in screen.shown
        assert screen.end() == 0
    said = " ".join(screen.shown.split())
    assert "next: hand the credential sheet over, then `punchdown watch J" in said


def test_a_place_without_hardware_is_what_comes_next(site: Site) -> None:
    text = rows(1) + rows(1, gateway="GW-2", mac="").replace(HEADER, "").replace(",5035550107\n", ",\n")
    with terminal("apply", sheet_at(site.folder, text), "--yes", *site.options) as screen:
        assert screen.end() == 11
    assert "GW-2 MAC`, then `punchdown apply J" in " ".join(screen.shown.split())


@pytest.mark.parametrize("answer, code", [("n\n", 2), ("\x04", 2), ("\x03", 130)])
def test_no_end_of_input_and_interruption_write_nothing(site: Site, answer: str, code: int) -> None:
    with terminal("apply", sheet_at(site.folder, rows(2)), *site.options) as screen:
        screen.until("[y/N] ")
        screen.type(answer)
        assert screen.end() == code
    assert site.writes == 0


def test_a_resume_that_has_nothing_to_go_on_with_asks_for_nothing(site: Site) -> None:
    with terminal("resume", *bare(site)) as screen:
        assert screen.end() == 0
    assert "no job is unfinished" in screen.shown
    assert "pass" not in screen.shown


def test_a_resume_that_only_writes_a_late_sheet_asks_for_the_vault_and_nobody_signs_in(site: Site) -> None:
    sheet = sheet_at(site.folder, rows(1))
    assert site.run("apply", sheet, "--yes", "--out", sheet / "no-folder").code == 9
    with terminal("resume", *bare(site)) as screen:
        screen.until("passphrase: ")
        time.sleep(0.2)
        screen.type(f"{PASSPHRASE}\n")
        assert screen.end() == 0
    assert "username" not in screen.shown
    assert "-credentials.xlsx" in screen.shown


def test_what_was_left_is_counted_on_a_terminal_with_the_verb_that_comes_next(site: Site) -> None:
    sheet = sheet_at(site.folder, rows(2))
    prepared = site.run("prepare", sheet)
    job = prepared.events[-2]["job"]

    def shown(verb: str) -> str:
        with terminal(verb, *site.options, "--no-color") as screen:
            assert screen.end() == 0
        return " ".join(screen.shown.split())

    early = shown("sheet")
    assert "the credential sheet holds passwords" in early
    assert f"2 lines on 4 ports; next: `punchdown apply {job}`" in early
    assert site.run("apply", sheet, "--yes").code == 0
    labels = shown("labels")
    assert "labels (1 gateway, 4 ports): print at 100 %" in labels
    assert f"next: punchdown report {job}" in labels
    assert "0 of 2 lines seen registered; next: hand the credential sheet over, then" in shown("report")
    piped = run("labels", *site.options)
    assert (piped.err, [line[:1] for line in piped.out.splitlines()]) == ("", ["/", "/"])


def test_a_long_question_breaks_between_words(site: Site) -> None:
    text = HEADER.strip() + ",location\n"
    for port, where in ((1, "North Mechanical Room"), (2, "South Mechanical Room")):
        text += f"Harbor Point Tower,,GW-1,00:50:58:aa:bb:01,4,{port},Line {port},elevator,"
        text += f"5035550107,5035550107,,{where}\n"
    with terminal("apply", sheet_at(site.folder, text), *site.options, "--no-color") as screen:
        screen.until("[y/N] ")
        screen.type("n\n")
        assert screen.end() == 2
    assert "Accept this? [y/N] " in " ".join(screen.shown.split())
    assert "--accept shared-callback" in screen.shown
    assert all(len(line) <= 80 for line in screen.shown.replace("\r", "\n").splitlines())


def test_an_interruption_at_a_hidden_prompt_gives_the_echo_back(site: Site) -> None:
    with terminal("plan", sheet_at(site.folder, rows(1)), *bare(site), "--username", "me") as screen:
        screen.until("password of me")
        time.sleep(0.2)
        screen.type("\x03")
        assert screen.end() == 130
        assert termios.tcgetattr(screen.descriptor)[3] & termios.ECHO


def test_with_json_nothing_is_asked(site: Site) -> None:
    with terminal("apply", sheet_at(site.folder, rows(1)), *site.options, "--json") as screen:
        assert screen.end() == 2
    assert "[y/N]" not in screen.shown
    assert '"exit": 2' in screen.shown


@pytest.mark.parametrize("option, variable", [(["--no-color"], {}), ([], {"NO_COLOR": "1"})])
def test_no_color_where_none_is_wanted(site: Site, option: list[str], variable: dict[str, str]) -> None:
    with terminal("plan", sheet_at(site.folder, rows(1)), *site.options, *option, **variable) as screen:
        assert screen.end() == 0
    assert "\x1b[1m" not in screen.shown
    assert "\x1b[2m" not in screen.shown
