"""The doctor tells whether this clock and the platform's are the same."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from installer.domain.finding import Severity
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.thread import PlatformThread
from installer.session.doctor import examine
from tests.session.office import Hours, Technician, Town


@pytest.mark.parametrize(
    "ahead,code,message",
    [
        (600, "clock-skew", "this clock is 600 s behind the platform's"),
        (-600, "clock-skew", "this clock is 600 s ahead of the platform's"),
        (60, "clock", "this clock is 60 s behind the platform's"),
        (-60, "clock", "this clock is 60 s ahead of the platform's"),
    ],
)
async def test_a_clock_that_is_off_is_told_with_how_much(
    folder: Path, ahead: int, code: str, message: str
) -> None:
    hours = Hours()
    theirs = replace(hours.clock, now=lambda: hours.clock.now() + timedelta(seconds=ahead))
    thread = PlatformThread(RehearsalPlatform(folder / "platform", clock=theirs))
    try:
        async with Technician(Town(thread), folder, hours=hours).session() as session:
            found = {finding.code: finding for finding in await examine(session.rooms)}
    finally:
        thread.stop()
    assert found["platform"].severity is Severity.INFO
    assert found[code].message == message
    assert found[code].severity is (Severity.WARNING if code == "clock-skew" else Severity.INFO)
    assert bool(found[code].remedy) is (code == "clock-skew")
