"""A session: the chapters of the kit over one set of rooms."""

from __future__ import annotations

import secrets
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from installer.clock import Clock, system_clock
from installer.domain.credential import RandBelow
from installer.session.rooms import Rooms
from installer.session.settings import Settings

if TYPE_CHECKING:
    from installer.provisioning.visit import Happening, Watcher
    from installer.session.begun import AllBegun
    from installer.session.credentials import Credentials
    from installer.session.customers import Customers
    from installer.session.drafting import Drafting
    from installer.session.kept import Kept
    from installer.session.lines import ExistingLines
    from installer.session.login import Login
    from installer.session.looking import Looking
    from installer.session.outputs import Outputs
    from installer.session.previews import Previews
    from installer.session.taking_on import TakingOn
    from installer.session.visits import Visits


class Session:
    """Opens each room when a chapter first needs it; leaving the context closes them."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        randbelow: RandBelow = secrets.randbelow,
        watcher: Watcher | None = None,
    ) -> None:
        self.rooms = Rooms(settings, clock or system_clock(), watcher or _unwatched, randbelow)

    @cached_property
    def outputs(self) -> Outputs:
        """Credential sheet, labels, report."""
        from installer.session.outputs import Outputs

        return Outputs(self.rooms)

    @cached_property
    def visits(self) -> Visits:
        """Prepare, bind, plan, apply, resume, resolve, undo, audit, watch."""
        return self.new_visits()

    def new_visits(self) -> Visits:
        """The same with runs of its own: a screen acts more than once in a session, and meanwhile."""
        from installer.session.visits import Visits

        return Visits(self.rooms, self.outputs)

    @property
    def visited(self) -> bool:
        """Whether the chapter of the visit was opened, so that it may have runs to tell of."""
        return "visits" in vars(self)

    @cached_property
    def login(self) -> Login:
        """Platforms, signing in, unlocking."""
        from installer.session.login import Login

        return Login(self.rooms)

    @cached_property
    def previews(self) -> Previews:
        """Labels and symbols as they would be written."""
        from installer.session.previews import Previews

        return Previews(self.rooms)

    @cached_property
    def kept(self) -> Kept:
        """The jobs of this home, read without asking anybody."""
        from installer.session.kept import Kept

        return Kept(self.rooms)

    @cached_property
    def drafting(self) -> Drafting:
        """Visits while they are written on the screen."""
        from installer.session.drafting import Drafting

        return Drafting(self.rooms, self.kept)

    @cached_property
    def begun(self) -> AllBegun:
        """Visits and drafts of the home and of its rehearsal, ahead of any sign-in."""
        from installer.session.begun import AllBegun

        return AllBegun(self.rooms, self.kept, self.drafting)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was begun in this home yet; no chapter is opened to tell."""
        from installer.session.untouched import is_untouched

        return is_untouched(self.rooms.settings.home)

    @cached_property
    def credentials(self) -> Credentials:
        """Credentials of a job's ports: whose they are, shown one at a time, chosen before their create."""
        from installer.session.credentials import Credentials

        return Credentials(self.rooms)

    @cached_property
    def warnings(self) -> TakingOn:
        """Warnings that a person takes on, kept with their job."""
        from installer.session.taking_on import TakingOn

        return TakingOn(self.rooms)

    @cached_property
    def looking(self) -> Looking:
        """Registration, looked at for as long as somebody watches."""
        from installer.session.looking import Looking

        return Looking(self.rooms, self.outputs)

    @cached_property
    def customers(self) -> Customers:
        """Accounts and what they hold, as the platform has it and as it was seen last."""
        from installer.session.customers import Customers

        return Customers(self.rooms, self.kept)

    @cached_property
    def lines(self) -> ExistingLines:
        """Lines that stand on the platform: list, show, set, move, delete, reissue."""
        return self.lines_with(self.visits)

    def lines_with(self, visits: Visits) -> ExistingLines:
        """The same, whose runs gather on `visits`."""
        from installer.session.lines import ExistingLines

        return ExistingLines(self.rooms, self.outputs, visits)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.rooms.close()


def _unwatched(_happening: Happening) -> None:
    """Nobody looks on."""
