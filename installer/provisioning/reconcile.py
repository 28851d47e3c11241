"""Settling creates whose outcome nobody knows (protocol R4, R5).

Seen at our port under our username: adopted. Something else there: a conflict. Not seen in two good
listings a quiet window apart, and the username free: the same body goes out once more.
"""

from __future__ import annotations

from http import HTTPStatus

from installer.alianza.compare import slot_of
from installer.domain.credential import CredentialSource
from installer.domain.gateway import FxsPort
from installer.domain.numbers import TelephoneNumber
from installer.errors import PlatformFailure
from installer.journal.events import StepConflicted, StepDone, StepRefused, StepUnknown, UndoDone, UndoUnknown
from installer.journal.store import Entry
from installer.planning.match import Fit, match
from installer.planning.outcome import MAYBE_SENT_STATES, Outcome, OutcomeKind, StepState
from installer.planning.planner import OUTCOME_UNKNOWN
from installer.planning.record import StepRecord
from installer.planning.snapshot import Snapshot
from installer.planning.steps import Action, StepKey
from installer.provisioning.attempt import send_again
from installer.provisioning.changing import NOT_APPLIED, Effect, effect_of, updated_entries
from installer.provisioning.creating import send_create, settle_found
from installer.provisioning.observe import look_again
from installer.provisioning.service import line_by_id
from installer.provisioning.visit import Moment, Visit

INTERRUPTED = "interrupted"
UNSETTLED_STATES = MAYBE_SENT_STATES | {StepState.UNDO_INTENT, StepState.UNDO_UNKNOWN}


def open_creates(visit: Visit) -> tuple[StepRecord, ...]:
    """Creates that may have reached the platform and are not settled."""
    return tuple(step for step in visit.record.unknown_steps() if step.key.action is Action.CREATE_LINE)


def mark_interrupted(visit: Visit) -> None:
    """What a killed run left as intended or sent, a step or its undo, is unknown from here on."""
    ended = "the run ended while the call was under way"
    for step in list(visit.record.steps.values()):
        if step.state in {StepState.INTENT, StepState.SENT}:
            visit.logbook.note(Entry(StepUnknown(step.key, INTERRUPTED, ended)))
        elif step.state is StepState.UNDO_INTENT:
            visit.logbook.note(Entry(UndoUnknown(step.key, INTERRUPTED, ended)))


async def settle_changes(visit: Visit, *, again: bool = True) -> None:
    """Settle changes of unknown outcome by what they were to change, read by its id: a listing may lag.

    One that is not in effect is given up where it may be made `again`, else it stays unknown, as does what
    cannot be read, and what only a hidden password could tell. A line that an interrupted undo took off is
    undone: else it would pass for one deleted behind our back.
    """
    for step in list(visit.record.steps.values()):
        undone = step.state is StepState.UNDO_UNKNOWN and step.key.action is Action.CREATE_LINE
        try:
            if undone and await line_by_id(visit, step.line_id or "") is None:
                visit.logbook.note(Entry(UndoDone(step.key)))
                _say(visit, step.key, OutcomeKind.UNDONE, step.line_id)
            elif step.is_open and step.key.action is not Action.CREATE_LINE:
                await _settle_change(visit, step, again=again)
        except PlatformFailure as unreadable:
            visit.failures.append(unreadable)


def say_unsettled(visit: Visit) -> None:
    """An outcome for every step that is still not known, unless its last one says so already."""
    last = {(each.subject, each.action, each.number): each.kind for each in visit.outcomes}
    for step in visit.record.steps.values():
        key = step.key
        told = last.get((key.subject, key.action, key.number)) is OutcomeKind.UNKNOWN
        if step.state in UNSETTLED_STATES and not told:
            message = step.message or "the run ended before it was known"
            code = step.code or OUTCOME_UNKNOWN
            unknown = OutcomeKind.UNKNOWN
            visit.settle(
                Outcome(key.action, key.subject, unknown, key.number, step.line_id, code, message), key
            )


async def _settle_change(visit: Visit, step: StepRecord, *, again: bool) -> None:
    key, stands = step.key, [Entry(StepDone(step.key, step.line_id, None, ()))]
    if key.number is not None:
        effect = await _effect_on_number(visit, step, key.number)
    else:
        line = await line_by_id(visit, step.line_id or "")
        if key.action is Action.DELETE_LINE:
            effect = Effect.THERE if line is None else Effect.BEFORE
        elif line is None:
            effect = Effect.BEFORE
        else:
            body, prior = visit.logbook.body(step), step.prior or "{}"
            effect, stands = effect_of(body, prior, line), updated_entries(key, line, body, prior)
    if effect is Effect.THERE:
        visit.logbook.note(*stands)
        _say(visit, key, OutcomeKind.ALREADY_DONE, step.line_id)
    elif effect is not Effect.HIDDEN and again:
        visit.logbook.note(Entry(StepRefused(key, NOT_APPLIED, "read back: it had no effect")))
        visit.tried.discard((key.subject, key.action, key.number))


async def _effect_on_number(visit: Visit, step: StepRecord, number: TelephoneNumber) -> Effect:
    held = (await visit.platform.numbers.get(visit.account_id, number)).number
    routes = step.key.action is Action.ROUTE_NUMBER
    there = held.rings(step.line_id or "") if routes else held.reference is None
    return Effect.THERE if there else Effect.BEFORE


def _say(visit: Visit, key: StepKey, kind: OutcomeKind, line_id: str | None) -> None:
    visit.settle(Outcome(key.action, key.subject, kind, key.number, line_id), key)


class Reconciliation:
    """Remembers since when each unknown create is not seen, so that a run waits for one window at most."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._absent_since: dict[StepKey, float] = {}
        self._waited = False

    def look(self, snapshot: Snapshot, at: float) -> None:
        """Settle what the listing shows; remember what it does not, if the listing is to be believed.

        `at` is the monotonic time at which the listing was asked for.
        """
        waiting = open_creates(self._visit)
        believable = bool(waiting) and self._visit.logbook.held_lines <= {line.id for line in snapshot.lines}
        for step in waiting:
            if not self._settle(step, snapshot) and believable:
                self._absent_since.setdefault(step.key, at)

    @property
    def is_open(self) -> bool:
        """Whether some create is still not settled."""
        return bool(open_creates(self._visit))

    async def finish(self, snapshot: Snapshot) -> Snapshot:
        """Wait out the window, look again, send again what is proven absent; gives the last snapshot.

        What cannot be settled stays unknown, for `resume`.
        """
        visit = self._visit
        if not open_creates(visit) or visit.halted:
            return snapshot
        snapshot = await self._listing(snapshot)
        if self._waited:
            return snapshot
        missing = [step.key for step in open_creates(visit)]
        since = [self._absent_since[key] for key in missing if key in self._absent_since]
        if not since:
            return snapshot
        wait = max(since) + visit.quiet_window - visit.clock.monotonic()
        self._waited = True
        if wait > 0:
            visit.tell(Moment.WAITING, seconds=wait)
            await visit.clock.sleep(wait)
        seen_absent = set(self._absent_since)
        self._absent_since.clear()
        snapshot = await self._listing(snapshot)
        proven = [
            step for step in open_creates(visit) if step.key in seen_absent and step.key in self._absent_since
        ]
        await visit.together(self._send_again(step) for step in proven)
        return snapshot

    async def _listing(self, snapshot: Snapshot) -> Snapshot:
        at = self._visit.clock.monotonic()
        snapshot = await look_again(self._visit, snapshot, numbers=False)
        self.look(snapshot, at)
        return snapshot

    def _settle(self, step: StepRecord, snapshot: Snapshot) -> bool:
        visit, key = self._visit, step.key
        assert isinstance(key.subject, FxsPort)  # noqa: S101 - creates belong to ports
        credential = visit.record.credentials.get(key.subject)
        source = credential.source if credential else CredentialSource.PLATFORM
        username = credential.username if credential else None
        body = visit.logbook.body(step)
        slot = slot_of(body)
        found = match(snapshot, slot, username)
        if found.fit is Fit.NOTHING or found.line is None:
            return False
        doubled = snapshot.at(slot.mac, slot.fxs_port) if found.fit is Fit.DOUBLED else ()
        # Ours among others is made: then undo and the yielding to a colleague can take it back.
        ours = [line for line in doubled if username is not None and line.sip_username == username]
        if found.fit is Fit.OURS or ours:
            line = ours[0] if ours else found.line
            settle_found(visit, key, line, body, source)
            return True
        self._conflict(key, found.fit, found.sentence, found.line.id)
        return True

    async def _send_again(self, step: StepRecord) -> None:
        visit, key = self._visit, step.key
        assert isinstance(key.subject, FxsPort)  # noqa: S101 - creates belong to ports
        credential = visit.record.credentials.get(key.subject)
        source = credential.source if credential else CredentialSource.PLATFORM
        if credential is not None and credential.username is not None:
            try:
                free = await visit.platform.lines.username_free(credential.username)
            except PlatformFailure as failure:
                visit.failures.append(failure)
                return
            if not free and step.status != HTTPStatus.CONFLICT:
                return
        if step.status == HTTPStatus.CONFLICT:
            taken = "the platform says the port or the SIP username is taken, though not on this account"
            self._conflict(key, "taken-elsewhere", taken, None)
            return
        body = visit.logbook.body(step)
        send_again(visit, key, step.attempts + 1)
        await send_create(visit, key, body, source)

    def _conflict(self, key: StepKey, code: str, message: str, line_id: str | None) -> None:
        self._visit.logbook.note(Entry(StepConflicted(key, code, message, line_id)))
        outcome = Outcome(key.action, key.subject, OutcomeKind.CONFLICT, None, line_id, code, message)
        self._visit.settle(outcome, key)
