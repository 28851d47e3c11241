"""Step 2: which visit: an unfinished one first, a line sheet, or a new one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult

from installer.domain.finding import Severity
from installer.errors import InvalidValue, PunchdownError, UsageFault
from installer.text import safe
from tui import words
from tui.commands import Command
from tui.screens.dialog import Prompt, Question, Said
from tui.screens.faults import Faults
from tui.screens.step import Step
from tui.widgets.grid import Cell, Column, Grid, Row, state
from tui.widgets.plain import Plain
from tui.words import Tone, Word, counted

if TYPE_CHECKING:
    from installer.domain.finding import Finding
    from installer.planning.record import JobRecord
    from installer.session.begun import Begun
    from installer.session.drafting import Draft, OpenedSheet

UNFINISHED = Word("►", "unfinished", Tone.WARN)
EDITED = Word("►", "edited", Tone.WARN)
DRAFTED = Word("►", "draft", Tone.WARN)
HOW_FAR = {
    "open": UNFINISHED,
    "made": Word("○", "made", Tone.WARN),
    "registered": words.REGISTERED,
    "taken back": Word("◄", "taken back", Tone.QUIET),
}
_MOST_SHOWN = 30


class Visits(Step):
    """Every visit of this home, whatever its platform; Enter goes on with the one under the cursor."""

    NAME = "Visits"
    HELP = (
        "Every visit that this home holds, the rehearsed ones too, the unfinished ones first: Enter goes on "
        "where it stopped. F3 opens a line sheet (CSV or XLSX) as a visit, in the tables of Gateways and "
        "Ports; its faults are listed, and Enter leads to each cell. Nothing is sent before you have agreed "
        "to the plan. Ctrl+U takes back what a visit did."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("begin", "ctrl+n", "new visit", "for an account, without a sheet", in_bar=True),
        Command("open_sheet", "f3", "open a sheet", "a line sheet, CSV or XLSX", in_bar=True),
        Command("take_back", "ctrl+u", "take back", "undo what this visit did, after a review"),
        Command("drop", "ctrl+d,delete", "drop draft", "forget what was edited and not planned yet"),
    )

    def body(self) -> ComposeResult:
        """A line of help, the visits, what is wrong with files."""
        yield Plain("Enter goes on with a visit. Ctrl+N begins one, F3 opens a line sheet.", classes="hint")
        yield Grid(
            Column("visit", 7), Column("site", 0), Column("account", 18, least=80), Column("platform", 10),
            Column("lines", 7), Column("state", 14), Column("last", 10, least=66),
            id="visits", empty="reading …",
        )  # fmt: skip
        yield Plain("", id="damaged")

    def on_mount(self) -> None:
        """Nothing is known yet."""
        self._begun: dict[str, Begun] = {}

    def renew(self) -> None:
        """What stands in the journals and drafts; the frame stands before they are read."""
        self.once_drawn(lambda: self.app.start("visits", self._look()))

    async def _look(self) -> None:
        found, damaged = await self.app.session.begun.visits()
        if not self.is_mounted:
            return
        self._begun = {each.key: each for each in found}
        self.query_one(Grid).empty = "no visit yet: Ctrl+N begins one, F3 opens a line sheet"
        now = self.app.session.rooms.clock.now()
        self.query_one(Grid).show([_row(each, now.timestamp()) for each in found])
        self.query_one("#damaged", Plain).say("; ".join(each.message for each in damaged), Tone.WARN)

    @on(Grid.Chosen, "#visits")
    def chosen(self, event: Grid.Chosen) -> None:
        """Go on with it."""
        self.app.start("open", self.app.go_on(self._begun[event.key]), waits=True)

    def action_begin(self) -> None:
        """Choose the account."""
        self.app.begin_visit()

    def action_open_sheet(self) -> None:
        """Ask for the path of a sheet."""
        self._ask_path()

    def _ask_path(self, typed: str = "", wrong: str = "") -> None:
        """Ask for it, anew where something was `wrong` with what was `typed`."""
        how = f"{wrong}CSV or XLSX; drop the file on the terminal, or type its path."
        self.app.push_screen(Prompt("Open a line sheet", how, "path", typed), self._opened)

    def _opened(self, path: Said) -> None:
        if isinstance(path, str) and path.strip():
            self.app.start("sheet", self._read(path))

    async def _read(self, path: str) -> None:
        """Its faults first: they need nobody's platform. What can be edited here is, the rest is a sheet."""
        drafting, opened, why_not = self.app.session.drafting, None, None
        sheet = _sheet_at(path)
        try:
            faults = drafting.sheet_faults(sheet)
        except (InvalidValue, UsageFault) as error:
            self._ask_path(path, f"■ {safe(error.message, 240)}\n")
            return
        try:
            opened = await drafting.of_sheet(sheet)
        except PunchdownError as error:
            why_not = error
        if any(each.severity is Severity.ERROR for each in faults):
            self._list(path, sheet.name, faults, opened, why_not)
        elif opened is None or why_not is not None:
            self.app.close_visit()
            self.app.source = sheet
            self.app.go("Review")
        elif await self._taken(opened.draft):
            self.app.go("Review")

    def _list(
        self,
        path: str,
        name: str,
        faults: tuple[Finding, ...],
        opened: OpenedSheet | None,
        why_not: PunchdownError | None,
    ) -> None:
        dialog = Faults(name, faults, why_not)

        def answered(said: Said) -> None:
            if said == "again":
                self.app.start("sheet", self._read(path))
            elif isinstance(said, str) and opened is not None:
                self.app.start("sheet", self._mend(opened, dialog.findings[int(said)]))

        self.app.push_screen(dialog, answered)

    async def _mend(self, opened: OpenedSheet, finding: Finding) -> None:
        if await self._taken(opened.draft):
            self.app.cell = opened.cell(finding)
            self.app.go("Ports")

    async def _taken(self, draft: Draft) -> bool:
        """Open what the sheet says, unless that would change a visit or edits that somebody wants to keep."""
        drafting = self.app.session.drafting
        kept, record = drafting.kept(draft), drafting.standing(draft)
        before = kept if kept is not None or record is None else drafting.of_job(record)
        if before is not None and before.rows != draft.rows:
            question = _of_draft(draft) if record is None else _of_visit(record, edited=kept is not None)
            if not await self.app.ask(question):
                return False
        return self.app.write_on(draft)

    def action_take_back(self) -> None:
        """What would go, then whether it shall."""
        begun = self._under_cursor()
        if begun is not None:
            self.app.start("open", self._take_back(begun), waits=True)

    async def _take_back(self, begun: Begun) -> None:
        if begun.record is None:
            self.app.say("nothing of a draft was ever written: Ctrl+D drops it", Tone.WARN)
            return
        await self.app.reach(begun)
        acts = self.app.session.kept.to_take_back(begun.record.job.id)
        if not acts:
            self.app.say("nothing was written in this visit that could be taken back", Tone.WARN)
            return
        shown = "\n".join(acts[:_MOST_SHOWN])
        more = f"\n… and {len(acts) - _MOST_SHOWN} more" if len(acts) > _MOST_SHOWN else ""
        note = "Lines that are registered or in use stay, unless you type their names afterwards."
        title = f"Take back {safe(begun.record.job.site, 40)} on {self.app.platform_title}?"
        yes = f"Take back {counted(len(acts), 'write')}"
        if await self.app.ask(Question(title, f"{note}\n{shown}{more}", yes)):
            self.app.take_back(frozenset())

    def action_drop(self) -> None:
        """Once it was said what goes."""
        begun = self._under_cursor()
        if begun is None or begun.draft is None:
            self.app.say("there is no draft to drop here", Tone.WARN)
            return
        what = "The draft goes." if begun.record is None else "What was edited since goes; the visit stays."
        question = Question("Drop the draft?", f"{safe(begun.draft.site, 60)}: {what}", "Drop it")
        self.app.start("drop", self._drop(begun, question))

    async def _drop(self, begun: Begun, question: Question) -> None:
        if await self.app.ask(question):
            if self.app.draft is not None and begun.draft is not None and self.app.draft.id == begun.draft.id:
                self.app.close_visit()
            await self.app.session.begun.drop(begun)
            self.app.say("the draft is dropped", Tone.GOOD)
            self.renew()

    def _under_cursor(self) -> Begun | None:
        return self._begun.get(self.query_one(Grid).key or "")


def _sheet_at(typed: str) -> Path:
    path = Path(typed.strip().strip("'\""))
    try:
        return path.expanduser()
    except RuntimeError:  # of nobody's home: a path that is none
        return path


def _of_draft(draft: Draft) -> Question:
    what = f"{safe(draft.site, 60)} was edited here. The sheet would take the place of these edits."
    return Question("A draft of this visit is kept", what, "Take the sheet")


def _of_visit(record: JobRecord, *, edited: bool) -> Question:
    job, count = record.job, len(record.lines)
    stand = f"{counted(count, 'line')} of it {'stands' if count == 1 else 'stand'}"
    edits = " It was edited since: the sheet would take the place of these edits." if edited else ""
    return Question(
        f"Change visit {job.id}?",
        f"{safe(job.site, 60)} has a visit already, {job.id}: {stand}.{edits}\n"
        "The sheet would change that visit. To begin another one, leave this, and write another name into "
        "the sheet's column `site`.",
        f"Change visit {job.id}",
    )


def _row(begun: Begun, now: float) -> Row:
    record, draft = begun.record, begun.draft
    at = begun.last_event_at
    age = words.seconds_ago(now - at.timestamp()) if at else ""
    if record is None:
        assert draft is not None  # noqa: S101 - one of both stands
        used = sum(str(draft.state(row)) == "use" for row in range(len(draft.rows)))
        site, account, lines, stands = draft.site, draft.account, f"0/{used}", DRAFTED
    else:
        job = record.job
        site, account, lines = job.site, job.account.name, f"{len(record.lines)}/{len(job.drafts())}"
        stands = EDITED if draft is not None else HOW_FAR[begun.how_far]
    return Row(
        begun.key,
        (
            Cell(begun.key), Cell(site), Cell(account), Cell(begun.platform or "not said"), Cell(lines),
            state(stands), Cell(age, Tone.QUIET),
        ),
    )  # fmt: skip
