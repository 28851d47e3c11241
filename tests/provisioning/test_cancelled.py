"""Runs that are cancelled while their commits are under way: what was sent, and what was not, is known."""

import asyncio

import pytest

from installer.planning.outcome import OutcomeKind, StepState
from installer.planning.steps import Action
from installer.provisioning.apply import apply
from installer.provisioning.undo import undo
from installer.provisioning.visit import Happening, Moment
from installer.rehearsal.faults import Kind
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.kit import LINE, ONE, agreed, port
from tests.provisioning.virtual import MEANWHILE


@pytest.mark.parametrize("moments", range(1, 13))
async def test_a_run_cancelled_while_it_commits_says_what_was_sent_and_what_was_not(
    new_site: NewSite, moments: int
) -> None:
    site = new_site()
    auditor = Auditor(site)
    left = moments
    running: asyncio.Future[object]

    def cancel_soon(happening: Happening) -> None:
        nonlocal left
        left -= happening.moment in {Moment.BEGUN, Moment.ANSWERED}
        if left == 0:
            asyncio.get_running_loop().call_later(MEANWHILE, running.cancel)

    async with site.kit.visit() as visit:
        visit.watcher = cancel_soon
        running = asyncio.ensure_future(apply(visit, agreed))
        with pytest.raises(asyncio.CancelledError):
            await running
    ended = {(each.subject, each.action): each for each in visit.outcomes}
    for step in site.kit.record.steps.values():
        outcome = ended[step.key.subject, step.key.action]
        match step.state:
            case StepState.DONE:
                assert outcome.kind is OutcomeKind.DONE
            case StepState.REFUSED:
                assert (outcome.kind, outcome.code) == (OutcomeKind.REFUSED, "not-sent")
                assert step.path not in [each.path for each in site.kit.door.asked if each.method == "PATCH"]
            case _:
                assert (step.state, outcome.kind) == (StepState.UNKNOWN, OutcomeKind.UNKNOWN)
    site.heal()
    await site.kit.apply()
    assert auditor.finished(site.kit) == []


@pytest.mark.parametrize("failed_before, stays", [(False, StepState.DONE), (True, StepState.UNDO_UNKNOWN)])
async def test_an_undo_cancelled_before_its_call_is_known_not_to_be_sent_unless_one_was(
    new_site: NewSite, failed_before: bool, stays: StepState
) -> None:
    site = new_site(ONE)
    stood = site.stands()
    await site.kit.apply()
    if failed_before:
        site.fault(Kind.STATUS, "DELETE", LINE, status=500)
    intents_left = 2 if failed_before else 1
    loop = asyncio.get_running_loop()
    running: asyncio.Future[None]

    def cancel_in_flight(statement: str) -> None:
        nonlocal intents_left
        intents_left -= "undo-intended" in statement and "DELETE" in statement
        if intents_left == 0:
            intents_left = -1
            loop.call_soon_threadsafe(running.cancel)

    async with site.kit.visit() as visit:
        site.kit.journal._connection.set_trace_callback(cancel_in_flight)
        running = asyncio.ensure_future(undo(visit, frozenset(), lambda _: True))
        with pytest.raises(asyncio.CancelledError):
            await running
    site.kit.reopen()
    made = site.kit.record.latest(port(1), Action.CREATE_LINE)
    assert made is not None
    assert made.state is stays
    site.heal()
    await site.kit.undo()
    assert site.stands() == stood
