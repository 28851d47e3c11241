"""A SIP user agent that is not ours registers 24 lines on the rehearsal registrar."""

import asyncio
import subprocess
from pathlib import Path

import httpx

from installer.rehearsal.platform import RehearsalPlatform
from tests.components import need
from tests.rehearsal.visitor import create

_HEADERS = """Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      Max-Forwards: 70
      From: <sip:[field0]@[field2]>;tag=[call_number]
      To: <sip:[field0]@[field2]>
      Call-ID: [call_id]
      Contact: <sip:[field0]@[local_ip]:[local_port]>
      Expires: 300
      Content-Length: 0"""
_SCENARIO = f"""<?xml version="1.0" encoding="us-ascii"?>
<scenario name="register">
  <send retrans="500"><![CDATA[
      REGISTER sip:[field2] SIP/2.0
      {_HEADERS}
      CSeq: 1 REGISTER

  ]]></send>
  <recv response="401" auth="true"/>
  <send retrans="500"><![CDATA[
      REGISTER sip:[field2] SIP/2.0
      {_HEADERS}
      CSeq: 2 REGISTER
      [field1]

  ]]></send>
  <recv response="200"/>
</scenario>
"""


async def test_sipp_registers_every_line(
    platform: RehearsalPlatform, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    sipp = need("sipp")
    lines = [await create(client, portNumber=port, deviceType="SIP_24_Port_MTA") for port in range(1, 25)]
    rows = [
        "{0};[authentication username={0} password={1}];{2}".format(
            line["sipUsername"], line["sipPassword"], platform.sip_domain
        )
        for line in lines
    ]
    (tmp_path / "lines.csv").write_text("\n".join(["SEQUENTIAL", *rows, ""]))
    (tmp_path / "register.xml").write_text(_SCENARIO)
    process = await asyncio.create_subprocess_exec(
        sipp, f"127.0.0.1:{platform.registrar_port}", "-sf", "register.xml", "-inf", "lines.csv",
        "-m", "24", "-r", "50", "-i", "127.0.0.1", "-timeout", "30", "-nostdin",
        cwd=tmp_path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode(errors="replace")[-2000:]
    assert all(platform.registrar.registered(str(line["sipUsername"])) for line in lines)
