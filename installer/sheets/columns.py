"""The columns by name (contract §4) and the header that names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from installer.domain.finding import Finding, Severity
from installer.text import safe

INPUT = (
    "account", "site", "gateway", "mac", "model", "fxs_port", "port_state", "line_name", "line_use",
    "caller_id", "e911_callback", "calling_plan", "inbound_number", "sip_username", "sip_password",
    "location", "jack", "notes",
)  # fmt: skip
KIT = (
    "job", "sheet_revision", "row_state", "serial", "label_id", "connector", "pair", "device_type",
    "line_id", "device_id", "sip_domain", "registrar", "registrar_port", "transport", "registered",
    "gateway_label_id",
)  # fmt: skip
KNOWN = frozenset(INPUT + KIT)
OF_A_LINE = ("line_name", "line_use", "caller_id", "e911_callback", "calling_plan", "inbound_number")
"""Cells that mean something only where a line is in use."""
OF_A_PORT = ("location", "jack", "notes")
"""Cells that a port has with a line and without."""

_HEADER_LENGTH = 100
_BY_KEY = {name.replace("_", ""): name for name in KNOWN}


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands, counted from 0; `extra` are those it does not know, by their own name."""

    known: dict[str, int]
    extra: dict[str, int]


def read_header(texts: Sequence[str]) -> tuple[Header, tuple[Finding, ...]]:
    """The header in row 1; an error among the findings where a name stands twice."""
    known: dict[str, int] = {}
    extra: dict[str, int] = {}
    findings: list[Finding] = []
    for index, text in enumerate(texts):
        shown = safe(text.strip(), _HEADER_LENGTH)
        name = _BY_KEY.get(_key(text), shown)
        if not name:
            continue
        place = known if name in KNOWN else extra
        if name in place:
            findings.append(
                _finding(Severity.ERROR, "duplicate-column", name, f"column “{name}” stands twice")
            )
        elif place is extra:
            findings.append(
                _finding(
                    Severity.INFO, "unknown-column", name, f"column “{name}” is kept, but means nothing here"
                )
            )
        place.setdefault(name, index)
    return Header(known, extra), tuple(findings)


def known_names(texts: Sequence[str]) -> int:
    """How many of `texts` name a column of the contract."""
    return sum(_key(text) in _BY_KEY for text in texts)


def _key(text: str) -> str:
    return re.sub(r"[\s_]+", "", text).casefold()


def _finding(severity: Severity, code: str, column: str, message: str) -> Finding:
    return Finding(severity, code, message, row=1, column=column, value=column)
