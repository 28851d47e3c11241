"""Who is registered, in memory and in a file beside the platform's state.

A binding lasts until it runs out (RFC 3261 §10.3), whether or not the platform answers meanwhile: hardware on
a wall stays registered when the command that brought the rehearsal platform up has ended.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from installer.rehearsal.storage import JsonObject, fields_of

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Binding:
    """One contact of one line."""

    contact: str
    source: Address
    """Where the REGISTER came from."""
    expires_at: float
    call_id: str
    cseq: int
    user_agent: str


class Bindings:
    """Contacts by SIP username; with `kept`, a file of one JSON object a change, they outlive the process."""

    def __init__(self, now: Callable[[], float], kept: Path | None = None) -> None:
        self._now = now
        self._kept = kept
        self._held: dict[str, dict[str, Binding]] = {}
        if kept is not None and kept.exists():
            self._replay(kept)

    def of(self, username: str) -> Mapping[str, Binding]:
        """Those that have not run out, by contact."""
        now = self._now()
        return {each.contact: each for each in self._held.get(username, {}).values() if each.expires_at > now}

    def bind(self, username: str, binding: Binding) -> None:
        """Keep it in the place of an older one of that contact."""
        self._held.setdefault(username, {})[binding.contact] = binding
        self._write_down(username, binding)

    def end(self, username: str, contact: str) -> None:
        """Let it go, if it is held."""
        standing = self._held.get(username, {}).pop(contact, None)
        if standing is not None:
            self._write_down(username, replace(standing, expires_at=0.0))

    def _write_down(self, username: str, binding: Binding) -> None:
        if self._kept is not None:
            with self._kept.open("ab") as file:
                file.write(_line(username, binding))

    def _replay(self, kept: Path) -> None:
        """Take in what is written down and has not run out; the file then holds that alone."""
        for line in kept.read_bytes().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break  # torn: whoever was told of it registers again
            fields: JsonObject = json.loads(line)
            username = str(fields.pop("username"))
            binding = Binding(**{**fields, "source": tuple(fields["source"])})  # type: ignore[arg-type] # our own file
            self._held.setdefault(username, {})[binding.contact] = binding
        written = [_line(name, binding) for name in self._held for binding in self.of(name).values()]
        fresh = kept.with_suffix(".new")
        fresh.write_bytes(b"".join(written))
        fresh.replace(kept)


def _line(username: str, binding: Binding) -> bytes:
    return json.dumps({"username": username, **fields_of(binding)}, separators=(",", ":")).encode() + b"\n"
