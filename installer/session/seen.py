"""What was seen of an account on the platform, dated, cleaned, and without any secret; and its file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    ValidationError,
)

from installer.domain.line import Account, CallingPlan, SpecialtyLine
from installer.domain.mac import MacAddress, parse_mac
from installer.domain.numbers import SPECIALTY_LINE, AccountNumber, TelephoneNumber, parse_number
from installer.files import open_private
from installer.text import safe

_FILE_LIMIT = 16 * 1024 * 1024
_TEXT = 100


def clean_account(account: Account) -> Account:
    """The account with its words cleaned; the id, which names it, stays."""
    return Account(
        account.id, safe(account.number, _TEXT), safe(account.name, _TEXT), safe(account.status, 40)
    )


def _clean_plan(plan: CallingPlan) -> CallingPlan:
    return CallingPlan(plan.id, safe(plan.name, _TEXT), plan.default)


# The file is read as it may have been planted: cleaned and parsed again.
_TEXT_OF = TypeAdapter(str)
Words = Annotated[str, AfterValidator(safe)]
Mac = Annotated[
    MacAddress, PlainValidator(lambda value: parse_mac(_TEXT_OF.validate_python(value))), PlainSerializer(str)
]
Number = Annotated[
    TelephoneNumber,
    PlainValidator(lambda value: parse_number(_TEXT_OF.validate_python(value))),
    PlainSerializer(str),
]


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line without its credential; hardware and numbers as far as the platform says them."""

    id: str
    name: Words
    mac: Mac | None
    fxs_port: int | None
    caller_id: Words
    e911_callback: Words


@dataclass(frozen=True, slots=True)
class SeenNumber:
    """A telephone number of the account, its state in the platform's word, and what it rings.

    `rings` is for people, "" for nothing; `line_id` is the specialty line's where it rings one. `address` is
    the one behind it for 911, "" for none.
    """

    number: Number
    carrier_status: Words
    is_active: bool
    address: Words
    rings: Words
    line_id: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """An account as it stood at `taken_at` on the platform of that base URL."""

    base_url: str
    account: Annotated[Account, AfterValidator(clean_account)]
    taken_at: AwareDatetime
    numbers: tuple[SeenNumber, ...]
    lines: tuple[SeenLine, ...]
    plans: tuple[Annotated[CallingPlan, AfterValidator(_clean_plan)], ...]

    @property
    def free(self) -> tuple[SeenNumber, ...]:
        """Active numbers that ring nothing."""
        return tuple(each for each in self.numbers if each.is_active and not each.rings)


def seen_line(line: SpecialtyLine) -> SeenLine:
    """The line, cleaned, without its credential."""
    numbers = safe(line.caller_id or "", 40), safe(line.e911_callback or "", 40)
    return SeenLine(line.id, safe(line.name, _TEXT), line.mac, line.fxs_port, *numbers)


def saw(
    base_url: str,
    account: Account,
    at: datetime,
    numbers: tuple[AccountNumber, ...],
    lines: tuple[SpecialtyLine, ...],
    plans: tuple[CallingPlan, ...],
) -> Seen:
    """What a look at the account found, cleaned."""
    names = {line.id: safe(line.name, _TEXT) for line in lines}
    return Seen(
        base_url,
        clean_account(account),
        at,
        tuple(_number(each, names) for each in numbers),
        tuple(map(seen_line, lines)),
        tuple(map(_clean_plan, plans)),
    )


def _number(held: AccountNumber, names: dict[str, str]) -> SeenNumber:
    to = held.reference
    line_id = to.id if to is not None and to.kind == SPECIALTY_LINE else None
    other = safe(to.kind or to.id, 40).replace("_", " ").lower() if to is not None else ""
    rings = other if line_id is None else names.get(line_id, "a line that is not on this account")
    return SeenNumber(held.number, held.carrier_status, held.is_active, held.address, rings, line_id)


_FILE = TypeAdapter(Seen)


def as_file(seen: Seen) -> bytes:
    """What is kept of it."""
    return _FILE.dump_json(seen, indent=1)


def from_file(path: Path) -> Seen | None:
    """What was kept at `path`, None where that is nothing that can be read: the next look writes it anew."""
    try:
        with os.fdopen(open_private(path, os.O_RDONLY), "rb") as file:
            return _FILE.validate_json(file.read(_FILE_LIMIT))
    except (OSError, ValidationError):
        return None
