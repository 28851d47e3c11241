"""An account in words: its state, what it holds as it was seen last, its visits here. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from installer.domain.line import Account
from installer.planning.record import JobRecord
from installer.session.drafting import Draft
from installer.text import safe
from tui.widgets.grid import Cell, Row
from tui.words import Tone, counted, seconds_ago

if TYPE_CHECKING:
    from installer.session.customers import Found
    from installer.session.seen import Seen


def row(account: Account, seen: Seen | None, now: datetime) -> Row:
    """The account in the table."""
    sign, tone = ("●", Tone.GOOD) if account.is_active else ("▲", Tone.WARN)
    known = ""
    if seen is not None:
        known = f"{counted(len(seen.lines), 'line')}, {_age(seen, now)}"
    state = Cell(f"{sign} {account.status.lower()}", tone)
    return Row(account.id, (Cell(account.number), Cell(account.name), state, Cell(known, Tone.QUIET)))


def sites(account: Account, jobs: Sequence[JobRecord], drafts: Sequence[Draft]) -> tuple[str, ...]:
    """The sites of the account that a visit was begun at."""
    found = [each.job.site for each in jobs if each.job.account.id == account.id]
    found += [each.site for each in drafts if each.account == account.id]
    return tuple({safe(site, 60).casefold(): safe(site, 60) for site in reversed(found)}.values())[::-1]


def warned(account: Account) -> str:
    """What is to be known before a visit of an account that is not active; empty for one that is."""
    if account.is_active:
        return ""
    return f"▲ the account is {safe(account.status, 30).lower()}: check with the office before writing"


def about(
    account: Account, found: Found | None, seen: Seen | None, begun: Sequence[str], now: datetime
) -> tuple[str, Tone]:
    """What is known of the account under the cursor, in a line each."""
    lines, tone = [], Tone.PLAIN
    if warning := warned(account):
        lines.append(warning)
        tone = Tone.WARN
    if found is not None and found.lines:
        named = ", ".join(f"{each.fxs_port or '?'} {safe(each.name, 24)}" for each in found.lines[:3])
        lines.append(f"{counted(len(found.lines), 'line')} on that MAC: {named}")
    if begun:
        lines.append(f"begun here: {', '.join(begun[:4])}")
    if seen is not None:
        held = f"{counted(len(seen.lines), 'line')}, {counted(len(seen.free), 'number')} free"
        lines.append(f"{held}, as seen {seen.taken_at.astimezone():%Y-%m-%d %H:%M}, {_age(seen, now)}")
    else:
        lines.append("its lines and numbers are looked at once its visit is begun, signed in")
    return "\n".join(lines), tone


def _age(seen: Seen, now: datetime) -> str:
    return seconds_ago((now - seen.taken_at).total_seconds())
