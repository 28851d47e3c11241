"""Changes by value: made again where they had no effect, read back where nobody knows; persons' decisions."""

import pytest

from installer.domain.credential import Secret, SipCredential, SipUsername
from installer.domain.line import DeviceSlot, LineChanges
from installer.planning.outcome import Outcome, OutcomeKind, StepState
from installer.planning.steps import Action, LineRef
from installer.provisioning.changing import delete, prior_of, prior_text, set_reference, update
from installer.provisioning.visit import Happening, Moment
from installer.rehearsal.faults import Kind
from installer.rehearsal.things import Line
from installer.rehearsal.world import Rules
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.kit import LINE, MACS, NUMBER, NUMBERS, ONE, Wanted, at, draft, port
from tests.provisioning.site import Site

LOST = [Kind.DROP_BEFORE_COMMIT, Kind.DROP_AFTER_COMMIT]


async def rename(site: Site, line: Line, password: str | None = None) -> Outcome:
    async with site.kit.visit() as visit:
        secret = None if password is None else Secret(password)
        return await update(visit, LineRef(line.id), line.id, LineChanges(name="Renamed"), secret)


@pytest.mark.parametrize("kind", LOST)
async def test_an_update_without_an_answer_is_read_back(new_site: NewSite, kind: Kind) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.fault(kind, "PUT", LINE)
    outcome = await rename(site, line)
    assert outcome.kind is OutcomeKind.DONE
    assert site.line_of(site.kit, 1).name == "Renamed"
    assert len(site.commits("update-line")) == 1


async def test_an_edit_between_two_tries_of_an_update_is_not_put_back(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.fault(Kind.DROP_BEFORE_COMMIT, "PUT", LINE)

    def meanwhile(happening: Happening) -> None:
        if happening.moment is Moment.ANSWERED:
            site.edit(line, caller_id=NUMBERS[9].digits)
            site.kit.watcher = lambda _: None

    site.kit.watcher = meanwhile
    await rename(site, line)
    now = site.line_of(site.kit, 1)
    assert (now.name, now.caller_id) == ("Renamed", NUMBERS[9].digits)


async def test_an_update_that_never_takes_effect_stays_unknown_after_three_tries(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    sent = len(site.writes)
    site.fault(Kind.DROP_BEFORE_COMMIT, "PUT", LINE, count=None)
    outcome = await rename(site, site.line_of(site.kit, 1))
    assert (outcome.kind, outcome.code) == (OutcomeKind.UNKNOWN, "cut")
    assert len(site.writes) - sent == 3


async def test_an_update_that_cannot_be_read_back_is_unknown_until_the_next_run(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    site.kit.replan(port(1), name="Renamed")
    site.fault(Kind.DROP_AFTER_COMMIT, "PUT", LINE)
    site.fault(Kind.STATUS, "GET", LINE, status=500, first=2, count=None)
    await site.kit.apply()
    site.heal()
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []
    assert len(site.commits("update-line")) == 1


async def test_an_update_that_was_lost_in_a_kill_is_made_by_the_next_run(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    site.kit.replan(port(1), name="Renamed")
    site.fault(Kind.DROP_BEFORE_COMMIT, "PUT", LINE)
    await site.kit.killed(site.kit.apply, at(Moment.ANSWERED))
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []


async def test_an_update_of_a_line_that_is_refused_or_cannot_be_read_says_so(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.fault(Kind.STATUS, "PUT", LINE, status=400)
    assert (await rename(site, line)).kind is OutcomeKind.REFUSED
    site.fault(Kind.STATUS, "GET", LINE, status=404)
    assert (await rename(site, line)).kind is OutcomeKind.SKIPPED


async def test_a_masked_password_is_never_put_back(new_site: NewSite) -> None:
    site = new_site(ONE, rules=Rules(mask_passwords=True))
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    assert (await rename(site, line)).code == "password-masked"
    await rename(site, line, line.sip_password)
    now = site.line_of(site.kit, 1)
    assert (now.name, now.sip_password) == ("Renamed", line.sip_password)


async def test_a_job_is_updated_although_the_platform_masks_passwords(new_site: NewSite) -> None:
    site = new_site(ONE, rules=Rules(mask_passwords=True))
    auditor = Auditor(site)
    await site.kit.apply()
    site.kit.replan(port(1), name="Renamed", caller_id=NUMBERS[5], calling_plans=("Specialty Metered",))
    await site.kit.apply()
    assert auditor.finished(site.kit) == []


@pytest.mark.parametrize("kind", LOST)
async def test_a_deletion_without_an_answer_is_read_back(new_site: NewSite, kind: Kind) -> None:
    site = new_site(ONE)
    line = site.foreign_line(MACS[5], 1)
    site.fault(kind, "DELETE", LINE)
    async with site.kit.visit() as visit:
        outcome = await delete(visit, LineRef(line.id), line.id)
    assert outcome.kind is OutcomeKind.DONE
    assert site.lines == ()


@pytest.mark.parametrize("kind", LOST)
async def test_a_killed_deletion_is_settled_by_the_next_run(new_site: NewSite, kind: Kind) -> None:
    site = new_site(Wanted(drafts=()))
    line = site.foreign_line(MACS[5], 1)
    site.fault(kind, "DELETE", LINE)
    site.fault(Kind.STATUS, "GET", LINE, status=500, count=3)
    async with site.kit.visit() as visit:
        outcome = await delete(visit, LineRef(line.id), line.id)
    assert outcome.kind is OutcomeKind.UNKNOWN
    await site.kit.apply()
    (step,) = site.kit.record.steps.values()
    assert step.state is (StepState.DONE if kind is Kind.DROP_AFTER_COMMIT else StepState.REFUSED)


@pytest.mark.parametrize("kind", LOST)
async def test_a_number_is_set_free_and_read_back(new_site: NewSite, kind: Kind) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    prior = None
    site.fault(kind, "PATCH", NUMBER)
    async with site.kit.visit() as visit:
        numbers = await visit.platform.numbers.list(visit.account_id)
        prior = next(held.reference for held in numbers if held.number == NUMBERS[0])
        await set_reference(visit, LineRef(line.id), NUMBERS[0], None, prior)
    assert site.rings(NUMBERS[0]) is None
    await site.kit.undo(ports=[])
    assert site.rings(NUMBERS[0]) == line.id


async def test_an_unrouting_of_unknown_outcome_is_settled_by_the_next_run(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0, inbound_numbers=()),)))
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.route(NUMBERS[3], line.id)
    site.fault(Kind.DROP_AFTER_COMMIT, "PATCH", NUMBER)
    site.fault(Kind.STATUS, "GET", NUMBER, status=500, count=None)
    async with site.kit.visit() as visit:
        outcome = await set_reference(visit, LineRef(line.id), NUMBERS[3], None, None)
    assert outcome.kind is OutcomeKind.UNKNOWN
    site.heal()
    await site.kit.apply()
    assert site.kit.record.latest(LineRef(line.id), Action.UNROUTE_NUMBER, NUMBERS[3]).state is StepState.DONE  # type: ignore[union-attr]


async def test_a_route_that_never_takes_effect_stays_unknown(new_site: NewSite) -> None:
    site = new_site(ONE)
    site.fault(Kind.DROP_BEFORE_COMMIT, "PATCH", NUMBER, count=3)
    visit, _ = await site.kit.apply()
    auditor = Auditor(site)
    assert auditor.finished(site.kit) == []
    assert OutcomeKind.UNKNOWN in {outcome.kind for outcome in visit.outcomes}


async def test_the_values_before_are_kept_and_read_back(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    made = site.line_of(site.kit, 1)
    slot = DeviceSlot(MACS[1], 2, "SIP_4_Port_MTA")
    fresh = SipCredential(SipUsername("freshname01"), Secret("fresh-password"))
    changes = LineChanges("New", NUMBERS[1], NUMBERS[1], ("planSpecialtyMeter0001",), slot, fresh)
    async with site.kit.visit() as visit:
        line = (await visit.platform.lines.get(visit.account_id, made.id)).line
    kept = prior_text(line, changes)
    assert fresh.password.reveal() not in kept
    assert prior_of(kept) == LineChanges(
        made.name, NUMBERS[0], NUMBERS[0], made.calling_plan_ids, DeviceSlot(MACS[0], 1, "SIP_4_Port_MTA")
    )
    assert prior_of(prior_text(line, LineChanges())) == LineChanges()


async def test_a_step_in_doubt_that_is_refused_when_made_again_is_refused(new_site: NewSite) -> None:
    site = new_site(ONE)
    site.fault(Kind.DROP_BEFORE_COMMIT, "PATCH", NUMBER)
    site.fault(Kind.STATUS, "PATCH", NUMBER, status=400, first=2)
    visit, _ = await site.kit.apply()
    assert OutcomeKind.REFUSED in {each.kind for each in visit.outcomes}
