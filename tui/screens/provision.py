"""Step 8: the writing, port by port; it can be left, and cancelled, at any moment."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from installer.domain.gateway import FxsPort
from installer.planning.outcome import OutcomeKind
from installer.planning.steps import Action
from installer.session.undoing import IN_SERVICE
from installer.text import safe
from tui.commands import Command
from tui.progress import Identity, Progress, in_words, subject_key
from tui.screens.dialog import Choice, Dialog, Prompt
from tui.screens.step import Step
from tui.widgets.grid import Cell, Column, Grid, Row, state
from tui.widgets.plain import Plain
from tui.words import ACTIONS, NO_VISIT, Tone, counted

_GOOD = (OutcomeKind.DONE, OutcomeKind.ALREADY_DONE, OutcomeKind.UNDONE)
_NOT = (OutcomeKind.REFUSED, OutcomeKind.SKIPPED)


class Provision(Step):
    """Outcome per port; cancelled, it says what is not known."""

    NAME = "Provision"
    HELP = (
        "Each line is made once: what was sent is written down before. F3 cancels; what was on its way "
        "then is not known yet, and F5 looks it up before anything is sent again. Enter on a step shows it "
        "in full, and where nobody can tell, asks for a decision. The run goes on while you look at other "
        "steps."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("cancel", "f3", "cancel", "stop writing; what is on its way is looked up later", in_bar=True),
        Command(
            "resume", "f5", "go on", "look up what is not known, then write what is missing", in_bar=True
        ),
    )

    def body(self) -> ComposeResult:
        """How many of how many, then every step."""
        yield Plain("", id="summary", classes="title")
        yield Plain("", id="waits", classes="hint")
        yield Grid(
            Column("port", 12), Column("step", 14), Column("state", 16), Column("about", 0), id="steps",
        )  # fmt: skip

    def on_mount(self) -> None:
        """The run that is under way, else what the journal knows of those before."""
        app = self.app
        if not app.is_writing and not app.progress.what and (record := app.attempt(lambda: app.record)):
            app.progress.recorded(record)
        self._summed = ""
        self.every(0.5, self._tick)

    def renew(self) -> None:
        """What the run came to so far."""
        if not self.query("#steps"):
            return  # left meanwhile
        progress = self.app.progress
        self._of = {subject_key(of): of for of in progress.stands}
        self.query_one(Grid).show([_row(key, of, progress) for key, of in self._of.items()])
        self._tick()

    def _tick(self) -> None:
        text, waits = self._sentence(), ""
        if self.app.is_writing and self.app.progress.waits:
            seconds = f"{self.app.progress.waits:.0f}"
            waits = f"Waiting {seconds} s before a second look: nothing is sent again until then."
        if (text + waits) != self._summed:
            self._summed = text + waits
            self.query_one("#summary", Plain).update(text)
            self.query_one("#waits", Plain).update(waits)

    def _sentence(self) -> str:
        progress, app = self.app.progress, self.app
        done = f"{progress.done} of {counted(progress.all, 'step')}"
        if app.is_writing and not progress.cancelled:
            elapsed = int(app.session.rooms.clock.monotonic() - progress.began)
            return f"► {progress.what}: {done}, {elapsed} s. F3 cancels."
        unknown = progress.count([OutcomeKind.UNKNOWN]) + len(progress.interrupted())
        if unknown:
            return f"? {done}; {counted(unknown, 'outcome')} not known yet. F5 looks it up and goes on."
        if conflicts := progress.count([OutcomeKind.CONFLICT]):
            return f"■ {done}; {counted(conflicts, 'thing')} in the way: Enter on it says what."
        if missing := progress.all - progress.count([*_GOOD, OutcomeKind.DEFERRED]):
            return f"▲ {done}; {counted(missing, 'step')} without effect. F5 tries again."
        if progress.failed or progress.cancelled:
            return "▲ It ended early: nothing more was written. Review (F2) plans anew."
        return self._good_end(done)

    def _good_end(self, done: str) -> str:
        progress, record = self.app.progress, self.app.record
        left = record is not None and record.is_unfinished
        if later := progress.count([OutcomeKind.DEFERRED]):
            return f"○ {done}; {later} for later. F4 goes on."
        if progress.all and left:
            what = "taking it back" if record is not None and record.undoing else "the visit"
            return f"▲ {counted(progress.done, 'step')} done; {what} is not finished. F5 goes on."
        if progress.all:
            took = f" in {progress.ended - progress.began:.0f} s" if progress.ended else ""
            return f"● {done} done{took}. F4 goes on."
        if progress.ended and not left:
            return "● Nothing was left to do. F4 goes on."
        return NO_VISIT if self.app.source is None else "Nothing was written in this visit: step Review (F2)."

    def action_cancel(self) -> None:
        """Stop at once; nothing that is on its way is called failed."""
        if self.app.is_writing:
            self.app.cancel_run()
        else:
            self.app.say("nothing is being written")
        self.renew()

    def action_resume(self) -> None:
        """Go on where a run stopped."""
        if self.app.job_id is None:
            self.app.say(self.app.no_record, Tone.WARN)
        else:
            self.app.resume()

    @on(Grid.Chosen, "#steps")
    def chosen(self, event: Grid.Chosen) -> None:
        """In full; where a person has to decide, that is asked."""
        of = self._of[event.key]
        if self.app.is_writing or not self._decide(of):
            about = self.app.progress.why.get(of) or "no more is known"
            title = f"{in_words(of)}: {self.app.progress.stands[of].word}"
            self.app.push_screen(Dialog(safe(title, 70), safe(about, 400)))

    def _decide(self, of: Identity) -> bool:
        subject, action, _ = of
        progress = self.app.progress
        unknown = progress.last.get(of) is OutcomeKind.UNKNOWN
        if unknown and action is Action.CREATE_LINE and isinstance(subject, FxsPort):
            self.app.start("decide", self._settle(subject))
        elif progress.codes.get(of) == IN_SERVICE:
            self.app.start("decide", self._named(of))
        else:
            return False
        return True

    async def _settle(self, port: FxsPort) -> None:
        """Nobody can tell whether the line was made: looked up, adopted, or given up."""
        choice = Choice(
            f"{port}: was the line made?",
            "F5 looks it up and settles it by itself where it can. If it cannot, you decide.",
            [
                ("look", "look it up and go on (F5)"),
                ("adopt", "the one line that stands there is ours: adopt it"),
                ("abandon", "there is none: give it up once two looks show none"),
            ],
        )
        said = await self.app.answer(choice)
        if said == "look":
            self.app.resume()
        elif said == "adopt":
            self.app.settle(port, "adopt")
        elif said == "abandon":
            self.app.settle(port, "abandon")

    async def _named(self, of: Identity) -> None:
        """A line that may be in use is taken off only where its name is typed."""
        record = self.app.record
        names = {plan.port: draft.name for plan, draft in record.job.drafts()} if record else {}
        name = names.get(of[0], "") if isinstance(of[0], FxsPort) else ""
        words = f"“{safe(name, 60)}” may be in use: alarms and lifts hang on lines. Type its name to go on."
        said = await self.app.answer(Prompt(f"{of[0]}: take it off all the same?", words, "name"))
        if isinstance(said, str) and said.strip():
            if said.strip() == name:
                self.app.take_back(frozenset({name}))
            else:
                self.app.say("that is not its name: the line stays", Tone.WARN)


def _row(key: str, of: Identity, progress: Progress) -> Row:
    subject, action, number = of
    about = progress.why.get(of, "") or (number.national if number else "")
    if progress.codes.get(of) == IN_SERVICE:
        about = "may be in use: Enter, then its name, takes it off"
    return Row(key, (Cell(str(subject)), Cell(ACTIONS[action]), state(progress.stands[of]), Cell(about)))
