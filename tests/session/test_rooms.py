"""What the rooms are made with: a quiet window that fits, and a rehearsal that stays where it was."""

import socket
from pathlib import Path

import pytest

from installer.errors import UsageFault
from installer.session import Session, Settings
from installer.session.rehearsing import example_sheet
from installer.sheets import read_sheet
from tests.session.office import PROFILES, YES


@pytest.mark.parametrize("named", [{"platform": "production"}, {"base_url": "https://api.example"}])
def test_a_quiet_window_too_short_for_a_far_platform_is_refused_at_once(
    folder: Path, named: dict[str, str]
) -> None:
    with pytest.raises(UsageFault) as raised:
        Session(Settings(home=folder / "home", quiet_window=2.0, **named))  # type: ignore[arg-type]
    assert raised.value.code == "quiet-window"
    assert not (folder / "home").exists()


@pytest.mark.parametrize(
    "named", [{}, {"platform": "rehearsal"}, {"base_url": "http://127.0.0.1:9"}, {"quiet_window": 5.0}]
)
def test_a_short_window_is_for_loopback_a_longer_one_for_all(folder: Path, named: dict[str, object]) -> None:
    settings = Settings(home=folder / "home", **{"quiet_window": 2.0, **named})  # type: ignore[arg-type]
    assert Session(settings).rooms.quiet_window == settings.quiet_window


async def prepared(home: Path) -> tuple[str, int, bytes]:
    async with Session(Settings(home=home, platform="rehearsal")) as session:
        await session.visits.prepare(example_sheet(), YES)
        platform = session.rooms.rehearsal.platform
        sheet = session.visits.runs[0].artifacts[0].path
        assert not read_sheet(sheet, PROFILES).faults
        return platform.url, platform.registrar_port, sheet.read_bytes()


async def test_a_rehearsed_sheet_is_the_same_after_a_second_prepare(folder: Path) -> None:
    assert await prepared(folder / "home") == await prepared(folder / "home")


async def test_a_rehearsal_whose_port_is_taken_finds_another_and_keeps_the_rest(folder: Path) -> None:
    url, sip_port, _ = await prepared(folder / "home")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(url.rpartition(":")[2])))
        taken.listen()
        elsewhere, same, _ = await prepared(folder / "home")
    assert elsewhere != url
    assert same == sip_port


@pytest.mark.parametrize("kept", ["", "[]", "{}", "[1,2,3]", '["x", -1]', "[70000, 1e9]", "null", "5"])
async def test_ports_that_cannot_be_are_not_asked_for(folder: Path, kept: str) -> None:
    home = folder / "home" / "rehearsal"
    home.mkdir(parents=True)
    (home / "ports.json").write_text(kept)
    async with Session(Settings(home=folder / "home", platform="rehearsal")) as session:
        assert session.rooms.rehearsal.platform.registrar_port > 0
