"""Carrying out one request: settings, session, what it came to, the exit code."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from installer.cli.asking import YesOrNo, ask_name, ask_secret, read_secret
from installer.cli.console import Console
from installer.cli.exits import Exit, first_of, of_error, of_findings, of_outcomes
from installer.cli.failing import tell
from installer.cli.given import default_home, settings_of
from installer.cli.options import BOTH, NOTHING, VAULT, Given, Needs, Options, Request
from installer.cli.progress import Progress
from installer.cli.signals import Interrupted, Signals
from installer.cli.voice import Voice
from installer.domain.finding import Finding, Severity
from installer.session import Answers, Session, Settings
from installer.session.settings import REHEARSAL
from installer.session.vault_state import VaultNeed, vault_need
from installer.text import safe

if TYPE_CHECKING:
    from installer.domain.credential import Secret
    from installer.outputs.written import WrittenFile
    from installer.planning.record import JobRecord
    from installer.session.run import JobRun


@dataclass(slots=True)
class Tally:
    """What a command came to for one job."""

    record: JobRecord
    exits: list[Exit] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass
class Turn:
    """What a verb works with. It adds to tallies and `exits` what the runs do not say by themselves."""

    options: Options
    console: Console
    voice: Voice
    session: Session
    exits: list[Exit] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)
    """Told to people after all files."""
    fault: Exit = Exit.USAGE
    """What an error among a run's findings counts as."""
    _tallies: dict[str, Tally] = field(default_factory=dict)
    _files: list[WrittenFile] = field(default_factory=list)
    _accepted: tuple[str, ...] = ()
    _ways_on: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    interrupted: bool = False
    """Whether a signal cut the command short."""

    def tally(self, record: JobRecord) -> Tally:
        """The job's, made at its first use."""
        return self._tallies.setdefault(record.job.id, Tally(record))

    def answers(self, given: Given) -> Answers:
        """Decisions given beforehand, and the person at the terminal for the others."""
        self._accepted = given.accept
        ask = YesOrNo(self.console) if self.asks else None
        return Answers(given.yes, frozenset(given.accept), frozenset(given.confirm), given.partial, ask)

    @property
    def asks(self) -> bool:
        """Whether a person sits there who may be asked."""
        return self.console.asks and not self.options.json

    def say(self, code: str, message: str) -> None:
        """Say what is worth knowing."""
        self.voice.findings([Finding(Severity.INFO, code, message)])

    def findings(self, findings: Iterable[Finding], fault: Exit = Exit.USAGE) -> None:
        """Say findings that are no job's; each error among them counts as `fault`."""
        told = list(findings)
        self.voice.findings(told)
        self.exits += of_findings(told, fault)

    def left(self, record: JobRecord, files: Iterable[WrittenFile]) -> None:
        """Remember files that were written, to be told last."""
        told = list(files)
        self._files += told
        self.tally(record).counts["artifacts"] += len(told)

    def look_around(self) -> None:
        """Find out whose it is that stood in the way of a run, while the home is open."""
        from installer.session.in_the_way import is_in_the_way, ways_on

        runs = self.session.visits.runs if self.session.visited else []
        for run in filter(is_in_the_way, runs):
            known = self.session.rooms.dry_records().all()
            self._ways_on[run.record.job.id] = tuple(ways_on(run, known))

    def conclude(self) -> None:
        """Say what every run came to, also where it was cut short; files last, then each job's summary."""
        if self.session.visited:
            visits = self.session.visits
            self.findings(visits.findings)
            for run in visits.runs:
                self._take(run)
            self._say_unfitting(visits.runs)
            for record, files in visits.late:
                self.left(record, files)
        self.voice.artifacts(dict.fromkeys(self._files))
        for text in self.remarks:
            self.voice.remark(text)
        for tally in self._tallies.values():
            self.voice.summary(tally.record, first_of(tally.exits), tally.counts)
            self.exits += tally.exits
            self.counts.update(tally.counts)

    def has_told(self, fault: BaseException | None) -> bool:
        """Whether it is what ended a run, which is told with it."""
        return self.session.visited and any(run.error is fault for run in self.session.visits.runs)

    def _say_unfitting(self, runs: Sequence[JobRun]) -> None:
        """Codes that were accepted and that nothing asked for, once every run came as far as to tell."""
        if runs and all(run.error is None or run.plan is not None for run in runs):
            for code in dict.fromkeys(self._accepted):
                if not any(code in run.codes for run in runs):
                    self.say("accept-unused", f"--accept {code}: nothing here is of that code")

    def _take(self, run: JobRun) -> None:
        tally = self.tally(run.record)
        from installer.session.promise import still_to_do

        self.voice.findings(run.findings, run.record)
        if run.outcomes:
            self.voice.outcomes(run.record, run.outcomes)
        self.voice.findings(run.differences, run.record)
        self.voice.findings(self._ways_on.get(run.record.job.id, ()), run.record)
        if self.interrupted:
            self.voice.findings(still_to_do(run), run.record)
        self.left(run.record, run.artifacts)
        tally.counts.update(_counts(run))
        tally.exits += of_outcomes(run.outcomes, run.visit.failures)
        tally.exits += of_findings(run.findings, self.fault)
        tally.exits += of_findings(run.differences, Exit.LEFT_OVER)
        if run.error is not None:
            self.voice.error(run.error, run.record)
            tally.exits.append(of_error(run.error))


def carry_out(request: Request, console: Console, voice: Voice) -> Exit:
    """The exit code, after all was said that there is to say."""
    exits: list[Exit] = []
    counts: Counter[str] = Counter()
    home = request.options.home or default_home()
    turn: Turn | None = None
    with Signals() as signals:
        try:
            settings = settings_of(request.options, home)
            _caution(settings, request, voice)
            settings, findings = _with_secrets(settings, request, console)
            session = Session(settings, watcher=Progress(console))
            turn = Turn(request.options, console, voice, session, exits, counts)
            turn.findings(findings)
            _run(turn, request, signals)
        except Interrupted as stop:
            exits.append(stop.exit)
            if turn is not None and not turn.has_told(stop.cause):
                exits.append(tell(stop.cause, voice, home, request.verb))
        except Exception as fault:  # noqa: BLE001 - the last resort: said, kept, and ended with 1
            exits.append(tell(fault, voice, home, request.verb))
        signals.hold()
        if console.full:
            exits.append(Exit.DISK)
        code = first_of(exits)
        voice.summary(None, code, counts)
    return code


def _run(turn: Turn, request: Request, signals: Signals) -> None:
    """Do what is asked for; no signal breaks off the telling of what it came to."""
    try:
        signals.run(_within(turn, request))
    except Interrupted:
        turn.interrupted = True
        raise
    finally:
        signals.hold()
        turn.conclude()


async def _within(turn: Turn, request: Request) -> None:
    if request.needs.sign_in and not request.needs.open_job:
        turn.console.progress("signing in, reading what stands on the platform …")
    async with turn.session:
        if request.needs.vault and not request.needs.open_job:
            turn.session.rooms.begin_unlocking()
        await request.act(turn)
        turn.look_around()


def _counts(run: JobRun) -> Counter[str]:
    counts = Counter(each.kind.replace("-", "_") for each in run.outcomes)
    counts["differences"] = len(run.differences)
    return counts


def _caution(settings: Settings, request: Request, voice: Voice) -> None:
    """Where somebody signs in, what the platform's profile warns of. Raises UsageFault without such a one."""
    if request.needs.sign_in and settings.platform is not None:
        profile = Session(settings).rooms.platform_profile
        if profile is not None and profile.warning:
            voice.caution(profile)


def _with_secrets(settings: Settings, request: Request, console: Console) -> tuple[Settings, list[Finding]]:
    """The same with secrets, read or asked for, and findings about them."""
    options, needs = request.options, request.needs
    if needs.open_job and console.asks:
        needs = asyncio.run(_needs_of_open(settings))
    findings: list[Finding] = []
    username = options.username
    password = _secret(options.password_file, "--password-file", console, findings)
    passphrase = _secret(options.passphrase_file, "--passphrase-file", console, findings)
    rehearses = options.platform == REHEARSAL and options.base_url is None
    named = options.platform is not None or options.base_url is not None
    if console.asks and named and not rehearses and not options.json:
        if needs.sign_in and username is None:
            username = ask_name(console, "username") or None
        if needs.sign_in and password is None:
            password = ask_secret(console, f"password of {safe(username or '', 60)}")
    if console.asks and needs.vault and passphrase is None and not rehearses and not options.json:
        passphrase = _passphrase(settings.home, console)
    return replace(settings, username=username, password=password, passphrase=passphrase), findings


async def _needs_of_open(settings: Settings) -> Needs:
    """What the home's jobs need to be gone on with, read without its vault: a late sheet needs no sign-in."""
    from installer.session.jobs import unfinished
    from installer.session.outputs import sheet_is_late

    async with Session(settings) as session:
        records = session.rooms.dry_records()
        if unfinished(records):
            return BOTH
        return VAULT if any(map(sheet_is_late, records.all())) else NOTHING


def _secret(path: Path | None, option: str, console: Console, findings: list[Finding]) -> Secret | None:
    if path is None:
        return None
    secret = read_secret(path, option, findings)
    console.redact.add(secret.reveal())
    return secret


def _passphrase(home: Path, console: Console) -> Secret | None:
    need = vault_need(home)
    if need is VaultNeed.NOTHING:
        return None
    new = need is VaultNeed.NEW_PASSPHRASE
    return ask_secret(console, "a passphrase for the new vault" if new else "passphrase", twice=new)
