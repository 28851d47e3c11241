"""Changes that may be repeated by value: update, delete, route, un-route (protocol, Retries).

Each is read back where its outcome is not known: the effect is there, or the call is made again.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum

from installer.alianza.compare import credential_of, differences
from installer.domain.credential import CredentialSource, Secret
from installer.domain.gateway import FxsPort
from installer.domain.line import DeviceSlot, LineChanges, SpecialtyLine
from installer.domain.mac import MacAddress
from installer.domain.numbers import SPECIALTY_LINE, Reference, TelephoneNumber, parse_number
from installer.errors import Certainty, PlatformFailure, PunchdownError
from installer.journal.events import CredentialMade, StepConflicted, StepDone, StepRefused
from installer.journal.store import Entry
from installer.planning.outcome import Outcome, OutcomeKind, StepState
from installer.planning.steps import Action, RouteNumber, StepKey, Subject
from installer.provisioning.attempt import Call, attempt, failed_outcome, intend, keep, send_again
from installer.provisioning.service import line_by_id
from installer.provisioning.visit import Moment, Visit

_ATTEMPTS = 3
NOT_APPLIED = "not-applied"
SUPERSEDED = "superseded"
CHANGED_SINCE = "changed-since"
_MEMBERS = {
    "name": ("name",),
    "caller_id": ("callerId",),
    "e911_callback": ("e911CallbackNumber",),
    "calling_plan_ids": ("callingPlanIds",),
    "slot": ("macAddress", "portNumber", "deviceType"),
    "credential": ("sipUsername", "sipPassword"),
}
"""The members of a body that each field of LineChanges sets."""


class Effect(StrEnum):
    """What a look shows of a call whose outcome is not known."""

    THERE = "there"
    BEFORE = "as-before"
    OTHERWISE = "otherwise"
    HIDDEN = "hidden"
    """Only a password that the platform hides could tell."""


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
    await intend(visit, key, Call("PATCH", path, body, line_id, reference_text(prior)))

    async def look() -> Effect:
        stands = (await numbers.get(visit.account_id, number)).number.reference
        if stands == wanted:
            return Effect.THERE
        return Effect.BEFORE if stands == prior else Effect.OTHERWISE

    return await _change(visit, key, lambda: numbers.patch(visit.account_id, number, body), look, line_id)


async def delete(visit: Visit, subject: Subject, line_id: str) -> Outcome:
    """Take the line off the platform; gone already counts as done."""
    key = visit.record.next_key(subject, Action.DELETE_LINE)
    visit.tell(Moment.BEGUN, key)
    lines = visit.platform.lines
    await intend(visit, key, Call("DELETE", lines.line_path(visit.account_id, line_id), b"", line_id))

    async def look() -> Effect:
        return Effect.THERE if await line_by_id(visit, line_id) is None else Effect.BEFORE

    return await _change(visit, key, lambda: lines.delete(visit.account_id, line_id), look, line_id)


async def _change(
    visit: Visit,
    key: StepKey,
    call: Callable[[], Awaitable[object]],
    look: Callable[[], Awaitable[Effect]],
    line_id: str | None,
) -> Outcome:
    """Make the call; where its outcome is not known look, and make it again while nothing has changed."""
    number = 1
    while isinstance(reply := await attempt(visit, key, call), PlatformFailure):
        unsettled = failed_outcome(key, reply, line_id)
        if reply.certainty is not Certainty.UNKNOWN:
            return visit.settle(unsettled, key)
        try:
            effect = await look()
        except PlatformFailure as unreadable:
            visit.failures.append(unreadable)
            return visit.settle(unsettled, key)
        if effect is Effect.THERE:
            break
        if effect is Effect.OTHERWISE:
            return visit.settle(_overtaken(visit, key, line_id), key)
        if number == _ATTEMPTS:
            return visit.settle(unsettled, key)
        number += 1
        send_again(visit, key, number)
    done = Outcome(key.action, key.subject, OutcomeKind.DONE, key.number, line_id)
    return visit.settle(await keep(visit, key, done, Entry(StepDone(key, line_id, None, ()))), key)


async def update(
    visit: Visit, subject: Subject, line_id: str, changes: LineChanges, password: Secret | None
) -> Outcome:
    """Set `changes` on the line in its full, fresh object; `password` goes back where the platform masks it.

    Each try starts from a fresh object, so that a colleague's edit between two tries is not put back.
    """
    outcome, again = await _update_once(visit, subject, line_id, changes, password)
    for _ in range(_ATTEMPTS - 1):
        if again:
            outcome, again = await _update_once(visit, subject, line_id, changes, password)
    return visit.settle(outcome)


async def _update_once(
    visit: Visit, subject: Subject, line_id: str, changes: LineChanges, password: Secret | None
) -> tuple[Outcome, bool]:
    """The outcome of one try, and whether another may follow it."""
    _supersede(visit, subject)
    key = visit.record.next_key(subject, Action.UPDATE_LINE)
    visit.tell(Moment.BEGUN, key)
    lines = visit.platform.lines
    try:
        fetched = await lines.get(visit.account_id, line_id)
        body = lines.encode_changed(fetched, changes, password)
    except PunchdownError as failure:
        return _not_begun(visit, key, failure, line_id), False
    path = lines.line_path(visit.account_id, line_id)
    prior = prior_text(fetched.line, changes)
    await intend(visit, key, Call("PUT", path, body, line_id, prior))
    reply = await attempt(visit, key, lambda: lines.replace(visit.account_id, line_id, body))
    if not isinstance(reply, PlatformFailure):
        return await _updated(visit, key, reply, body, prior), False
    unsettled = failed_outcome(key, reply, line_id)
    if reply.certainty is not Certainty.UNKNOWN:
        return unsettled, False
    try:
        now = (await lines.get(visit.account_id, line_id)).line
    except PlatformFailure as unreadable:
        visit.failures.append(unreadable)
        return unsettled, False
    match effect_of(body, prior, now):
        case Effect.THERE:
            return await _updated(visit, key, now, body, prior), False
        case Effect.OTHERWISE:
            return _overtaken(visit, key, line_id), False
        case _:
            return unsettled, True


def _supersede(visit: Visit, subject: Subject) -> None:
    """Earlier changes of the line that nobody could settle give way to the one about to begin."""
    for step in list(visit.record.generations(subject, Action.UPDATE_LINE)):
        if step.state is StepState.UNKNOWN:
            message = "a later change of the same line takes its place"
            visit.logbook.note(Entry(StepRefused(step.key, SUPERSEDED, message)))


def effect_of(body: bytes, prior: str, line: SpecialtyLine) -> Effect:
    """What became of a PUT, by the fields it set, which are those that `prior` keeps."""
    kept = json.loads(prior)
    set_by_it = {member for name in kept for member in _MEMBERS[name]}
    if set_by_it & set(differences(body, line)):
        return Effect.BEFORE if _standing(line, kept) == kept else Effect.OTHERWISE
    return Effect.HIDDEN if "credential" in kept and line.sip_password is None else Effect.THERE


def updated_entries(key: StepKey, line: SpecialtyLine, body: bytes, prior: str) -> list[Entry]:
    """What to journal for an update that stands as `line`: done, and the credential that it set."""
    entries = [Entry(StepDone(key, line.id, line.device_id, differences(body, line)))]
    if "credential" in json.loads(prior) and isinstance(key.subject, FxsPort):
        credential = credential_of(body)
        made = CredentialMade(key.subject, credential.username, CredentialSource.GENERATED)
        entries.append(Entry(made, credential.password))
    return entries


async def _updated(visit: Visit, key: StepKey, line: SpecialtyLine, body: bytes, prior: str) -> Outcome:
    done = Outcome(key.action, key.subject, OutcomeKind.DONE, key.number, line.id)
    return await keep(visit, key, done, *updated_entries(key, line, body, prior))


def _overtaken(visit: Visit, key: StepKey, line_id: str | None) -> Outcome:
    message = "somebody else changed it while our call was under way: it is left as it is"
    visit.logbook.note(Entry(StepConflicted(key, CHANGED_SINCE, message, None)))
    conflict = OutcomeKind.CONFLICT
    return Outcome(key.action, key.subject, conflict, key.number, line_id, CHANGED_SINCE, message)


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
    wanted = {name for name in _MEMBERS if getattr(changes, name) is not None}
    return json.dumps(_standing(line, wanted))


def _standing(line: SpecialtyLine, names: Iterable[str]) -> dict[str, object]:
    slot = None if line.mac is None else [line.mac.bare, line.fxs_port, line.device_type]
    stands: dict[str, object] = {
        "name": line.name,
        "caller_id": line.caller_id,
        "e911_callback": line.e911_callback,
        "calling_plan_ids": sorted(line.calling_plan_ids),
        "slot": slot,
        "credential": None,
    }
    return {name: stands[name] for name in sorted(names)}


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
