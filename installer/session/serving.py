"""The rehearsal platform as a server, with the partner's gateways beside it."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from installer.errors import InvalidValue, UsageFault
from installer.text import safe

if TYPE_CHECKING:
    from installer.rehearsal.faults import Rule
    from installer.rehearsal.platform import RehearsalPlatform
    from installer.session.rooms import Rooms

_LOOK_PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Serving:
    """How the platform is to be served; port 0 is any free one, `latency` seconds before each answer.

    `sheets` are exported credential sheets that virtual gateways load, once they are there.
    """

    port: int = 0
    sip_port: int = 0
    latency: float = 0.0
    unique: bool = True
    faults: Path | None = None
    sheets: tuple[Path, ...] = ()


@contextmanager
def serve(rooms: Rooms, wanted: Serving) -> Iterator[RehearsalPlatform]:
    """The platform of this home, answering; the partner's gateways load their sheets as they appear.

    Raises UsageFault or InvalidValue for a script or sheet with faults, Busy where the platform runs already.
    """
    from installer.rehearsal.platform import RehearsalPlatform
    from installer.rehearsal.sheet import read_sheet
    from installer.rehearsal.thread import PlatformThread
    from installer.rehearsal.world import Rules

    rules = Rules(unique_usernames=wanted.unique, unique_ports=wanted.unique)
    try:
        thread = PlatformThread(
            RehearsalPlatform(
                rooms.home / "platform",
                rules=rules,
                faults=_script(wanted.faults),
                latency=wanted.latency,
                port=wanted.port,
                sip_port=wanted.sip_port,
            )
        )
    except OSError as fault:
        reason = safe(fault.strerror or type(fault).__name__)
        message = f"that port cannot be had: {reason}"
        raise UsageFault(message, code="port", remedy="choose another") from fault
    try:
        platform = thread.platform
        registrar = platform.registrar_host, platform.registrar_port
        for sheet in wanted.sheets:
            if sheet.is_file():
                read_sheet(sheet, registrar)  # a sheet with faults is said at once
        thread.enter(_partner(wanted.sheets, registrar))
        yield platform
    finally:
        thread.stop()


def write_password(rooms: Rooms, password: str) -> Path:
    """The file in this home, 0600, that holds the rehearsal's password."""
    from installer.files import write_whole

    path = rooms.home / "password"
    write_whole(path, f"{password}\n".encode())
    return path


def _script(path: Path | None) -> tuple[Rule, ...]:
    from installer.rehearsal.faults import rule_from_json

    if path is None:
        return ()
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as fault:
        raise UsageFault(
            f"{safe(os.fspath(path), 80)} is no fault script", code="bad-fault", remedy="a JSON list of rules"
        ) from fault
    if not isinstance(value, list):
        raise InvalidValue("that is no fault script", code="bad-fault", wanted="a JSON list of rules")
    return tuple(rule_from_json(each) for each in value)


@asynccontextmanager
async def _partner(sheets: Sequence[Path], registrar: tuple[str, int]) -> AsyncIterator[None]:
    """Beside the block, each sheet's gateways are powered from what the sheet last held."""
    tasks = [asyncio.create_task(_gateways(sheet, registrar)) for sheet in sheets]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _gateways(sheet: Path, registrar: tuple[str, int]) -> None:
    known: bytes | None = None
    async with AsyncExitStack() as powered:
        while True:
            content = await asyncio.to_thread(_content, sheet)
            if content != known:
                known = content
                await powered.aclose()
                await _power(powered, sheet, registrar)
            await asyncio.sleep(_LOOK_PAUSE)


async def _power(powered: AsyncExitStack, sheet: Path, registrar: tuple[str, int]) -> None:
    """Switch on the gateways of `sheet`; one that cannot be read leaves them off until it changes."""
    from installer.rehearsal.gateways import VirtualGateways
    from installer.rehearsal.sheet import read_sheet

    try:
        ports = await asyncio.to_thread(read_sheet, sheet, registrar)
    except (InvalidValue, OSError):
        return
    await powered.enter_async_context(VirtualGateways(ports, registrar=registrar))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
