"""A person decides on a create that nobody can settle by looking (protocol R5)."""

from __future__ import annotations

from installer.alianza.compare import slot_of
from installer.domain.credential import CredentialSource
from installer.domain.gateway import FxsPort
from installer.errors import Conflict, UsageFault
from installer.journal.events import StepRefused
from installer.journal.store import Entry
from installer.planning.outcome import Outcome, OutcomeKind, StepState
from installer.planning.record import StepRecord
from installer.planning.steps import Action
from installer.provisioning.creating import settle_found
from installer.provisioning.reconcile import mark_interrupted
from installer.provisioning.visit import Moment, Visit

ABANDONED = "abandoned"


async def adopt(visit: Visit, port: FxsPort) -> None:
    """Take the one line that stands on the port's hardware as the one that was made. Raises Conflict."""
    step = _unknown(visit, port)
    body = visit.logbook.body(step)
    slot = slot_of(body)
    lines = await visit.platform.lines.list(visit.account_id)
    here = [line for line in lines if line.mac == slot.mac and line.fxs_port == slot.fxs_port]
    if len(here) != 1:
        raise Conflict(
            f"{len(here) or 'no'} lines stand on {slot.mac} port {slot.fxs_port}",
            code="nothing-to-adopt" if not here else "port-doubled",
            remedy="adopt takes exactly one line; abandon gives the create up",
        )
    credential = visit.record.credentials.get(port)
    if credential is not None and credential.username not in {None, here[0].sip_username}:
        raise Conflict(
            f"the line on {slot.mac} port {slot.fxs_port} has another SIP username: it is somebody else's",
            code="port-taken",
            remedy="abandon gives the create up",
        )
    source = credential.source if credential else CredentialSource.PLATFORM
    settle_found(visit, step.key, here[0], body, source)


async def abandon(visit: Visit, port: FxsPort) -> None:
    """Give the create up once two listings, a quiet window apart, do not show it (protocol R4).

    The next plan starts anew, with the port's credential. Raises Conflict where a line shows up, UsageFault.
    """
    step = _unknown(visit, port)
    slot = slot_of(visit.logbook.body(step))
    for wait in (visit.quiet_window, 0.0):
        lines = await visit.platform.lines.list(visit.account_id)
        if any(line.mac == slot.mac and line.fxs_port == slot.fxs_port for line in lines):
            raise Conflict(
                f"a line stands on {slot.mac} port {slot.fxs_port}",
                code="line-stands",
                remedy="adopt takes it as the one that was made",
            )
        if wait:
            visit.tell(Moment.WAITING, seconds=wait)
            await visit.clock.sleep(wait)
    message = "given up by a person"
    visit.logbook.note(Entry(StepRefused(step.key, ABANDONED, message)))
    refused = OutcomeKind.REFUSED
    visit.settle(Outcome(step.key.action, port, refused, code=ABANDONED, message=message), step.key)


def _unknown(visit: Visit, port: FxsPort) -> StepRecord:
    mark_interrupted(visit)
    step = visit.record.latest(port, Action.CREATE_LINE)
    if step is None or step.state is not StepState.UNKNOWN:
        raise UsageFault(
            f"nothing is unknown of {port}", code="not-unknown", remedy="`status` says what is open"
        )
    return step
