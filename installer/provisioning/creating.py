"""Making a line: username asked about, credentials durable, one frozen body, the reply compared."""

from __future__ import annotations

from installer.alianza.compare import differences
from installer.domain.credential import CredentialSource, SipCredential
from installer.domain.line import NewLine, SpecialtyLine
from installer.errors import PlatformFailure, Rejected
from installer.journal.events import CredentialMade, Event, StepDone
from installer.journal.store import Entry
from installer.planning.outcome import Outcome, OutcomeKind
from installer.planning.steps import Action, CreateLine, StepKey
from installer.provisioning.attempt import Call, attempt, failed_outcome, intend, keep
from installer.provisioning.prepare import USERNAME_TAKEN, taken_username
from installer.provisioning.visit import Moment, Visit


async def create(visit: Visit, step: CreateLine) -> Outcome:
    """Carry out `step` and give its outcome; nothing is sent unless its body and credential are on disk."""
    key = visit.record.next_key(step.port, Action.CREATE_LINE)
    visit.tell(Moment.BEGUN, key)
    credential: SipCredential | None = None
    if step.validates:
        free = await _free(visit, step)
        if isinstance(free, Outcome):
            return visit.settle(free, key)
        credential = free
    body = visit.platform.lines.encode_new(
        NewLine(
            step.draft.name,
            step.draft.caller_id,
            step.draft.e911_callback,
            step.calling_plan_ids,
            step.slot,
            credential,
        )
    )
    await intend(visit, key, Call("POST", visit.platform.lines.create_path(visit.account_id), body))
    return await send_create(visit, key, body, step.source)


async def send_create(visit: Visit, key: StepKey, body: bytes, source: CredentialSource) -> Outcome:
    """Send the frozen body of an intended create, first or again, and settle it."""
    reply = await attempt(visit, key, lambda: visit.platform.lines.create(visit.account_id, body))
    if isinstance(reply, PlatformFailure):
        return visit.settle(failed_outcome(key, reply), key)
    outcome, entries = _created(key, reply, body, source, OutcomeKind.DONE)
    return visit.settle(await keep(visit, key, outcome, *entries), key)


def settle_found(
    visit: Visit, key: StepKey, line: SpecialtyLine, body: bytes, source: CredentialSource
) -> None:
    """Journal that the line of `key` was found to stand, and settle it."""
    outcome, entries = _created(key, line, body, source, OutcomeKind.ALREADY_DONE)
    visit.logbook.note(*entries)
    visit.settle(outcome, key)


def _created(
    key: StepKey, line: SpecialtyLine, body: bytes, source: CredentialSource, kind: OutcomeKind
) -> tuple[Outcome, list[Entry]]:
    """The outcome of a create whose line stands, and what to journal: also what differs (protocol R6)."""
    drift = differences(body, line)
    done: Event = StepDone(key, line.id, line.device_id, drift)
    entries = [Entry(done)]
    if source is CredentialSource.PLATFORM:
        made = CredentialMade(key.subject, line.sip_username, source)  # type: ignore[arg-type]
        entries.append(Entry(made, line.sip_password))
    message = f"came back otherwise than sent: {', '.join(drift)}" if drift else ""
    return Outcome(key.action, key.subject, kind, line_id=line.id, message=message), entries


async def _free(visit: Visit, step: CreateLine) -> SipCredential | Outcome:
    """The port's credential once its username is known to be free, or why the line cannot be made."""
    if visit.logbook.credential(step.port) is None:
        return _refused(step, OutcomeKind.REFUSED, "credential-missing", "the port has no credential here")
    try:
        taken = await taken_username(visit, step.port)
    except PlatformFailure as failure:
        visit.failures.append(failure)
        if not isinstance(failure, Rejected):
            visit.halted = visit.halted or failure.message
        return _refused(step, OutcomeKind.SKIPPED, failure.code, failure.message)
    if visit.halted:
        return _refused(step, OutcomeKind.SKIPPED, "halted", visit.halted)
    credential = visit.logbook.credential(step.port)
    if taken is None and credential is not None:
        return credential
    message = "the SIP username is in use elsewhere on the platform"
    return _refused(step, OutcomeKind.CONFLICT, USERNAME_TAKEN, message)


def _refused(step: CreateLine, kind: OutcomeKind, code: str, message: str) -> Outcome:
    action = Action.CREATE_LINE if kind is not OutcomeKind.CONFLICT else Action.VALIDATE_USERNAME
    return Outcome(action, step.port, kind, code=code, message=message)
