"""Findings: what is wrong or worth knowing, where, with the evidence and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from installer.domain.gateway import GatewayPlace


class Severity(StrEnum):
    """How much a finding stops: errors block, warnings are acknowledged, info is said."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation, with a stable `code`.

    `row` is the sheet's row number counted from 1 with the header, `column` the header's name, `value` what
    stood there, already safe to show. `life_safety` warnings are never accepted by --yes.
    """

    severity: Severity
    code: str
    message: str
    remedy: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None
    gateway: GatewayPlace | None = None
    fxs_port: int | None = None
    life_safety: bool = False
