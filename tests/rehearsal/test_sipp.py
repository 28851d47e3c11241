"""A SIP user agent that is not ours registers 24 lines on the rehearsal registrar."""

from pathlib import Path

import httpx

from installer.rehearsal.platform import RehearsalPlatform
from tests.rehearsal.visitor import create
from tests.sipp import register


async def test_sipp_registers_every_line(
    platform: RehearsalPlatform, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    lines = [await create(client, portNumber=port, deviceType="SIP_24_Port_MTA") for port in range(1, 25)]
    credentials = [
        (str(line["sipUsername"]), str(line["sipPassword"]), platform.sip_domain) for line in lines
    ]
    await register((platform.registrar_host, platform.registrar_port), credentials, tmp_path)
    assert all(platform.registrar.registered(username) for username, _, _ in credentials)
