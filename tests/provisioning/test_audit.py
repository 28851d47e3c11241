"""What stands, held against the job: at the end of a run, and by itself."""

from installer.domain.finding import Severity
from installer.domain.gateway import GatewayPlace
from installer.journal import events
from installer.journal.store import Entry
from installer.provisioning.apply import apply
from installer.provisioning.audit import audit
from installer.rehearsal.faults import Kind
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.kit import CREATE, JOB, MACS, NUMBERS, ONE, Wanted, agreed, draft
from tests.provisioning.site import Site


async def test_a_deleted_line_is_made_anew_only_where_a_person_agreed(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    site.delete(site.line_of(site.kit, 1))
    visit, found = await site.kit.apply()
    assert [each.code for each in visit.outcomes] == ["line-gone"]
    assert {finding.code for finding in found} == {"line-gone"}
    assert site.lines == ()
    async with site.kit.visit() as visit:
        visit.remakes_lost = True
        await apply(visit, agreed)
        await apply(visit, agreed)
    assert len(site.lines) == 1


async def test_a_lagging_listing_at_the_end_is_looked_at_once_more(new_site: NewSite) -> None:
    site = new_site(ONE)
    auditor = Auditor(site)
    site.fault(Kind.LIST_LAG, "POST", CREATE, seconds=20.0)
    _, found = await site.kit.apply()
    assert (found, auditor.finished(site.kit)) == ((), [])


async def test_an_audit_finds_what_a_colleague_changed(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.edit(line, name="Colleague's")
    site.route(NUMBERS[8], line.id)
    async with site.kit.visit() as visit:
        found = await audit(visit)
    assert {(each.code, each.severity) for each in found} == {
        ("line-differs", Severity.ERROR),
        ("number-not-planned", Severity.WARNING),
    }
    assert not site.kit.record.finished
    assert len(site.writes) == 2


async def test_a_journal_that_another_run_wrote_to_is_caught_up_with(site: Site) -> None:
    site.kit.journal.append(JOB, Entry(events.Acknowledged("shared-callback", "so it is")))
    site.kit.records.catch_up()
    assert ("shared-callback", "so it is") in site.kit.record.acknowledged
    assert [record.job.id for record in site.kit.records.all()] == [JOB]


async def test_a_password_that_is_not_the_sheet_s_is_found_where_it_is_looked_for(new_site: NewSite) -> None:
    site = new_site(ONE, Wanted(drafts=(draft(1),), mac=MACS[1], place="GW-2"))
    await site.kit.apply()
    site.edit(site.line_of(site.kit, 1), sip_password="a-colleague-s-password")
    async with site.kit.visit() as visit:
        (finding,) = await audit(visit)
        assert await audit(visit, GatewayPlace("GW-2")) == ()
    assert (finding.code, finding.fxs_port) == ("credential-differs", 1)
    assert not site.kit.record.finished


async def test_a_halted_run_is_not_audited(new_site: NewSite) -> None:
    site = new_site(ONE)
    site.fault(Kind.STATUS, "POST", CREATE, status=403)
    _, found = await site.kit.apply()
    assert (found, site.kit.record.audited_at) == ((), None)
