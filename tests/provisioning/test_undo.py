"""Taking back what a job did: only that, in order, and never a line in service."""

from dataclasses import replace

from installer.domain.credential import CredentialSource, Secret
from installer.domain.line import LineChanges
from installer.planning.outcome import OutcomeKind
from installer.planning.steps import LineRef
from installer.provisioning.changing import update
from installer.rehearsal.faults import Kind
from installer.rehearsal.world import Rules
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.kit import LINE, MACS, NUMBER, NUMBERS, ONE, Wanted, draft, port
from tests.provisioning.site import Site


async def test_undo_brings_back_what_stood_before(site: Site) -> None:
    site.foreign_line(MACS[5], 1)
    before = site.stands()
    await site.kit.apply()
    visit = await site.kit.undo()
    assert site.stands() == before
    assert {outcome.kind for outcome in visit.outcomes} == {OutcomeKind.UNDONE}
    assert Auditor(site).breaches() == []


async def test_undo_of_what_was_undone_sends_nothing(site: Site) -> None:
    await site.kit.apply()
    await site.kit.undo()
    sent = len(site.writes)
    visit = await site.kit.undo()
    assert (len(site.writes), visit.outcomes) == (sent, [])


async def test_undo_of_chosen_ports_leaves_the_others(site: Site) -> None:
    await site.kit.apply()
    await site.kit.undo(ports=[port(2)])
    assert {line.port_number for line in site.lines} == {1, 3, 4}


async def test_after_undo_the_job_can_be_applied_again(site: Site) -> None:
    await site.kit.apply()
    names = {line.sip_username for line in site.lines}
    await site.kit.undo()
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []
    assert {line.sip_username for line in site.lines} == names


async def test_a_registered_line_stays_until_its_name_is_given(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.register(line)
    visit = await site.kit.undo()
    kept = visit.outcomes[-1]
    assert (kept.kind, kept.code) == (OutcomeKind.SKIPPED, "line-in-service")
    assert site.rings(NUMBERS[0]) == line.id
    assert [each.id for each in site.lines] == [line.id]
    await site.kit.undo("Elevator 1")
    assert site.lines == ()


async def test_a_change_of_a_registered_line_stays_until_its_name_is_given(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    made = site.line_of(site.kit, 1)
    site.kit.replan(port(1), name="Renamed", e911_callback=NUMBERS[5])
    await site.kit.apply()
    changed = site.line_of(site.kit, 1)
    site.register(changed)
    visit = await site.kit.undo()
    assert {(each.kind, each.code) for each in visit.outcomes} == {(OutcomeKind.SKIPPED, "line-in-service")}
    assert all("“Renamed” is " in each.message for each in visit.outcomes)
    assert site.line_of(site.kit, 1) == changed
    # The name that was typed is the line's before the undo: on its way back it is called otherwise.
    assert changed.name != made.name
    await site.kit.undo("Renamed")
    assert site.lines == ()
    assert Auditor(site).breaches() == []


async def test_a_change_of_a_line_that_no_port_of_the_job_holds_stays_too_while_it_is_registered(
    new_site: NewSite,
) -> None:
    site = new_site(ONE)
    loose = site.foreign_line(MACS[5], 1)
    async with site.kit.visit() as visit:
        await update(visit, LineRef(loose.id), loose.id, LineChanges(name="Renamed"), None)
    site.register(site.line_at(MACS[5], 1))
    undone = await site.kit.undo()
    assert [each.code for each in undone.outcomes] == ["line-in-service"]
    assert site.line_at(MACS[5], 1).name == "Renamed"
    await site.kit.undo("Renamed")
    assert site.line_at(MACS[5], 1).name == loose.name


async def test_a_line_rung_by_others_stays(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.route(NUMBERS[9], line.id)
    visit = await site.kit.undo()
    assert visit.outcomes[-1].code == "line-in-service"
    assert NUMBERS[9].national in visit.outcomes[-1].message
    assert site.rings(NUMBERS[9]) == line.id
    await site.kit.undo("Elevator 1")
    assert (site.lines, site.rings(NUMBERS[9])) == ((), None)


async def test_a_confirmed_line_stays_while_a_number_that_rings_it_cannot_be_silenced(
    new_site: NewSite,
) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.route(NUMBERS[9], line.id)
    site.fault(Kind.STATUS, "PATCH", f"*/telephonenumber/{NUMBERS[9].digits}", status=400, count=None)
    await site.kit.undo("Elevator 1")
    assert [each.id for each in site.lines] == [line.id]


async def test_a_line_whose_registration_nobody_tells_stays(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    site.fault(Kind.STATUS, "GET", "*/registrationstatus", status=500, count=None)
    visit = await site.kit.undo()
    assert visit.outcomes[-1].code == "line-in-service"
    assert len(site.lines) == 1


async def test_a_line_that_no_number_rings_stays_too_where_nobody_tells_its_registration(
    new_site: NewSite,
) -> None:
    site = new_site(Wanted(drafts=(replace(draft(0), inbound_numbers=()),)))
    await site.kit.apply()
    site.fault(Kind.STATUS, "GET", "*/registrationstatus", status=500, count=None)
    visit = await site.kit.undo()
    assert visit.outcomes[-1].code == "line-in-service"
    assert "perhaps registered" in visit.outcomes[-1].message
    assert len(site.lines) == 1


async def test_a_number_that_rings_something_else_since_is_left(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    other = site.foreign_line(MACS[5], 1)
    site.route(NUMBERS[0], other.id)
    visit = await site.kit.undo()
    assert visit.outcomes[0].code == "changed-since"
    assert site.rings(NUMBERS[0]) == other.id


async def test_a_number_moved_between_two_lines_of_the_job_goes_all_the_way_back(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0), draft(1, inbound_numbers=()))))
    before = site.stands()
    await site.kit.apply()
    site.kit.replan(port(1), inbound_numbers=())
    site.kit.replan(port(2), inbound_numbers=(NUMBERS[0],))
    await site.kit.apply()
    assert site.rings(NUMBERS[0]) == site.line_of(site.kit, 2).id
    await site.kit.undo()
    assert site.stands() == before


async def test_a_number_that_cannot_be_read_is_skipped_and_its_line_kept(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    site.fault(Kind.STATUS, "GET", NUMBER, status=500, count=None)
    visit = await site.kit.undo()
    assert [outcome.kind for outcome in visit.outcomes] == [OutcomeKind.SKIPPED, OutcomeKind.SKIPPED]
    assert len(site.lines) == 1


async def test_an_update_is_taken_back_to_the_values_before(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    before = site.line_of(site.kit, 1)
    site.kit.replan(port(1), name="Elevator North", caller_id=NUMBERS[7], e911_callback=NUMBERS[8])
    await site.kit.apply()
    site.route(NUMBERS[9], before.id)
    await site.kit.undo()
    assert site.line_of(site.kit, 1) == before


async def test_updates_of_two_generations_go_back_to_the_first(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    before = site.line_of(site.kit, 1)
    for name in ("Elevator North", "Elevator South"):
        site.kit.replan(port(1), name=name, calling_plans=("Specialty Metered",) if "South" in name else ())
        await site.kit.apply()
    site.route(NUMBERS[9], before.id)
    await site.kit.undo()
    assert site.line_of(site.kit, 1) == before


async def test_an_update_that_somebody_changed_since_is_left(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    site.kit.replan(port(1), name="Elevator North")
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.register(line)
    edited = site.edit(line, name="Colleague's")
    visit = await site.kit.undo()
    assert "changed-since" in {outcome.code for outcome in visit.outcomes}
    assert site.line_of(site.kit, 1) == edited


async def test_an_update_whose_line_cannot_be_read_is_skipped(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    site.kit.replan(port(1), name="Elevator North")
    await site.kit.apply()
    site.register(site.line_of(site.kit, 1))
    site.fault(Kind.STATUS, "GET", LINE, status=500, count=None)
    visit = await site.kit.undo()
    assert OutcomeKind.SKIPPED in {outcome.kind for outcome in visit.outcomes}
    assert site.line_of(site.kit, 1).name == "Elevator North"


async def test_the_undo_of_an_update_keeps_a_password_that_the_platform_hides(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    before = site.line_of(site.kit, 1)
    site.platform.desk.world.rules = replace(site.platform.desk.world.rules, mask_passwords=True)
    site.edit(before)
    site.kit.replan(port(1), name="Elevator North")
    await site.kit.apply()
    site.route(NUMBERS[9], before.id)
    await site.kit.undo()
    assert site.line_of(site.kit, 1) == before


async def test_the_undo_of_an_update_is_skipped_where_it_would_put_back_a_mask(new_site: NewSite) -> None:
    site = new_site(
        Wanted(drafts=(draft(0),), source=CredentialSource.PLATFORM), rules=Rules(mask_passwords=True)
    )
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    async with site.kit.visit() as visit:
        await update(
            visit, LineRef(line.id), line.id, LineChanges(name="Elevator North"), Secret(line.sip_password)
        )
    site.register(line)
    visit = await site.kit.undo()
    assert visit.outcomes[0].code == "password-masked"
    assert site.line_of(site.kit, 1).sip_password == line.sip_password
