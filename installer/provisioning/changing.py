"""Changes that may be repeated by value: update, delete, route, un-route (protocol, Retries).

Each is read back where its outcome is not known: the effect is there, or the call is made again.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from installer.alianza.compare import credential_of, differences
from installer.domain.credential import CredentialSource, Secret
from installer.domain.gateway import FxsPort
from installer.domain.line import DeviceSlot, LineChanges, SpecialtyLine
from installer.domain.mac import MacAddress
from installer.domain.numbers import SPECIALTY_LINE, Reference, TelephoneNumber, parse_number
from installer.errors import Certainty, PlatformFailure, PunchdownError
from installer.journal.events import CredentialMade, StepDone, StepRefused
from installer.journal.store import Entry
from installer.planning.outcome import Outcome, OutcomeKind, StepState
from installer.planning.steps import Action, RouteNumber, StepKey, Subject
from installer.provisioning.attempt import Call, attempt, failed_outcome, intend, send_again
from installer.provisioning.visit import Moment, Visit

_ATTEMPTS = 3
NOT_APPLIED = "not-applied"
SUPERSEDED = "superseded"


async def route(visit: Visit, step: RouteNumber, line_id: str) -> Outcome:
    """Let the number of `step` ring `line_id`; the caller has read that it rings what it did."""
    wanted = Reference(SPECIALTY_LINE, line_id)
    return await set_reference(visit, step.port, step.number, wanted, step.prior)


async def set_reference(
    visit: Visit,
    subject: Subject,
    number: TelephoneNumber,
    wanted: Reference | None,
    prior: Reference | None,
) -> Outcome:
    """Let `number` ring `wanted`, or nothing; `prior` is kept for undo."""
    action = Action.ROUTE_NUMBER if wanted else Action.UNROUTE_NUMBER
    key = visit.record.next_key(subject, action, number)
    visit.tell(Moment.BEGUN, key)
    numbers = visit.platform.numbers
    body = numbers.encode_reference(wanted)
    path = numbers.number_path(visit.account_id, number)
    line_id = wanted.id if wanted else None
    intend(visit, key, Call("PATCH", path, body, line_id, reference_text(prior)))

    async def in_effect() -> bool:
        return (await numbers.get(visit.account_id, number)).number.reference == wanted

    return await _change(
        visit, key, lambda: numbers.patch(visit.account_id, number, body), in_effect, line_id
    )


async def update(
    visit: Visit, subject: Subject, line_id: str, changes: LineChanges, password: Secret | None
) -> Outcome:
    """Set `changes` on the line in its full, fresh object; `password` goes back where the platform masks it.

    Each try starts from a fresh object, so that a colleague's edit between two tries is not put back.
    """
    outcome = await _update_once(visit, subject, line_id, changes, password)
    for _ in range(_ATTEMPTS - 1):
        if outcome.code != NOT_APPLIED:
            break
        outcome = await _update_once(visit, subject, line_id, changes, password)
    return visit.settle(outcome)


async def _update_once(
    visit: Visit, subject: Subject, line_id: str, changes: LineChanges, password: Secret | None
) -> Outcome:
    for step in list(visit.record.generations(subject, Action.UPDATE_LINE)):
        if step.state is StepState.UNKNOWN:
            message = "a later change of the same line takes its place"
            visit.logbook.note(Entry(StepRefused(step.key, SUPERSEDED, message)))
    key = visit.record.next_key(subject, Action.UPDATE_LINE)
    visit.tell(Moment.BEGUN, key)
    lines = visit.platform.lines
    try:
        fetched = await lines.get(visit.account_id, line_id)
        body = lines.encode_changed(fetched, changes, password)
    except PunchdownError as failure:
        return _not_begun(visit, key, failure, line_id)
    path = lines.line_path(visit.account_id, line_id)
    prior = prior_text(fetched.line, changes)
    intend(visit, key, Call("PUT", path, body, line_id, prior))
    reply = await attempt(visit, key, lambda: lines.replace(visit.account_id, line_id, body))
    if not isinstance(reply, PlatformFailure):
        return _updated(visit, key, line_id, body, prior)
    if reply.certainty is Certainty.UNKNOWN:
        try:
            now = (await lines.get(visit.account_id, line_id)).line
        except PlatformFailure as unreadable:
            visit.failures.append(unreadable)
            return failed_outcome(key, reply, line_id)
        effect = stands(body, prior, now)
        if effect:
            return _updated(visit, key, line_id, body, prior)
        if effect is False:
            visit.logbook.note(Entry(StepRefused(key, NOT_APPLIED, "read back: it had no effect")))
            refused = OutcomeKind.REFUSED
            return Outcome(key.action, subject, refused, None, line_id, NOT_APPLIED, reply.message)
    return failed_outcome(key, reply, line_id)


def stands(body: bytes, prior: str, line: SpecialtyLine) -> bool | None:
    """Whether a PUT's effect is on the line; None where only a password that is hidden could tell."""
    if differences(body, line):
        return False
    return None if "credential" in json.loads(prior) and line.sip_password is None else True


def updated_entries(key: StepKey, line_id: str, body: bytes, prior: str) -> list[Entry]:
    """What to journal for an update that stands: done, and the credential that it set, if it did."""
    entries = [Entry(StepDone(key, line_id, None, ()))]
    if "credential" in json.loads(prior) and isinstance(key.subject, FxsPort):
        credential = credential_of(body)
        made = CredentialMade(key.subject, credential.username, CredentialSource.GENERATED)
        entries.append(Entry(made, credential.password))
    return entries


def _updated(visit: Visit, key: StepKey, line_id: str, body: bytes, prior: str) -> Outcome:
    visit.logbook.note(*updated_entries(key, line_id, body, prior))
    return Outcome(key.action, key.subject, OutcomeKind.DONE, key.number, line_id)


async def delete(visit: Visit, subject: Subject, line_id: str) -> Outcome:
    """Take the line off the platform; gone already counts as done."""
    key = visit.record.next_key(subject, Action.DELETE_LINE)
    visit.tell(Moment.BEGUN, key)
    lines = visit.platform.lines
    intend(visit, key, Call("DELETE", lines.line_path(visit.account_id, line_id), b"", line_id))

    async def gone() -> bool:
        return all(line.id != line_id for line in await lines.list(visit.account_id))

    return await _change(visit, key, lambda: lines.delete(visit.account_id, line_id), gone, line_id)


async def _change(
    visit: Visit,
    key: StepKey,
    call: Callable[[], Awaitable[object]],
    in_effect: Callable[[], Awaitable[bool]],
    line_id: str | None,
) -> Outcome:
    failure: PlatformFailure | None = None
    for number in range(1, _ATTEMPTS + 1):
        if number > 1:
            send_again(visit, key, number)
        reply = await attempt(visit, key, call)
        if not isinstance(reply, PlatformFailure):
            return visit.settle(_done(visit, key, line_id), key)
        failure = reply
        if failure.certainty is not Certainty.UNKNOWN:
            break
        try:
            if await in_effect():
                return visit.settle(_done(visit, key, line_id), key)
        except PlatformFailure as unreadable:
            visit.failures.append(unreadable)
            break
    assert failure is not None  # noqa: S101 - the loop runs at least once
    return visit.settle(failed_outcome(key, failure, line_id), key)


def _done(visit: Visit, key: StepKey, line_id: str | None) -> Outcome:
    visit.logbook.note(Entry(StepDone(key, line_id, None, ())))
    return Outcome(key.action, key.subject, OutcomeKind.DONE, key.number, line_id)


def _not_begun(visit: Visit, key: StepKey, failure: PunchdownError, line_id: str) -> Outcome:
    if isinstance(failure, PlatformFailure):
        visit.failures.append(failure)
    return Outcome(key.action, key.subject, OutcomeKind.SKIPPED, None, line_id, failure.code, failure.message)


def reference_text(reference: Reference | None) -> str:
    """A reference as it is kept for undo."""
    return json.dumps(None if reference is None else {"kind": reference.kind, "id": reference.id})


def reference_of(text: str) -> Reference | None:
    """The reference that `reference_text` kept."""
    kept = json.loads(text)
    return None if kept is None else Reference(kept["kind"], kept["id"])


def prior_text(line: SpecialtyLine, changes: LineChanges) -> str:
    """The values that `changes` is about to replace, as they are kept for undo; never a password."""
    kept: dict[str, object] = {}
    if changes.name is not None:
        kept["name"] = line.name
    if changes.caller_id is not None:
        kept["caller_id"] = line.caller_id
    if changes.e911_callback is not None:
        kept["e911_callback"] = line.e911_callback
    if changes.calling_plan_ids is not None:
        kept["calling_plan_ids"] = line.calling_plan_ids
    if changes.slot is not None and line.mac is not None:
        kept["slot"] = [line.mac.bare, line.fxs_port, line.device_type]
    if changes.credential is not None:
        kept["credential"] = None
    return json.dumps(kept)


def prior_of(text: str) -> LineChanges:
    """The changes that restore what `prior_text` kept; a credential cannot be restored and is left out."""
    kept = json.loads(text)
    numbers = {name: parse_number(kept[name]) for name in ("caller_id", "e911_callback") if kept.get(name)}
    slot = kept.get("slot")
    return LineChanges(
        name=kept.get("name"),
        caller_id=numbers.get("caller_id"),
        e911_callback=numbers.get("e911_callback"),
        calling_plan_ids=tuple(kept["calling_plan_ids"]) if "calling_plan_ids" in kept else None,
        slot=DeviceSlot(MacAddress(slot[0]), slot[1], slot[2]) if slot else None,
    )
