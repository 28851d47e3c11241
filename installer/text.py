"""The one sanitiser for every string from outside.

Terminals act on control bytes, people on bidi and invisible characters, file systems on separators
(CWE-150, CWE-22). Nothing from platform, sheet, scanner or disk is shown or used in a name before it
passed here.
"""

from __future__ import annotations

import re
import unicodedata

WIDTH = 200
REPLACEMENT = "\ufffd"
MASK = "•••"
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RESERVED_NAMES = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)


def safe(text: str, width: int = WIDTH) -> str:
    """One printable line: line ends and tabs become spaces, anything invisible U+FFFD, cut at `width`."""
    head = text[: 4 * width]
    if not (head.isascii() and head.isprintable()):
        head = _clean(re.sub(r"\r\n|[\r\n\t]", " ", head))
    return _cut(head, width)


def safe_block(text: str, width: int = WIDTH, lines: int = 40) -> str:
    """At most `lines` printable lines, each cut at `width`."""
    kept = re.split(r"\r\n|[\r\n]", text[: 4 * width * lines])[:lines]
    return "\n".join(safe(line, width) for line in kept)


def _clean(text: str) -> str:
    return "".join(REPLACEMENT if unicodedata.category(char) in _HIDDEN_CATEGORIES else char for char in text)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def slug(text: str, fallback: str = "site") -> str:
    """A file name part of [a-z0-9-], 1 to 40 long, never a reserved device name."""
    plain = unicodedata.normalize("NFKD", text[:200]).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-")
    if not name:
        return fallback
    return f"{fallback}-{name}"[:40] if name in _RESERVED_NAMES else name
