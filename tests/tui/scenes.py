"""Scenes for the goldens: what a technician comes to see, on the rehearsal platform and on one like Beta."""

from collections.abc import Awaitable, Callable
from functools import partial

from installer.rehearsal.faults import Kind
from installer.session.drafting import Draft, filling
from tests.tui.looking import Look
from tests.tui.stage import TOWER
from tui.screens import STEPS
from tui.screens.dialog import Dialog
from tui.widgets.grid import Grid

ALL = tuple(step.NAME for step in STEPS)
LINES, STATUSES = "*/specialty-line", "*/registrationstatus"
Scene = Callable[[Look], Awaitable[None]]


async def nothing(look: Look) -> None:
    """A home in which nothing was done yet."""
    for name in ALL:
        await look.at(name)


async def planned(look: Look) -> None:
    """A visit is being written; nobody signed in."""
    look.on.wanted("4", 3)
    for name in ALL[1:]:
        await look.at(name)


async def stands(look: Look) -> None:
    """The lines stand."""
    await look.on.stand()
    for name in ALL[1:9]:
        await look.at(name)
    await look.at("Registration", "3 of 3 lines registered")
    for name in ALL[10:]:
        await look.at(name)


async def at_fault(look: Look) -> None:
    """Cells are at fault, and what concerns lives is warned of."""
    on = look.on
    on.wanted("8", 4, "Elevator 1")
    for row, column, text in (
        (0, "line_use", "elevator"), (1, "line_use", "elevator"), (2, "line_use", "elevator"),
        (0, "caller_id", "503-555"), (1, "sip_username", ""), (2, "line_use", "lift"), (3, "line_name", ""),
    ):  # fmt: skip
        _set(look, row, column, text)
    await look.at("Ports")
    await on.press("ctrl+n")
    await look.here("Ports, a fault")
    await on.press("ctrl+l")
    await look.here("Ports, all faults")
    await on.press("escape")
    await look.at("Review", "to mend first")
    for row, column, text in (
        (0, "caller_id", "5035550100"), (2, "line_use", "elevator"), (3, "line_name", "Elevator 4"),
        (0, "location", "Cab 1"), (1, "location", "Cab 2"), (1, "e911_callback", "5035550100"),
    ):  # fmt: skip
        _set(look, row, column, text)
    await look.at("Review", "to take on", title="Review, warnings that concern lives")
    await on.press("f3")
    await look.here("Review, not taken on yet", "take the warnings on first")


async def under_way(look: Look) -> None:
    """The platform takes its time."""
    on = look.on
    await look.at("Sign in")
    on.fault(Kind.SLOW, seconds=600.0)
    await on.press("f3")
    await look.here("Sign in", "signing in", going={"sign-in"})
    on.heal()
    on.app.stop("sign-in")
    await on.app.session.login.enter()
    on.fault(Kind.SLOW, seconds=600.0)
    await on.go("Account")
    await on.paste("Harbor")
    await on.press("enter")
    await look.here("Account", "searching for", going={"search"})
    on.app.stop("search")
    on.heal()
    on.wanted("4", 3)
    on.fault(Kind.SLOW, seconds=600.0)
    await look.at("Gateways", "not known yet", going={"hardware 00:50:58:12:34:01"})
    await look.at("Review", "Reading", going={"plan", "hardware 00:50:58:12:34:01"})
    for group in ("plan", "hardware 00:50:58:12:34:01"):
        on.app.stop(group)
    on.heal()
    on.fault(Kind.SLOW, LINES, "POST", seconds=600.0)
    await agreed(look)
    await look.here("Provision", "► provision: 0 of 6 steps", going={"run"})
    await on.press("f10")
    await look.here("leaving", "Something is being written", going={"run"})
    await on.press("escape", "f3")
    await look.here("Provision, cancelled", "3 outcomes not known yet. F5")


async def refused(look: Look) -> None:
    """The platform refuses."""
    on = look.on
    await on.app.session.login.enter()
    on.fault(Kind.STATUS, status=403)
    await on.go("Account")
    await on.paste("Harbor")
    await on.press("enter")
    await look.here("Account", "What to do")
    on.wanted("4", 3)
    await look.at("Gateways", "What to do")
    await look.at("Review", "What to do")
    on.heal()
    on.fault(Kind.STATUS, LINES, "POST")
    await agreed(look)
    await look.here("Provision", "refused", "F5 tries again")
    on.heal()
    await on.press("f5")
    await on.until(lambda: "F4 goes on" in on.text)
    on.fault(Kind.STATUS, STATUSES)
    await look.at("Registration", "no answer for")
    await look.at("Done")


async def offline(look: Look) -> None:
    """The network is gone three hours after the lines stood."""
    on = look.on
    await on.stand()
    await look.at("Registration", "3 of 3 lines registered")
    await on.app.session.customers.look(TOWER)
    look.later(3)
    on.fault(Kind.DROP_BEFORE_COMMIT)
    for name in ALL[1:9]:
        await look.at(name, *(["What to do"] if name == "Review" else []))
    await look.at("Registration", "no answer for")
    for name in ALL[10:]:
        await look.at(name)


async def unknown(look: Look) -> None:
    """A create whose answer was lost, and nobody can look it up."""
    on = look.on
    on.wanted("4", 2)
    await on.app.session.login.enter()
    await agreed(look, before=lambda: on.fault(Kind.STATUS, status=503))
    await look.here("Provision, the platform is not there", "nothing more was written")
    on.heal()
    on.fault(Kind.SLOW, LINES, "POST", seconds=2.0)
    await agreed(look)
    await on.until(lambda: len(on.app.progress.interrupted()) == 2 and on.lines == 2)
    await on.press("f3")
    on.heal()
    await look.here("Provision", "2 outcomes not known yet. F5")
    on.fault(Kind.STATUS, LINES, status=503)
    await on.press("f5")
    await look.here("Provision, it cannot be looked up", "What to do", "2 outcomes not known yet. F5")
    on.heal()
    await on.press("escape")
    on.app.screen.query_one(Grid).find("GW-1:001 create-line ")
    await on.press("enter")
    await look.here("Provision, a person decides", "was the line made?", going={"decide"})
    await on.press("escape")
    for name in ("Visits", "Credentials", "Sheet", "Registration", "Done"):
        await look.at(name)


async def agreed(look: Look, before: Callable[[], None] = lambda: None) -> None:
    """The plan is agreed to, and the run begun."""
    on = look.on
    await on.go("Review")
    await on.until(lambda: "F3 makes" in on.text)
    before()
    await on.press("f3")
    await on.until(lambda: isinstance(on.app.screen, Dialog))
    on.app.screen.dismiss(result=True)
    await on.until(lambda: on.app.step is not None and on.app.step.NAME == "Provision")


def _set(look: Look, row: int, column: str, text: str) -> None:
    look.on.app.edit(partial(_cell, row, column, text))


def _cell(row: int, column: str, text: str, draft: Draft) -> Draft:
    return filling.set_cell(draft, row, column, text)


SCENES: tuple[Scene, ...] = (nothing, planned, stands, at_fault, under_way, refused, offline, unknown)
