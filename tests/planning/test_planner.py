"""From wanted, seen and known to steps, deferrals and what stands in the way."""

from dataclasses import replace

import pytest

from installer.domain.gateway import GatewayPlace
from installer.domain.line import (
    Account,
    CallingPlan,
    DeviceSlot,
    LineChanges,
    SpecialtyLine,
)
from installer.domain.numbers import Reference
from installer.planning.drift import differences
from installer.planning.match import Fit, match
from installer.planning.outcome import StepState
from installer.planning.planner import calling_plan_ids, plan, replan
from installer.planning.steps import CreateLine, RouteNumber, UpdateLine
from tests.planning.jobs import (
    MAC,
    METERED,
    NUMBERS,
    OTHER,
    UNLIMITED,
    USES,
    draft,
    gateway,
    job,
    line,
    port,
    record,
    ringing,
    snapshot,
    step,
    username,
)

SLOT = DeviceSlot(MAC, 1, "SIP_4_Port_MTA")
FOREIGN = line(1, id="F1", name="Foreign", sip_username=username(77))


@pytest.mark.parametrize(
    "lines, fit, word",
    [
        ((), Fit.NOTHING, ""),
        ((line(1),), Fit.OURS, "stands on"),
        ((FOREIGN,), Fit.TAKEN, "another SIP username"),
        ((line(1, mac=OTHER),), Fit.ELSEWHERE, "is used by"),
        ((line(1, mac=None, fxs_port=None),), Fit.ELSEWHERE, "without device"),
        ((line(1), FOREIGN), Fit.DOUBLED, "more than one"),
    ],
)
def test_what_stands_at_a_port_is_told(lines: tuple[SpecialtyLine, ...], fit: Fit, word: str) -> None:
    found = match(snapshot(*lines), SLOT, username(1))
    assert found.fit is fit
    assert word in found.sentence


def test_a_double_names_the_other_line_and_a_platform_name_matches_by_port() -> None:
    assert match(snapshot(line(1), FOREIGN), SLOT, username(1)).line == FOREIGN
    assert match(snapshot(line(1), line(1, id="X")), SLOT, username(1)).line == line(1)
    assert match(snapshot(FOREIGN), SLOT, None).fit is Fit.OURS
    assert match(snapshot(), SLOT, None).fit is Fit.NOTHING


def test_a_new_line_is_created_and_its_number_routed() -> None:
    made = replan(record(job(draft(1))), snapshot())
    create, route = made.steps
    assert isinstance(create, CreateLine)
    assert (create.slot, create.calling_plan_ids, create.validates) == (SLOT, ("plan-1",), True)
    assert route == RouteNumber(port(1), NUMBERS[1], None, None)
    assert made.writes == 2


def test_what_stands_as_wanted_needs_nothing() -> None:
    made = replan(record(job(draft(1)), held=[1]), snapshot(line(1), numbers=ringing(n1="L1")))
    assert (made.steps, made.deferred, made.blocked) == ((), (), ())
    assert not made.standing[0].adopted


def test_a_line_of_ours_that_the_journal_lacks_is_adopted() -> None:
    made = replan(record(job(draft(1))), snapshot(line(1)))
    assert made.standing[0].adopted


def test_every_field_that_differs_is_updated_and_no_other() -> None:
    stale = line(1, name="Old", caller_id=None, e911_callback="x", calling_plan_ids=("plan-2",))
    (update,) = replan(record(job(draft(1)), held=[1]), snapshot(stale, numbers=ringing(n1="L1"))).steps
    assert isinstance(update, UpdateLine)
    assert update.changes == LineChanges("Line 1", NUMBERS[1], NUMBERS[1], ("plan-1",))
    assert len(update.before) == len(update.after) == 4
    renamed = snapshot(line(1, name="Old"), numbers=ringing(n1="L1"))
    (update,) = replan(record(job(draft(1)), held=[1]), renamed).steps
    assert isinstance(update, UpdateLine)
    assert update.changes == LineChanges(name="Line 1")


@pytest.mark.parametrize(
    "lines, code",
    [
        ((FOREIGN,), "port-taken"),
        ((line(1, mac=OTHER),), "username-elsewhere"),
        ((line(1), FOREIGN), "port-doubled"),
    ],
)
def test_what_stands_in_the_way_blocks(lines: tuple[SpecialtyLine, ...], code: str) -> None:
    made = replan(record(job(draft(1))), snapshot(*lines))
    assert ([block.code for block in made.blocked], made.steps) == ([code], ())


def test_a_line_at_the_port_is_nobody_s_where_no_username_is_known() -> None:
    wanted = record(job(draft(1)), named=False)
    assert replan(wanted, snapshot(FOREIGN)).blocked[0].code == "port-taken"
    held_here = record(job(draft(1)), named=False, held=[1])
    assert replan(held_here, snapshot(line(1))).standing[0].line_id == "L1"


def test_a_held_line_that_is_gone_is_deferred_and_one_moved_away_blocks() -> None:
    known = record(job(draft(1)), held=[1])
    assert replan(known, snapshot()).deferred[0].code == "line-gone"
    unnamed = record(job(draft(1)), held=[1], named=False)
    away = replan(unnamed, snapshot(line(1, mac=OTHER)))
    assert (away.blocked[0].code, away.blocked[0].line_id) == ("line-moved", "L1")
    loose = replan(unnamed, snapshot(line(1, mac=None, fxs_port=None)))
    assert "no device" in loose.blocked[0].message


@pytest.mark.parametrize("name", ["Line 1", "Old"])
def test_a_held_line_on_another_port_of_our_hardware_is_moved_back(name: str) -> None:
    unnamed = record(job(draft(1)), held=[1], named=False)
    update, route = replan(unnamed, snapshot(line(1, fxs_port=3, name=name))).steps
    assert isinstance(update, UpdateLine)
    assert update.changes.slot == SLOT
    assert (update.changes.name is None) == (name == "Line 1")
    assert isinstance(route, RouteNumber)


@pytest.mark.parametrize("state", [StepState.INTENT, StepState.SENT, StepState.UNKNOWN])
def test_an_unsettled_create_is_left_to_the_reconciliation(state: StepState) -> None:
    made = replan(record(job(draft(1)), steps=[step(state, port(1))]), snapshot())
    assert [each.code for each in made.deferred] == ["outcome-unknown"]


def test_an_unbound_gateway_and_a_missing_number_are_deferred() -> None:
    assert (
        replan(record(job(draft(1), gateways=(gateway(None),))), snapshot()).deferred[0].code
        == "gateway-unbound"
    )
    made = replan(record(job(draft(1))), snapshot(numbers=()))
    assert made.deferred[0].code == "number-not-on-account"
    told = f"not on the account: {NUMBERS[1].national}; check the digits, or order it or port it in"
    assert made.deferred[0].message.startswith(told)


def test_a_mac_in_use_elsewhere_and_another_model_block_new_lines() -> None:
    other = Account("x", "2", "Somebody")
    made = replan(record(job(draft(1))), snapshot(elsewhere={MAC: (other,)}))
    assert made.blocked[0].code == "mac-on-other-account"
    mismatch = snapshot(line(2, device_type="SIP_8_Port_MTA"))
    assert replan(record(job(draft(1))), mismatch).blocked[0].code == "model-mismatch"


@pytest.mark.parametrize(
    "written, offered, ids",
    [
        ((), (UNLIMITED, METERED), ("plan-1",)),
        ((), (METERED,), ("plan-2",)),
        ((), (), None),
        ((), (METERED, CallingPlan("p3", "Third", default=False)), None),
        (("Metered",), (UNLIMITED, METERED), ("plan-2",)),
        (("plan-2", "Metered"), (UNLIMITED, METERED), ("plan-2",)),
        (("None such",), (UNLIMITED,), None),
        (("Twin",), (CallingPlan("a", "Twin", default=False), CallingPlan("b", "Twin", default=False)), None),
    ],
)
def test_calling_plans_are_named_by_id_or_unique_name(
    written: tuple[str, ...], offered: tuple[CallingPlan, ...], ids: tuple[str, ...] | None
) -> None:
    assert calling_plan_ids(written, offered) == ids


@pytest.mark.parametrize("written", [(), ("None such",)])
def test_a_port_whose_plan_cannot_be_told_is_a_finding_and_not_written(written: tuple[str, ...]) -> None:
    made = plan(record(job(draft(1, calling_plans=written))), snapshot(calling_plans=()), USES)
    (finding,) = [each for each in made.findings if each.code == "calling-plan"]
    assert (finding.column, finding.fxs_port, made.steps) == ("calling_plan", 1, ())


def test_a_number_that_rings_somebody_blocks_only_its_route() -> None:
    taken = snapshot(numbers=ringing(n1="F9"))
    made = replan(record(job(draft(1))), taken)
    assert [type(each) for each in made.steps] == [CreateLine]
    assert made.blocked[0].number == NUMBERS[1]
    named = replan(record(job(draft(1))), snapshot(line(5, id="F9", name="Fire"), numbers=ringing(n1="F9")))
    assert "“Fire”" in named.blocked[0].message


def test_a_number_that_another_line_of_the_job_gave_up_is_taken_over() -> None:
    wanted = record(job(draft(1, inbound_numbers=()), draft(2, inbound_numbers=(NUMBERS[1],))), held=[1, 2])
    (route,) = replan(wanted, snapshot(line(1), line(2), numbers=ringing(n1="L1"))).steps
    assert route == RouteNumber(port(2), NUMBERS[1], "L2", Reference("SPECIALTY_LINE", "L1"))


def test_a_number_that_another_line_of_the_job_still_wants_is_not() -> None:
    wanted = record(job(draft(1), draft(2, inbound_numbers=(NUMBERS[1],))), held=[1, 2])
    made = replan(wanted, snapshot(line(1), line(2), numbers=ringing(n1="L1")))
    assert (made.steps, made.blocked[0].port) == ((), port(2))


def test_a_number_of_a_port_that_has_no_line_planned_any_more_is_released() -> None:
    wanted = record(job(None, draft(2, inbound_numbers=(NUMBERS[1],))), held=[1, 2])
    (route,) = replan(wanted, snapshot(line(2), numbers=ringing(n1="L1"))).steps
    assert isinstance(route, RouteNumber)


def test_one_gateway_can_be_planned_alone() -> None:
    second = gateway(OTHER, GatewayPlace("GW-2"))
    wanted = record(job(draft(1), None, None, None, draft(2), gateways=(gateway(), second)))
    made = plan(wanted, snapshot(), USES, GatewayPlace("GW-2"))
    assert {each.port.gateway.name for each in made.steps} == {"GW-2"}
    assert {finding.gateway for finding in made.findings} <= {None, GatewayPlace("GW-2")}
    assert len(plan(wanted, snapshot(), USES).steps) == 4


def test_drift_says_what_an_apply_would_still_do() -> None:
    wanted = record(job(draft(1), draft(2), draft(3), draft(4, caller_id=NUMBERS[7])), held=[2, 4])
    seen = snapshot(
        line(2, name="Old"),
        line(3, sip_username=username(88)),
        numbers=(*ringing(n2="L2", n6="L2")[:7],),
    )
    found = differences(wanted, replan(wanted, seen), seen)
    assert {each.code for each in found} == {
        "line-missing",
        "number-not-routed",
        "line-differs",
        "port-taken",
        "number-not-on-account",
        "number-not-planned",
    }


def test_a_port_that_was_taken_back_is_neither_planned_nor_a_difference() -> None:
    known = record(job(draft(1), draft(2)), held=[2])
    taken = replace(known, taken_back=frozenset({port(1), port(2)}))
    seen = snapshot(line(2), numbers=ringing(n9="L2"))
    assert {step.port for step in replan(known, seen).steps} == {port(1), port(2)}
    assert (replan(taken, seen).steps, replan(taken, seen).standing) == ((), ())
    assert replan(taken.anew(), seen) == replan(known, seen)
    wanted = replan(known, seen)
    assert {each.fxs_port for each in differences(known, wanted, seen)} == {1, 2}
    assert differences(taken, wanted, seen) == ()
