"""The voice for programs: one JSON object a line, ASCII, no secret in it (contract §7)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from installer.cli.console import Console
from installer.cli.exits import Exit
from installer.cli.voice import Served
from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort
from installer.errors import PunchdownError, SheetFaults
from installer.planning.outcome import Outcome
from installer.planning.record import JobRecord, StepRecord
from installer.planning.steps import Action, CreateLine, Plan, Step
from installer.text import safe

if TYPE_CHECKING:
    from installer.outputs.written import WrittenFile
    from installer.profiles import PlatformProfile
    from installer.session.line_changes import Change
    from installer.session.standing import StandingLine
    from installer.session.status import LineStatus

Scalar = str | int | bool | None


class JsonLines:
    """Writes each fact as an event to the console's stdout.

    Only texts from outside are redacted: a password that is a word of the protocol must not take it out.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._findings: Counter[str | None] = Counter()

    def plan(self, record: JobRecord, plan: Plan) -> None:
        for step in plan.steps:
            if isinstance(step, CreateLine) and step.validates:
                self._step(record, step, Action.VALIDATE_USERNAME, write=False)
            self._step(record, step, step.action, write=True)
        for later in plan.deferred:
            self.findings([_left(later.port, Severity.WARNING, later.code, later.message)], record)
        for block in plan.blocked:
            self.findings([_left(block.port, Severity.ERROR, block.code, block.message)], record)

    def undo(self, record: JobRecord, steps: tuple[StepRecord, ...]) -> None:
        """Nothing: `step` is a call to be made, and these were."""

    def _step(self, record: JobRecord, step: Step, action: Action, *, write: bool) -> None:
        number = step.number.digits if step.number else None
        self._event("step", action=action, **_place(record, step.port), number=number, write=write)

    def outcomes(self, record: JobRecord, outcomes: tuple[Outcome, ...]) -> None:
        for each in outcomes:
            on_port = isinstance(each.subject, FxsPort)
            place = _place(record, each.subject) if on_port else _nowhere()  # type: ignore[arg-type]
            self._event(
                "outcome",
                action=each.action,
                **place,
                number=each.number.digits if each.number else None,
                outcome=each.kind,
                line_id=_id(each.line_id or (None if on_port else each.subject.line_id)),  # type: ignore[union-attr]
                code=_id(each.code),
                message=self._text(each.message),
            )

    def lines(self, statuses: Iterable[LineStatus]) -> None:
        for each in statuses:
            self._event(
                "line",
                gateway=str(each.port.gateway),
                mac=str(each.mac) if each.mac else None,
                fxs_port=each.port.number,
                port_state=each.state,
                line_name=self._text(each.line_name),
                line_id=_id(each.line_id),
                device_id=_id(each.device_id),
                sip_username=_id(str(each.sip_username)) if each.sip_username else None,
                created=each.created,
                routed=each.routed,
                registered=each.registered,
                registered_since=_time(each.registered_since),
                checked_at=_time(each.checked_at),
            )

    def line(self, line: StandingLine) -> None:
        self.standing([line])

    def change(self, line: StandingLine, change: Change) -> None:
        """Nothing: `line` is a fact, and this is a question."""

    def standing(self, lines: Iterable[StandingLine]) -> None:
        for each in lines:
            line = each.line
            self._event(
                "line",
                account=_id(each.account.id),
                job=each.job.job.id if each.job else None,
                gateway=str(each.port.gateway) if each.port else None,
                mac=str(line.mac) if line.mac else None,
                fxs_port=line.fxs_port,
                port_state="use",
                line_name=self._text(line.name),
                line_use=_id(each.plan.draft.use) if each.plan and each.plan.draft else None,
                line_id=_id(line.id),
                device_id=_id(line.device_id),
                sip_username=_id(str(line.sip_username)) if line.sip_username else None,
                caller_id=_id(line.caller_id),
                e911_callback=_id(line.e911_callback),
                created=True,
                routed=bool(line.linked_numbers) or None,
                registered=each.registered,
                registered_since=None,
                checked_at=_time(each.checked_at),
            )

    def jobs(self, records: Iterable[JobRecord]) -> None:
        for record in records:
            job = record.job
            self._event(
                "job",
                job=job.id,
                site=self._text(job.site),
                account=_id(job.account.id),
                platform=_id(job.platform.profile),
                base_url=_url(job.platform.base_url),
                gateways=len(job.gateways),
                lines=len(job.drafts()),
                created=len(record.lines),
                finished=record.finished,
                opened_at=_time(record.opened_at),
                last_write_at=_time(record.last_write_at),
            )

    def findings(self, findings: Iterable[Finding], record: JobRecord | None = None) -> None:
        for each in findings:
            self._findings[record.job.id if record else None] += 1
            self._event(
                "finding",
                severity=each.severity,
                code=each.code,
                message=self._text(each.message),
                remedy=self._text(each.remedy),
                row=each.row,
                column=self._text(each.column),
                value=self._text(each.value),
                gateway=str(each.gateway) if each.gateway else None,
                fxs_port=each.fxs_port,
            )

    def error(self, error: PunchdownError, record: JobRecord | None = None) -> None:
        if isinstance(error, SheetFaults):
            self.findings((each for each in error.findings if isinstance(each, Finding)), record)
        self.findings([Finding(Severity.ERROR, error.code, error.message, error.remedy)], record)

    def caution(self, platform: PlatformProfile) -> None:
        self.findings([Finding(Severity.INFO, "platform-warning", f"{platform.title}: {platform.warning}")])

    def artifacts(self, files: Iterable[WrittenFile]) -> None:
        for each in files:
            self._event("artifact", kind=each.kind, path=str(each.path), sha256=each.sha256)

    def remark(self, text: str) -> None:
        """Nothing: an artifact says what it is."""

    def rehearsal(self, served: Served) -> None:
        self._event(
            "rehearsal",
            url=served.url,
            username=served.username,
            password_file=str(served.password_file),
            registrar=served.registrar,
        )

    def summary(self, record: JobRecord | None, code: Exit, counts: Mapping[str, int]) -> None:
        job = record.job.id if record else None
        told = {**counts, "findings": self._findings[job] if record else self._findings.total()}
        # A job of a dry run has an id for its lifetime alone; null is the last summary's.
        kept = {} if record is None else {"kept": record.kept}
        self._line({"event": "summary", "job": job, **kept, "exit": int(code), "counts": told})

    def _event(self, event: str, **facts: Scalar) -> None:
        self._line({"event": event, **facts})

    def _line(self, value: Mapping[str, object]) -> None:
        self._console.event(json.dumps(value))

    def _text(self, text: str | None) -> str | None:
        return safe(self._console.redact(text or "")) or None


def _place(record: JobRecord, port: FxsPort) -> dict[str, Scalar]:
    mac = record.job.mac_of(port)
    return {"gateway": str(port.gateway), "mac": str(mac) if mac else None, "fxs_port": port.number}


def _nowhere() -> dict[str, Scalar]:
    return {"gateway": None, "mac": None, "fxs_port": None}


def _left(port: FxsPort, severity: Severity, code: str, message: str) -> Finding:
    return Finding(severity, code, message, gateway=port.gateway, fxs_port=port.number)


def _id(text: str | None) -> str | None:
    return safe(text or "") or None


def _url(text: str) -> str | None:
    """None for the rehearsal, whose address is another at each start."""
    return _id(text) if "://" in text else None


def _time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
