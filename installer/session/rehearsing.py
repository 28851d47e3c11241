"""The chapter of the rehearsal: the partner's gateways, and a whole visit without a screen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from installer.files import write_whole
from installer.planning.record import JobRecord
from installer.session.rooms import Rooms

if TYPE_CHECKING:
    from installer.rehearsal.thread import PlatformThread

_PARTNER_PATIENCE = 20.0
_PORTS = "ports.json"
_PORT_LIMIT = 65536


@asynccontextmanager
async def partner_gateways(rooms: Rooms, record: JobRecord, kind: str) -> AsyncIterator[None]:
    """On the rehearsal platform, virtual gateways that loaded the job's exported sheet, as the partner would.

    Elsewhere, and where no sheet was exported yet, nothing. Every port has had its first answer inside; what
    registered stays so afterwards, as on a wall, until it runs out.
    """
    exported = _exported(record, kind)
    if not rooms.is_rehearsal or exported is None:
        yield
        return
    from installer.rehearsal.gateways import VirtualGateways
    from installer.rehearsal.sheet import read_sheet

    platform = rooms.rehearsal.platform
    registrar = platform.registrar_host, platform.registrar_port
    async with VirtualGateways(read_sheet(exported), registrar=registrar, stay=True) as gateways:
        async with asyncio.timeout(_PARTNER_PATIENCE):
            await gateways.settled()
        yield


def start_rehearsal(home: Path) -> PlatformThread:
    """The platform of this home, at the ports it had before, so that its sheets stay true; others where busy.

    Raises Busy where the platform runs already.
    """
    from installer.rehearsal.platform import RehearsalPlatform
    from installer.rehearsal.thread import PlatformThread

    kept = home / _PORTS
    port, sip_port = before = _ports(kept)
    for api, sip in ((port, sip_port), (0, sip_port), (port, 0)):
        try:
            thread = PlatformThread(RehearsalPlatform(home / "platform", port=api, sip_port=sip))
            break
        except OSError:  # somebody else has that port now
            continue
    else:
        thread = PlatformThread(RehearsalPlatform(home / "platform"))
    now = urlsplit(thread.platform.url).port or 0, thread.platform.registrar_port
    if now != before:
        write_whole(kept, json.dumps(now).encode())
    return thread


def _ports(kept: Path) -> tuple[int, int]:
    """Of the API and the registrar, 0 for any."""
    try:
        port, sip_port = json.loads(kept.read_bytes())
    except (OSError, ValueError, TypeError):
        return 0, 0
    return _port(port), _port(sip_port)


def _port(number: object) -> int:
    return number if isinstance(number, int) and 0 < number < _PORT_LIMIT else 0


def _exported(record: JobRecord, kind: str) -> Path | None:
    written = record.artifacts.get(kind)
    path = Path(written.path) if written else None
    return path if path is not None and path.is_file() else None


def example_sheet() -> Path:
    """The line sheet of the rehearsal's customer: an 8-port and a 24-port gateway."""
    from installer.profiles import own_folder

    return own_folder() / "examples" / "harbor-point.csv"
