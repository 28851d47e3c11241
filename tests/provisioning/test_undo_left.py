"""What undo leaves as it is, or finds undone already, and what it says of it."""

from installer.domain.credential import Secret, SipCredential, SipUsername
from installer.domain.gateway import GatewayPlace
from installer.domain.line import LineChanges
from installer.domain.numbers import SPECIALTY_LINE, Reference
from installer.planning.outcome import OutcomeKind, StepState
from installer.planning.steps import Action, LineRef
from installer.provisioning.changing import delete, set_reference, update
from installer.provisioning.resolve import abandon
from installer.provisioning.undoable import takes_back
from installer.rehearsal.faults import Kind
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.kit import CREATE, MACS, NUMBER, NUMBERS, ONE, Wanted, draft, of, port

CREDENTIAL = SipCredential(SipUsername("another0another0"), Secret("another-password-0"))
TWO = Wanted(drafts=(draft(0), draft(1, inbound_numbers=())))


async def test_a_number_that_is_free_again_already_is_not_written(new_site: NewSite) -> None:
    site = new_site(ONE)
    before = site.stands()
    await site.kit.apply()
    site.route(NUMBERS[0], None)
    visit = await site.kit.undo()
    assert [each.kind for each in visit.outcomes] == [OutcomeKind.UNDONE] * 2
    assert len(site.commits("patch-number")) == 1
    assert site.stands() == before


async def test_a_line_that_is_off_already_is_not_taken_off_again(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    site.delete(site.line_of(site.kit, 1))
    visit = await site.kit.undo()
    assert [(each.action, each.kind) for each in visit.outcomes] == [
        (Action.ROUTE_NUMBER, OutcomeKind.UNDONE),
        (Action.CREATE_LINE, OutcomeKind.ALREADY_DONE),
    ]
    assert site.commits("delete-line") == []
    assert dict(site.kit.record.lines) == {}


async def test_a_number_is_not_set_back_on_a_line_that_is_gone(new_site: NewSite) -> None:
    site = new_site(TWO)
    await site.kit.apply()
    site.kit.replan(port(1), inbound_numbers=())
    site.kit.replan(port(2), inbound_numbers=(NUMBERS[0],))
    await site.kit.apply()
    line = site.line_of(site.kit, 2)
    site.delete(site.line_of(site.kit, 1))
    visit = await site.kit.undo(ports=[port(2)])
    assert [(each.action, each.kind, each.code) for each in visit.outcomes] == [
        (Action.ROUTE_NUMBER, OutcomeKind.SKIPPED, "cannot-restore"),
        (Action.CREATE_LINE, OutcomeKind.SKIPPED, "line-in-service"),
    ]
    assert site.rings(NUMBERS[0]) == line.id


async def test_a_line_that_was_deleted_cannot_be_brought_back_and_undo_says_so(new_site: NewSite) -> None:
    site = new_site(ONE)
    line = site.foreign_line(MACS[5], 1)
    async with site.kit.visit() as visit:
        await delete(visit, LineRef(line.id), line.id)
    visit = await site.kit.undo()
    assert [(each.kind, each.code) for each in visit.outcomes] == [(OutcomeKind.SKIPPED, "cannot-restore")]
    assert site.lines == ()


async def test_what_was_done_to_a_line_of_ours_that_is_deleted_is_settled_without_a_call(
    new_site: NewSite,
) -> None:
    site = new_site(TWO)
    await site.kit.apply()
    site.kit.replan(port(1), name="Lobby")
    await site.kit.apply()
    line, number = site.line_of(site.kit, 1), NUMBERS[0]
    async with site.kit.visit() as visit:
        await set_reference(visit, port(1), number, None, Reference(SPECIALTY_LINE, line.id))
        await delete(visit, port(1), line.id)
    about = {(step.key.subject, step.key.action) for step in takes_back(site.kit.record, None)}
    assert about == {(port(2), Action.CREATE_LINE)}
    before = len(site.commits())
    visit = await site.kit.undo(ports=[port(1)])
    kinds = {each.action: (each.kind, each.code) for each in visit.outcomes}
    gone = OutcomeKind.ALREADY_DONE, "line-gone"
    assert kinds == {
        Action.DELETE_LINE: gone,
        Action.UNROUTE_NUMBER: gone,
        Action.UPDATE_LINE: gone,
        Action.ROUTE_NUMBER: (OutcomeKind.UNDONE, None),
        Action.CREATE_LINE: gone,
    }
    assert (visit.failures, len(site.commits())) == ([], before)
    assert (await site.kit.undo(ports=[port(1)])).outcomes == []


async def test_an_update_of_a_line_that_somebody_deleted_is_settled_without_a_call(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    site.kit.replan(port(1), name="Lobby")
    await site.kit.apply()
    site.delete(site.line_of(site.kit, 1))
    visit = await site.kit.undo()
    assert {each.action: each.kind for each in visit.outcomes} == {
        Action.ROUTE_NUMBER: OutcomeKind.UNDONE,
        Action.UPDATE_LINE: OutcomeKind.ALREADY_DONE,
        Action.CREATE_LINE: OutcomeKind.ALREADY_DONE,
    }
    assert visit.failures == []


async def test_an_undo_names_only_what_it_can_take_back(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    line, other = site.line_of(site.kit, 1), site.foreign_line(MACS[5], 1)
    async with site.kit.visit() as visit:
        await update(visit, port(1), line.id, LineChanges(credential=CREDENTIAL), None)
        await set_reference(visit, LineRef(other.id), NUMBERS[1], None, None)
        await delete(visit, LineRef(other.id), other.id)
    told = [(step.key.subject, step.key.action) for step in takes_back(site.kit.record, None)]
    assert told == [
        (LineRef(other.id), Action.UNROUTE_NUMBER),
        (port(1), Action.ROUTE_NUMBER),
        (port(1), Action.CREATE_LINE),
    ]
    assert [step.key.action for step in takes_back(site.kit.record, port(1).gateway)] == [
        Action.ROUTE_NUMBER,
        Action.CREATE_LINE,
    ]
    assert takes_back(site.kit.record, GatewayPlace("GW-9")) == ()


async def test_a_number_taken_by_a_colleague_while_its_undo_was_unknown_is_left(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    site.fault(Kind.DROP_BEFORE_COMMIT, "PATCH", NUMBER, count=None)
    await site.kit.undo()
    site.heal()
    other = site.foreign_line(MACS[5], 1)
    site.route(NUMBERS[0], other.id)
    visit = await site.kit.undo()
    (route,) = of(visit, Action.ROUTE_NUMBER)
    assert (route.kind, route.code) == (OutcomeKind.CONFLICT, "changed-since")
    (step,) = [each for each in site.kit.record.steps.values() if each.key.action is Action.ROUTE_NUMBER]
    assert step.state is StepState.DONE
    assert site.rings(NUMBERS[0]) == other.id


async def test_a_line_that_lost_its_device_is_in_nobody_s_service(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0, inbound_numbers=()),)))
    await site.kit.apply()
    loose = {"mac_address": None, "port_number": None, "device_type": None, "device_id": None}
    site.edit(site.line_of(site.kit, 1), **loose)
    await site.kit.undo()
    assert site.lines == ()
    assert Auditor(site).breaches() == []


async def test_a_line_that_was_not_made_here_stays_and_undo_says_so(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0, inbound_numbers=()), draft(1, inbound_numbers=()))))
    credential = site.kit.logbook.credential(port(1))
    assert credential is not None
    name, number = "Elevator 1", NUMBERS[0].digits
    found = site.foreign_line(
        MACS[0],
        1,
        name=name,
        caller_id=number,
        e911_callback_number=number,
        sip_username=credential.username.text,
        sip_password=credential.password.reveal(),
    )
    await site.kit.apply()
    visit = await site.kit.undo()
    assert [(each.subject, each.kind, each.code) for each in visit.outcomes] == [
        (port(2), OutcomeKind.UNDONE, None),
        (port(1), OutcomeKind.SKIPPED, "not-made-here"),
    ]
    assert site.lines == (found,)
    assert (await site.kit.undo(ports=[port(2)])).outcomes == []


async def test_a_line_that_cannot_be_read_is_skipped(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0, inbound_numbers=()),)))
    await site.kit.apply()
    site.fault(Kind.STATUS, "GET", f"{CREATE}/*", status=500, count=None)
    visit = await site.kit.undo()
    assert [each.kind for each in visit.outcomes] == [OutcomeKind.SKIPPED]
    assert len(site.lines) == 1


async def test_a_create_given_up_whose_line_stands_all_the_same_is_named(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0, inbound_numbers=()),)))
    site.fault(Kind.LATE_COMMIT, "POST", CREATE, seconds=600.0, count=None)
    await site.kit.apply()
    async with site.kit.visit() as visit:
        await abandon(visit, port(1))
    site.heal()
    await site.kit.apply()
    visit = await site.kit.undo()
    (kept,) = visit.outcomes
    assert (kept.kind, kept.code) == (OutcomeKind.SKIPPED, "not-made-here")
    assert "given up" in kept.message
    assert len(site.lines) == 1
