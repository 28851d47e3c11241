"""What can be chosen for a cell of the ports: what exists, with what is to be known of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from installer.domain.finding import Severity
from installer.domain.line import LineUse
from installer.session.drafting import Draft, DraftFaults, editing
from tui.screens.pick import Offer
from tui.screens.port_table import port_name
from tui.words import SEVERITIES, Tone, seconds_ago

if TYPE_CHECKING:
    from installer.session.seen import Seen, SeenNumber

STATES = (
    Offer("use", "in use", "a line is made on it"),
    Offer("spare", "spare", "kept free"),
    Offer("off", "off", "not to be used"),
)


def offers(
    draft: Draft, row: int, column: str, uses: Mapping[str, LineUse], seen: Seen | None
) -> tuple[Offer, ...]:
    """What exists for that cell; nothing where it is free text, or nobody looked at the account yet."""
    match column:
        case "port_state":
            return STATES
        case "line_use":
            return tuple(_use(each) for each in uses.values())
        case "calling_plan" if seen is not None:
            return tuple(
                Offer(plan.name, plan.name, "what is taken where the cell is blank" if plan.default else "")
                for plan in seen.plans
            )
        case "caller_id" | "e911_callback" | "inbound_number" if seen is not None:
            return _numbers(draft, row, column, seen)
    return ()


def listed(draft: Draft, faults: DraftFaults) -> list[Offer]:
    """Every fault and warning with where it is, each under its place among the findings."""
    cells = {id(each): at for at, found in faults.cells.items() for each in found}
    found = []
    for index, each in enumerate(faults.findings):
        if each.severity is not Severity.INFO:
            row = cells[id(each)][0] if id(each) in cells else None
            where = port_name(draft, row) if row is not None else str(each.gateway or "the visit")
            word = SEVERITIES[each.severity]
            found.append(Offer(str(index), where, f"{word.sign} {each.message}", word.tone))
    return found


def age(seen: Seen | None, now: datetime) -> str:
    """How old what is offered is."""
    if seen is None:
        return ""
    return f"As the platform had it {seconds_ago((now - seen.taken_at).total_seconds())}."


def _use(use: LineUse) -> Offer:
    return Offer(use.id, use.name, "▲ life safety" if use.life_safety else "", Tone.WARN)


def _numbers(draft: Draft, row: int, column: str, seen: Seen) -> tuple[Offer, ...]:
    """Numbers of the account: what this line has already, then those nobody uses, then the others."""
    rung = _rung(draft)
    mine = {
        digits
        for name in editing.NUMBERS
        for part in draft.rows[row][name].split(";")
        if (digits := _digits(part))
    }

    def order(each: SeenNumber) -> tuple[bool, bool, bool, str]:
        digits = each.number.digits[1:]
        taken = bool(each.rings) or digits in rung
        return digits not in mine, not each.is_active, taken and column == "inbound_number", digits

    return tuple(_number(each, column, rung, mine) for each in sorted(seen.numbers, key=order))


def _number(each: SeenNumber, column: str, rung: Mapping[str, str], mine: set[str]) -> Offer:
    digits = each.number.digits[1:]
    about, tone = "free", Tone.GOOD
    if not each.is_active:
        about, tone = f"▲ {each.carrier_status.lower().replace('_', ' ')}", Tone.WARN
    elif digits in mine:
        about, tone = "this line has it", Tone.PLAIN
    elif digits in rung:
        about, tone = f"rings {rung[digits]} here", Tone.WARN
    elif each.rings:
        about, tone = f"rings {each.rings}", Tone.WARN
    if column == "e911_callback":
        address = each.address or "▲ no address for 911"
        about, tone = address, Tone.PLAIN if each.address else Tone.WARN
    return Offer(each.number.digits, each.number.national, about, tone)


def _rung(draft: Draft) -> dict[str, str]:
    """Which port of the draft each number is to ring."""
    return {
        digits: port_name(draft, index)
        for index, row in enumerate(draft.rows)
        for part in row["inbound_number"].split(";")
        if (digits := _digits(part))
    }


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdecimal())[-10:]
