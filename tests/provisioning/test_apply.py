"""Runs of apply, by what the platform's ledger shows afterwards."""

import pytest

from installer.domain.gateway import GatewayPlace
from installer.errors import AnswerNeeded
from installer.planning.outcome import OutcomeKind
from installer.planning.steps import Action, Plan
from installer.provisioning.apply import apply, preview
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.door import Asked
from tests.provisioning.kit import MACS, NUMBERS, ONE, Wanted, agreed, draft, kinds, of, port
from tests.provisioning.site import Site


@pytest.mark.parametrize("ports", [1, 4, 8, 24])
async def test_a_clean_job_makes_one_create_a_line_and_one_patch_a_number(
    new_site: NewSite, ports: int
) -> None:
    model = {1: "4"}.get(ports, str(ports))
    site = new_site(Wanted(model, tuple(draft(index) for index in range(ports))))
    auditor = Auditor(site)
    visit, found = await site.kit.apply()
    assert (len(site.commits("create-line")), len(site.commits("patch-number"))) == (ports, ports)
    assert len(site.writes) == 2 * ports
    assert (auditor.finished(site.kit), found) == ([], ())
    assert kinds(visit) == {OutcomeKind.DONE: 2 * ports}


async def test_a_finished_job_is_not_written_again(site: Site) -> None:
    await site.kit.apply()
    sent, rows = len(site.writes), site.kit.journal.verify()
    visit, found = await site.kit.apply()
    assert (len(site.writes), site.kit.journal.verify(), found) == (sent, rows, ())
    assert kinds(visit) == {OutcomeKind.ALREADY_DONE: 4}


async def test_two_gateways_are_written_one_after_the_other(new_site: NewSite) -> None:
    second = Wanted(drafts=(draft(1), draft(2)), mac=MACS[1], place="GW-2")
    site = new_site(ONE, second)
    await site.kit.apply()
    ports = [str(step.key.subject) for step in site.kit.record.steps.values()]
    assert ports[:2] == ["GW-1:1", "GW-1:1"]
    assert set(ports[2:]) == {"GW-2:1", "GW-2:2"}


async def test_only_one_gateway_can_be_applied_and_the_job_stays_open(new_site: NewSite) -> None:
    site = new_site(ONE, Wanted(drafts=(draft(1),), mac=MACS[1], place="GW-2"))
    await site.kit.apply("GW-2")
    assert [line.mac_address for line in site.lines] == [MACS[1].bare]
    assert not site.kit.record.finished


async def test_a_preview_writes_nothing_and_counts_what_apply_does(site: Site) -> None:
    rows = site.kit.journal.verify()
    async with site.kit.visit() as visit:
        plan = await preview(visit)
    assert (plan.writes, site.kit.journal.verify(), list(site.writes)) == (8, rows, [])


async def test_a_plan_that_nobody_agrees_to_writes_nothing(site: Site) -> None:
    async def refuse(_plan: Plan) -> None:
        raise AnswerNeeded("no terminal", code="plan", option="--yes")

    async with site.kit.visit() as visit:
        with pytest.raises(AnswerNeeded):
            await apply(visit, refuse)
    assert list(site.writes) == []


async def test_a_left_out_gateway_is_not_written(new_site: NewSite) -> None:
    site = new_site(ONE, Wanted(drafts=(draft(1),), mac=MACS[1], place="GW-2"))
    async with site.kit.visit() as visit:
        visit.left_out.add(GatewayPlace("GW-2"))
        await apply(visit, agreed)
    assert [line.mac_address for line in site.lines] == [MACS[0].bare]


async def test_an_unbound_gateway_and_a_missing_number_are_deferred_while_the_rest_goes_on(
    new_site: NewSite,
) -> None:
    missing = draft(1, caller_id=NUMBERS[50])
    site = new_site(Wanted(drafts=(draft(0), missing)), Wanted(drafts=(draft(2),), mac=None, place="GW-2"))
    visit, found = await site.kit.apply()
    assert {(each.code, str(each.subject)) for each in visit.outcomes if each.code} == {
        ("number-not-on-account", "GW-1:2"),
        ("gateway-unbound", "GW-2:1"),
    }
    assert len(site.lines) == 1
    assert not site.kit.record.finished
    assert len(found) == 2


async def test_a_line_that_stands_with_our_username_is_adopted_without_a_write(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0, inbound_numbers=()),)))
    credential = site.kit.logbook.credential(port(1))
    assert credential is not None
    line = site.foreign_line(
        MACS[0],
        1,
        name="Elevator 1",
        caller_id=NUMBERS[0].digits,
        e911_callback_number=NUMBERS[0].digits,
        sip_username=credential.username.text,
        sip_password=credential.password.reveal(),
    )
    await site.kit.apply()
    assert list(site.writes) == []
    assert site.kit.record.lines[port(1)].line_id == line.id
    assert not site.kit.record.lines[port(1)].made_here
    await site.kit.undo()
    assert site.lines == (line,)


async def test_a_port_taken_by_somebody_is_a_conflict_and_left_alone(site: Site) -> None:
    taken = site.foreign_line(MACS[0], 2)
    visit, found = await site.kit.apply()
    (conflict,) = [each for each in visit.outcomes if each.kind is OutcomeKind.CONFLICT]
    assert (conflict.code, conflict.line_id) == ("port-taken", taken.id)
    assert len(site.lines) == 4
    assert "port-taken" in {finding.code for finding in found}
    assert Auditor(site).breaches() == []


async def test_a_number_that_rings_somebody_is_not_taken(new_site: NewSite) -> None:
    site = new_site(ONE)
    other = site.foreign_line(MACS[5], 1)
    site.route(NUMBERS[0], other.id)
    visit, _ = await site.kit.apply()
    assert site.rings(NUMBERS[0]) == other.id
    assert of(visit, Action.ROUTE_NUMBER)[0].code == "number-routed-elsewhere"


async def test_a_number_that_a_colleague_routed_meanwhile_is_not_taken(new_site: NewSite) -> None:
    site = new_site(ONE)
    other = site.foreign_line(MACS[5], 1)

    def meanwhile(asked: Asked) -> None:
        if asked.method == "POST" and asked.path.endswith("/specialty-line"):
            site.route(NUMBERS[0], other.id)

    site.kit.door.before = meanwhile
    visit, _ = await site.kit.apply()
    assert site.rings(NUMBERS[0]) == other.id
    assert of(visit, Action.ROUTE_NUMBER)[0].kind is OutcomeKind.CONFLICT
    assert site.commits("patch-number") == []


async def test_a_number_that_came_to_ring_our_line_meanwhile_is_already_done(new_site: NewSite) -> None:
    site = new_site(ONE)
    listings = 0

    def meanwhile(asked: Asked) -> None:
        nonlocal listings
        listings += asked.path.endswith("/specialty-line") and asked.method == "GET"
        if listings == 3 and site.lines:
            site.route(NUMBERS[0], site.lines[0].id)

    site.kit.door.before = meanwhile
    visit, _ = await site.kit.apply()
    assert of(visit, Action.ROUTE_NUMBER)[0].kind is OutcomeKind.ALREADY_DONE


async def test_what_moved_between_plan_and_write_is_planned_and_agreed_to_again(site: Site) -> None:
    plans: list[Plan] = []

    async def agree(plan: Plan) -> None:
        plans.append(plan)
        if len(plans) == 1:
            site.foreign_line(MACS[0], 3)

    async with site.kit.visit() as visit:
        await apply(visit, agree)
    assert [plan.writes for plan in plans] == [8, 6]
    assert "port-taken" in {outcome.code for outcome in visit.outcomes}
    assert len(site.lines) == 4
