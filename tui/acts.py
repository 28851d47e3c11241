"""What can be done on every step: help, find, the logs, the way to another step, and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import ModalScreen

from installer.text import safe
from tui.commands import EVERYWHERE
from tui.runs import Runs
from tui.screens.dialog import Dialog, Prompt, Question, Said
from tui.words import Tone

if TYPE_CHECKING:
    from tui.scan import Scan


class Leaving(Question):
    """Put once, over whatever else is asked."""


class Acts(Runs):
    """The actions behind the keys of everywhere, and where a scan leads."""

    def scanned(self, scan: Scan) -> None:
        """The step may take it; else it leads to what it names. A question that is open is not answered."""
        step = self.step
        if isinstance(self.screen, ModalScreen):
            self.say("scanned while a question was open: nothing was done with it", Tone.WARN)
        elif step is None or not step.scanned(scan):
            self.lead_to(scan.text)

    def lead_to(self, text: str) -> None:
        """Go to what `text` names: the visit it belongs to, the table of its ports, its row."""
        found = self.session.kept.named(text)
        if not found:
            self.say(f"nothing of this home is called {safe(text, 60)}", Tone.WARN)
            return
        mine = [each for each in found if each.job_id == self.job_id] or found
        first = mine[0]
        self.open_visit(first.job_id)
        self.looked_for = first
        self.go("Registration")
        more = f"; {len(mine) - 1} more fit" if len(mine) > 1 else ""
        self.say(f"{first.port or first.gateway}: {first.about}{more}")

    async def action_back(self) -> None:
        """The step before."""
        self._walk(-1)

    def action_onward(self) -> None:
        """The step after."""
        self._walk(1)

    def action_renew(self) -> None:
        """Read anew what is shown."""
        if (step := self.step) is not None:
            step.renew()

    def action_help(self) -> None:
        """What the step is for, and its keys."""
        step = self.step
        if step is None:
            return
        keys = "\n".join(
            f"{each.shown_key:<10} {each.label}: {each.help}" for each in (*step.COMMANDS_HERE, *EVERYWHERE)
        )
        focused = self.focused
        here = getattr(focused, "HELP", "") if focused is not None else ""
        about = f"{here}\n\n{step.HELP}" if here else step.HELP
        self.push_screen(Dialog(f"{step.NAME}: help", f"{about}\n\n{keys}"))

    def action_events(self) -> None:
        """Everything that was said, newest first."""
        lines = [f"{at.astimezone():%H:%M:%S} {text}" for at, text, _ in reversed(self.said)]
        self.push_screen(Dialog("What was said", "\n".join(lines) or "nothing yet"))

    def action_find(self) -> None:
        """Ask what to look for."""
        prompt = Prompt("Find", "A line's name, a telephone number, a MAC, a label, a place.", "find")

        def found(text: Said) -> None:
            if isinstance(text, str) and text.strip():
                self.lead_to(text)

        self.push_screen(prompt, found)

    def action_history(self) -> None:
        """The journal of the visit, newest first."""
        if self.job_id is None:
            self.say("no visit is open", Tone.WARN)
            return
        deeds = self.session.kept.history(self.job_id)
        lines = [f"{each.at.astimezone():%m-%d %H:%M:%S} {each.operator} {each.what}" for each in deeds]
        self.push_screen(Dialog("Journal of the visit, newest first", "\n".join(lines)))

    def action_command_palette(self) -> None:
        """Every command of here and of everywhere, and every step, to choose from."""
        from tui.screens.pick import Offer, Pick  # noqa: PLC0415 - the first frame needs no list

        step = self.step
        if step is None:
            return
        commands = {each.action: each for each in (*step.COMMANDS_HERE, *EVERYWHERE)}
        del commands["command_palette"]
        offers = [Offer(each.action, each.named, each.help) for each in commands.values()]
        offers += [
            Offer(each.NAME, f"step {number}: {each.NAME}", each.HELP.split(".")[0])
            for number, each in enumerate(self.steps, 1)
        ]

        def chosen(said: Said) -> None:
            if said in commands:
                own = commands[str(said)] in step.COMMANDS_HERE
                self.call_later((step if own else self).run_action, str(said))
            elif isinstance(said, str):
                self.go(said)

        self.push_screen(Pick("All keys and steps", "", offers), chosen)

    async def action_leave(self) -> None:
        """Leave; the visit is kept as it is. While something is being written, that is asked first."""
        if not self.is_running:
            self.exit(0)
        elif not isinstance(self.screen, Leaving):
            words = (
                "Leaving cancels the run: what is on its way then is not known yet, and resuming looks it up."
            )
            question = Leaving("Something is being written", words, "Cancel it and leave", "Stay")
            self.push_screen(question, lambda said: self.exit(0) if said is True else None)

    async def action_quit(self) -> None:
        """Textual's word for leaving."""
        await self.action_leave()

    def action_help_quit(self) -> None:
        """Ctrl+C interrupts nothing."""
        self.say("Ctrl+C stops nothing here: Ctrl+Q leaves, the visit is kept", Tone.WARN)

    def _walk(self, way: int) -> None:
        if isinstance(self.screen, ModalScreen) or (step := self.step) is None:
            return
        at = [each.NAME for each in self.steps].index(step.NAME) + way
        if 0 <= at < len(self.steps):
            self.go(self.steps[at].NAME)
