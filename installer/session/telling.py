"""The journal's rows as sentences for people; no secret is in any row that is not sealed."""

from __future__ import annotations

from functools import singledispatch

from installer.journal import events as e
from installer.planning.steps import StepKey
from installer.text import safe

_ACTS = {
    "validate-username": "check the username of",
    "create-line": "make the line of",
    "update-line": "change the line of",
    "delete-line": "delete the line of",
    "route-number": "route {number} to",
    "unroute-number": "un-route {number} from",
}


@singledispatch
def told(_event: e.Event | e.Opaque) -> str:
    """What the row says, in one line."""
    return "a row of a newer kit"


@told.register
def _(event: e.JobOpened) -> str:
    return f"visit begun: {safe(event.site, 60)}, account {safe(event.account.name, 60)}"


@told.register
def _(event: e.GatewayPlanned) -> str:
    return f"{event.place} planned as a model {safe(event.model_id, 20)}"


@told.register
def _(event: e.GatewayBound) -> str:
    return f"{event.mac} bound to {event.place} ({safe(event.why, 60)})"


@told.register
def _(event: e.PortPlanned) -> str:
    return f"{event.port} planned: {safe(event.draft.name, 60) if event.draft else event.state}"


@told.register
def _(event: e.CredentialMade) -> str:
    return f"{event.port} has a credential ({event.source})"


@told.register
def _(event: e.UserFixed) -> str:
    return f"written as {safe(event.username, 60)} from here on"


@told.register
def _(event: e.StepIntended) -> str:
    return f"about to {act(event.key)}"


@told.register
def _(event: e.StepSent) -> str:
    return f"sending, attempt {event.attempt}: {act(event.key)}"


@told.register
def _(event: e.StepDone) -> str:
    return f"done: {act(event.key)}" + (
        f"; came back otherwise: {', '.join(event.drift)}" if event.drift else ""
    )


@told.register
def _(event: e.StepRefused) -> str:
    return f"without effect: {act(event.key)} ({safe(event.code, 40)}: {safe(event.message, 100)})"


@told.register
def _(event: e.StepUnknown) -> str:
    return f"not known yet: {act(event.key)} ({safe(event.message, 100)})"


@told.register
def _(event: e.StepConflicted) -> str:
    return f"something in the way: {act(event.key)} ({safe(event.message, 100)})"


@told.register
def _(event: e.UndoIntended) -> str:
    return f"about to take back: {act(event.key)}"


@told.register
def _(event: e.UndoDone) -> str:
    return f"taken back: {act(event.key)}"


@told.register
def _(event: e.UndoRefused) -> str:
    return f"not taken back: {act(event.key)} ({safe(event.message, 100)})"


@told.register
def _(event: e.UndoUnknown) -> str:
    return f"not known whether taken back: {act(event.key)}"


@told.register
def _(event: e.UndoBegun) -> str:
    return f"taking back begun: {event.place or 'the whole visit'}"


@told.register
def _(event: e.UndoEnded) -> str:
    return f"taking back ended: {event.place or 'the whole visit'}"


@told.register
def _(event: e.WantedAgain) -> str:
    return f"wanted again: {event.place or 'the whole visit'}"


@told.register
def _(event: e.LineAdopted) -> str:
    return f"{event.port}: the line that stood there is this visit's"


@told.register
def _(event: e.LineLost) -> str:
    return f"{event.port}: its line is gone from the platform"


@told.register
def _(event: e.Acknowledged) -> str:
    return f"taken on: {safe(event.code, 40)}: {safe(event.message, 120)}"


@told.register
def _(event: e.Audited) -> str:
    return "checked: all as planned" if event.clean else f"checked: {event.differences} differences"


@told.register
def _(event: e.RegistrationSeen) -> str:
    return f"{event.port} {'registered' if event.registered else 'is not registered any more'}"


@told.register
def _(event: e.RegistrationsLooked) -> str:
    return f"{event.registered} of {event.lines} lines registered"


@told.register
def _(event: e.ArtifactWritten) -> str:
    return f"{safe(event.kind, 40)} written, revision {event.revision}"


@told.register
def _(event: e.Noted) -> str:
    return safe(event.text, 200)


@told.register
def _(event: e.LinesBlocked) -> str:
    return f"{len(event.ports)} ports of {event.place or 'the whole visit'}: something else stands in the way"


def act(key: StepKey) -> str:
    """What that step does, as a person would say it."""
    number = key.number.national if key.number else "a number"
    return f"{_ACTS[key.action.value].format(number=number)} {key.subject}"
