"""Two technicians on one port: whoever sees the other's line takes its own back (protocol R7)."""

from __future__ import annotations

from functools import partial

from installer.domain.gateway import GatewayPlace
from installer.planning.outcome import StepState
from installer.planning.snapshot import Snapshot
from installer.planning.steps import Action
from installer.provisioning.service import in_service
from installer.provisioning.taking_back import take_back
from installer.provisioning.undo import deletion
from installer.provisioning.visit import Visit


async def yield_doubles(visit: Visit, snapshot: Snapshot, only: GatewayPlace | None = None) -> bool:
    """Take back our own line where a colleague's stands on the same port; whether any was (protocol R7).

    Then a random part of the quiet window passes, so that two kits do not collide again. A line that is
    registered or rung stays: then both are shown, and people decide.
    """
    yielded = False
    for port, held in list(visit.record.lines.items()):
        step = visit.record.latest(port, Action.CREATE_LINE)
        line = snapshot.line(held.line_id)
        if step is None or step.state is not StepState.DONE or step.line_id != held.line_id:
            continue
        if line is None or line.mac is None:
            continue
        if line.fxs_port is None or len(snapshot.at(line.mac, line.fxs_port)) == 1:
            continue
        if only in {None, port.gateway} and await in_service(visit, line, snapshot) is None:
            await take_back(visit, step, partial(deletion, visit, step))
            visit.tried.discard((port, Action.CREATE_LINE, None))
            yielded = True
    if yielded:
        await visit.clock.sleep(visit.quiet_window * visit.randbelow(1000) / 1000)
    return yielded
