"""An undo without an answer, refused, killed or cancelled: read back, said, carried on."""

import asyncio
from contextlib import nullcontext

import pytest

from installer.planning.outcome import OutcomeKind, StepState
from installer.planning.steps import Action
from installer.provisioning.apply import apply
from installer.provisioning.visit import Happening, Moment
from installer.rehearsal.faults import Kind
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.kit import (
    CREATE,
    LINE,
    NUMBERS,
    ONE,
    Kit,
    agreed,
    at,
    port,
)
from tests.provisioning.site import Site


def states(kit: Kit, action: Action) -> set[StepState]:
    return {step.state for step in kit.record.steps.values() if step.key.action is action}


@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE_COMMIT, Kind.DROP_AFTER_COMMIT])
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_an_undo_without_an_answer_is_read_back(new_site: NewSite, kind: Kind, method: str) -> None:
    site = new_site(ONE)
    before = site.stands()
    await site.kit.apply()
    site.fault(kind, method)
    visit = await site.kit.undo()
    assert site.stands() == before
    assert {outcome.kind for outcome in visit.outcomes} == {OutcomeKind.UNDONE}


@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE_COMMIT, Kind.DROP_AFTER_COMMIT])
async def test_the_undo_of_an_update_without_an_answer_is_read_back(new_site: NewSite, kind: Kind) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    before = site.line_of(site.kit, 1)
    site.kit.replan(port(1), name="Elevator North")
    await site.kit.apply()
    site.route(NUMBERS[9], before.id)
    site.fault(kind, "PUT", LINE)
    await site.kit.undo()
    assert site.line_of(site.kit, 1) == before


async def test_an_undo_that_never_takes_effect_is_said_to_be_unknown(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    site.fault(Kind.DROP_BEFORE_COMMIT, "PATCH", count=None)
    visit = await site.kit.undo()
    route = visit.outcomes[-1]
    assert (route.action, route.kind, route.code) == (Action.ROUTE_NUMBER, OutcomeKind.UNKNOWN, "cut")
    assert states(site.kit, Action.ROUTE_NUMBER) == {StepState.UNDO_UNKNOWN}


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
async def test_an_undo_that_cannot_be_read_back_is_settled_by_the_next(
    new_site: NewSite, method: str
) -> None:
    site = new_site(ONE)
    before = site.stands()
    await site.kit.apply()
    site.kit.replan(port(1), name="Elevator North")
    await site.kit.apply()

    action = {"PATCH": Action.ROUTE_NUMBER, "PUT": Action.UPDATE_LINE, "DELETE": Action.CREATE_LINE}[method]

    def only_then(happening: Happening) -> None:
        if happening.moment is Moment.INTENDED and happening.key and happening.key.action is action:
            site.kit.watcher = lambda _: None
            site.fault(Kind.DROP_AFTER_COMMIT, method)
            site.fault(Kind.STATUS, "GET", status=500, count=None)

    site.kit.watcher = only_then
    with nullcontext() if method == "DELETE" else pytest.raises(Exception, match="500"):
        await site.kit.undo()
    assert StepState.UNDO_UNKNOWN in {step.state for step in site.kit.record.steps.values()}
    site.heal()
    site.kit.reopen()
    await site.kit.undo()
    assert site.stands() == before
    assert {step.state for step in site.kit.record.steps.values()} == {StepState.UNDONE}


async def test_an_undo_that_is_refused_leaves_the_step_done(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    site.fault(Kind.STATUS, "PATCH", status=400)
    visit = await site.kit.undo()
    assert visit.outcomes[0].kind is OutcomeKind.REFUSED
    assert states(site.kit, Action.ROUTE_NUMBER) == {StepState.DONE}
    assert len(site.lines) == 1


async def test_a_403_stops_the_undo(site: Site) -> None:
    await site.kit.apply()
    sent = len(site.writes)
    site.fault(Kind.STATUS, "PATCH", status=403, count=None)
    visit = await site.kit.undo()
    assert len(site.writes) == sent + 1
    assert [outcome.kind for outcome in visit.outcomes].count(OutcomeKind.SKIPPED) == 7


@pytest.mark.parametrize("after", [1, 2])
async def test_an_undo_that_was_killed_is_carried_on(new_site: NewSite, after: int) -> None:
    site = new_site(ONE)
    before = site.stands()
    await site.kit.apply()
    moments = 0

    def is_due(happening: Happening) -> bool:
        nonlocal moments
        moments += happening.moment is Moment.INTENDED
        return moments == after

    await site.kit.killed(site.kit.undo, is_due)
    await site.kit.undo()
    assert site.stands() == before
    assert Auditor(site).breaches() == []


async def test_a_cancelled_undo_is_marked_unknown_and_carried_on(new_site: NewSite) -> None:
    site = new_site(ONE)
    before = site.stands()
    await site.kit.apply()
    site.fault(Kind.SLOW, "PATCH", seconds=5.0)
    running = asyncio.ensure_future(site.kit.undo())
    await asyncio.sleep(2.0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert states(site.kit, Action.ROUTE_NUMBER) == {StepState.UNDO_UNKNOWN}
    await site.kit.undo()
    assert site.stands() == before


async def test_undo_takes_off_a_line_that_a_killed_run_left_unsettled(new_site: NewSite) -> None:
    site = new_site(ONE)
    before = site.stands()
    await site.kit.killed(site.kit.apply, at(Moment.ANSWERED))
    assert len(site.lines) == 1
    await site.kit.undo()
    assert site.stands() == before


async def test_undo_says_which_create_may_still_come(new_site: NewSite) -> None:
    site = new_site(ONE)
    site.fault(Kind.LATE_COMMIT, "POST", CREATE, seconds=600.0)
    async with site.kit.visit() as visit:
        visit.quiet_window = 1e9
        running = asyncio.ensure_future(apply(visit, agreed))
        await asyncio.sleep(20.0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    visit = await site.kit.undo()
    assert [(each.action, each.kind) for each in visit.outcomes] == [
        (Action.CREATE_LINE, OutcomeKind.UNKNOWN)
    ]


async def test_after_an_undo_was_killed_the_job_can_be_applied_at_once(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    await site.kit.killed(site.kit.undo, at(Moment.ANSWERED, Action.CREATE_LINE))
    assert site.lines == ()
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []
