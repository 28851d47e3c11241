"""Step 7: the plan in plain words, before anything is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult

from installer.domain.finding import Finding, Severity
from installer.errors import SheetFaults
from installer.planning.steps import CreateLine, Plan, RouteNumber
from installer.planning.steps import Step as PlanStep
from installer.session import Answers
from installer.text import safe
from tui import words
from tui.commands import Command
from tui.screens.step import Step
from tui.widgets.grid import Cell, Column, Grid, Row, state
from tui.widgets.plain import Plain
from tui.words import Tone, Word, counted

if TYPE_CHECKING:
    from installer.session.run import JobRun

_VERBS = {"create-line": "new line", "update-line": "change", "route-number": "route"}


class Review(Step):
    """What will happen, to whom; faults and warnings first."""

    NAME = "Review"
    HELP = (
        "Nothing has been written yet. Faults stop the visit until they are mended. A warning is taken "
        "on with Enter while the cursor stands on it; one that concerns life safety only one at a time. "
        "F3 then provisions."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("provision", "f3", "provision", "make the plan true on the platform", in_bar=True),
    )

    def body(self) -> ComposeResult:
        """One sentence, then everything in one table."""
        yield Plain("", id="summary", classes="title")
        yield Grid(
            Column("what", 11), Column("where", 12), Column("about", 0), id="plan",
            empty="reading sheet and platform",
        )  # fmt: skip

    def renew(self) -> None:
        """Plan anew."""
        self.taken: set[tuple[str, str]] = getattr(self, "taken", set())
        if self.app.source is None:
            self.query_one("#summary", Plain).update("No visit is open: go back to Visits (F2).")
            return
        self.mended()
        self.query_one("#summary", Plain).update("Reading sheet and platform; nothing is written.")
        self.app.start("plan", self._plan(), lambda _: self._show())

    async def _plan(self) -> None:
        visits = self.app.session.visits
        visits.begin()
        try:
            await visits.plan(self.app.source, Answers(accept=frozenset()), None)
        except SheetFaults as faults:
            self._faults = [each for each in faults.findings if isinstance(each, Finding)]
            raise
        finally:
            if self.is_mounted:
                self._show()

    def _show(self) -> None:
        visits = self.app.session.visits
        rows: list[Row] = []
        faults: list[Finding] = getattr(self, "_faults", [])
        findings = [*faults, *visits.findings, *(each for run in visits.runs for each in run.findings)]
        rows += [_finding(index, each, self.taken) for index, each in enumerate(_sorted(findings))]
        writes = 0
        for run in visits.runs:
            if run.plan is not None:
                rows += _plan_rows(run.plan)
                writes += run.plan.writes
        self._findings = _sorted(findings)
        self.query_one(Grid).show(rows)
        self.query_one("#summary", Plain).update(self._sentence(visits.runs, writes))

    def _sentence(self, runs: list[JobRun], writes: int) -> str:
        errors = sum(each.severity is Severity.ERROR for each in self._findings)
        if errors:
            return f"■ {counted(errors, 'fault')} to mend first; nothing was written."
        open_warnings = sum(self._is_open(each) for each in self._findings)
        if open_warnings:
            first = f"▲ {counted(open_warnings, 'warning')} to take on (Enter)"
            return f"{first}, then F3 makes {counted(writes, 'write')}."
        if not writes:
            standing = sum(len(run.plan.standing) for run in runs if run.plan)
            return f"● Nothing to write: {counted(standing, 'line')} stand as wanted. F4 goes on."
        return f"F3 makes {counted(writes, 'write')}. Nothing is written before."

    def _is_open(self, finding: Finding) -> bool:
        return finding.severity is Severity.WARNING and (finding.code, finding.message) not in self.taken

    @on(Grid.Chosen, "#plan")
    def take_on(self, event: Grid.Chosen) -> None:
        """Take a warning on: all of its kind, or the one where life safety hangs on it."""
        if not event.key.startswith("finding "):
            return
        finding = self._findings[int(event.key.split()[1])]
        if finding.severity is not Severity.WARNING:
            return
        alike = (
            [finding]
            if finding.life_safety
            else [each for each in self._findings if each.code == finding.code and not each.life_safety]
        )
        self.taken |= {(each.code, each.message) for each in alike}
        self._show()

    def action_provision(self) -> None:
        """On to the writing, where nothing stands against it."""
        if any(each.severity is Severity.ERROR for each in getattr(self, "_findings", ())):
            self.app.say("faults have to be mended first", Tone.BAD)
        elif any(self._is_open(each) for each in getattr(self, "_findings", ())):
            self.app.say("take the warnings on first: cursor on each, then Enter", Tone.WARN)
        else:
            self.app.agreed = frozenset(self.taken)
            self.app.go("Provision")


def _sorted(findings: list[Finding]) -> list[Finding]:
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    return sorted(dict.fromkeys(findings), key=lambda each: order[each.severity])


def _finding(index: int, finding: Finding, taken: set[tuple[str, str]]) -> Row:
    word = words.SEVERITIES[finding.severity]
    if (finding.code, finding.message) in taken:
        word = Word("●", "taken on", Tone.QUIET)
    where = f"{finding.gateway or ''}" + (f":{finding.fxs_port}" if finding.fxs_port else "")
    if not where and finding.row:
        where = f"row {finding.row}" + (f" {finding.column}" if finding.column else "")
    text = finding.message + (f" - {finding.remedy}" if finding.remedy else "")
    return Row(f"finding {index}", (state(word), Cell(where), Cell(text)))


def _plan_rows(plan: Plan) -> list[Row]:
    rows = [Row(f"step {index}", _step(step)) for index, step in enumerate(plan.steps)]
    rows += [
        Row(f"later {index}", (Cell("○ later", Tone.WARN), Cell(str(each.port)), Cell(each.message)))
        for index, each in enumerate(plan.deferred)
    ]
    rows += [
        Row(f"block {index}", (Cell("■ blocked", Tone.BAD), Cell(str(each.port)), Cell(each.message)))
        for index, each in enumerate(plan.blocked)
    ]
    return rows


def _step(step: PlanStep) -> tuple[Cell, ...]:
    if isinstance(step, CreateLine):
        about = f"{safe(step.draft.name, 60)}  caller id {step.draft.caller_id.national}"
    elif isinstance(step, RouteNumber):
        about = f"{step.number.national} rings this line"
    else:
        about = "; ".join(f"{was} becomes {will}" for was, will in zip(step.before, step.after, strict=True))
    return Cell(_VERBS[step.action.value]), Cell(str(step.port)), Cell(about)


SOURCE = Path | str
