"""What can be done on every step: help, find, the logs, the way to another step, and leaving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.actions import ActionParseResult
from textual.dom import DOMNode
from textual.screen import ModalScreen

from installer.errors import PunchdownError
from installer.session import Settings
from installer.text import safe
from tui.runs import Runs
from tui.screens import Stop
from tui.screens.dialog import Dialog, Prompt, Question, Said
from tui.widgets.frame import Rail
from tui.widgets.grid import Grid
from tui.words import IN_A_DIALOG, Tone

if TYPE_CHECKING:
    from installer.session.drafting import Cell, Draft
    from installer.session.kept import Named
    from tui.scan import Scan


class Help(Dialog):
    """What F1 tells."""


class Leaving(Question):
    """Put once, over whatever else is asked."""


class Acts(Runs):
    """The actions behind the keys of everywhere, and where a scan leads.

    `given` are the settings of the start, which stay to be chosen whatever platform was looked at since.
    """

    def __init__(self, settings: Settings, steps: tuple[Stop, ...]) -> None:
        super().__init__(settings, steps)
        self.given = settings

    def scanned(self, scan: Scan) -> None:
        """The step may take it; else it leads to what it names. A question that is open is not answered."""
        step = self.step
        if isinstance(self.screen, ModalScreen):
            self.say("scanned while a question was open: nothing was done with it", Tone.WARN)
        elif step is None or self.attempt(lambda: step.scanned(scan)) is False:
            self.lead_to(scan.text)

    def lead_to(self, text: str) -> None:
        """Go to what `text` names: its row in the visit that is open, its cell in what is written of it.

        Else to the visit of this home that has it, whatever its platform.
        """
        self.attempt(lambda: self._lead_to(text))

    def _lead_to(self, text: str) -> None:
        from installer.session.kept import named_in  # noqa: PLC0415 - nothing is found before the first frame

        found = self.session.kept.named(text)
        mine = [each for each in found if each.job_id == self.job_id]
        if not mine and self.draft is not None and (cells := named_in(self.draft, text)):
            self._lead_into(self.draft, cells)
        elif mine:
            self._show_line(mine)
        elif found:
            self.start("open", self._lead_over(found), waits=True)
        else:
            self.say(f"nothing of this home is called {safe(text, 60)}", Tone.WARN)

    def _lead_into(self, draft: Draft, cells: Sequence[Cell]) -> None:
        from tui.screens.port_table import column_of  # noqa: PLC0415 - as above

        row, column = cells[0]
        if (step := self.step) is not None and step.NAME == "Ports":
            step.query_one(Grid).cursor = row, column_of(column)  # opened anew, it would forget its edits
        else:
            self.cell = cells[0]
            self.go("Ports")
        said = draft.rows[row]
        self.say(safe(f"{said['gateway']}:{said['fxs_port']}: {said['line_name']}", 80) + _more(cells))

    async def _lead_over(self, found: Sequence[Named]) -> None:
        await self.reach(self.session.begun.of_job(found[0].job_id))
        self._show_line([each for each in found if each.job_id == found[0].job_id])

    def _show_line(self, found: Sequence[Named]) -> None:
        first = self.looked_for = found[0]
        self.go("Registration")
        self.say(f"{first.port or first.gateway}: {first.about}{_more(found)}")

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """What a key does; what cannot be read or kept then is told, and ends nothing."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except PunchdownError as error:
            self.trouble(error)
            return True

    async def action_back(self) -> None:
        """The step before."""
        self._walk(-1)

    def action_onward(self) -> None:
        """The step after."""
        self._walk(1)

    def action_renew(self) -> None:
        """Read anew what is shown."""
        if (step := self.step) is not None:
            self.attempt(step.renew)

    def action_walk(self) -> None:
        """To the row of steps."""
        if (step := self.step) is not None and step is self.screen:
            step.query_one(Rail).focus()

    def walk_to(self, name: str) -> None:
        """Open the step of that name from the row of steps, which keeps the focus."""
        self.go(name)
        if (step := self.step) is not None:
            step.walked_to = True

    def action_help(self) -> None:
        """What has the focus is for, then the step, and its keys."""
        step, focused = self.step, self.focused
        if step is None or isinstance(self.screen, Help):
            return
        keys = "\n".join(f"{each.shown_key:<10} {each.label}: {each.help}" for each in step.commands)
        asked = IN_A_DIALOG if isinstance(self.screen, Dialog) else ""
        parts = (getattr(focused, "HELP", ""), asked, step.HELP, keys)
        self.push_screen(Help(f"{step.NAME}: help", "\n\n".join(part for part in parts if part)))

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
        job_id = self.job_id
        if job_id is None:
            self.say(self.no_record, Tone.WARN)
            return
        deeds = self.attempt(lambda: self.session.kept.history(job_id))
        if deeds is None:
            return
        lines = [f"{each.at.astimezone():%m-%d %H:%M:%S} {each.operator} {each.what}" for each in deeds]
        self.push_screen(Dialog("Journal of the visit, newest first", "\n".join(lines)))

    def action_command_palette(self) -> None:
        """Every command of here and of everywhere, and every step, to choose from."""
        from tui.screens.pick import Offer, Pick  # noqa: PLC0415 - the first frame needs no list

        step = self.step
        if step is None:
            return
        commands = {each.action: each for each in step.commands}
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
        if not self.is_writing:
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
        self.say("Ctrl+C stops nothing here: F10 leaves, the visit is kept", Tone.WARN)

    def _walk(self, way: int) -> None:
        if isinstance(self.screen, ModalScreen) or (step := self.step) is None:
            return
        at = [each.NAME for each in self.steps].index(step.NAME) + way
        if 0 <= at < len(self.steps):
            self.go(self.steps[at].NAME)


def _more(found: Sequence[object]) -> str:
    return f"; {len(found) - 1} more fit" if len(found) > 1 else ""
