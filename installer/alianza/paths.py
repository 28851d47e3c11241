"""Paths of the platform's API: a template with named places, and what stands in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from installer.errors import InvalidValue
from installer.text import safe

ACCOUNT = "/v2/partition/{partition}/account/{account}"
_PLACE = re.compile(r"\{[a-z]+\}")


@dataclass(frozen=True, slots=True)
class Path:
    """`template` with `values` for its places, in order; prints as the quoted path."""

    template: str
    values: tuple[str, ...] = ()

    @property
    def segments(self) -> tuple[str, ...]:
        """The path between its slashes, not yet quoted."""
        values = iter(self.values)
        return tuple(
            next(values) if _PLACE.fullmatch(part) else part for part in self.template.split("/")[1:]
        )

    def __str__(self) -> str:
        return quoted(self.segments)


def is_segment(text: str) -> bool:
    """Whether `text` can stand between two slashes without any server reading more into it."""
    return bool(text) and text.isprintable() and text not in {".", ".."} and not set(text) & set("/\\")


def quoted(segments: tuple[str, ...]) -> str:
    """The path, each segment percent-encoded (RFC 3986 §2.1). Raises InvalidValue."""
    for segment in segments:
        if not is_segment(segment):
            raise InvalidValue(
                f"“{safe(segment, 60)}” cannot be part of an address on the platform",
                code="invalid-path-segment",
                wanted="an id as the platform spells it",
            )
    return "".join("/" + quote(segment, safe="") for segment in segments)
