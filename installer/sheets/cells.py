"""Cells that only a sheet has: short texts, port numbers and states, lists between semicolons."""

from __future__ import annotations

import re
from collections.abc import Sequence

from installer.domain.job import PortState
from installer.domain.numbers import TelephoneNumber, parse_number
from installer.errors import InvalidValue
from installer.text import safe

NAME_LENGTH = 100
SHOWN = 60
"""How much of a faulty value is shown back."""


def line(text: str) -> str:
    if safe(text, NAME_LENGTH) != text:
        raise InvalidValue(
            f"“{safe(text, SHOWN)}” cannot be used",
            code="invalid-text",
            wanted=f"at most {NAME_LENGTH} printable characters in one line",
        )
    return text


def port_number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", text) or int(text) == 0:
        raise InvalidValue(
            f"“{safe(text, SHOWN)}” is no port number",
            code="invalid-port",
            wanted="1 up to the model's ports",
        )
    return int(text)


def port_state(text: str) -> PortState:
    try:
        return PortState(text.casefold())
    except ValueError as fault:
        raise InvalidValue(
            f"“{safe(text, SHOWN)}” is no port state", code="invalid-state", wanted="use, spare or off"
        ) from fault


def _items(text: str) -> Sequence[str]:
    return [item for part in text.split(";") if (item := part.strip())]


def plans(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line(item) for item in _items(text)))


def numbers(text: str) -> tuple[TelephoneNumber, ...]:
    return tuple(dict.fromkeys(parse_number(item) for item in _items(text)))
