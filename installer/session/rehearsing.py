"""The chapter of the rehearsal: the partner's gateways, and a whole visit without a screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from installer.planning.record import JobRecord
from installer.session.rooms import Rooms

_PARTNER_PATIENCE = 20.0


@asynccontextmanager
async def partner_gateways(rooms: Rooms, record: JobRecord, kind: str) -> AsyncIterator[None]:
    """On the rehearsal platform, virtual gateways that loaded the job's exported sheet, as the partner would.

    Elsewhere, and where no sheet was exported yet, nothing. Every port has had its first answer inside.
    """
    exported = _exported(record, kind)
    if not rooms.is_rehearsal or exported is None:
        yield
        return
    from installer.rehearsal.gateways import VirtualGateways
    from installer.rehearsal.sheet import read_sheet

    platform = rooms.rehearsal.platform
    registrar = platform.registrar_host, platform.registrar_port
    async with VirtualGateways(read_sheet(exported), registrar=registrar) as gateways:
        async with asyncio.timeout(_PARTNER_PATIENCE):
            await gateways.settled()
        yield


def _exported(record: JobRecord, kind: str) -> Path | None:
    written = record.artifacts.get(kind)
    path = Path(written.path) if written else None
    return path if path is not None and path.is_file() else None


def example_sheet() -> Path:
    """The line sheet of the rehearsal's customer: an 8-port and a 24-port gateway."""
    from installer.profiles import own_folder

    return own_folder() / "examples" / "harbor-point.csv"
