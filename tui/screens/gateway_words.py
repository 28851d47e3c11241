"""A gateway in words: its sockets, and what is known of the hardware that stands there. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from installer.domain.cabling import Rj21Position
from installer.domain.gateway import GatewayModel
from installer.domain.mac import MacAddress
from installer.planning.record import JobRecord
from installer.session.drafting import Draft, DraftGateway, editing
from installer.text import safe
from tui.screens.pick import Offer
from tui.widgets.grid import Cell, Row
from tui.words import Tone, counted

if TYPE_CHECKING:
    from installer.session.customers import BoundHere, Found


def sockets(model: GatewayModel) -> str:
    """What to look for on the box: 4 RJ11 jacks; RJ21 A (1-25), B (26-50)."""
    connectors: dict[str, list[int]] = {}
    for number, jack in enumerate(model.jacks, 1):
        if isinstance(jack, Rj21Position):
            connectors.setdefault(jack.connector, []).append(number)
    if not connectors:
        return counted(model.fxs_ports, "RJ11 jack")
    return "RJ21 " + ", ".join(f"{name} ({ports[0]}-{ports[-1]})" for name, ports in connectors.items())


def row(draft: Draft, gateway: DraftGateway, model: GatewayModel | None) -> Row:
    """The gateway in the table of places."""
    used = sum(editing.has_line(draft, each) for each in gateway.rows)
    bound = Cell(gateway.mac) if gateway.mac else Cell("○ not bound", Tone.WARN)
    return Row(
        gateway.place,
        (
            Cell(gateway.place), Cell(model.name if model else gateway.model), bound,
            Cell(f"{used}/{len(gateway.rows)}"),
            Cell(sockets(model) if model else "■ no such model", Tone.PLAIN if model else Tone.BAD),
        ),
    )  # fmt: skip


def socket_words(place: str, model: GatewayModel) -> str:
    """The sockets of the gateway at `place`, and where its layout is not proven."""
    doubt = "" if model.confirmed else ". ▲ which pair carries which port is not proven: tone one pair first"
    return f"{safe(place, 40)}: {sockets(model)}{doubt}"


def offer(model: GatewayModel) -> Offer:
    """The model to choose, by its sockets."""
    return Offer(model.id, model.name, sockets(model))


def about_hardware(
    mac: MacAddress,
    known: Sequence[Found] | None,
    elsewhere: Sequence[BoundHere],
    draft: Draft | None,
    record: JobRecord | None,
) -> tuple[str, Tone]:
    """What this home and the platform have on that MAC; None where nobody was asked."""
    lines = [f"▲ bound in another visit too: {safe(each.site, 40)}, {each.place}" for each in elsewhere]
    if known is None:
        lines.append(f"? not known yet what the platform has on {mac}")
        return "\n".join(lines), Tone.WARN if elsewhere else Tone.QUIET
    mine = {held.line_id for held in record.lines.values()} if record else set()
    others = [(each, tuple(line for line in each.lines if line.id not in mine)) for each in known]
    for each, found in others:
        if found:
            lines.append(_found(each, [(line.fxs_port, line.name) for line in found], draft))
    if own := sum(line.id in mine for each in known for line in each.lines):
        lines.append(f"● {counted(own, 'line')} of this visit on {mac}")
    warned = bool(elsewhere) or any(found for _, found in others)
    return "\n".join(lines) or f"● the platform has nothing on {mac}", Tone.WARN if warned else Tone.GOOD


def _found(each: Found, lines: Sequence[tuple[int | None, str]], draft: Draft | None) -> str:
    here = draft is not None and each.account.id == draft.account
    whose = "this account has" if here else f"account {safe(each.account.name, 30)} has"
    named = ", ".join(f"{port or '?'} {safe(name, 24)}" for port, name in lines[:3])
    more = f" and {len(lines) - 3} more" if len(lines) > 3 else ""
    return f"▲ {whose} {counted(len(lines), 'line')} on it: {named}{more}"
