"""The one sanitiser for every string from outside, and the one redactor.

Terminals act on control bytes, people on bidi and invisible characters, file systems on separators
(CWE-150, CWE-22). Nothing from platform, sheet, scanner or disk is shown or used in a name before it
passed here.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

WIDTH = 200
REPLACEMENT = "\ufffd"
MASK = "•••"
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_RESERVED_NAMES = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)
_MIN_SECRET = 4


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


class Redactor:
    """Takes known secrets out of text in every form they travel in.

    Forms: raw, JSON-escaped, URL-quoted, base64, hex, UTF-16, and whatever derived value (a SIP HA1,
    RFC 2617 §3.2.2.2) the caller adds beside the secret. Values under 4 characters are not searched for.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: set[str] = set()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str, *derived: str) -> None:
        """Know `secret`, and values that stand for it."""
        for value in (secret, *derived):
            if len(value) >= _MIN_SECRET:
                self._forms.update(_forms(value))

    def __call__(self, text: str) -> str:
        for form in sorted(self._forms, key=len, reverse=True):
            if form in text:
                text = text.replace(form, MASK)
        return text


def _forms(secret: str) -> set[str]:
    forms = {secret, quote(secret, safe=""), quote(secret), quote_plus(secret)}
    forms |= {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        octets = secret.encode(encoding, "replace")
        forms |= {octets.hex(), octets.hex().upper(), octets.hex(" "), octets.decode("latin-1")}
        forms |= _base64_forms(octets)
    return forms


def _base64_forms(octets: bytes) -> set[str]:
    """Base64 of `octets` at each of the three alignments it can have inside a longer value."""
    forms: set[str] = set()
    for lead in range(3):
        whole = base64.b64encode(b"\0" * lead + octets).decode().rstrip("=")
        inner = whole[(0, 2, 3)[lead] :]
        if (lead + len(octets)) % 3:
            inner = inner[:-1]
        forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    return {form for form in forms if len(form) >= _MIN_SECRET}
