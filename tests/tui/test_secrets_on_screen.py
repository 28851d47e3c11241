"""Planted secrets: on no screen but the one that shows one of them on purpose, in no stream, in no file."""

import json
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from textual.app import ScreenStackError

from installer.rehearsal.desk import Operation
from tests.cli.kit import PASSPHRASE as CLI_PASSPHRASE
from tests.cli.kit import Site, sheet_at
from tests.planted import SHEET, SIP, WRONG_PASSPHRASE, WRONG_PASSWORD, encodings, octets_of, sheet_text
from tests.session.office import PASSPHRASE, Town, fxs
from tests.tui.beta import ADA, ada, beta, submit, with_vault
from tests.tui.stage import Stage, screen
from tests.tui.terminal import Terminal, terminal
from tests.tui.test_visits import kept
from tests.tui.walking import walk
from tui.screens import STEPS
from tui.screens.credentials import SHOWN_FOR, Credentials
from tui.screens.dialog import GRACE, Choice, Question
from tui.screens.own import OwnCredential
from tui.screens.secrets import PassphraseAsked
from tui.widgets.field import Line
from tui.widgets.grid import Grid

OWN = "0050583a7b9c"
"""A SIP password of somebody's own that looks like a MAC, as a scanner would read it."""
TYPED = (WRONG_PASSWORD, ADA.password, WRONG_PASSPHRASE, PASSPHRASE.reveal(), OWN)


class Watch:
    """Every frame of a stage that is drawn from now on."""

    def __init__(self, on: Stage) -> None:
        self.on = on
        self.frames: list[str] = []
        on.app.post_display_hook = self._look  # type: ignore[method-assign] # textual's own, for tests

    def _look(self) -> None:
        with suppress(ScreenStackError, IndexError):  # between two screens there is none
            if (text := self.on.text) not in self.frames[-1:]:
                self.frames.append(text)

    def shows(self, secret: str) -> int:
        """In how many frames it is, broken over lines or not, in whatever form."""
        forms = {form for form in encodings(secret) if b"\x00" not in form}
        return sum(found(" ".join(frame.split()), forms) for frame in self.frames)


def found(text: str, forms: Iterable[bytes]) -> bool:
    squeezed = "".join(text.split()).encode()
    return any(b"".join(form.split()) in squeezed for form in forms)


def echo(town: Town) -> None:
    """From now on the platform refuses each write, and each sign-in, with all that was said to it."""
    desk = town.thread.platform.desk
    serve = desk.serve

    async def echoing(operation: Operation, request: Request) -> Response:
        if not operation.write and not operation.open:
            return await serve(operation, request)
        said = (await request.body()).decode()
        token = request.headers.get("x-auth-token", "") + request.headers.get("authorization", "")
        told = {"errorCode": "Bad", "message": f"{token} {said}", "traceId": said[-60:], "status": 422}
        return JSONResponse({**told, "messages": [f"{token} {said}"]}, 401 if operation.open else 422)

    town.change(lambda: setattr(desk, "serve", echoing))


def assert_in_no_file(folder: Path, secrets: Iterable[str]) -> None:
    texts: dict[str, bytes] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.endswith(SHEET):
            texts |= octets_of(path)
    assert texts
    for secret in secrets:
        for form in encodings(secret):
            assert not [name for name, text in texts.items() if form in text], secret


def held(on: Stage, port: int) -> str:
    known = on.app.session.credentials.reveal(on.app.job_id or "", fxs(port))
    return known.password.reveal() if known else ""


async def sign_in(on: Stage, password: str) -> None:
    """With that password, in the form of the first step."""
    assert on.app.step is not None
    (line,) = on.app.step.query("#password Input").results(Line)
    line.value = ""
    line.focus()
    await submit(on, password)


async def everywhere(on: Stage) -> None:
    """Every step, and the dialogs that tell of what was done."""
    for step in STEPS:
        await on.go(step.NAME)
    for key in ("f6", "f7"):
        await on.press(key, "escape")


async def choose_own(on: Stage) -> None:
    await on.press("enter")
    await on.seen(Choice)
    assert on.app.screen.query_one(Grid).find("own")
    await on.press("enter")
    await on.seen(OwnCredential)
    await on.paste("lobby-east-1")
    await on.press("enter")
    await on.paste(OWN)
    await on.press("ctrl+a", "ctrl+c", "ctrl+x", "shift+tab", "ctrl+v", "tab")
    assert on.app.clipboard == ""
    await on.press("enter")
    await on.until(lambda: "your own" in on.text)


async def test_no_secret_is_shown_whatever_fails_and_one_alone_where_it_is_asked_for(folder: Path) -> None:
    home = folder / "home"
    with beta(home) as town:
        with_vault(home)
        job_id = await kept(ada(home), "prepare")
        async with screen(ada(home, password=None, passphrase=None)) as on:
            watch = Watch(on)
            await on.go("Sign in")
            await sign_in(on, WRONG_PASSWORD)
            await on.until(lambda: "■" in on.text)
            await sign_in(on, ADA.password)
            await on.until(lambda: on.app.user != "")
            on.app.open_visit(job_id)
            await on.go("Credentials")
            await on.press("ctrl+r")
            await on.seen(PassphraseAsked)
            asked = on.app.screen
            await submit(on, WRONG_PASSPHRASE)
            await on.until(lambda: on.app.screen is not asked)
            await on.seen(PassphraseAsked)
            await submit(on, PASSPHRASE.reveal())
            await on.until(lambda: "masked in" in on.text)
            secrets = await revealed(on, watch)
            await on.until(lambda: on.app.screen is on.app.step)
            await choose_own(on)
            echo(town)
            await refused(on)
            await everywhere(on)
            tokens = tuple(town.change(lambda: list(town.thread.platform.desk.sessions._held)))
            assert (held(on, 1), held(on, 2)) == (secrets[0], OWN)
            shown = {secret: watch.shows(secret) for secret in (*TYPED, *tokens, *secrets)}
            assert tokens
            assert not any(shown.values()), shown
            assert not found("".join(text for _, text, _ in on.app.said), map(str.encode, (*TYPED, *secrets)))
        assert_in_no_file(home, (*TYPED, *tokens, *secrets))


async def revealed(on: Stage, watch: Watch) -> tuple[str, str]:
    """The first is shown for so long, then masked; the second never. What was seen till then is dropped."""
    step, first, second = on.app.step, held(on, 1), held(on, 2)
    assert isinstance(step, Credentials)
    assert step._clock is not None
    step._clock.pause()  # the test tells the seconds
    step._left = SHOWN_FOR
    assert first in on.text
    assert second not in on.text
    for _ in range(SHOWN_FOR - 1):
        step._count()
    await on.pilot.pause()
    assert first in on.text
    step._count()
    await on.pilot.pause()
    assert first not in on.text
    for keys in (("f6", "escape"), ("down",)):  # a dialog that lay over it, another port
        await on.press("ctrl+r")
        await on.until(lambda: first in on.text)
        await on.press(*keys)
        assert first not in on.text
    assert watch.shows(first)
    assert not watch.shows(second)
    del watch.frames[:]
    return first, second


async def refused(on: Stage) -> None:
    """The visit is provisioned on a platform that quotes what it refuses."""
    await on.go("Review")
    on.app.provision(())
    await on.seen(Question)
    await on.press("right", "enter")
    await on.until(lambda: not on.app.is_writing, 40)
    await on.press("enter", "escape")


_DEFECT = """
import sys
from installer.__main__ import main
from tui.screens.labels import Labels

planted = sys.argv.pop()

def spoiled(self):
    secrets = planted
    try:
        raise OSError(secrets)
    except OSError as cause:
        raise ExceptionGroup(secrets, [RuntimeError(secrets, self)]) from cause

Labels.renew = spoiled
raise SystemExit(main())
"""


def test_neither_stream_nor_title_nor_crash_report_holds_a_secret(site: Site) -> None:
    assert site.run("prepare", sheet_at(site.folder, sheet_text())).code == 0
    options = [
        "--home", site.home, "--base-url", site.platform.url, "--username", site.platform.username,
    ]  # fmt: skip
    secrets = (*SIP, WRONG_PASSWORD, WRONG_PASSPHRASE, CLI_PASSPHRASE, site.platform.password)
    planted = json.dumps(secrets)
    with terminal([sys.executable, "-P", "-c", _DEFECT, *options, planted]) as screen:
        screen.until("F10 quit")
        sign_in_there(screen, site)
        walk(screen, "Visits")
        screen.until("0/4")
        screen.press("Enter")
        screen.until("Review◄")
        unlock_and_reveal(screen)
        for key in ("F6", "F7"):
            screen.press(key, "Escape")
        walk(screen, "Registration")
        screen.press("F4")
        assert screen.code == 1
        assert screen.is_restored
        told, stream, title = screen.scrolled, screen.stream, screen.flag("pane_title")
    (report,) = site.home.glob("crash-*.txt")
    assert " spoiled" in report.read_text()
    for secret in secrets:
        for form in encodings(secret):
            assert form not in told.encode() + title.encode(), secret
            assert form not in stream or (secret, form) == (SIP[0], secret.encode())
    assert b"\x1b]52" not in stream
    assert_in_no_file(site.home, secrets)


def sign_in_there(screen: Terminal, site: Site) -> None:
    """A search asks for it; the first password is wrong."""
    walk(screen, "Account")
    screen.type("harbor\r")
    for password in (WRONG_PASSWORD, site.platform.password):
        screen.until("Sign in to", "password")
        time.sleep(GRACE)
        screen.paste(password)
        screen.until("•••")
        screen.lull()
        screen.press("Enter")
    screen.until("accounts found")


def unlock_and_reveal(screen: Terminal) -> None:
    """The first port's password is shown; the first passphrase is wrong."""
    walk(screen, "Credentials")
    screen.press("C-r")
    for passphrase in (WRONG_PASSPHRASE, CLI_PASSPHRASE):
        screen.until("Unlock the vault")
        time.sleep(GRACE)
        screen.paste(passphrase)
        screen.until("passphrase        •")
        screen.lull()
        screen.press("Enter")
        if passphrase == WRONG_PASSPHRASE:
            screen.until("■")
    screen.until("masked in", SIP[0])
    screen.press("Down")
    screen.wait(lambda: SIP[0] not in screen.shown)
