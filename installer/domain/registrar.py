"""Where lines register."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Registrar:
    """Registrar host and port, SIP domain and transport; empty, or None, where nobody has said it yet."""

    host: str = ""
    port: int | None = None
    domain: str = ""
    transport: str = ""
