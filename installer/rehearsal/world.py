"""The platform's state in memory: what a handler reads, and the only way it changes.

Every change is applied here and remembered until the request that made it is written down whole.
"""

from __future__ import annotations

import json
import random
import string
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import cast

from installer.rehearsal import seed
from installer.rehearsal.storage import JsonObject, fields_of
from installer.rehearsal.things import Account, Line

_ID_ALPHABET = string.ascii_letters + string.digits + "-_"


@dataclass(frozen=True, slots=True)
class Rules:
    """How this rehearsal platform behaves where the real one is not known, or may differ."""

    unique_usernames: bool = True
    unique_ports: bool = True
    """One line per MAC and port, over all accounts."""
    mask_passwords: bool = False
    list_lag: float = 0.0
    """Seconds until a created or deleted line shows in listings."""
    list_lag_listings: int = 0
    """Listings of the account until it shows; with `list_lag`, both must have passed."""
    device_404_for: float = 0.0
    """Seconds after its creation in which a device has no registration status yet."""


@dataclass(frozen=True, slots=True)
class _Lag:
    until: float
    listing: int

    def over(self, now: float, listing: int) -> bool:
        return now >= self.until and listing > self.listing


class World:
    """Accounts, numbers and lines; ids and generated credentials come from `chance`."""

    def __init__(self, rules: Rules, chance: random.Random) -> None:
        self.rules = rules
        self._chance = chance
        self.accounts = {account.id: account for account in seed.ACCOUNTS}
        self.plans = {plan.id: plan for plan in seed.PLANS}
        self.clear()

    def clear(self) -> None:
        """Back to the seed, nothing remembered."""
        self.numbers: dict[str, JsonObject] = {}
        self.lines: dict[str, Line] = {}
        self._numbers_of: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        self._lines_of: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        self._linked: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._by_username: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._by_port: defaultdict[tuple[str, int], dict[str, None]] = defaultdict(dict)
        self._by_device: dict[str, str] = {}
        self._listings: defaultdict[str, int] = defaultdict(int)
        self._lagging: dict[str, _Lag] = {}
        self._ghosts: dict[str, tuple[str, bytes, _Lag]] = {}
        for number in seed.numbers():
            self._set_number(number)
        self._changes: list[JsonObject] = []

    def take_changes(self) -> list[JsonObject]:
        """What was changed since the last call, to be written down with the request."""
        taken, self._changes = self._changes, []
        return taken

    def replay(self, changes: list[JsonObject]) -> None:
        for change in changes:
            if "line" in change:
                fields = dict(cast("JsonObject", change["line"]))
                fields["calling_plan_ids"] = tuple(cast("list[str]", fields["calling_plan_ids"]))
                self._set_line(Line(**fields))  # type: ignore[arg-type] # our own file, written by fields_of
            elif "number" in change:
                self._set_number(cast("JsonObject", change["number"]))
            else:
                self._drop_line(str(change["dropped"]))

    def new_id(self) -> str:
        """22 characters, as the platform's opaque ids."""
        return "".join(self._chance.choices(_ID_ALPHABET, k=22))

    def new_uuid(self) -> str:
        return str(uuid.UUID(int=self._chance.getrandbits(128), version=4))

    def new_credential(self) -> tuple[str, str]:
        """A generated SIP user (14 characters) and password."""
        letters = string.ascii_lowercase + string.digits
        return "".join(self._chance.choices(letters, k=14)), "".join(self._chance.choices(letters, k=16))

    def create_line(self, line: Line, lag: tuple[float, int], now: float) -> None:
        self._set_line(line)
        self._lag(line, lag, now)
        self._changes.append({"line": fields_of(line)})

    def replace_line(self, line: Line) -> None:
        self._set_line(line)
        self._changes.append({"line": fields_of(line)})

    def delete_line(self, line: Line, lag: tuple[float, int], now: float) -> None:
        shown = self._lines_of[line.account_id][line.id]
        self._drop_line(line.id)
        listing = self._listings[line.account_id]
        self._ghosts[line.id] = (line.account_id, shown, _Lag(now + lag[0], listing + lag[1]))
        self._changes.append({"dropped": line.id})

    def _lag(self, line: Line, lag: tuple[float, int], now: float) -> None:
        self._lagging[line.id] = _Lag(now + lag[0], self._listings[line.account_id] + lag[1])

    def _set_line(self, line: Line) -> None:
        if (old := self.lines.get(line.id)) is not None:
            self._unindex(old)
        self.lines[line.id] = line
        self._by_username[line.sip_username.lower()][line.id] = None
        if line.device_port is not None:
            self._by_port[line.device_port][line.id] = None
        if line.device_id is not None:
            self._by_device[line.device_id] = line.id
        self._encode(line)

    def _drop_line(self, line_id: str) -> None:
        line = self.lines.pop(line_id)
        self._unindex(line)
        self._lines_of[line.account_id].pop(line_id)
        self._lagging.pop(line_id, None)

    def _unindex(self, line: Line) -> None:
        self._by_username[line.sip_username.lower()].pop(line.id)
        if line.device_port is not None:
            self._by_port[line.device_port].pop(line.id)
        if line.device_id is not None:
            self._by_device.pop(line.device_id)

    def _encode(self, line: Line) -> None:
        wire = line.to_wire(self.linked(line.id), mask=self.rules.mask_passwords)
        self._lines_of[line.account_id][line.id] = _json(wire)

    def encoded_line(self, line: Line) -> bytes:
        return self._lines_of[line.account_id][line.id]

    def listed_lines(self, account_id: str, now: float) -> bytes:
        """The listing as JSON; it counts as one listing for lines that lag."""
        self._listings[account_id] += 1
        listing = self._listings[account_id]
        self._lagging = {key: lag for key, lag in self._lagging.items() if not lag.over(now, listing)}
        self._ghosts = {key: ghost for key, ghost in self._ghosts.items() if not ghost[2].over(now, listing)}
        shown = [text for key, text in self._lines_of[account_id].items() if key not in self._lagging]
        shown += [text for owner, text, _ in self._ghosts.values() if owner == account_id]
        return b"[" + b",".join(shown) + b"]"

    def linked(self, line_id: str) -> tuple[str, ...]:
        """Numbers routed to the line, oldest route first."""
        return tuple(self._linked[line_id]) if line_id in self._linked else ()

    def lines_with_username(self, username: str) -> list[Line]:
        return [self.lines[key] for key in self._by_username.get(username.lower(), ())]

    def lines_at(self, device_port: tuple[str, int]) -> list[Line]:
        return [self.lines[key] for key in self._by_port.get(device_port, ())]

    def lines_of_mac(self, mac: str) -> list[Line]:
        return [line for line in self.lines.values() if line.mac_address == mac]

    def line_of_device(self, device_id: str) -> Line | None:
        found = self._by_device.get(device_id)
        return None if found is None else self.lines[found]

    def replace_number(self, number: JsonObject) -> JsonObject:
        """Keep it under a new orderVersion, which every write makes."""
        stamped = {**number, "orderVersion": self.new_id()}
        self._set_number(stamped)
        self._changes.append({"number": stamped})
        return stamped

    def _set_number(self, number: JsonObject) -> None:
        phone = str(number["phoneNumber"])
        before, after = _routed_line(self.numbers.get(phone)), _routed_line(number)
        self.numbers[phone] = number
        self._numbers_of[str(number["accountId"])][phone] = _json(number)
        if before != after:
            for line_id in (before, after):
                self._relink(line_id, phone, linked=line_id == after)

    def _relink(self, line_id: str | None, phone: str, *, linked: bool) -> None:
        if line_id is None:
            return
        if linked:
            self._linked[line_id][phone] = None
        else:
            self._linked[line_id].pop(phone)
        self._encode(self.lines[line_id])

    def encoded_number(self, account_id: str, phone: str) -> bytes:
        return self._numbers_of[account_id][phone]

    def numbers_of(self, account_id: str) -> list[JsonObject]:
        return [self.numbers[phone] for phone in self._numbers_of[account_id]]

    def listed_numbers(self, account_id: str) -> bytes:
        return b"[" + b",".join(self._numbers_of[account_id].values()) + b"]"

    def accounts_in(self, partition_id: str) -> list[Account]:
        return [account for account in self.accounts.values() if account.partition_id == partition_id]


def _routed_line(number: JsonObject | None) -> str | None:
    if number is None or number.get("referenceType") != "SPECIALTY_LINE":
        return None
    return str(number["referenceId"])


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
