"""A signal ends the command with its own code, whatever the work made of it, and breaks off no summary."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator

import pytest

from installer.cli.exits import Exit
from installer.cli.signals import Interrupted, Signals
from installer.cli.turn import Turn
from installer.errors import DiskUnusable
from installer.session.run import JobRun
from installer.session.visits import Visits
from tests.cli.kit import Site, rows, sheet_at

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
FULL = DiskUnusable("full", code="disk-full")


@pytest.fixture
def signals() -> Iterator[Signals]:
    with Signals() as caught:
        yield caught


def strike(number: int = signal.SIGINT) -> None:
    os.kill(os.getpid(), number)


async def interrupted() -> None:
    """Returns once the signal has cancelled what waits here."""
    asyncio.get_running_loop().call_soon(strike)
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        return


def test_a_failure_of_the_work_while_it_is_interrupted_is_the_cause(signals: Signals) -> None:
    async def work() -> None:
        await interrupted()
        raise FULL

    with pytest.raises(Interrupted) as caught:
        signals.run(work())
    assert caught.value.exit is Exit.INTERRUPTED
    assert caught.value.cause is FULL


def test_a_cancellation_that_names_a_failure_hands_it_on(signals: Signals) -> None:
    async def work() -> None:
        await interrupted()
        raise asyncio.CancelledError from FULL

    with pytest.raises(Interrupted) as caught:
        signals.run(work())
    assert caught.value.cause is FULL


def test_work_that_goes_on_to_its_end_is_interrupted_all_the_same(signals: Signals) -> None:
    with pytest.raises(Interrupted) as caught:
        signals.run(interrupted())
    assert caught.value.cause is None


def test_work_of_which_a_signal_is_the_end_is_not_interrupted(signals: Signals) -> None:
    async def work() -> str:
        await interrupted()
        task = asyncio.current_task()
        assert task is not None
        task.uncancel()
        return "ended"

    assert signals.run(work()) == "ended"


def test_without_a_signal_a_cancellation_is_what_it_is(signals: Signals) -> None:
    async def work() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        signals.run(work())


def test_a_signal_between_two_works_is_raised_where_it_comes_until_they_are_held(signals: Signals) -> None:
    with pytest.raises(Interrupted) as caught:
        strike(signal.SIGTERM)
    assert caught.value.exit is Exit.TERMINATED
    signals.hold()
    strike(signal.SIGTERM)


@pytest.mark.parametrize(
    "fault, codes", [(FULL, {"disk-full"}), (RuntimeError("broken"), {"defect"}), (None, set())]
)
def test_what_failed_while_a_command_was_interrupted_is_told_and_the_signal_counts(
    site: Site, monkeypatch: pytest.MonkeyPatch, fault: Exception | None, codes: set[str]
) -> None:
    async def work(*_: object) -> None:
        await interrupted()
        if fault is not None:
            raise fault

    monkeypatch.setattr(Visits, "plan", work)
    ran = site.run("plan", sheet_at(site.folder, rows(1)))
    assert ran.code == Exit.INTERRUPTED
    assert ran.codes == codes


def test_a_second_signal_while_the_runs_are_told_breaks_off_no_summary(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.run("prepare", sheet_at(site.folder, rows(1)))
    preview = Visits._preview

    async def work(*given: object) -> None:
        await preview(*given)  # type: ignore[arg-type]
        await interrupted()

    take = Turn._take

    def told(turn: Turn, run: JobRun) -> None:
        strike()
        take(turn, run)

    monkeypatch.setattr(Visits, "_preview", work)
    monkeypatch.setattr(Turn, "_take", told)
    ran = site.run("plan")
    assert ran.code == Exit.INTERRUPTED
    assert len(ran.of("summary")) == 2
