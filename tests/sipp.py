"""sipp as a SIP user agent that is not ours: registers the lines it is given."""

import asyncio
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.components import need

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


async def register(
    registrar: tuple[str, int], credentials: Sequence[tuple[str, str, str]], folder: Path
) -> None:
    """Register each (username, password, domain) once over UDP; fails where one is not accepted."""
    sipp = need("sipp")
    rows = [
        f"{username};[authentication username={username} password={password}];{domain}"
        for username, password, domain in credentials
    ]
    (folder / "lines.csv").write_text("\n".join(["SEQUENTIAL", *rows, ""]))
    (folder / "register.xml").write_text(_SCENARIO)
    process = await asyncio.create_subprocess_exec(
        sipp, "{}:{}".format(*registrar), "-sf", "register.xml", "-inf", "lines.csv",
        "-m", str(len(rows)), "-r", "50", "-i", "127.0.0.1", "-timeout", "30", "-nostdin",
        cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode(errors="replace")[-2000:]
