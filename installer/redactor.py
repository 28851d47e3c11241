"""The one redactor: what leaves the kit for a log or a report has been through it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from installer.text import MASK

_MIN_SECRET = 4


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
