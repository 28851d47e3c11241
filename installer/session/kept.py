"""The chapter of what this home holds, read without asking anybody and without its vault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from installer.domain.gateway import FxsPort, GatewayPlace
from installer.planning.record import JobRecord
from installer.session.rooms import Rooms
from installer.session.telling import act, told
from installer.sheets.columns import OF_A_LINE
from installer.text import safe

if TYPE_CHECKING:
    from installer.provisioning.logbook import Records
    from installer.sheets.draft import Cell, Draft, DraftGateway, Row


@dataclass(frozen=True, slots=True)
class Named:
    """What a code or a word names: a gateway of a job, or one of its ports."""

    job_id: str
    gateway: GatewayPlace
    port: FxsPort | None
    about: str


@dataclass(frozen=True, slots=True)
class Deed:
    """One row of a job's journal for people: when, who, what."""

    at: datetime
    operator: str
    what: str


class Kept:
    """Jobs and their journals. What this session writes is seen at once."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._look: tuple[tuple[int, int], Records] | None = None

    def jobs(self) -> tuple[JobRecord, ...]:
        """Every job of a site, the one written last first."""
        found = [record for record in self.records.all() if record.job.gateways]
        return tuple(sorted(found, key=lambda record: record.last_event_at or record.opened_at, reverse=True))

    def record(self, job_id: str) -> JobRecord:
        """The job of that id; KeyError where there is none."""
        return self.records.record(job_id)

    def named(self, text: str) -> tuple[Named, ...]:
        """Every gateway and port that `text` names. Jobs written last come first.

        As a whole it is a label id, MAC, serial or telephone number; in part, of a line's name.
        """
        wanted = _plain(text)
        if not wanted:
            return ()
        return tuple(found for record in self.jobs() for found in _named(record, wanted))

    def history(self, job_id: str) -> tuple[Deed, ...]:
        """What the journal holds of that job, newest first."""
        rows = reversed(list(self.records.rows(job_id)))
        return tuple(Deed(row.at, safe(row.operator, 40), told(row.event)) for row in rows)

    def to_take_back(self, job_id: str) -> tuple[str, ...]:
        """What an undo of that job would take back, a sentence each, the first to go first."""
        from installer.provisioning.undoable import takes_back

        record = self.record(job_id)
        names = {str(plan.port): safe(draft.name, 60) for plan, draft in record.job.drafts()}
        told_of = [(act(step.key), names.get(str(step.key.subject))) for step in takes_back(record, None)]
        return tuple(f"take back: {what}" + (f" “{name}”" if name else "") for what, name in told_of)

    @property
    def records(self) -> Records:
        """The journal that is open for writing, else a look at it without its vault, anew once it changed."""
        held = self._rooms.held_records
        if held is not None:
            return held
        stamp = self._stamp()
        if self._look is None or self._look[0] != stamp:
            self._look = stamp, self._rooms.dry_records()
        return self._look[1]

    def _stamp(self) -> tuple[int, int]:
        """Changes with every commit to the journal."""
        try:
            found = self._rooms.journal_path.stat()
        except FileNotFoundError:
            return 0, 0
        return found.st_mtime_ns, found.st_size


def named_in(draft: Draft, text: str) -> tuple[Cell, ...]:
    """The cells of a draft that `text` names, as `Kept.named` finds ports; a gateway's first row its own."""
    wanted = _plain(text)
    if not wanted:
        return ()
    first = {gateway.rows[0]: gateway for gateway in draft.gateways}
    found = ((index, _drafted(row, first.get(index), wanted)) for index, row in enumerate(draft.rows))
    return tuple((index, column) for index, column in found if column)


def _drafted(row: Row, gateway: DraftGateway | None, wanted: str) -> str:
    """The column by which `wanted` names the row, or the gateway that begins with it; empty for neither."""
    digits = wanted.translate(_SPELLING)
    whole = {_plain(f"{row['gateway']}:{row['fxs_port']}")}
    if gateway is not None:
        whole |= {_plain(gateway.place), _plain(gateway.serial), _plain(gateway.mac).translate(_SPELLING)}
    if {wanted, digits} & (whole - {""}) or wanted in _plain(row["line_name"]):
        return "line_name"
    numbers = {digits, digits.removeprefix("1"), f"1{digits}"} if digits.isdecimal() else set()
    said = ((name, part) for name in OF_A_LINE for part in row[name].split(";"))
    return next((name for name, part in said if _plain(part).translate(_SPELLING) in numbers), "")


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _named(record: JobRecord, wanted: str) -> Iterator[Named]:
    digits = wanted.translate(_SPELLING)
    for gateway in record.job.gateways:
        whole = {str(gateway.label_id).casefold(), *(each.mac.bare.casefold() for each in gateway.bindings)}
        whole |= {each.serial.casefold() for each in gateway.bindings if each.serial}
        if wanted in whole or digits in whole or wanted == gateway.place.name.casefold():
            yield Named(record.job.id, gateway.place, None, str(gateway.place))
    for plan in record.job.ports:
        draft = plan.draft
        numbers = {draft.caller_id, draft.e911_callback, *draft.inbound_numbers} if draft else set()
        held = record.lines.get(plan.port)
        whole = {str(plan.label_id).casefold(), str(plan.port).casefold()}
        whole |= {form for number in numbers for form in (number.digits, number.digits[1:])}
        if held is not None:
            whole.add(held.line_id.casefold())
        name = draft.name if draft else ""
        if wanted in whole or digits in whole or (name and wanted in _plain(name)):
            yield Named(record.job.id, plan.port.gateway, plan.port, safe(name or str(plan.port), 60))


_SPELLING = str.maketrans("", "", "()-.:+ ")
