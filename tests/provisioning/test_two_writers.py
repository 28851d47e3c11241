"""Two runs write to one journal: nothing is written behind rows that it was not checked against."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installer.domain.gateway import GatewayPlace
from installer.domain.label import LabelId
from installer.domain.mac import MacAddress
from installer.errors import Busy
from installer.journal import events
from installer.journal.fold import fold
from installer.journal.store import Entry, Journal
from installer.planning.outcome import StepState
from installer.planning.steps import StepKey
from installer.provisioning.logbook import Records
from tests.journal.homes import JOB, MODELS, Home, done, intended, key, opened, planned_port, preparation

STEPS = tuple(key(subject=planned_port(number).port) for number in (1, 2))
PLACES = tuple(GatewayPlace(f"GW-{number}") for number in (1, 2))
MACS = tuple(MacAddress(f"00505812340{number}") for number in (1, 2))


class Writers:
    """Two runs on one home, each with what it has read of it."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        home = Home(folder)
        vault = home.create_vault()
        with home.open(vault) as journal:
            journal.append(JOB, *preparation())
            planned = events.GatewayPlanned(PLACES[1], "4", LabelId("PD-333333333"))
            journal.append(JOB, Entry(planned), *(Entry(planned_port(n, PLACES[1])) for n in range(1, 5)))
        self.journals: list[Journal] = [stack.enter_context(home.open(vault)) for _ in range(2)]
        self.records = [Records(journal, vault, MODELS) for journal in self.journals]

    def state(self, step: StepKey) -> StepState:
        """Of a step, by the rows alone."""
        return fold(self.journals[0].rows(), MODELS)[JOB].steps[step].state


@pytest.fixture
def writers(folder: Path) -> Iterator[Writers]:
    with ExitStack() as stack:
        yield Writers(folder, stack)


def intent(step: StepKey) -> tuple[Entry, Entry]:
    return Entry(intended(step), b"body"), Entry(events.StepSent(step, 1))


def unknown(step: StepKey) -> Entry:
    return Entry(events.StepUnknown(step, "interrupted", "the run ended"))


def test_an_append_that_another_run_came_before_is_tried_again_behind_it(writers: Writers) -> None:
    first, second = writers.records
    first.append(JOB, *intent(STEPS[0]))
    second.append(JOB, *intent(STEPS[1]))
    assert {step.key for step in second.record(JOB).unknown_steps()} == set(STEPS)
    assert second.stands == {JOB: writers.journals[0].verify()}
    assert first.stands != second.stands


def test_an_append_that_another_runs_rows_leave_no_place_for_is_not_written(writers: Writers) -> None:
    first, second = writers.records
    first.append(JOB, *intent(STEPS[0]))
    second.catch_up()
    first.append(JOB, Entry(done(STEPS[0])))
    stood = writers.journals[0].verify()
    with pytest.raises(Busy, match="came first") as caught:
        second.append(JOB, unknown(STEPS[0]))
    assert caught.value.code == "overtaken"
    assert writers.journals[0].verify() == stood
    assert second.record(JOB).steps[STEPS[0]].state is StepState.DONE


async def test_a_commit_that_another_run_came_before_is_checked_again_each_for_itself(
    writers: Writers,
) -> None:
    first, second = writers.records
    first.append(JOB, *intent(STEPS[0]))
    second.catch_up()
    first.append(JOB, Entry(done(STEPS[0])))
    results = await asyncio.gather(
        second.commit(JOB, unknown(STEPS[0])),
        second.commit(JOB, *intent(STEPS[1])),
        second.commit(JOB, Entry(events.StepSent(STEPS[1], 2)), unknown(STEPS[1])),
        return_exceptions=True,
    )
    assert [type(each) for each in results] == [Busy, type(None), RuntimeError]
    assert writers.state(STEPS[0]) is StepState.DONE
    assert writers.state(STEPS[1]) is StepState.SENT


def test_a_job_that_another_run_opened_is_not_opened_again(writers: Writers) -> None:
    first, second = writers.records
    first.append("job-2", Entry(opened()))
    with pytest.raises(Busy, match="open"):
        second.append("job-2", Entry(opened()))


async def test_whatever_fails_wakes_who_waits(writers: Writers, monkeypatch: pytest.MonkeyPatch) -> None:
    records, journal = writers.records[0], writers.journals[0]

    class Torn(BaseException):
        pass

    def torn(*_: object, **__: object) -> None:
        raise Torn

    for where, name in ((journal, "begin"), (records._fold, "check"), (records, "catch_up")):
        with monkeypatch.context() as patch:
            patch.setattr(where, name, torn)
            with pytest.raises(Torn):
                await asyncio.wait_for(records.commit(JOB, Entry(events.Noted("kept"))), 5)
    await records.commit(JOB, *intent(STEPS[0]))


async def test_a_write_that_is_cancelled_does_not_pass_for_one_that_stands(
    writers: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = writers.records[0]

    def cancelled(*_: object, **__: object) -> asyncio.Future[tuple[int, ...]]:
        future: asyncio.Future[tuple[int, ...]] = asyncio.get_running_loop().create_future()
        future.cancel()
        return future

    monkeypatch.setattr(writers.journals[0], "begin", cancelled)
    with pytest.raises(RuntimeError):
        await records.commit(JOB, Entry(events.Noted("lost")))


BATCHES: dict[str, tuple[Entry, ...]] = {
    **{f"intent {n}": intent(step) for n, step in enumerate(STEPS)},
    **{f"done {n}": (Entry(done(step, f"L{n}")),) for n, step in enumerate(STEPS)},
    **{f"unknown {n}": (unknown(step),) for n, step in enumerate(STEPS)},
    **{
        f"undo {n}": (Entry(events.UndoIntended(step, "DELETE", "/", "00"), b""),)
        for n, step in enumerate(STEPS)
    },
    **{
        f"bind {place} {mac}": (Entry(events.GatewayBound(place, mac, "", "scan")),)
        for place in PLACES
        for mac in MACS
    },
    "open": (Entry(opened()),),
}
ACTS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(sorted(BATCHES)), st.booleans(), st.integers(0, 3)),
    max_size=16,
)


@settings(max_examples=30, deadline=None)
@given(ACTS)
def test_however_two_runs_take_turns_the_journal_folds(acts: list[tuple[int, str, bool, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        writers = Writers(Path(folder), stack)
        asyncio.run(_all(writers, acts))
        for records in writers.records:
            records.catch_up()
        whole = fold(writers.journals[0].rows(), MODELS)
        for records in writers.records:
            assert {record.job.id: dict(record.steps) for record in records.all()} == {
                job_id: dict(record.steps) for job_id, record in whole.items()
            }


async def _all(writers: Writers, acts: list[tuple[int, str, bool, int]]) -> None:
    await asyncio.gather(*(_one(writers.records[act[0]], *act[1:]) for act in acts))


async def _one(records: Records, name: str, at_once: bool, turns: int) -> None:
    """One act of one run, some turns of the loop later."""
    for _ in range(turns):
        await asyncio.sleep(0)
    job_id = "job-2" if name == "open" else JOB
    with suppress(Busy, RuntimeError):
        if at_once:
            records.append(job_id, *BATCHES[name])
        else:
            await records.commit(job_id, *BATCHES[name])
