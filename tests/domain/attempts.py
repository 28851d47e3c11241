"""Parsing arbitrary text: the value, or the one error a parser may raise, safe to show."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from installer.errors import InvalidValue
from installer.text import safe

T = TypeVar("T")


def attempt(parse: Callable[[str], T], text: str) -> T | InvalidValue:
    try:
        return parse(text)
    except InvalidValue as fault:
        refusal = fault
    assert safe(refusal.message, 500) == refusal.message
    assert refusal.wanted
    return refusal
