"""Findings: what is wrong or worth knowing, where, with the evidence and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from installer.domain.gateway import GatewayPlace


class Severity(StrEnum):
    """How much a finding stops: errors block, warnings are acknowledged, info is said."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Acceptable(StrEnum):
    """Every code that --accept takes: what a person may take on before a write. Nothing else waits for it."""

    ACCOUNT_NOT_ACTIVE = "account-not-active"
    CALLBACK_WITHOUT_ADDRESS = "callback-without-address"
    LINE_GONE = "line-gone"
    LINE_ON_UNPLANNED_PORT = "line-on-unplanned-port"
    MAC_VENDOR = "mac-vendor"
    NUMBER_NOT_ACTIVE = "number-not-active"
    OTHER_USER = "other-user"
    RESUMED_LATE = "resumed-late"
    SHARED_CALLBACK = "shared-callback"


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
