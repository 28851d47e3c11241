"""The provisioning partner's side of a visit: what is exported is all that anybody needs."""

import csv
from pathlib import Path

from installer.session import Answers, Session, Settings
from installer.session.outputs import SHEET
from tests.sipp import register

_PORTS = range(1, 25)
_COLUMNS = ("account", "gateway", "mac", "model", "fxs_port", "line_name", "line_use")


def line_sheet(folder: Path) -> Path:
    path = folder / "sheet.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            [*_COLUMNS, "caller_id", "e911_callback", "location"],
        )
        for port in _PORTS:
            number = f"1503555{110 + 10 * (port % 8):04}"
            writer.writerow(
                ["Harbor Point Tower", "GW-1", "00:50:58:10:20:18", 24, port, f"Line {port}", "voice",
                 number, number, "Lobby"]
            )  # fmt: skip
    return path


async def test_a_foreign_user_agent_registers_every_line_of_the_exported_24_port_sheet(
    tmp_path: Path,
) -> None:
    async with Session(Settings(home=tmp_path / "home", platform="rehearsal", operator="test")) as session:
        await session.visits.apply(line_sheet(tmp_path), Answers(yes=True))
        (run,) = session.visits.runs
        assert (run.error, run.differences, len(run.outcomes)) == (None, (), len(_PORTS))
        exported = next(
            each.path for each in await session.outputs.sheet(run.record, "csv") if each.kind == SHEET
        )
        with exported.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        credentials = [(row["sip_username"], row["sip_password"], row["sip_domain"]) for row in rows]
        registrar = {(row["registrar"], int(row["registrar_port"])) for row in rows}
        assert len(credentials) == len(_PORTS)
        assert len(registrar) == 1
        await register(registrar.pop(), credentials, tmp_path)
        platform = session.rooms.rehearsal.platform
        assert all(platform.registrar.registered(username) for username, _, _ in credentials)
        seen: list[bool | None] = []
        await session.visits.watch(
            None, None, 0, lambda _record, sightings: seen.extend(each.registered for each in sightings)
        )
        assert seen == [True] * len(_PORTS)
