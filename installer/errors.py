"""Every failure the kit can name, split by who must act.

PunchdownError
├── InvalidValue            who wrote the value: sheet, scan, option (also a ValueError)
├── UsageFault              who gave the command
│   ├── SheetFaults         who wrote the sheet: every fault at once, as findings
│   └── AnswerNeeded        a person: no terminal to ask on, the option is named
├── PlatformFailure         a call to the platform did not succeed; says what is known of it
│   ├── NetworkFailure      the network: DNS, connect, TLS, time, portal, proxy
│   ├── SignInFailure       who holds the platform account: sign-in or permission
│   └── Rejected            the platform said no, or answered with an error
├── Conflict                two people: something else stands where ours should
├── Busy                    the other run that holds this gateway or home
├── JournalUnusable         the home's keeper: journal damaged, newer, or unreadable
├── VaultUnusable           who holds the passphrase
└── DiskUnusable            who can free or mount the disk
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class PunchdownError(Exception):
    """A failure with a stable `code`, a sentence for people, and what to do next."""

    def __init__(self, message: str, *, code: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.remedy = remedy


class InvalidValue(PunchdownError, ValueError):
    """Text that is not the value it should be; `wanted` says what would be."""

    def __init__(self, message: str, *, code: str, wanted: str) -> None:
        super().__init__(message, code=code, remedy=wanted)
        self.wanted = wanted


class UsageFault(PunchdownError):
    """The command as given cannot be carried out."""


class SheetFaults(UsageFault):
    """A line sheet with faults; `findings` holds every one, each with row and column."""

    def __init__(self, what: str, findings: Sequence[object]) -> None:
        count = "one fault" if len(findings) == 1 else f"{len(findings)} faults"
        message = f"the {what} has {count}; nothing was sent"
        super().__init__(message, code="sheet-faults", remedy="correct the named cells, then run it again")
        self.findings = tuple(findings)


class AnswerNeeded(UsageFault):
    """A decision nobody is there to take; `option` names what gives the answer."""

    def __init__(self, message: str, *, code: str, option: str) -> None:
        super().__init__(message, code=code, remedy=f"give {option}")
        self.option = option


class Certainty(StrEnum):
    """What is known of a call that did not succeed (protocol R3)."""

    NEVER_SENT = "never-sent"
    NOT_EXECUTED = "not-executed"
    UNKNOWN = "unknown"


class PlatformFailure(PunchdownError):
    """A call that did not succeed.

    `status` is the HTTP status, None where no answer came; `codes` the platform's own codes, cleaned.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        certainty: Certainty,
        status: int | None = None,
        codes: tuple[str, ...] = (),
        trace_id: str | None = None,
        remedy: str = "",
    ) -> None:
        super().__init__(message, code=code, remedy=remedy)
        self.certainty = certainty
        self.status = status
        self.codes = codes
        self.trace_id = trace_id


class NetworkFailure(PlatformFailure):
    """No usable answer: DNS, connect, TLS, deadline, cut or unreadable reply, captive portal, redirect."""


class SignInFailure(PlatformFailure):
    """Sign-in refused, a second 401, or 403 (permission, or partition or account not found)."""


class Rejected(PlatformFailure):
    """The platform answered with an error status that is not about signing in."""


class Conflict(PunchdownError):
    """Something that is not ours stands where ours should; nothing was changed."""


class Busy(PunchdownError):
    """Another run holds the lock; the message names it."""


class JournalUnusable(PunchdownError):
    """The journal cannot be trusted or opened: the kit only reads."""


class VaultUnusable(PunchdownError):
    """No key, the wrong one, or a damaged vault or sealed value."""


class DiskUnusable(PunchdownError):
    """A file could not be written: full, read-only or not permitted."""
