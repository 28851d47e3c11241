"""The chapter of what was begun: every visit and draft of this home and of the rehearsal inside it.

It is read before anybody chose a platform or signed in; each says with which settings it is gone on with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from installer.domain.finding import Finding
from installer.domain.job import PortState
from installer.outputs.visit import Stage
from installer.planning.record import JobRecord
from installer.session.kept import Kept
from installer.session.outputs import SHEET
from installer.session.rooms import CUSTOM, Rooms
from installer.session.settings import REHEARSAL, Settings
from installer.session.status import HowFar, Registration, how_far, registration

if TYPE_CHECKING:
    from installer.session.drafting import Draft, Drafting

LABELS = "labels"


@dataclass(frozen=True, slots=True)
class Begun:
    """A visit: its job, None while it is only drafted; its draft, None where nothing was edited since.

    `settings` reach it; for a draft of the home, whose platform nobody said yet, they are the session's.
    """

    settings: Settings
    record: JobRecord | None
    draft: Draft | None

    @property
    def key(self) -> str:
        """The id of the job, or of the draft."""
        return self.record.job.id if self.record else self.draft.id if self.draft else ""

    @property
    def platform(self) -> str:
        """The platform it is fixed to, by name or address; empty for a draft of the home."""
        if self.record is not None:
            fixed = self.record.job.platform
            return fixed.base_url if fixed.profile == CUSTOM else fixed.profile
        return REHEARSAL if self.settings.platform == REHEARSAL else ""

    @property
    def how_far(self) -> HowFar:
        """How far it has come; open while edits are not planned yet."""
        return HowFar.OPEN if self.record is None or self.draft is not None else how_far(self.record)

    @property
    def is_unfinished(self) -> bool:
        """Whether something is left to be done, edits that are not planned yet included."""
        return self.how_far is HowFar.OPEN

    @property
    def last_event_at(self) -> datetime | None:
        """When its journal was written last, None for a draft."""
        return (self.record.last_event_at or self.record.opened_at) if self.record else None


class AllBegun:
    """Looks, and changes nothing; what this session writes is seen at once."""

    def __init__(self, rooms: Rooms, kept: Kept, drafting: Drafting) -> None:
        self._rooms = rooms
        self._kept = kept
        self._drafting = drafting

    async def visits(self) -> tuple[tuple[Begun, ...], tuple[Finding, ...]]:
        """The visits, unfinished ones first, the one written last before others; and files that are none.

        Raises JournalUnusable, DiskUnusable.
        """
        from installer.session.drafting import Drafting

        found, damaged = _of(self._rooms.settings, self._kept, self._drafting)
        elsewhere = self._elsewhere()
        try:
            kept = Kept(elsewhere)
            base = replace(
                self._rooms.settings,
                platform=None if self._rooms.is_rehearsal else REHEARSAL,
                base_url=None,
            )
            more, worse = _of(base, kept, Drafting(elsewhere, kept))
        finally:
            await elsewhere.close()
        return tuple(sorted((*found, *more), key=_first)), (*damaged, *worse)

    def of_job(self, job_id: str) -> Begun:
        """The visit of that job, of this home or this rehearsal, with what reaches it; KeyError."""
        record = self._kept.record(job_id)
        return Begun(_reaching(self._rooms.settings, record), record, None)

    async def drop(self, begun: Begun) -> None:
        """Its draft is kept no longer. Raises DiskUnusable, Busy."""
        from installer.session.drafting import Drafting

        if begun.draft is None:
            return
        elsewhere = self._elsewhere()
        try:
            is_here = (begun.settings.platform == REHEARSAL) == self._rooms.is_rehearsal
            (self._drafting if is_here else Drafting(elsewhere, Kept(elsewhere))).drop(begun.draft.id)
        finally:
            await elsewhere.close()

    def _elsewhere(self) -> Rooms:
        """The other one of the home and the rehearsal in it, to be read without its vault."""
        rooms = self._rooms
        home = rooms.settings.home if rooms.is_rehearsal else rooms.settings.home / REHEARSAL
        return Rooms(Settings(home), rooms.clock, rooms.watcher, rooms.randbelow)

    def stage(self, begun: Begun) -> Stage:
        """Where it stopped. Its faults are asked of the session that is open: of another's, none are told."""
        draft, record = begun.draft, begun.record
        if draft is not None:
            return self._drafted(draft, record)
        assert record is not None  # noqa: S101 - one of both stands
        if record.undoing or any(record.unknown_steps()):
            return Stage.PROVISION
        if record.is_unfinished:
            return Stage.PROVISION if record.steps else _unwritten(record)
        return _written(record)

    def _drafted(self, draft: Draft, record: JobRecord | None) -> Stage:
        if not draft.gateways:
            return Stage.GATEWAYS
        used = any(draft.state(row) is PortState.USE for row in range(len(draft.rows)))
        if not used or self._drafting.read(draft).stop:
            return Stage.PORTS
        return Stage.CREDENTIALS if record is None else Stage.REVIEW


def _of(settings: Settings, kept: Kept, drafting: Drafting) -> tuple[list[Begun], tuple[Finding, ...]]:
    drafts, damaged = drafting.drafts()
    found: list[Begun] = []
    continued: set[str] = set()
    for record in kept.jobs():
        draft = next((each for each in drafts if drafting.continues(each, record)), None)
        if draft is not None:
            continued.add(draft.id)
        found.append(Begun(_reaching(settings, record), record, draft))
    found += [Begun(settings, None, draft) for draft in drafts if draft.id not in continued]
    return found, damaged


def _reaching(settings: Settings, record: JobRecord) -> Settings:
    """The settings with the platform of the job."""
    stands = record.job.platform
    if stands.profile == CUSTOM:
        return replace(settings, platform=None, base_url=stands.base_url)
    if settings.platform == stands.profile:
        return settings
    return replace(settings, platform=stands.profile, base_url=None)


def _first(begun: Begun) -> tuple[bool, float]:
    at = begun.last_event_at
    return not begun.is_unfinished, -at.timestamp() if at else float("-inf")


def _unwritten(record: JobRecord) -> Stage:
    used = [plan.port for plan, _ in record.job.drafts()]
    if not used:
        return Stage.PORTS
    return Stage.REVIEW if any(port in record.credentials for port in used) else Stage.CREDENTIALS


def _written(record: JobRecord) -> Stage:
    return next(_left(record), Stage.DONE)


def _left(record: JobRecord) -> Iterator[Stage]:
    if record.is_taken_back:
        yield Stage.DONE
    if SHEET not in record.fresh:
        yield Stage.SHEET
    if any(registration(record, port) is not Registration.REGISTERED for port in record.lines):
        yield Stage.REGISTRATION
    if LABELS not in record.artifacts:
        yield Stage.LABELS
