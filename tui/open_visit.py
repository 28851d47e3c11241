"""The visit that is open: its job, its draft, what is planned and applied, and where it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from installer.domain.finding import Acceptable, Severity
from installer.errors import AnswerNeeded, PunchdownError, UsageFault
from installer.session import Settings
from installer.text import safe
from tui.screens import Stop
from tui.screens.dialog import Dialog
from tui.tasks import Tasks
from tui.words import NO_VISIT, NOT_KEPT, ONLY_A_SHEET, Tone, counted

if TYPE_CHECKING:
    from installer.domain.line import Account
    from installer.planning.record import JobRecord
    from installer.session import WrittenFile
    from installer.session.begun import Begun
    from installer.session.drafting import Draft, Drafting
    from installer.session.kept import Named
    from installer.session.run import JobRun

RUN = "run"
"""The group of what writes: one at a time, and the visit that is open stays so meanwhile."""


class OpenVisit(Tasks):
    """`source` is what a plan is made of: the path of a sheet or draft, or the id of a job.

    `taken` are the warnings taken on in this visit, by code and sentence; `cell` is where Ports opens.
    """

    def __init__(self, settings: Settings, steps: tuple[Stop, ...]) -> None:
        super().__init__(settings)
        self.steps = steps
        self.job_id: str | None = None
        self.source: Path | str | None = None
        self.draft: Draft | None = None
        self.taken: set[tuple[str, str]] = set()
        self.cell: tuple[int, str] | None = None
        self.looked_for: Named | None = None
        self.farewell: list[str] = []
        self.left_unknown = False
        self._ran_on: dict[str, None] = {}
        self._drafted: dict[str, Drafting] = {}

    @property
    def record(self) -> JobRecord | None:
        """The visit that is open, as of the last row of its journal."""
        return self.session.kept.record(self.job_id) if self.job_id else None

    @property
    def visit_title(self) -> str:
        """The visit by its site, and what it is known by; empty while none is open."""
        if (record := self.record) is not None:
            return f"{safe(record.job.site, 24)} {record.job.id}"
        if self.draft is not None:
            return f"{safe(self.draft.site, 24)} (draft)"
        return safe(self.source.name, 34) if isinstance(self.source, Path) else ""

    @property
    def is_writing(self) -> bool:
        """Whether something is being written."""
        return self.works(RUN)

    @property
    def no_record(self) -> str:
        """Why there is nothing to show of what only a visit has that was kept."""
        if self.source is None:
            return NO_VISIT
        return ONLY_A_SHEET if self.draft is None else NOT_KEPT

    @property
    def platform_title(self) -> str:
        """The platform's name, empty where none is chosen yet."""
        return self.settings.platform or (self.settings.base_url or "no platform")

    @property
    def platform_is_known(self) -> bool:
        """Whether somebody chose a platform."""
        return bool(self.settings.platform or self.settings.base_url)

    @property
    def is_production(self) -> bool:
        """Whether what is written here reaches real telephone lines."""
        return bool(self.session.login.warning)

    def go(self, name: str) -> None:
        """Open the step of that name; a dialog that is open is left without an answer."""
        while isinstance(self.screen, Dialog):
            self.screen.dismiss(None)
        self.switch_screen(next(step for step in self.steps if name == step.NAME)())

    async def open_session(self, settings: Settings) -> None:
        """Begin anew with other settings, another platform say. A draft stays where its home does.

        Raises UsageFault while a run is under way, as does all that opens another visit.
        """
        self._stays()
        before, draft, source = self.session, self.draft, self.source
        drafted = self.job_id is None
        self._tell_how_far()
        self.session = self.begin_session(settings)
        self.close_visit()
        if drafted and before.rooms.folder == self.session.rooms.folder:
            self.draft, self.source = draft, source
        await before.rooms.close()

    async def end_work(self) -> None:
        """Nothing of ours goes on; how far each visit came is told once more at the end."""
        await super().end_work()
        self._tell_how_far()
        self._tell_drafts()

    def close_visit(self) -> None:
        """No visit is open; it is kept as it is. Raises UsageFault while a run is under way."""
        self._stays()
        self.visit_left()
        self.job_id = self.source = self.draft = None

    def begin_visit(self) -> None:
        """Another one, with its account. Raises UsageFault while a run is under way."""
        self.close_visit()
        self.go("Account")

    def visit_left(self) -> None:
        """Another visit is opened, or none: what was taken on is this one's."""
        self.taken = set()

    def open_visit(self, job_id: str) -> None:
        """Go on with a visit of this home, with what was edited since.

        Raises UsageFault while a run is under way in another one.
        """
        if job_id != self.job_id:
            self._stays()
            self.visit_left()
        self._open(job_id)

    def _stays(self) -> None:
        if self.is_writing:
            raise UsageFault(
                "something is being written in the visit that is open",
                code="run-under-way",
                remedy="wait for its end, or cancel it in step Provision (F3)",
            )

    def _open(self, job_id: str) -> None:
        record = self.session.kept.record(job_id)
        self.draft, edited = self.session.drafting.of_visit(record)
        self.job_id = job_id
        self.source = self._kept_at(self.draft) if edited else job_id

    def _kept_at(self, draft: Draft) -> Path:
        """Where the draft lies; it is told of at the end if it lies there still."""
        path = self.session.drafting.path(draft)
        self._drafted[draft.id] = self.session.drafting
        return path

    async def go_on(self, begun: Begun) -> None:
        """Open a visit of any platform, at the step where it stopped."""
        await self.reach(begun)
        self.go(self.session.begun.stage(begun).capitalize())

    async def reach(self, begun: Begun) -> None:
        """Open a visit of any platform."""
        here, there = self.settings, begun.settings
        if (here.platform, here.base_url) != (there.platform, there.base_url):
            await self.open_session(there)
        if begun.record is not None:
            self.open_visit(begun.record.job.id)
        elif begun.draft is not None:
            self.close_visit()
            self.draft, self.source = begun.draft, self._kept_at(begun.draft)

    def draft_visit(self, account: Account, site: str) -> None:
        """Begin the visit of that account and site, or go on with the draft that is kept."""
        self.write_on(self.session.drafting.begin(account, site))

    def write_on(self, draft: Draft) -> bool:
        """Open the visit that is written in `draft`; whether it could be kept. Raises UsageFault as above."""
        self.close_visit()
        record = self.session.drafting.standing(draft)
        self.draft, self.job_id = draft, record.job.id if record else None
        return self.edit(lambda draft: draft)

    def edit(self, change: Callable[[Draft], Draft]) -> bool:
        """Change the draft and keep it; whether it could be."""
        if self.draft is None:
            return False
        try:
            changed = change(self.draft)
            source = self.session.drafting.source(changed)
        except PunchdownError as error:
            self.trouble(error)
            return False
        self.draft, self.source = changed, source
        self._drafted[changed.id] = self.session.drafting
        return True

    def jack_of(self, model_id: str, number: str) -> str:
        """The socket of a port as an installer looks for it; empty for a port that is none."""
        model = self.session.drafting.models.get(model_id)
        if model is None or not number.isdecimal() or not 1 <= int(number) <= model.fxs_ports:
            return ""
        return str(model.jacks[int(number) - 1])

    def concluded(self, runs: Sequence[JobRun], handed: Draft | None) -> None:
        """After a run: its visit is open, as it stands now, and what it left is told once more at the end.

        The draft that was `handed` to it is the job's from then on, and kept no longer, unless it was edited
        meanwhile. Taking a job over from somebody was agreed to for this run alone.
        """
        self.taken = {each for each in self.taken if each[0] != Acceptable.OTHER_USER}
        desk = self.session.drafting
        for run in runs:
            record = run.record
            if handed is not None and handed == self.draft and desk.continues(handed, record):
                desk.drop(handed.id)
            self._open(record.job.id)
            self._ran_on[record.job.id] = None
            self.left(run.artifacts)
            if isinstance(run.error, AnswerNeeded):
                self.say(run.error.message, Tone.WARN)
            elif run.error is not None:
                self.trouble(run.error)

    def left(self, written: Iterable[WrittenFile]) -> None:
        """Files that were written are told once more when the screen is gone."""
        lines = (f"{each.kind}: {each.path}" for each in written)
        self.farewell += [line for line in lines if line not in self.farewell]

    def _tell_how_far(self) -> None:
        """The visits of this session that something was done in, as they stand when it is left."""
        session = self.session
        for job_id in self._ran_on:
            with suppress(PunchdownError):
                record = session.kept.record(job_id)
                unknown = len(tuple(record.unknown_steps()))
                self.left_unknown |= unknown > 0
                summary = session.outputs.summary(record)
                counts = ", ".join(f"{name}: {number}" for name, number in summary.counts.items())
                left = counted(len(summary.open_items), "thing")
                more = f"{left} open" if summary.open_items else "nothing is open"
                if unknown:
                    more += f"; what became of {counted(unknown, 'write')} is not known: resume looks it up"
                self.farewell.append(
                    f"{summary.job.site} {job_id} on {self.platform_title}: {counts}; {more}"
                )
        self._ran_on = {}

    def _tell_drafts(self) -> None:
        """The drafts that were open and are kept: nothing of what was edited is on the platform yet."""
        for draft_id, desk in self._drafted.items():
            with suppress(PunchdownError):
                for draft in (each for each in desk.drafts()[0] if each.id == draft_id):
                    errors = sum(each.severity is Severity.ERROR for each in desk.read(draft).findings)
                    more = f"; {counted(errors, 'fault')} to mend first" if errors else ""
                    more = more if draft.gateways else "; without a gateway yet"
                    self.farewell.append(
                        f"{safe(draft.site, 60)} {draft.id}: draft kept, not provisioned{more}"
                    )
