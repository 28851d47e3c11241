"""Step 7: the plan in plain words, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult

from installer.domain.finding import Finding, Severity
from installer.errors import PlatformFailure, PunchdownError, SheetFaults
from installer.planning.steps import Plan
from installer.planning.steps import Step as PlanStep
from installer.session import Answers
from installer.text import safe
from tui import words
from tui.commands import Command
from tui.plan_words import Behind, Told, told
from tui.screens.dialog import Dialog, Question
from tui.screens.step import Step
from tui.widgets.grid import Cell, Column, Grid, Row, state
from tui.widgets.plain import Plain
from tui.words import Tone, Word, counted

if TYPE_CHECKING:
    from installer.domain.line import Account
    from installer.session.drafting import Draft
    from installer.session.run import JobRun

TAKEN_ON = Word("●", "taken on", Tone.QUIET)
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_OF_A_GATEWAY = frozenset({"gateway", "mac", "model", "serial"})


class Review(Step):
    """What will happen, to whom; faults and warnings first."""

    NAME = "Review"
    HELP = (
        "Nothing has been written yet. Enter on a fault leads to its cell, and faults stop the visit. Enter "
        "on a warning takes it on, with all of its kind; one that lives hang on is asked, one at a time. "
        "What was taken on stays so. Enter on anything else shows it in full. F3 then provisions."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("provision", "f3", "provision", "make the plan true on the platform", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """One sentence, then everything in one table."""
        yield Plain("", id="summary", classes="title")
        yield Grid(
            Column("what", 12), Column("where", 14), Column("about", 0), id="plan",
        )  # fmt: skip
        yield Plain("", id="in-full")

    def on_mount(self) -> None:
        """Nothing is planned yet."""
        self._findings: list[Finding] = []
        self._told: dict[str, Told] = {}
        self._steps: tuple[PlanStep, ...] = ()
        self._left: list[Row] = []
        self._standing = 0
        self._is_planned = False

    def on_unmount(self) -> None:
        """A plan that nobody looks at any more is not made."""
        if not isinstance(self.app.step, Review):  # opened anew from itself, the new one plans by now
            self.app.stop("plan")

    def renew(self) -> None:
        """Plan anew."""
        self._is_planned = False
        if self.app.source is None:
            self._say(words.NO_VISIT)
            return
        self.mended()
        self._say("Reading sheet and platform; nothing is written.")
        sheet = isinstance(self.app.source, Path) and self.app.draft is None
        sealed = sheet and self.app.session.login.has_vault
        self.app.start("plan", self._plan(), sealed=sealed)

    async def _plan(self) -> None:
        visits, faults = self.app.session.new_visits(), list[Finding]()
        try:
            await visits.plan(self.app.source, Answers(), None)
        except SheetFaults as found:
            faults = [each for each in found.findings if isinstance(each, Finding)]
        except PunchdownError:
            if self.is_mounted:
                self._show([], {})
            raise
        for run in visits.runs:
            if run.error is not None:
                self.app.trouble(run.error)
        accounts = {run.record.job.account.id: run.record.job.account for run in visits.runs}
        behind = {each.id: await self._addresses(each) for each in accounts.values()}
        if self.is_mounted:
            found_all = [*faults, *visits.findings, *(each for run in visits.runs for each in run.findings)]
            self._findings = sorted(dict.fromkeys(found_all), key=lambda each: _ORDER[each.severity])
            self._is_planned = bool(visits.runs) and all(run.plan is not None for run in visits.runs)
            self._show(visits.runs, behind)

    async def _addresses(self, account: Account) -> Behind:
        """What stands behind each number of the account; where it cannot be read, what was read last."""
        customers = self.app.session.customers
        try:
            return Behind(await customers.look(account))
        except PunchdownError as error:
            if not isinstance(error, PlatformFailure):  # what was read could not be kept
                self.app.trouble(error)
            return Behind(customers.seen(account.id), is_old=True)

    def _show(self, runs: list[JobRun], behind: Mapping[str, Behind]) -> None:
        for run in runs:
            self.app.taken |= self.app.session.warnings.taken(run.record)
        plans = [(run.plan, run.record.job) for run in runs if run.plan is not None]
        self._steps = tuple(step for plan, _ in plans for step in plan.steps)
        self._told = {
            f"plan {index}": each
            for index, each in enumerate(
                each for plan, job in plans for each in told(plan, job, behind[job.account.id])
            )
        }
        self._left = [row for plan, _ in plans for row in _left_over(plan)]
        self._standing = sum(len(plan.standing) for plan, _ in plans)
        self._draw()

    def _draw(self) -> None:
        rows = [self._finding(index, each) for index, each in enumerate(self._findings)]
        rows += self._left
        rows += [Row(key, _cells(each)) for key, each in self._told.items()]
        self.query_one(Grid).show(rows)
        self.moved()
        self._say(self._sentence())

    def _sentence(self) -> str:
        errors = sum(each.severity is Severity.ERROR for each in self._findings)
        if errors:
            return f"■ {counted(errors, 'fault')} to mend first; nothing was written."
        if not self._is_planned:
            return "? It could not be planned: F5 tries again. Nothing was written."
        if waiting := sum(self._is_open(each) for each in self._findings):
            first = f"▲ {counted(waiting, 'warning')} to take on (Enter)"
            return f"{first}, then F3 makes {counted(len(self._steps), 'write')}."
        if not self._steps:
            stand = f"{counted(self._standing, 'line')} stand as wanted"
            if self._left:
                return f"○ Nothing to write now: {stand}, {len(self._left)} left for later."
            return f"● Nothing to write: {stand}. F4 goes on."
        return f"F3 makes {counted(len(self._steps), 'write')}. Nothing is written before."

    def _is_open(self, finding: Finding) -> bool:
        taken = (finding.code, finding.message) in self.app.taken
        return finding.severity is Severity.WARNING and not taken

    def _finding(self, index: int, finding: Finding) -> Row:
        taken = finding.severity is Severity.WARNING and not self._is_open(finding)
        word = TAKEN_ON if taken else words.SEVERITIES[finding.severity]
        return Row(f"finding {index}", (state(word), Cell(_where(finding)), Cell(_in_full(finding))))

    @on(Grid.Moved, "#plan")
    def moved(self) -> None:
        """What is at fault or warned of is read in full before Enter takes it on."""
        kind, _, number = (self.query_one(Grid).key or "").partition(" ")
        text = _in_full(self._findings[int(number)]) if kind == "finding" else ""
        self.query_one("#in-full", Plain).update(text)

    @on(Grid.Chosen, "#plan")
    def chosen(self, event: Grid.Chosen) -> None:
        """A fault leads to its cell, a warning is taken on, anything else is shown in full."""
        kind, _, number = event.key.partition(" ")
        if kind == "plan":
            about = self._told[event.key]
            self.app.push_screen(Dialog(f"{about.what} {about.where}", "\n".join(about.lines)))
        elif kind == "finding":
            finding = self._findings[int(number)]
            if finding.severity is Severity.ERROR:
                self._lead_to(finding)
            elif not self._is_open(finding):
                self.app.push_screen(Dialog(f"Taken on: {_where(finding)}", _in_full(finding)))
            elif finding.life_safety:
                self.app.start("take on", self._asked(finding), waits=True)
            else:
                alike = (each for each in self._findings if each.code == finding.code)
                self._take_on([each for each in alike if not each.life_safety])

    def _lead_to(self, finding: Finding) -> None:
        draft = self.app.draft
        cells = self.app.session.drafting.cells(draft, finding) if draft is not None else ()
        if cells and cells[0][1] not in _OF_A_GATEWAY:
            self.app.cell = cells[0]
            self.app.go("Ports")
        elif draft is not None and (cell := next(iter(cells), None) or _first_cell(draft, finding)):
            self.app.cell = cell
            self.app.go("Gateways")
        else:
            where = f"row {finding.row}, column {finding.column or '?'}: “{finding.value or ''}”"
            self.app.push_screen(Dialog(safe(where, 60), _in_full(finding)))

    async def _asked(self, finding: Finding) -> None:
        """Lives hang on it: nobody takes it on by one Enter."""
        if await self.app.ask(Question("Take this on?", _in_full(finding), "Take it on")):
            self._take_on([finding])

    def _take_on(self, findings: list[Finding]) -> None:
        self.app.taken |= {(each.code, each.message) for each in findings}
        if self.app.job_id is not None:
            self.app.start("take on", self._keep(self.app.job_id, findings), sealed=True, waits=True)
        self.app.say(f"{counted(len(findings), 'warning')} taken on")
        if self.is_mounted:
            self._draw()

    async def _keep(self, job_id: str, findings: list[Finding]) -> None:
        self.app.session.warnings.take_on(job_id, findings)

    def action_provision(self) -> None:
        """On to the writing, where nothing stands against it."""
        if any(each.severity is Severity.ERROR for each in self._findings):
            self.app.say("faults have to be mended first: Enter leads to their cells", Tone.BAD)
        elif not self._is_planned:
            self.app.say("there is no plan yet: F5 plans again", Tone.WARN)
        elif any(self._is_open(each) for each in self._findings):
            self.app.say("take the warnings on first: cursor on each, then Enter", Tone.WARN)
        else:
            self.app.start("agree", self._agree())

    async def _agree(self) -> None:
        steps, where = self._steps, self.app.platform_title
        real = "These are REAL telephone lines. " if self.app.is_production else ""
        text = f"{real}{counted(len(steps), 'write')} on {where}, as planned here."
        question = Question("Provision?", text, f"Make {counted(len(steps), 'write')}")
        if not steps or await self.app.ask(question):
            self.app.provision(steps)

    def _say(self, text: str) -> None:
        self.query_one("#summary", Plain).update(text)


def _first_cell(draft: Draft, finding: Finding) -> tuple[int, str] | None:
    """The first cell of the gateway that a finding without a port is about."""
    place = finding.gateway.name.casefold() if finding.gateway else None
    return next(
        ((each.rows[0], "gateway") for each in draft.gateways if each.place.casefold() == place), None
    )


def _where(finding: Finding) -> str:
    where = f"{finding.gateway or ''}" + (f":{finding.fxs_port}" if finding.fxs_port else "")
    if not where and finding.row:
        where = f"row {finding.row}" + (f" {finding.column}" if finding.column else "")
    return where


def _in_full(finding: Finding) -> str:
    return finding.message + (f" - {finding.remedy}" if finding.remedy else "")


def _cells(about: Told) -> tuple[Cell, ...]:
    tone = Tone.QUIET if about.what in {"gateway", "911"} else Tone.PLAIN
    return (
        Cell(f"· {about.what}" if tone is Tone.QUIET else f"► {about.what}"),
        Cell(about.where),
        Cell(about.about),
    )


def _left_over(plan: Plan) -> Iterator[Row]:
    for later in plan.deferred:
        cells = Cell("○ later", Tone.WARN), Cell(str(later.port)), Cell(later.message)
        yield Row(f"later {later.port}", cells)
    for block in plan.blocked:
        cells = Cell("■ in the way", Tone.BAD), Cell(str(block.port)), Cell(block.message)
        yield Row(f"block {block.port} {block.number or ''}", cells)
