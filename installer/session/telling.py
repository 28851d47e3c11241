"""The journal's rows as sentences for people; no secret is in any row that is not sealed."""

from __future__ import annotations

from installer.journal import events as e
from installer.planning.steps import StepKey
from installer.text import safe

_ACTS = {
    "validate-username": "check the username of",
    "create-line": "make the line of",
    "update-line": "change the line of",
    "delete-line": "delete the line of",
    "route-number": "route a number to",
    "unroute-number": "un-route a number from",
}


def told(event: e.Event | e.Opaque) -> str:  # noqa: C901, PLR0911, PLR0912 - a sentence for each kind of row
    """What the row says, in one line."""
    match event:
        case e.JobOpened(account=account, site=site):
            return f"visit begun: {safe(site, 60)}, account {safe(account.name, 60)}"
        case e.GatewayPlanned(place=place, model_id=model):
            return f"{place} planned as a model {safe(model, 20)}"
        case e.GatewayBound(place=place, mac=mac, why=why):
            return f"{mac} bound to {place} ({safe(why, 60)})"
        case e.PortPlanned(port=port, state=state, draft=draft):
            return f"{port} planned: {safe(draft.name, 60) if draft else state}"
        case e.CredentialMade(port=port, source=source):
            return f"{port} has a credential ({source})"
        case e.UserFixed(username=username):
            return f"written as {safe(username, 60)} from here on"
        case e.StepIntended(key=key):
            return f"about to {act(key)}"
        case e.StepSent(key=key, attempt=attempt):
            return f"sending, attempt {attempt}: {act(key)}"
        case e.StepDone(key=key, drift=drift):
            return f"done: {act(key)}" + (f"; came back otherwise: {', '.join(drift)}" if drift else "")
        case e.StepRefused(key=key, code=code, message=message):
            return f"without effect: {act(key)} ({safe(code, 40)}: {safe(message, 100)})"
        case e.StepUnknown(key=key, message=message):
            return f"not known yet: {act(key)} ({safe(message, 100)})"
        case e.StepConflicted(key=key, message=message):
            return f"something in the way: {act(key)} ({safe(message, 100)})"
        case e.UndoIntended(key=key):
            return f"about to take back: {act(key)}"
        case e.UndoDone(key=key):
            return f"taken back: {act(key)}"
        case e.UndoRefused(key=key, message=message):
            return f"not taken back: {act(key)} ({safe(message, 100)})"
        case e.UndoUnknown(key=key):
            return f"not known whether taken back: {act(key)}"
        case e.UndoBegun(place=place):
            return f"taking back begun: {place or 'the whole visit'}"
        case e.UndoEnded(place=place):
            return f"taking back ended: {place or 'the whole visit'}"
        case e.WantedAgain(place=place):
            return f"wanted again: {place or 'the whole visit'}"
        case e.LineAdopted(port=port):
            return f"{port}: the line that stood there is this visit's"
        case e.LineLost(port=port):
            return f"{port}: its line is gone from the platform"
        case e.Acknowledged(code=code, message=message):
            return f"taken on: {safe(code, 40)}: {safe(message, 120)}"
        case e.Audited(clean=clean, differences=differences):
            return "checked: all as planned" if clean else f"checked: {differences} differences"
        case e.RegistrationSeen(port=port, registered=registered):
            return f"{port} {'registered' if registered else 'is not registered any more'}"
        case e.RegistrationsLooked(registered=registered, lines=lines):
            return f"{registered} of {lines} lines registered"
        case e.ArtifactWritten(kind=kind, revision=revision):
            return f"{safe(kind, 40)} written, revision {revision}"
        case e.Noted(text=text):
            return safe(text, 200)
        case e.Opaque():
            return "a row of a newer kit"


def act(key: StepKey) -> str:
    """What that step does, as a person would say it."""
    number = f" ({key.number.national})" if key.number else ""
    return f"{_ACTS[key.action.value]} {key.subject}{number}"
