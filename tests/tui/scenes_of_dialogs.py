"""Scenes for the goldens: every dialog, and what takes a platform that somebody signs in to."""

from dataclasses import replace

from installer.domain.gateway import GatewayPlace
from installer.domain.mac import parse_mac
from installer.journal.events import GatewayBound
from installer.journal.store import Entry
from installer.rehearsal.faults import Kind
from installer.session import Answers
from tests.session.office import Town
from tests.tui.beta import ADA
from tests.tui.looking import Look
from tests.tui.scenes import STATUSES, agreed
from tui.screens.dialog import Dialog
from tui.screens.faults import FaultyCell

_CONTACT = "sip:x@127.0.0.1"
"""Where `Town.register` says that a line is."""


async def dialogs(look: Look) -> None:
    """What opens over a step."""
    on = look.on
    rooms = on.app.session.rooms
    rooms.settings = replace(rooms.settings, concurrency=1)  # of two at once either may be told first
    await on.app.session.login.enter()
    on.wanted("8", 3)
    await on.go("Account")
    await on.paste("Harbor Point Tower")
    await on.press("enter")
    await on.until(lambda: "1 account found" in on.text)
    await opened(look, "which site", "enter")
    sheet = look.folder / "faulty.csv"
    sheet.write_text("account,model,fxs_port,line_name,caller_id,e911_callback\n1,9,0,,503,x\n", "utf-8")
    await on.go("Visits")
    await opened(look, "open a sheet", "f3", leave=False)
    await on.paste(str(sheet))
    await opened(look, "a sheet's faults", "enter", leave=False)
    await on.press("enter")
    await on.until(lambda: isinstance(on.app.screen, FaultyCell))
    await look.here("a cell at fault")
    await on.press("escape", "escape")
    await on.press("ctrl+y")
    await look.here("the row of steps", "Enter opens Account")
    await on.press("tab")
    await opened(look, "drop a draft", "ctrl+d", group="drop")
    await on.go("Gateways")
    for title, key in (("models", "f3"), ("rename", "ctrl+r"), ("MAC", "enter")):
        await opened(look, title, key)
    await on.go("Ports")
    for title, *keys in (
        ("help", "f1"), ("events", "f6"), ("find", "f8"), ("all keys", "f9"), ("fill down", "f3"),
        ("move a line", "ctrl+t"), ("a port's state", "ctrl+o"), ("uses", "right", "enter"),
        ("numbers", "right", "enter"), ("addresses for 911", "right", "enter"),
    ):  # fmt: skip
        await opened(look, title, *keys)
    await _of_writes(look)


async def _of_writes(look: Look) -> None:
    on = look.on
    await on.go("Review")
    await on.until(lambda: "F3 makes" in on.text)
    await on.press("down")
    await opened(look, "a write in full", "enter")
    await opened(look, "provision?", "f3", group="agree")
    await agreed(look)
    await on.until(lambda: "F4 goes on" in on.text)
    await opened(look, "a step in full", "enter")
    await opened(look, "journal", "f7")
    await on.go("Credentials")
    await opened(look, "whose credential", "enter", group="choose")
    await on.go("Labels")
    await opened(look, "stock", "ctrl+t")
    await on.go("Visits")
    await on.until(lambda: "○ made" in on.text)
    await opened(look, "take back", "ctrl+u", group="open")


async def signing_in(look: Look, town: Town) -> None:
    """A platform with a login: the form, what is wrong in it, the vault, being asked for it again."""
    on = look.on
    await look.at("Sign in")
    await on.press("enter")
    await on.paste(ADA.username)
    await on.press("enter")
    await on.paste("not the password")
    await on.press("enter")
    await look.here("Sign in, refused", "refused the sign-in")
    town.fault(Kind.PORTAL, status=200)
    await on.press("f3")
    await look.here("Sign in, a page of the building's Wi-Fi", "in a browser on this network")
    town.heal()
    await on.go("Account")
    await on.paste("Harbor")
    await on.press("enter")
    await on.seen(Dialog)
    await look.here("asked to sign in", "What you were doing waits", going={"search"})
    await on.press("escape")
    on.wanted("4", 2)
    await on.go("Credentials")
    await on.press("f3")
    await on.seen(Dialog)
    await look.here("a new vault", "passphrase", going={"run"})
    await on.press("escape")
    await look.here("the vault stays locked", "nothing was done")


async def registering(look: Look, town: Town) -> None:
    """Lines that register, that never did, that were lost, and that the platform says nothing of."""
    on, visits = look.on, look.on.app.session.visits
    path = on.wanted("8", 4)
    await visits.prepare(path, Answers())
    on.opened()
    await look.at("Registration", title="not expected yet")
    job = visits.runs[0].record.job.id
    await visits.apply(job, Answers(yes=True))
    look.later(0.1)
    for name in ("Fax 1", "Fax 2", "Fax 3"):
        town.register(town.line(name))
    await look.at("Registration", "3 of 4 lines registered", "● registered", title="three are up")
    lost = town.line("Fax 2").sip_username
    town.change(lambda: town.thread.platform.registrar._bindings.end(lost, _CONTACT))
    look.later(0.2)
    await on.press("f5")
    await look.here("one was lost", "2 of 4 lines registered", "■ lost")
    await on.press("f3")
    await look.here("held still", "held still")
    town.fault(Kind.BODY, "*", STATUSES, body="html", count=None)
    look.later(0.05)
    await on.press("f5")
    await look.here("no answer", "no answer for", "looked 3 min ago")
    town.heal()
    other = GatewayBound(GatewayPlace("GW-1"), parse_mac("00:50:58:12:34:02"), "", "a spare from the van")
    on.app.session.rooms.records.append(job, Entry(other))
    await on.press("f5")
    await look.here("hardware that was bound since", "▲ from the box before")


async def opened(look: Look, title: str, *keys: str, group: str = "", leave: bool = True) -> None:
    """Look at the dialog that the keys open; it is left again."""
    on = look.on
    await on.press(*keys)
    await on.seen(Dialog)
    await look.here(title, going={group} if group else ())
    if leave:
        await on.press("escape")
        await on.until(lambda: on.app.screen is on.app.step)
