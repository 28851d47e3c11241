"""A run that begins anywhere within another one of the same home."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from installer.domain.gateway import GatewayPlace
from installer.domain.mac import parse_mac
from installer.errors import Busy, Conflict, UsageFault
from installer.journal.events import CredentialMade
from installer.rehearsal.platform import RehearsalPlatform
from installer.rehearsal.thread import PlatformThread
from installer.session import Session
from tests.session.interleaving import interleaved
from tests.session.office import MACS, YES, Technician, Town, row
from tests.session.standing import agrees


async def _binds(session: Session, _sheet: Path) -> None:
    session.visits.bind("Tower", GatewayPlace("GW-2"), parse_mac(MACS[3]), "", "scan")


ACTS: dict[str, Callable[[Session, Path], Awaitable[object]]] = {
    "prepare": lambda session, sheet: session.visits.prepare(sheet, YES),
    "apply": lambda session, sheet: session.visits.apply(sheet, YES),
    "resume": lambda session, _: session.visits.resume("Tower", YES),
    "undo": lambda session, _: session.visits.undo("Tower", YES, None),
    "audit": lambda session, _: session.visits.audit("Tower", YES, None),
    "bind": _binds,
}


@settings(
    max_examples=5, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow]
)
@given(
    first=st.sampled_from(sorted(ACTS)),
    second=st.sampled_from(sorted(ACTS)),
    at=st.integers(1, 60),
    applied=st.booleans(),
)
def test_wherever_a_run_begins_in_another_the_journal_folds_and_no_credential_is_replaced(
    first: str, second: str, at: int, *, applied: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        town = Town(PlatformThread(RehearsalPlatform(Path(name) / "platform")))
        try:
            asyncio.run(
                _in_each_other(Technician(town, Path(name)), town, (first, second), at, applied=applied)
            )
        finally:
            town.thread.stop()


async def _in_each_other(
    ada: Technician, town: Town, acts: tuple[str, str], at: int, *, applied: bool
) -> None:
    cells = [row(1), row(2), {**row(3, gateway="GW-2", mac=""), "fxs_port": "1"}]
    sheet = ada.sheet(cells)
    if applied:
        await ada.apply(sheet)
    await _acts(ada, acts[0], sheet, at, acts[1])
    async with ada.session() as session:
        records = session.rooms.records
        assert len(records.all()) <= 1
        made = Counter(
            row.event.port for row in records._journal.rows() if isinstance(row.event, CredentialMade)
        )
    assert set(made.values()) <= {1}
    await ada.apply(sheet)
    async with ada.session() as session:
        await _binds(session, sheet)
    await ada.apply(sheet)
    assert len(town.lines) == len({line.device_port for line in town.lines})
    await agrees(ada, town)


async def _acts(ada: Technician, act: str, sheet: Path, at: int, another: str) -> None:
    """What may be in the way of either is the other, or that there is no job yet."""

    async def between() -> None:
        await _alone(ada, another, sheet)

    async with ada.session() as session:
        with suppress(Busy, Conflict, UsageFault):
            await interleaved(_work(session, act, sheet), at, between)
        _sound(session)


async def _alone(ada: Technician, act: str, sheet: Path) -> None:
    async with ada.session() as session:
        with suppress(Busy, Conflict, UsageFault):
            await ACTS[act](session, sheet)
        _sound(session)


async def _work(session: Session, act: str, sheet: Path) -> None:
    await ACTS[act](session, sheet)


def _sound(session: Session) -> None:
    if session.visited:
        for run in session.visits.runs:
            assert run.error is None or isinstance(run.error, Busy | Conflict)
