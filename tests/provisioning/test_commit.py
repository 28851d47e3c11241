"""Commits that share a transaction on the journal's thread: what stands, in which order, and who is told."""

import asyncio
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from installer.errors import DiskUnusable, JournalUnusable
from installer.journal import events
from installer.journal.locks import FileLock
from installer.journal.store import Entry
from installer.planning.outcome import StepState
from installer.planning.steps import Action, StepKey
from installer.provisioning.logbook import Logbook
from tests.provisioning.auditor import Auditor
from tests.provisioning.kit import ONE, Kit, port
from tests.provisioning.site import Site
from tests.provisioning.virtual import MEANWHILE, VirtualLoop


def key(number: int) -> StepKey:
    return StepKey(port(number), Action.CREATE_LINE, None, 1)


def intent(number: int) -> tuple[Entry, Entry]:
    frozen = events.StepIntended(key(number), "POST", "/line", "mac", None, None)
    return Entry(frozen, b"body"), Entry(events.StepSent(key(number), 1))


def refused(number: int, message: str = "no") -> Entry:
    return Entry(events.StepRefused(key(number), "no", message))


def states(kit: Kit) -> dict[int, StepState]:
    """Of the creates, by port."""
    steps = {number: kit.record.steps.get(key(number)) for number in range(1, 5)}
    return {number: step.state for number, step in steps.items() if step}


def noted(text: str) -> Entry:
    return Entry(events.Noted(text))


def texts(kit: Kit) -> list[str]:
    return [row.event.text for row in kit.journal.rows() if isinstance(row.event, events.Noted)]


def transactions(kit: Kit) -> list[str]:
    """Grows with every transaction that is begun."""
    begun: list[str] = []
    kit.journal._connection.set_trace_callback(
        lambda statement: begun.append(statement) if statement.startswith("BEGIN") else None
    )
    return begun


def fill_disk(kit: Kit) -> None:
    """Nothing fits any more but what the reserve is for."""
    pages = kit.journal._connection.execute("PRAGMA page_count").fetchone()[0]
    kit.journal._connection.execute(f"PRAGMA max_page_count = {pages}")
    with suppress(DiskUnusable):
        while True:
            kit.note(events.Noted("x"))


def said(results: Iterable[object]) -> list[type | None]:
    return [None if each is None else type(each) for each in results]


async def test_what_is_asked_for_at_once_and_meanwhile_shares_a_transaction_in_order(site: Site) -> None:
    begun = transactions(site.kit)
    first = [asyncio.ensure_future(site.kit.logbook.commit(noted(f"{index}"))) for index in range(8)]
    await asyncio.sleep(MEANWHILE)
    assert len(begun) == 1
    later = [asyncio.ensure_future(site.kit.logbook.commit(noted(f"{index}"))) for index in range(8, 12)]
    await asyncio.gather(*first, *later)
    assert len(begun) == 2
    assert texts(site.kit) == [f"{index}" for index in range(12)]


async def test_a_run_makes_fewer_transactions_than_it_has_commits(site: Site) -> None:
    begun = transactions(site.kit)
    await site.kit.apply()
    assert Auditor(site).finished(site.kit) == []
    commits = 2 * len(site.writes)
    assert len(begun) < commits


async def test_an_outcome_goes_first_and_without_the_intents_that_wait(site: Site) -> None:
    logbook = site.kit.logbook
    await logbook.commit(*intent(1))
    begun = transactions(site.kit)
    await asyncio.gather(logbook.commit(*intent(2)), logbook.commit(refused(1)), logbook.commit(*intent(3)))
    kinds = [row.kind for row in site.kit.journal.rows()][-5:]
    assert kinds == ["step-refused", *["step-intended", "step-sent"] * 2]
    assert len(begun) == 2


async def test_on_a_full_disk_outcomes_stand_and_the_intents_asked_for_with_them_do_not(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    logbook, reserve = site.kit.logbook, site.kit.journal._reserve
    await asyncio.gather(logbook.commit(*intent(1)), logbook.commit(*intent(2)))
    fill_disk(site.kit)
    give_up = reserve.free

    def free() -> bool:
        site.kit.journal._connection.execute("PRAGMA max_page_count = 100000")
        return give_up()

    monkeypatch.setattr(reserve, "free", free)
    (site.kit.home / "journal.reserve.new").mkdir()  # it cannot be made anew
    results = await asyncio.gather(
        logbook.commit(*intent(3)),
        logbook.commit(refused(1, "x" * 50_000)),
        logbook.commit(*intent(4)),
        logbook.commit(refused(2, "x" * 50_000)),
        return_exceptions=True,
    )
    assert said(results) == [DiskUnusable, None, DiskUnusable, None]
    assert states(site.kit) == {1: StepState.REFUSED, 2: StepState.REFUSED}


async def test_a_transaction_that_fails_is_a_failure_for_all_in_it_and_for_nobody_after(site: Site) -> None:
    logbook = site.kit.logbook
    fill_disk(site.kit)
    stood = site.kit.journal.verify()
    results = await asyncio.gather(
        *(logbook.commit(*intent(each)) for each in (1, 2)), return_exceptions=True
    )
    assert said(results) == [DiskUnusable] * 2
    assert site.kit.journal.verify() == stood
    site.kit.journal._connection.execute("PRAGMA max_page_count = 100000")
    await logbook.commit(*intent(1))
    assert states(site.kit) == {1: StepState.SENT}


async def test_what_cannot_be_folded_is_refused_alone_and_before_it_is_written(site: Site) -> None:
    logbook = site.kit.logbook
    stood = site.kit.journal.verify()
    with pytest.raises(RuntimeError):
        await logbook.commit(refused(1))
    assert site.kit.journal.verify() == stood
    # The second intent of the same step would follow on the first, which is not folded yet.
    results = await asyncio.gather(
        logbook.commit(*intent(1)),
        logbook.commit(*intent(1)),
        logbook.commit(*intent(2)),
        return_exceptions=True,
    )
    assert said(results) == [None, RuntimeError, None]
    after = await asyncio.gather(
        logbook.commit(refused(3)), logbook.commit(*intent(4)), return_exceptions=True
    )
    assert said(after) == [RuntimeError, None]
    assert set(states(site.kit)) == {1, 2, 4}


async def test_what_is_appended_meanwhile_stands_behind_what_is_under_way(site: Site) -> None:
    flying = asyncio.ensure_future(site.kit.logbook.commit(*intent(1)))
    await asyncio.sleep(MEANWHILE)
    waiting = asyncio.ensure_future(site.kit.logbook.commit(*intent(2)))
    await asyncio.sleep(0)
    site.kit.logbook.note(refused(1))
    assert states(site.kit) == {1: StepState.REFUSED}
    await asyncio.gather(flying, waiting)
    assert states(site.kit) == {1: StepState.REFUSED, 2: StepState.SENT}
    site.kit.reopen()
    assert states(site.kit) == {1: StepState.REFUSED, 2: StepState.SENT}


@pytest.mark.parametrize("times", [1, 2])
async def test_a_cancelled_commit_ends_once_its_entries_stand(site: Site, times: int) -> None:
    flying = asyncio.ensure_future(site.kit.logbook.commit(noted("first")))
    await asyncio.sleep(MEANWHILE)
    queued = asyncio.ensure_future(site.kit.logbook.commit(noted("second")))
    for _ in range(times):
        await asyncio.sleep(0)
        flying.cancel()
        queued.cancel()
    await asyncio.wait([flying], timeout=0)
    assert not flying.done()
    results = await asyncio.gather(flying, queued, return_exceptions=True)
    assert said(results) == [asyncio.CancelledError] * 2
    assert texts(site.kit) == ["first", "second"]


async def test_a_cancelled_commit_that_fails_says_so(site: Site) -> None:
    fill_disk(site.kit)
    task = asyncio.ensure_future(site.kit.logbook.commit(*intent(1)))
    await asyncio.sleep(MEANWHILE)
    task.cancel()
    with pytest.raises(DiskUnusable):
        await task


async def test_who_waits_when_the_journal_is_closed_is_told(site: Site) -> None:
    flying = asyncio.ensure_future(site.kit.logbook.commit(noted("first")))
    await asyncio.sleep(MEANWHILE)
    waiting = asyncio.ensure_future(site.kit.logbook.commit(noted("second")))
    await asyncio.sleep(0)
    site.kit.close()
    results = await asyncio.gather(flying, waiting, return_exceptions=True)
    assert said(results) == [JournalUnusable, RuntimeError]
    site.kit.open()
    assert texts(site.kit) == ["first"]


def test_others_go_on_while_a_commit_waits_for_the_disk(folder: Path) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        site = Site(folder / "site", loop, ONE)
        another = FileLock(site.kit.home / "locks" / "journal.lock", "another run")
        another.acquire(0)

        async def go_on() -> None:
            commit = asyncio.ensure_future(site.kit.logbook.commit(*intent(1)))
            for _ in range(20):
                await asyncio.sleep(0)
            assert not commit.done()
            assert site.kit._seen.execute("SELECT 1 FROM event WHERE kind = 'step-intended'").fetchall() == []
            another.release()
            await commit

        with closing(site), asyncio.Runner() as in_use:  # where a thread takes the time that it takes
            in_use.run(go_on())
            assert states(site.kit) == {1: StepState.SENT}


PACES = st.integers(0, 8).map(lambda halves: halves * MEANWHILE)
ASKS = st.lists(
    st.tuples(st.sampled_from(["note", "commit", "append"]), PACES, st.none() | PACES), max_size=4
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ASKS, min_size=1, max_size=6))
def test_whatever_is_asked_for_stands_once_in_the_order_of_who_asked(
    tasks: list[list[tuple[str, float, float | None]]],
) -> None:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        runner = stack.enter_context(asyncio.Runner(loop_factory=VirtualLoop))
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        site = stack.enter_context(closing(Site(Path(folder) / "site", loop, ONE)))
        runner.run(_ask_all(site.kit.logbook, tasks))
        folded = dict(site.kit.record.steps)
        rows = texts(site.kit)
        for number, asks in enumerate(tasks, 1):
            assert [text for text in rows if text.startswith(f"{number}.")] == [
                f"{number}.{index}" for index in range(len(asks))
            ]
        site.kit.reopen()
        assert dict(site.kit.record.steps) == folded


async def _ask_all(logbook: Logbook, tasks: list[list[tuple[str, float, float | None]]]) -> None:
    await asyncio.gather(*(_ask(logbook, number, asks) for number, asks in enumerate(tasks, 1)))


async def _ask(logbook: Logbook, number: int, asks: list[tuple[str, float, float | None]]) -> None:
    """One after the other, as within a port; some are cancelled while they wait."""
    unknown = Entry(events.StepUnknown(key(number), "no", "no"))
    course = iter([intent(number), (unknown,), (Entry(events.StepSent(key(number), 2)),), (unknown,)])
    for index, (kind, pause, patience) in enumerate(asks):
        await asyncio.sleep(pause)
        entries = [noted(f"{number}.{index}"), *(() if kind == "note" else next(course))]
        if kind == "append":
            logbook.note(*entries)
            continue
        task = asyncio.ensure_future(logbook.commit(*entries))
        if patience is not None:
            asyncio.get_running_loop().call_later(patience, task.cancel)
        with suppress(asyncio.CancelledError):
            await task
