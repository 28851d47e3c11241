"""Seeing: the snapshot that a plan reads, no more than it needs."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from installer.domain.gateway import GatewayPlace
from installer.domain.line import Account
from installer.domain.mac import MacAddress
from installer.planning.snapshot import Snapshot
from installer.provisioning.visit import Visit


async def observe(visit: Visit, only: GatewayPlace | None = None) -> Snapshot:
    """The account's lines, numbers and plans, and the other accounts that hold a MAC we are about to use."""
    platform, account = visit.platform, visit.record.job.account
    at = visit.clock.now()
    (lines, numbers, plans), holders = await asyncio.gather(
        asyncio.gather(
            platform.lines.list(account.id),
            platform.numbers.list(account.id),
            platform.accounts.calling_plans(),
        ),
        asyncio.gather(*(_others(visit, mac) for mac in _macs_to_come(visit, only))),
    )
    return Snapshot(account, at, lines, numbers, plans, dict(holders))


async def look_again(visit: Visit, snapshot: Snapshot, *, numbers: bool) -> Snapshot:
    """`snapshot` with the lines, and where asked the numbers, as they are at this moment."""
    at = visit.clock.now()
    if not numbers:
        lines = await visit.platform.lines.list(visit.account_id)
        return replace(snapshot, taken_at=at, lines=lines)
    lines, held = await asyncio.gather(
        visit.platform.lines.list(visit.account_id), visit.platform.numbers.list(visit.account_id)
    )
    return replace(snapshot, taken_at=at, lines=lines, numbers=held)


def _macs_to_come(visit: Visit, only: GatewayPlace | None) -> list[MacAddress]:
    """Hardware on which a planned line is not the journal's yet."""
    record = visit.record
    waiting = {plan.port.gateway for plan, _ in record.job.drafts() if plan.port not in record.lines}
    return [
        gateway.mac
        for gateway in record.job.gateways
        if gateway.mac is not None and gateway.place in waiting and only in {None, gateway.place}
    ]


async def _others(visit: Visit, mac: MacAddress) -> tuple[MacAddress, tuple[Account, ...]]:
    found = await visit.platform.accounts.search(mac.bare)
    return mac, tuple(account for account in found if account.id != visit.account_id)
