"""The chapter of accounts: found, looked at, and as they were seen last, for when nobody is signed in."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from installer.domain.finding import Finding
from installer.domain.gateway import GatewayPlace
from installer.domain.line import Account
from installer.domain.mac import MacAddress, parse_mac
from installer.domain.numbers import parse_number
from installer.errors import InvalidValue, UsageFault
from installer.session.kept import Kept
from installer.session.rewritten import keep_file
from installer.session.rooms import Rooms
from installer.text import safe

if TYPE_CHECKING:
    from installer.session.seen import Seen, SeenLine

_FOLDER = "seen"


@dataclass(frozen=True, slots=True)
class Found:
    """An account that a search names; `lines` are those on the hardware, where a MAC was searched for."""

    account: Account
    lines: tuple[SeenLine, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundHere:
    """A place of a job of this home."""

    job_id: str
    site: str
    place: GatewayPlace


class Customers:
    """Accounts of the partition. What is looked at is kept in the home: no credential is in it."""

    def __init__(self, rooms: Rooms, kept: Kept) -> None:
        self._rooms = rooms
        self._kept = kept

    async def search(self, text: str) -> tuple[Found, ...]:
        """Accounts by id, number, part of the name, telephone number or MAC. Raises PlatformFailure.

        What is searched for is sent as it is written, and in the platform's own spelling.
        """
        from installer.session.seen import clean_account

        wanted = text.strip()
        if not wanted:
            return ()
        platform = await self._rooms.platform()
        mac, spelled = _mac(wanted), _spelled(wanted)
        queries = tuple(dict.fromkeys((wanted, spelled)))
        hits = await asyncio.gather(*(platform.accounts.search(query) for query in queries))
        accounts = {hit.id: hit for each in hits for hit in each}
        if not accounts and (exact := await platform.accounts.look_up(wanted, "Id")) is not None:
            accounts[exact.id] = exact
        if mac is None:
            return tuple(Found(clean_account(each)) for each in accounts.values())
        lines = await asyncio.gather(*(self._lines_on(mac, account_id) for account_id in accounts))
        return tuple(
            Found(clean_account(each), found) for each, found in zip(accounts.values(), lines, strict=True)
        )

    async def named(self, text: str) -> Account:
        """The account that `text` names by id, by number, or by exact and unique name.

        The platform is asked where this home does not know the id or number. Raises UsageFault where there is
        none, nobody signed in to ask, or no platform is named; PlatformFailure.
        """
        from installer.session.sheet_in import find_account

        here = self._rooms.named[1]
        known = [seen.account for seen in self.all_seen()]
        known += [each.job.account for each in self._kept.jobs() if each.job.platform.base_url == here]
        for account in known:
            if text in {account.id, account.number}:
                return account
        if not (self._rooms.is_rehearsal or self._rooms.signing.signed_in):
            raise UsageFault(
                f"only the platform knows the account “{safe(text, 60)}”, and nobody has signed in",
                code="signed-out",
                remedy="sign in first",
            )
        found = await find_account(self._rooms, text)
        if isinstance(found, Finding):
            raise UsageFault(found.message, code=found.code, remedy=found.remedy)
        return found

    def doubt(self, mac: MacAddress, place: GatewayPlace) -> Finding | None:
        """A warning where the hardware is of another vendor's block; nobody is asked."""
        from installer.session.binding import foreign

        return None if mac.is_sangoma else foreign(mac, place)

    def bound(self, mac: MacAddress) -> tuple[BoundHere, ...]:
        """The places of this home's jobs that have that hardware; nobody is asked."""
        return tuple(
            BoundHere(record.job.id, record.job.site, gateway.place)
            for record in self._kept.jobs()
            for gateway in record.job.gateways
            if gateway.mac == mac
        )

    async def look(self, account: Account) -> Seen:
        """The account's numbers, lines and calling plans as they are now; a dated copy is kept.

        Raises PlatformFailure, DiskUnusable, Busy.
        """
        from installer.session.seen import as_file, saw

        platform, at = await self._rooms.platform(), self._rooms.clock.now()
        numbers, lines, plans = await asyncio.gather(
            platform.numbers.list(account.id),
            platform.lines.list(account.id),
            platform.accounts.calling_plans(),
        )
        seen = saw(self._rooms.named[1], account, at, numbers, lines, plans)
        keep_file(self._rooms, self._path(account.id), as_file(seen))
        return seen

    def seen(self, account_id: str) -> Seen | None:
        """The account as it was when somebody last looked, None where nobody did."""
        from installer.session.seen import from_file

        return self._of_here(from_file(self._path(account_id)), account_id)

    def all_seen(self) -> tuple[Seen, ...]:
        """Every account of this platform that was looked at, the last one first."""
        from installer.session.seen import from_file

        files = (from_file(path) for path in self._folder.glob("*.json"))
        found = [seen for each in files if each and (seen := self._of_here(each, each.account.id))]
        return tuple(sorted(found, key=lambda each: each.taken_at, reverse=True))

    async def _lines_on(self, mac: MacAddress, account_id: str) -> tuple[SeenLine, ...]:
        from installer.session.seen import seen_line

        lines = await (await self._rooms.platform()).lines.list(account_id)
        return tuple(seen_line(line) for line in lines if line.mac == mac)

    @property
    def _folder(self) -> Path:
        return self._rooms.folder / _FOLDER

    def _path(self, account_id: str) -> Path:
        """An account's file; ids are the platform's words and differ by case, so none is in a file's name."""
        name = hashlib.sha256(f"{self._rooms.named[1]}|{account_id}".encode("utf-8", "replace")).hexdigest()
        return self._folder / f"{name[:32]}.json"

    def _of_here(self, seen: Seen | None, account_id: str) -> Seen | None:
        here = seen is not None and (seen.base_url, seen.account.id) == (self._rooms.named[1], account_id)
        return seen if here else None


def _mac(text: str) -> MacAddress | None:
    try:
        return parse_mac(text)
    except InvalidValue:
        return None


def _spelled(text: str) -> str:
    """A MAC or telephone number as the platform writes it; anything else as it is."""
    mac = _mac(text)
    try:
        return mac.bare if mac else parse_number(text).digits
    except InvalidValue:
        return text
