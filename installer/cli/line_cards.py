"""One standing line for people: all that is known of it, and what an act changes on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installer.domain.numbers import shown_number
from installer.text import safe

if TYPE_CHECKING:
    from installer.session.standing import StandingLine


def card(found: StandingLine) -> list[tuple[str, str]]:
    """Label and text of each fact, what a person asks for first at the top."""
    line = found.line
    return [
        ("line", safe(line.name, 60)),
        ("line use", _use(found)),
        ("caller id", shown_number(line.caller_id)),
        ("E911 callback", shown_number(line.e911_callback)),
        ("rung by", ", ".join(map(shown_number, found.rung_by)) or "no number that is known here"),
        ("registered", _registered(found)),
        ("calling plans", safe(", ".join(line.calling_plan_ids)) or "none"),
        ("of the job", of_job(found)),
        ("hardware", f"{line.mac}, port {line.fxs_port}" if line.mac else "none"),
        ("SIP username", safe(str(line.sip_username)) if line.sip_username else "none"),
        ("line id", safe(line.id)),
        ("device id", safe(line.device_id) if line.device_id else "none"),
    ]


def of_job(found: StandingLine) -> str:
    """Where a job of this home has the line."""
    if found.job is None:
        return "none of this home"
    return f"{found.port} of {safe(found.job.job.site, 60)} ({found.job.job.id})"


def list_row(found: StandingLine) -> tuple[str, str, str, str, str]:
    """Name, gateway, FXS port, number and job of a line; hardware that no job holds by the end of its MAC."""
    line = found.line
    rung = [shown_number(number) for number in found.rung_by]
    more = f" +{len(rung) - 1}" if len(rung) > 1 else ""
    tail = f"…{str(line.mac)[-8:]}" if line.mac else "-"
    return (
        safe(line.name, 60),
        safe(found.port.gateway.name, 40) if found.port else tail,
        str(line.fxs_port or "-"),
        rung[0] + more if rung else "-",
        found.job.job.id if found.job else "-",
    )


def _registered(found: StandingLine) -> str:
    if found.checked_at is None:
        return "not asked about"
    at = f", looked up {found.checked_at:%H:%M} UTC"
    return {True: "✓ yes", False: "✗ no", None: "? the platform did not tell"}[found.registered] + at


def _use(found: StandingLine) -> str:
    if found.plan is None or found.plan.draft is None:
        return "not known: no job of this home holds the line"
    return safe(found.plan.draft.use, 60) or "not said: treated as life-safety"
