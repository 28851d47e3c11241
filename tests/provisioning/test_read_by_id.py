"""What a listing does not show may stand all the same: nothing is concluded from its silence."""

from installer.domain.credential import Secret, SipCredential, SipUsername
from installer.domain.line import LineChanges
from installer.journal.events import LineAdopted
from installer.planning.outcome import OutcomeKind, StepState
from installer.planning.steps import Action
from installer.provisioning.apply import NO_LINE, apply
from installer.provisioning.changing import delete, set_reference, update
from installer.provisioning.observe import observe
from installer.provisioning.reconcile import mark_interrupted, settle_changes
from installer.provisioning.service import is_registered, may_be_registered, registration
from installer.provisioning.visit import Happening, Moment, Visit
from installer.provisioning.yielding import yield_doubles
from installer.rehearsal.faults import Kind
from tests.provisioning.conftest import NewSite
from tests.provisioning.kit import (
    CREATE,
    LINE,
    MACS,
    NUMBER,
    NUMBERS,
    ONE,
    Wanted,
    agreed,
    at,
    draft,
    of,
    port,
)
from tests.provisioning.site import LOOSE, Site

UNRUNG = Wanted(drafts=(draft(0, inbound_numbers=()),))


async def settled(site: Site) -> Visit:
    async with site.kit.visit() as visit:
        mark_interrupted(visit)
        await settle_changes(visit)
        return visit


async def test_an_undo_that_was_killed_before_its_call_takes_off_a_line_that_no_listing_shows_yet(
    new_site: NewSite,
) -> None:
    site = new_site(UNRUNG)
    site.fault(Kind.LIST_LAG, "POST", CREATE, seconds=3600.0, count=None)
    await site.kit.killed(site.kit.apply, at(Moment.SETTLED))
    await site.kit.killed(site.kit.undo, at(Moment.INTENDED))
    (line,) = site.lines
    async with site.kit.visit() as visit:
        assert line.id not in {each.id for each in await visit.platform.lines.list(visit.account_id)}
    visit = await site.kit.undo()
    assert [each.kind for each in visit.outcomes] == [OutcomeKind.UNDONE]
    assert site.lines == ()


async def test_a_deletion_without_an_answer_is_not_done_because_a_listing_lags(new_site: NewSite) -> None:
    site = new_site(UNRUNG)
    site.fault(Kind.LIST_LAG, "POST", CREATE, seconds=3600.0, count=None)
    await site.kit.apply()
    site.fault(Kind.DROP_BEFORE_COMMIT, "DELETE", LINE, count=None)
    line_id = site.kit.record.lines[port(1)].line_id
    async with site.kit.visit() as visit:
        outcome = await delete(visit, port(1), line_id)
    assert outcome.kind is OutcomeKind.UNKNOWN
    await settled(site)
    (step,) = site.kit.record.generations(port(1), Action.DELETE_LINE)
    assert step.state is StepState.REFUSED
    assert site.kit.record.lines[port(1)].line_id == line_id


async def test_a_password_that_was_set_is_not_dropped_because_a_listing_lags(new_site: NewSite) -> None:
    site = new_site(UNRUNG, rules=LOOSE)
    site.fault(Kind.LIST_LAG, "POST", CREATE, seconds=3600.0, count=None)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.fault(Kind.DROP_AFTER_COMMIT, "PUT", LINE)
    site.fault(Kind.STATUS, "GET", LINE, status=500, first=2, count=None)
    fresh = SipCredential(SipUsername(line.sip_username), Secret("another-password-01"))
    async with site.kit.visit() as visit:
        outcome = await update(visit, port(1), line.id, LineChanges(credential=fresh), None)
    assert outcome.kind is OutcomeKind.UNKNOWN
    site.platform.faults.load(())
    await settled(site)
    assert site.line_of(site.kit, 1).sip_password == "another-password-01"
    held = site.kit.logbook.credential(port(1))
    assert held is not None
    step = site.kit.record.latest(port(1), Action.UPDATE_LINE)
    assert step is not None
    shown = step.state is StepState.DONE and held.password.reveal() == "another-password-01"
    assert shown or step.state is StepState.UNKNOWN


async def test_an_update_of_a_line_that_is_gone_had_no_effect(new_site: NewSite) -> None:
    site = new_site(UNRUNG)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.fault(Kind.DROP_BEFORE_COMMIT, "PUT", LINE, count=None)
    async with site.kit.visit() as visit:
        await update(visit, port(1), line.id, LineChanges(name="Renamed"), None)
    site.heal()
    site.delete(line)
    await settled(site)
    last = site.kit.record.latest(port(1), Action.UPDATE_LINE)
    assert last is not None
    assert last.state is StepState.REFUSED


async def test_what_cannot_be_read_stays_unknown(new_site: NewSite) -> None:
    site = new_site(UNRUNG)
    await site.kit.apply()
    site.fault(Kind.DROP_AFTER_COMMIT, "PATCH", NUMBER)
    site.fault(Kind.STATUS, "GET", NUMBER, status=404, count=None)
    line = site.line_of(site.kit, 1)
    site.route(NUMBERS[3], line.id)
    async with site.kit.visit() as visit:
        await set_reference(visit, port(1), NUMBERS[3], None, None)
    visit = await settled(site)
    step = site.kit.record.latest(port(1), Action.UNROUTE_NUMBER, NUMBERS[3])
    assert step is not None
    assert step.state is StepState.UNKNOWN
    assert visit.failures


async def test_a_line_that_a_listing_hides_is_not_made_anew_though_somebody_agreed(
    new_site: NewSite,
) -> None:
    site = new_site(UNRUNG, rules=LOOSE)
    site.fault(Kind.LIST_LAG, "POST", CREATE, seconds=36000.0, count=None)
    await site.kit.apply()
    held = dict(site.kit.record.lines)
    async with site.kit.visit() as visit:
        visit.remakes_lost = True
        await apply(visit, agreed)
    assert dict(site.kit.record.lines) == held
    assert len(site.lines) == 1


async def test_a_line_that_is_known_by_another_id_than_the_step_made_is_not_yielded(
    new_site: NewSite,
) -> None:
    site = new_site(UNRUNG, rules=LOOSE)
    await site.kit.apply()
    made = site.line_of(site.kit, 1)
    site.delete(made)
    other = site.foreign_line(MACS[0], 1)
    site.foreign_line(MACS[0], 1, sip_username="another-foreign")
    site.kit.note(LineAdopted(port(1), other.id, other.device_id))
    async with site.kit.visit() as visit:
        assert not await yield_doubles(visit, await observe(visit))
    assert len(site.lines) == 2


async def test_a_registration_that_the_platform_does_not_know_is_not_denied(new_site: NewSite) -> None:
    site = new_site(UNRUNG)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.fault(Kind.STATUS, "GET", "*/registrationstatus", status=404, count=None)
    async with site.kit.visit() as visit:
        (seen,) = [each for each in await visit.platform.lines.list(visit.account_id) if each.id == line.id]
        assert await is_registered(visit, line.device_id) is None
        assert await registration(visit, seen) is not None
        assert await may_be_registered(visit, line.id, line.device_id)
        site.fault(Kind.STATUS, "GET", LINE, status=500, count=None)
        assert await may_be_registered(visit, line.id, line.device_id)
        site.heal()
        site.delete(line)
        assert not await may_be_registered(visit, line.id, line.device_id)


async def test_a_line_that_may_be_registered_for_all_that_is_known_is_not_taken_off(
    new_site: NewSite,
) -> None:
    site = new_site(UNRUNG)
    await site.kit.apply()
    site.fault(Kind.STATUS, "GET", "*/registrationstatus", status=404, count=None)
    visit = await site.kit.undo()
    assert [(each.kind, each.code) for each in visit.outcomes] == [(OutcomeKind.SKIPPED, "line-in-service")]
    assert len(site.lines) == 1


async def test_a_number_is_not_routed_to_a_line_that_was_yielded_since_the_plan(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0, inbound_numbers=()), draft(1, inbound_numbers=()))), rules=LOOSE)
    await site.kit.apply()
    mine = site.line_of(site.kit, 1)
    site.kit.replan(port(1), inbound_numbers=(NUMBERS[0],))
    site.kit.replan(port(2), name="Renamed")
    came: list[str] = []

    def meanwhile(happening: Happening) -> None:
        if happening.moment is Moment.BEGUN and not came:
            came.append(site.foreign_line(MACS[0], 1).id)

    site.kit.watcher = meanwhile
    visit, _ = await site.kit.apply()
    assert mine.id not in {line.id for line in site.lines}
    assert [(each.kind, each.code) for each in of(visit, Action.ROUTE_NUMBER)] == [
        (OutcomeKind.SKIPPED, NO_LINE)
    ]
    assert site.commits("patch-number") == []
    assert not [entry for entry in site.writes if entry.operation == "patch-number"]


async def test_a_planned_step_that_the_platform_made_needless_has_an_outcome(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.kit.replan(port(1), name="Renamed")

    def meanwhile(happening: Happening) -> None:
        if happening.moment is Moment.PLANNED:
            site.edit(line, name="Renamed")

    site.kit.watcher = meanwhile
    visit, found = await site.kit.apply()
    assert [(each.kind, each.code) for each in of(visit, Action.UPDATE_LINE)] == [
        (OutcomeKind.SKIPPED, "not-needed")
    ]
    assert found == ()
    assert site.commits("update-line") == []
