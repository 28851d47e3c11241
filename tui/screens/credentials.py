"""Step 6: what each port registers with. It is masked; one at a time is shown, for a few seconds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer

from installer.domain.credential import CredentialSource
from installer.domain.job import PortState
from installer.errors import PunchdownError, SheetFaults
from installer.session import Answers
from installer.text import safe
from tui.commands import Command
from tui.screens.dialog import Choice, Prompt
from tui.screens.own import OwnCredential
from tui.screens.step import Step
from tui.screens.written import tell
from tui.widgets.grid import Cell, Column, Grid, Row
from tui.widgets.plain import Plain
from tui.words import Tone, counted

if TYPE_CHECKING:
    from installer.session.credentials import PortAccess
    from installer.session.drafting import Draft
    from installer.session.run import JobRun
    from installer.session.visits import Visits

SHOWN_FOR = 15
"""Seconds."""
_MASK = "•••"
_SOURCES = {
    CredentialSource.GENERATED: "generated",
    CredentialSource.OWN: "your own",
    CredentialSource.PLATFORM: "the platform's",
}
_NOT_MADE = "○ not made yet"


class Credentials(Step):
    """Generated, own, or made by the platform; chosen before the line is made, and kept for good then."""

    NAME = "Credentials"
    HELP = (
        "A credential belongs to the port, whatever line hangs on it. F3 makes those that are missing and "
        "asks the platform whether every username is free; nothing is written there. Enter on a port "
        "chooses: generated, your own, the platform's, or a new password for a line that stands. Ctrl+R "
        "shows the one "
        f"under the cursor for {SHOWN_FOR} seconds."
    )
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("prepare", "f3", "make and check", "make what is missing, check every username", in_bar=True),
        Command(
            "reveal", "ctrl+r", "show", f"the one under the cursor, for {SHOWN_FOR} seconds", in_bar=True
        ),
        Command("choose", "ctrl+e", "choose", "whose credential the port has"),
    )

    def body(self) -> ComposeResult:
        """Every port in use; the one that is shown below."""
        yield Plain("", id="summary", classes="title")
        yield Grid(
            Column("port", 12), Column("line", 0), Column("username", 20), Column("password", 8, least=66),
            Column("whose", 15), id="ports",
        )  # fmt: skip
        yield Plain("", id="shown")

    def on_mount(self) -> None:
        """Nothing is shown."""
        self._left = 0
        self._clock: Timer | None = None
        self._ports: dict[str, PortAccess] = {}
        self._secret = ("", "")

    def on_unmount(self) -> None:
        """Nothing is counted down behind a closed screen."""
        if self._clock is not None:
            self._clock.stop()

    def on_screen_suspend(self) -> None:
        """The same under a dialog."""
        self._hide()

    def renew(self) -> None:
        """What the journal knows; before a job is kept, the ports of the draft."""
        record = self.app.record
        rows: list[Row] = []
        self._ports = {}
        if record is not None:
            found = self.app.session.credentials.ports(record)
            self._ports = {str(each.port): each for each in found}
            rows = [_row(each) for each in found]
        drafted = self._drafted(set(self._ports))
        self.query_one(Grid).show([*rows, *drafted])
        missing = len(drafted) + sum(not each.username for each in self._ports.values() if _is_missing(each))
        summary = self.query_one("#summary", Plain)
        if not rows and not drafted:
            open_ = self.app.draft is not None or record is not None
            summary.update("No port is in use yet: step Ports (F2)." if open_ else self.app.no_record)
        elif missing:
            summary.update(f"○ {counted(missing, 'credential')} to make: F3 makes and checks them.")
        else:
            summary.update(f"● {counted(len(rows), 'port')} with a credential. F3 checks them, F4 goes on.")

    def _drafted(self, known: set[str]) -> list[Row]:
        draft = self.app.draft
        if draft is None:
            return []
        rows = []
        for index, row in enumerate(draft.rows):
            port = f"{row['gateway']}:{row['fxs_port']}"
            if draft.state(index) is PortState.USE and port not in known:
                cells = (
                    Cell(port),
                    Cell(row["line_name"]),
                    Cell("-"),
                    Cell("-"),
                    Cell(_NOT_MADE, Tone.WARN),
                )
                rows.append(Row(port, cells))
        return rows

    @on(Grid.Moved, "#ports")
    def moved(self) -> None:
        """Another port: what was shown is masked."""
        if self._secret[0] != (self.query_one(Grid).key or ""):
            self._hide()

    @on(Grid.Chosen, "#ports")
    def action_choose(self) -> None:
        """Make them first; then choose for this port."""
        port = self._ports.get(self.query_one(Grid).key or "")
        if port is None:
            self.action_prepare()
        elif not self.app.works("choose"):
            self.app.start("choose", self._choose(port), sealed=True)

    def action_prepare(self) -> None:
        """Keep the visit with its credentials; the platform is read, not written."""
        app, draft = self.app, self.app.draft
        source = app.source if draft is None else app.attempt(lambda: app.session.drafting.path(draft))
        if not isinstance(source, Path):
            if app.source is None:
                app.say("no visit is open: step Visits", Tone.WARN)
            return
        self.mended()
        app.say("making and checking credentials; nothing is written to the platform")
        app.write("prepare", partial(self._prepare, source, draft), self._prepared, handed=draft)

    async def _prepare(self, path: Path, draft: Draft | None, visits: Visits) -> None:
        try:
            await visits.prepare(path, Answers())
        except SheetFaults:
            self.app.say("faults have to be mended first: step Review lists them", Tone.BAD)
            raise
        finally:
            if draft is not None:
                self.app.session.drafting.source(draft)  # as its job is, it stays no edit

    def _prepared(self, runs: Sequence[JobRun]) -> None:
        taken = [each for run in runs for each in run.findings if each.code == "username-taken"]
        if taken:
            self.app.say(f"{taken[0].gateway}:{taken[0].fxs_port}: {taken[0].message}", Tone.BAD)
        elif all(run.error is None for run in runs):
            self.app.say("every username is free; the sheet for the partner is written: prepared", Tone.GOOD)

    async def _choose(self, port: PortAccess) -> None:
        choices = [("show", f"show it for {SHOWN_FOR} seconds")] if port.has_password else []
        if port.line_id is not None:
            choices.append(("reissue", "a new password for the line that stands"))
        elif not port.is_fixed:
            offered = [
                ("own", "your own username and password"),
                ("generated", "a generated one"),
                ("platform", "let the platform make it with the line"),
            ]
            # Another own one is another choice; one that is generated is made once.
            choices += [each for each in offered if each[0] == "own" or each[0] != port.source.value]
        if not choices:
            self.app.say(f"{port.port}: what its create made is not known yet: step Provision", Tone.WARN)
            return
        words = "" if not port.is_fixed else "It was sent with a line, or a line stands: its username stays."
        said = await self.app.answer(Choice(f"{port.port}: {safe(port.line_name, 40)}", words, choices))
        if isinstance(said, str):
            await self._carry_out(port, said)
        if self.is_mounted:
            self.renew()

    async def _carry_out(self, port: PortAccess, said: str) -> None:
        app, job_id = self.app, self.app.job_id
        if job_id is None:
            return
        match said:
            case "show":
                self._show(port)
                return
            case "reissue":
                await self._reissue(port)
                return
            case "own":
                dialog = OwnCredential(app.session.credentials, port)
                if await app.answer(dialog) is not True or dialog.given is None:
                    return
                app.session.credentials.own(job_id, port.port, dialog.given)
            case "generated":
                app.session.credentials.generated(job_id, port.port)
            case _:
                app.session.credentials.by_platform(job_id, port.port)
        app.say(f"{port.port}: the credential is {_SOURCES[CredentialSource(said)]}", Tone.GOOD)

    async def _reissue(self, port: PortAccess) -> None:
        """Its gateway loses its registration until it has the new password: the line's name is typed."""
        app, record = self.app, self.app.record
        if record is None or port.line_id is None:
            return
        words = "The line stops registering until its gateway has the new password. Type its name to go on."
        said = await app.answer(Prompt(f"New password for {port.port}", words, "name"))
        if said != port.line_name:
            app.say("that is not its name: the password stays", Tone.WARN)
            return
        session, account_id, line_id = app.session, record.job.account.id, port.line_id
        answers = Answers(yes=True, confirm=frozenset({port.line_name}))
        done = f"{port.port}: a new password; the sheet that carries it is step Sheet's"
        app.write(
            "a new password",
            lambda visits: session.lines_with(visits).reissue(account_id, line_id, answers),
            lambda runs: tell(app, runs, port.port, done),
        )

    def action_reveal(self) -> None:
        """The one under the cursor; another one is masked."""
        port = self._ports.get(self.query_one(Grid).key or "")
        if port is None or not port.has_password:
            self.app.say("no password of this port is known here", Tone.WARN)
        elif self._secret[0] == str(port.port):
            self._hide()
        else:
            self.app.start("reveal", self._reveal(port), sealed=True)

    async def _reveal(self, port: PortAccess) -> None:
        self._show(port)

    def _show(self, port: PortAccess) -> None:
        if self.app.job_id is None or not self.is_mounted:
            return
        try:
            held = self.app.session.credentials.reveal(self.app.job_id, port.port)
        except PunchdownError as error:
            self.app.trouble(error)
            return
        if held is not None:
            self._hide()
            self._secret = str(port.port), f"{held.username}   {held.password.reveal()}"
            self._left = SHOWN_FOR
            self._clock = self.set_interval(1.0, self._count)
            self._tell()

    def _count(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self._hide()
        else:
            self._tell()

    def _tell(self) -> None:
        port, text = self._secret
        self.query_one("#shown", Plain).say(f"{port}   {text}   masked in {self._left} s", Tone.WARN)

    def _hide(self) -> None:
        self._secret = ("", "")
        if self._clock is not None:
            self._clock.stop()
            self._clock = None
        for shown in self.query("#shown").results(Plain):  # gone already where the step is left
            shown.update("")


def _is_missing(port: PortAccess) -> bool:
    return port.source is not CredentialSource.PLATFORM


def _row(port: PortAccess) -> Row:
    by_platform = port.source is CredentialSource.PLATFORM and port.username is None
    username = str(port.username) if port.username else "with the line" if by_platform else "-"
    whose = _SOURCES[port.source] if port.username or by_platform else _NOT_MADE
    kept = "● " if port.line_id else "? " if port.is_fixed else "" if whose == _NOT_MADE else "· "
    return Row(
        str(port.port),
        (
            Cell(str(port.port)), Cell(port.line_name), Cell(username),
            Cell(_MASK if port.has_password else "-"), Cell(kept + whose),
        ),
    )  # fmt: skip
