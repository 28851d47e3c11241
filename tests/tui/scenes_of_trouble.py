"""Scenes for the goldens: the platform takes its time, the disk fails, nobody knows, something is asked."""

from pathlib import Path

from installer.rehearsal.faults import Kind
from installer.session import Answers
from tests.tui.looking import Look
from tests.tui.scenes import LINES, STATUSES, agreed
from tests.tui.scenes_of_dialogs import opened
from tui.screens.dialog import Dialog
from tui.widgets.grid import Grid

_SLOWLY = 600.0


async def waiting(look: Look) -> None:
    """What was begun is not over yet, step by step."""
    on = look.on
    await on.stand()
    on.fault(Kind.SLOW, STATUSES, seconds=_SLOWLY)
    await look.at("Registration", "never looked yet")
    await on.app.session.login.enter()
    on.fault(Kind.SLOW, "*/telephonenumber*", seconds=_SLOWLY)
    await look.at("Ports", going={"look"})
    on.app.stop("look")
    on.heal()
    on.app.close_visit()
    on.wanted("4", 2, "Fax 8")
    on.fault(Kind.SLOW, LINES, seconds=_SLOWLY)
    await look.at("Review", "Reading", going={"plan"})


async def spoiled(look: Look) -> None:
    """Files stand where folders are to be, and a draft is none any more."""
    on = look.on
    await on.stand()
    home = on.app.session.rooms.home
    _in_the_way(home / "out")
    for name in ("Sheet", "Labels", "Done"):
        await on.go(name)
        await on.press("f3")
        await look.here(f"{name}, a file where its folder is to be", "What to do")
        await on.press("escape")
    (home / "drafts" / "D0.csv").write_bytes(b"\xff\xfe\x00 none")
    await look.at("Visits", "D0")
    on.app.close_visit()
    on.wanted("4", 2, "Fax 8")
    await on.go("Ports")
    _in_the_way(home / "drafts")
    await on.press("right")
    await on.typed("Attic")
    await on.press("enter")
    await look.here("Ports, an edit that could not be kept", "What to do")


async def in_doubt(look: Look) -> None:
    """A create whose answer was lost, on the steps before and after."""
    on = look.on
    on.wanted("4", 2)
    await on.app.session.login.enter()
    on.fault(Kind.SLOW, LINES, "POST", seconds=2.0)
    await agreed(look)
    await on.until(lambda: len(on.app.progress.interrupted()) == 2 and on.lines == 2)
    await on.press("f3")
    on.heal()
    await on.until(lambda: "2 outcomes not known yet. F5" in on.text and "cancelled; the visit" in on.text)
    for name in ("Gateways", "Ports", "Labels"):
        await look.at(name)
    on.fault(Kind.STATUS, LINES, status=503)
    await look.at("Review", "What to do")


async def asked(look: Look) -> None:
    """What is asked before something is changed that is not easily changed back."""
    on = look.on
    on.wanted("4", 2)
    on.plan("4", "8")
    await on.go("Gateways")
    assert on.app.screen.query_one(Grid).find("GW-3")
    await opened(look, "remove the place", "ctrl+d")
    on.app.close_visit()
    await on.prepared()
    await on.go("Gateways")
    await on.press("enter")
    await on.until(lambda: isinstance(on.app.screen, Dialog))
    on.app.screen.dismiss("00:50:58:12:34:02")
    await on.until(lambda: "Why other hardware?" in on.text)
    await look.here("other hardware", going=set(on.app._work))
    await on.press("escape")
    await on.go("Credentials")
    await on.press("ctrl+e")
    await on.seen()
    on.app.screen.query_one(Grid).find("own")
    await opened(look, "one's own credential", "enter", group="choose")
    job_id = on.app.session.kept.jobs()[0].job.id
    await on.app.session.visits.apply(job_id, Answers(yes=True))
    on.app.open_visit(job_id)
    await on.go("Ports")
    await on.press("ctrl+t")
    await on.typed(":4")
    await on.seen()
    await on.press("enter")
    await on.until(lambda: "Move a line that stands" in on.text)
    await look.here("a line that stands is moved", going={"run"})


def _in_the_way(folder: Path) -> None:
    if folder.is_dir():
        folder.rename(folder.with_name(f"{folder.name}-before"))
    folder.touch()


OF_TROUBLE = (waiting, spoiled, in_doubt, asked)
