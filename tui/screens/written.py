"""What became of one line that was to be changed on the platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from installer.domain.gateway import FxsPort
from installer.planning.outcome import OutcomeKind
from installer.planning.steps import Action
from tui.words import Tone

if TYPE_CHECKING:
    from installer.session.run import JobRun
    from tui.tasks import Tasks


def tell(app: Tasks, runs: Sequence[JobRun], port: FxsPort, done: str) -> None:
    """Say how the change of the port's line ended, `done` only where it is."""
    run = runs[-1]
    changes = [each for each in run.outcomes if (each.subject, each.action) == (port, Action.UPDATE_LINE)]
    if not changes and run.error is not None:
        return  # it never came to that, and why not is shown
    kind = changes[-1].kind if changes else OutcomeKind.ALREADY_DONE  # the platform had it so
    if kind in {OutcomeKind.DONE, OutcomeKind.ALREADY_DONE}:
        app.say(done, Tone.GOOD)
    elif kind is OutcomeKind.UNKNOWN:
        app.say(f"{port}: not known yet whether it was changed: step Provision, F5 looks it up", Tone.WARN)
    else:
        app.say(f"{port}: not changed: {changes[-1].message}", Tone.BAD)
