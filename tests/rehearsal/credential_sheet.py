"""Credential sheets for virtual gateways, with a row for each port that a test names."""

import csv
from collections.abc import Iterable
from pathlib import Path

from installer.rehearsal.platform import RehearsalPlatform

HEADER = (
    "Gateway", "MAC", "fxs_port", "port_state", "row_state", "line_name", "sip_username", "sip_password",
    "SIP Domain", "registrar", "registrar_port", "transport", "something_new",
)  # fmt: skip


def sheet_row(platform: RehearsalPlatform, port: int, **changes: str) -> list[str]:
    cells = {
        "Gateway": "GW-1",
        "MAC": "00:50:58:A0:B1:C2",
        "fxs_port": str(port),
        "port_state": "use",
        "row_state": "final",
        "line_name": f"Elevator {port}",
        "sip_username": f"line-of-port-{port}",
        "sip_password": f"s3cret-{port}",
        "SIP Domain": platform.sip_domain,
        "registrar": platform.registrar_host,
        "registrar_port": str(platform.registrar_port),
        "transport": "UDP",
        "something_new": "kept",
        **changes,
    }
    return [cells[name] for name in HEADER]


def write_sheet(path: Path, rows: Iterable[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path
