"""The voice for people: words with a symbol, tables that fit a plain terminal, nothing raw from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from installer.cli.console import Console
from installer.cli.exits import IN_SERVICE, Exit
from installer.cli.line_cards import card, list_row, of_job
from installer.cli.plan_rows import STEPS, gateway_rows, plan_rows
from installer.cli.tables import table, wrapped
from installer.cli.voice import Served
from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort
from installer.domain.job import PortState
from installer.domain.numbers import shown_number
from installer.errors import PunchdownError, SheetFaults
from installer.planning.outcome import Outcome, OutcomeKind
from installer.planning.record import JobRecord, StepRecord
from installer.planning.steps import Plan
from installer.session.promise import promised
from installer.text import safe

if TYPE_CHECKING:
    from installer.outputs.written import WrittenFile
    from installer.profiles import PlatformProfile
    from installer.session.line_changes import Change
    from installer.session.standing import StandingLine
    from installer.session.status import LineStatus

_RED, _YELLOW, _GREEN, _BOLD, _DIM = "31", "33", "32", "1", "2"
_PATH_WIDTH = 1000
_PICTURE, _SHEET = "label", "credential-sheet"
_SEVERITY = {
    Severity.ERROR: ("✗ error", _RED),
    Severity.WARNING: ("! warning", _YELLOW),
}
_OUTCOME = {
    OutcomeKind.DONE: "✓ done",
    OutcomeKind.ALREADY_DONE: "✓ already done",
    OutcomeKind.UNDONE: "✓ undone",
    OutcomeKind.REFUSED: "✗ refused",
    OutcomeKind.UNKNOWN: "? unknown",
    OutcomeKind.CONFLICT: "✗ conflict",
    OutcomeKind.DEFERRED: "… deferred",
    OutcomeKind.SKIPPED: "- skipped",
}
_GOOD = frozenset({OutcomeKind.DONE, OutcomeKind.ALREADY_DONE, OutcomeKind.UNDONE})
_HOW_FAR = {
    "open": "… open",
    "made": "○ made",
    "registered": "✓ registered",
    "taken back": "- taken back",
}
_FACT = {True: "✓ yes", False: "✗ no", None: "? not known"}
_ENDS = {
    Exit.DONE: "✓ done",
    Exit.LEFT_OVER: "! something is left over",
    Exit.USAGE: "✗ an answer or a correction is needed: see above",
    Exit.BUSY: "✗ another run is at work here",
    Exit.NETWORK: "✗ the network is in the way",
    Exit.REFUSED: "✗ the platform refused",
    Exit.SIGN_IN: "✗ sign-in or permission",
    Exit.CONFLICT: "✗ something else is in the way",
    Exit.UNKNOWN: "? an outcome is not known yet: punchdown resume looks again, resolve decides",
    Exit.DISK: "✗ the disk does not take it",
    Exit.UNUSABLE: "✗ journal or vault cannot be used",
    Exit.DEFECT: "✗ a defect in the kit",
    Exit.INTERRUPTED: "! interrupted; the journal is good: punchdown resume goes on",
    Exit.HUNG_UP: "! interrupted; the journal is good: punchdown resume goes on",
    Exit.TERMINATED: "! interrupted; the journal is good: punchdown resume goes on",
}


class People:
    """Writes results to stdout and complaints to stderr."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def plan(self, record: JobRecord, plan: Plan) -> None:
        self._head(record)
        self._table(("gateway", "model", "hardware"), gateway_rows(record.job, plan))
        self._table(("port", "step", "about"), plan_rows(plan))
        count = len(plan.standing)
        stands = f"; {count} {'line stands' if count == 1 else 'lines stand'} as wanted" if count else ""
        self._say(f"{promised(record, plan, plan.writes)}{stands}")

    def undo(self, record: JobRecord, steps: tuple[StepRecord, ...]) -> None:
        if steps:
            self._head(record)
            self._table(("port", "take back", "about"), [_taken_back(record, step) for step in steps])

    def outcomes(self, record: JobRecord, outcomes: tuple[Outcome, ...]) -> None:
        self._head(record)
        counted = sorted(outcomes, key=lambda each: (each.kind, each.action))
        for (kind, action), group in groupby(counted, key=lambda each: (each.kind, each.action)):
            count = len(list(group))
            self._console.out(f"  {_OUTCOME[kind]}: {count} {STEPS[action]}{'' if count == 1 else 's'}")
        rows = [
            (str(each.subject), STEPS[each.action], _OUTCOME[each.kind], _why(each))
            for each in outcomes
            if each.kind not in _GOOD and not _in_service(each)
        ]
        self._table(("port", "step", "outcome", "why"), rows)
        ports = {each.subject for each in outcomes if _in_service(each) and isinstance(each.subject, FxsPort)}
        names = {
            port: draft.name if (draft := record.job.port(port).draft) else "-" for port in sorted(ports)
        }
        if names:
            stay = "1 line stays, it is" if len(names) == 1 else f"{len(names)} lines stay, they are"
            self._say(f"{stay} in service: --confirm NAME takes it off all the same")
            self._table(("port", "line"), [(str(port), safe(name, 60)) for port, name in names.items()])

    def lines(self, statuses: Iterable[LineStatus]) -> None:
        rows = [
            (
                str(each.port),
                safe(each.line_name or each.state, 40),
                _FACT[each.created] if each.state is PortState.USE else "-",
                _FACT[each.routed] if each.rings else "-",
                _FACT[each.registered] if each.state is PortState.USE else "-",
                f"{each.checked_at:%m-%d %H:%M}" if each.checked_at else "never",
            )
            for each in statuses
        ]
        self._table(("port", "line", "created", "routed", "registered", "looked"), rows)

    def standing(self, lines: Iterable[StandingLine]) -> None:
        self._table(("line", "gateway", "FXS", "rung by", "job"), [list_row(each) for each in lines])

    def line(self, line: StandingLine) -> None:
        for row in table(("", ""), card(line))[1:]:
            for text in row:
                self._console.out(text)

    def change(self, line: StandingLine, change: Change) -> None:
        self._console.out(f"“{safe(line.line.name, 60)}”, {of_job(line)}", _BOLD)
        self._table(("what", "is", "becomes"), change)
        rung = ", ".join(map(shown_number, line.rung_by))
        if rung:
            self._say(f"rung by {rung}, before and after")

    def jobs(self, records: Iterable[JobRecord]) -> None:
        rows = [
            (
                record.job.id,
                safe(record.job.site, 40),
                safe(record.job.platform.profile, 20),
                _lines(record),
                _state(record),
                f"{record.last_event_at or record.opened_at:%Y-%m-%d %H:%M}",
            )
            for record in records
        ]
        self._table(("job", "site", "platform", "lines", "state", "last act"), rows)

    def findings(self, findings: Iterable[Finding], record: JobRecord | None = None) -> None:  # noqa: ARG002 - programs count them
        alike: dict[Finding, list[Finding]] = {}
        for each in findings:  # what only the row tells apart is one thing to correct, in many rows
            alike.setdefault(replace(each, row=None, fxs_port=None) if each.row else each, []).append(each)
        for same in alike.values():
            each = same[0]
            if each.severity is Severity.INFO:
                self._say(f"· {safe(each.message)}{_remedy(each)}")
                continue
            word, color = _SEVERITY[each.severity]
            where = f" ({_where(same)})" if _where(same) else ""
            text = f"{word} {each.code}: {safe(each.message)}{where}{_remedy(each)}"
            for line in wrapped(text, "    "):
                self._console.complain(line, color)

    def error(self, error: PunchdownError, record: JobRecord | None = None) -> None:
        if isinstance(error, SheetFaults):
            self.findings((each for each in error.findings if isinstance(each, Finding)), record)
        self.findings([Finding(Severity.ERROR, error.code, error.message, error.remedy)], record)

    def caution(self, platform: PlatformProfile) -> None:
        for line in wrapped(f"! {platform.title}: {platform.warning}", "  "):
            self._console.complain(line, _YELLOW)

    def artifacts(self, files: Iterable[WrittenFile]) -> None:
        files = list(files)
        # A picture of each label would be a screenful: its folder says as much.
        paths = (each.path.parent if each.kind == _PICTURE else each.path for each in files)
        for path in dict.fromkeys(paths):
            self._console.out(safe(str(path), _PATH_WIDTH))
        if any(each.kind == _SHEET for each in files):
            self.remark("the credential sheet holds passwords: keep it like a key, hand it over encrypted")

    def remark(self, text: str) -> None:
        for line in wrapped(f"· {text}", "  "):
            self._console.narrate(line)

    def rehearsal(self, served: Served) -> None:
        self._console.out(f"rehearsal platform   {served.url}")
        self._console.out(f"registrar            {served.registrar}")
        self._console.out(f"username             {safe(served.username)}")
        self._console.out(f"password file        {safe(str(served.password_file), _PATH_WIDTH)}")
        self._say(f"customers            {', '.join(map(safe, served.customers))}")

    def summary(self, record: JobRecord | None, code: Exit, counts: Mapping[str, int]) -> None:  # noqa: ARG002 - tables told them
        if record is None and code is not Exit.DONE:
            self._console.complain(_ENDS[code], _YELLOW if _ENDS[code].startswith("!") else _RED)

    def _say(self, text: str) -> None:
        for line in wrapped(text, "  "):
            self._console.out(line)

    def _head(self, record: JobRecord) -> None:
        job = record.job
        name = job.id if record.kept else "not kept yet"
        self._console.out(f"{safe(job.site, 60)} ({name}, {safe(job.platform.profile, 30)})", _BOLD)

    def _table(self, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        if rows:
            first, *lines = table(header, rows)
            for line in first:
                self._console.out(line, _DIM)
            for row in lines:
                color = _color("".join(row))
                for line in row:
                    self._console.out(line, color)


def _color(line: str) -> str:
    return _RED if "✗" in line else _YELLOW if "?" in line else ""


def _taken_back(record: JobRecord, step: StepRecord) -> tuple[str, str, str]:
    subject, number = step.key.subject, step.key.number
    draft = record.job.port(subject).draft if isinstance(subject, FxsPort) else None
    about = number.national if number else draft.name if draft else f"line {step.line_id}"
    return str(subject), STEPS[step.key.action], safe(about, 60)


def _in_service(outcome: Outcome) -> bool:
    return outcome.kind is OutcomeKind.SKIPPED and outcome.code == IN_SERVICE


def _why(outcome: Outcome) -> str:
    return safe(": ".join(filter(None, (outcome.code, outcome.message))))


def _remedy(finding: Finding) -> str:
    return f" - {safe(finding.remedy)}" if finding.remedy else ""


def _where(same: Sequence[Finding]) -> str:
    finding, parts = same[0], []
    rows = [each.row for each in same if each.row is not None]
    if finding.gateway is not None:
        port = f":{finding.fxs_port}" if finding.fxs_port is not None and len(same) == 1 else ""
        parts.append(f"{finding.gateway}{port}")
    if len(rows) > 1:
        parts.append(f"rows {', '.join(map(str, rows))}")
    elif rows:
        parts.append(f"row {rows[0]}")
    if finding.column is not None:
        parts.append(f"column {safe(finding.column, 60)}")
    if finding.value:
        parts.append(f"“{safe(finding.value, 60)}”")
    return ", ".join(parts)


def _lines(record: JobRecord) -> str:
    """How many of the lines that shall stand do."""
    wanted = [plan.port in record.lines for plan, _ in record.wanted_drafts()]
    return f"{sum(wanted)}/{len(wanted)}"


def _state(record: JobRecord) -> str:
    from installer.session.status import how_far

    return _HOW_FAR[how_far(record)]
