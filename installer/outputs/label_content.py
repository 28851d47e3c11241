"""What stands on a label: enough to work by on a wall, nothing that a photo of it may not give away.

No SIP username or password, no account or line id, no address (field facts on labels, TIA-606: unique id,
machine printed, a record behind every label). The QR code carries the label id alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from installer.domain.cabling import Jack, Rj21Position
from installer.domain.gateway import Gateway
from installer.domain.job import PortPlan, SiteJob
from installer.domain.label import LabelId
from installer.domain.line import LineDraft, LineUse
from installer.text import safe

LIFE_SAFETY = "LIFE SAFETY \N{EN DASH} DO NOT UNPLUG"
SEPARATOR = " · "
"""Between facts that share a line; where a label has room, each gets its own."""
DO_NOT_MOVE = "Do not move: 911 address"


@dataclass(frozen=True, slots=True)
class Label:
    """One label: `title` is printed large, `lines` below it, `banner` across the foot in reverse."""

    id: LabelId
    title: str
    lines: tuple[str, ...]
    banner: str | None = None


def device_label(job: SiteJob, gateway: Gateway) -> Label:
    """The label of the gateway itself."""
    model = gateway.model
    return Label(
        gateway.label_id,
        safe(gateway.place.name),
        (
            safe(job.site),
            f"MAC {gateway.mac or 'not bound yet'}",
            f"{model.fxs_ports} FXS ports{SEPARATOR}{safe(model.name)}",
            DO_NOT_MOVE,
        ),
    )


def port_label(plan: PortPlan, gateway: Gateway, use: LineUse | None) -> Label:
    """The label of one FXS port in use or spare; `use` None, one nobody named, counts as life-safety."""
    title = f"FXS {plan.port.number:02d}{SEPARATOR}{safe(plan.port.gateway.name)}"
    jack = _jack_text(gateway, plan.port.number)
    if plan.draft is None:
        return Label(plan.label_id, title, ("SPARE", jack))
    draft = plan.draft
    lines = (
        safe(draft.name),
        f"{draft.caller_id.national}{SEPARATOR}{safe(use.symbol) if use else 'use not named'}",
        _whereabouts(draft),
        jack,
    )
    banner = LIFE_SAFETY if use is None or use.life_safety else None
    return Label(plan.label_id, title, tuple(line for line in lines if line), banner)


def _whereabouts(draft: LineDraft) -> str:
    jack = f"jack {safe(draft.jack)}" if draft.jack else ""
    return SEPARATOR.join(part for part in (jack, safe(draft.location)) if part)


def _jack_text(gateway: Gateway, number: int) -> str:
    """Short: a pair goes by its tip wire. Honest where the model's layout is not proven."""
    doubt = "" if gateway.model.confirmed else " (check)"
    return _socket(gateway.jack(number)) + doubt


def _socket(jack: Jack) -> str:
    if isinstance(jack, Rj21Position):
        return f"RJ21 {safe(jack.connector)} pair {jack.pair.number} {jack.pair.tip_colour}"
    return f"RJ11 {safe(jack.label)}"
