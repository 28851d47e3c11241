"""Whether people may depend on a line at this moment: no act of ours takes it off unasked (protocol R10)."""

from __future__ import annotations

from http import HTTPStatus

from installer.alianza.specialty_lines import FetchedLine
from installer.domain.line import SpecialtyLine
from installer.errors import PlatformFailure, Rejected
from installer.planning.snapshot import Snapshot
from installer.provisioning.visit import Visit


async def in_service(visit: Visit, line: SpecialtyLine, snapshot: Snapshot) -> str | None:
    """Why the line must not be taken off on our own, None where nothing hangs on it."""
    ringing = [held for held in snapshot.numbers if held.rings(line.id)]
    if ringing:
        return f"rung by {', '.join(held.number.national for held in ringing)}"
    return await registration(visit, line)


async def registration(visit: Visit, line: SpecialtyLine) -> str | None:
    """Why the line may be registered; None where it is not."""
    registered = await is_registered(visit, line.device_id)
    if registered is None:
        return "perhaps registered, the platform did not say"
    return "registered" if registered else None


async def is_registered(visit: Visit, device_id: str | None) -> bool | None:
    """Whether the device is registered; None where the platform did not say. No device is not."""
    if device_id is None:
        return False
    try:
        return await visit.platform.lines.registered(visit.account_id, device_id)
    except PlatformFailure as failure:
        visit.failures.append(failure)
        return None


async def may_be_registered(visit: Visit, line_id: str, device_id: str | None) -> bool:
    """Whether the line is registered, for all that is known; one that is gone is not."""
    registered = await is_registered(visit, device_id)
    if registered is not None:
        return registered
    try:
        return await line_by_id(visit, line_id) is not None
    except PlatformFailure as failure:
        visit.failures.append(failure)
        return True


async def line_by_id(visit: Visit, line_id: str) -> SpecialtyLine | None:
    """The line, which no lagging listing hides; None where it is gone. Raises PlatformFailure."""
    fetched = await fetched_line(visit, line_id)
    return fetched.line if fetched else None


async def fetched_line(visit: Visit, line_id: str) -> FetchedLine | None:
    """The same with the document that an update starts from."""
    try:
        return await visit.platform.lines.get(visit.account_id, line_id)
    except Rejected as failure:
        if failure.status == HTTPStatus.NOT_FOUND:
            return None
        raise
