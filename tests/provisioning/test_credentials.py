"""Usernames that are taken, before the visit and at the write; whose the credentials are."""

from installer.domain.credential import CredentialSource, SipUsername
from installer.planning.outcome import OutcomeKind
from installer.provisioning.prepare import validate_usernames
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.door import Asked
from tests.provisioning.kit import ONE, Wanted, draft, port
from tests.provisioning.site import own, take_username, username


async def test_a_username_taken_before_anything_was_sent_is_replaced(new_site: NewSite) -> None:
    site = new_site(ONE)
    before = take_username(site)
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []
    assert site.line_of(site.kit, 1).sip_username != before


async def test_after_three_taken_usernames_the_port_is_given_up(new_site: NewSite) -> None:
    site = new_site(ONE)

    def taken(asked: Asked) -> None:
        if asked.path.endswith("/validate-sip-username"):
            take_username(site)

    site.kit.door.before = taken
    visit, _ = await site.kit.apply()
    assert [(each.kind, each.code) for each in visit.outcomes] == [
        (OutcomeKind.CONFLICT, "username-taken"),
        (OutcomeKind.SKIPPED, "no-line"),
    ]
    assert list(site.writes) == []


async def test_an_own_username_that_is_taken_is_a_conflict(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0),), source=CredentialSource.OWN))
    own(site)
    before = take_username(site)
    visit, _ = await site.kit.apply()
    assert [(each.kind, each.code) for each in visit.outcomes] == [
        (OutcomeKind.CONFLICT, "username-taken"),
        (OutcomeKind.SKIPPED, "no-line"),
    ]
    assert site.kit.record.credentials[port(1)].username == SipUsername(before)


async def test_a_port_without_a_credential_is_refused(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0),), source=CredentialSource.OWN))
    visit, _ = await site.kit.apply()
    assert [(each.kind, each.code) for each in visit.outcomes] == [
        (OutcomeKind.REFUSED, "credential-missing"),
        (OutcomeKind.SKIPPED, "no-line"),
    ]


async def test_a_platform_generated_credential_is_kept_sealed(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0), draft(1)), source=CredentialSource.PLATFORM))
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []
    await site.kit.apply()
    assert len(site.writes) == 4


async def test_usernames_are_asked_about_before_the_visit(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0), draft(1))))
    taken = take_username(site)
    async with site.kit.visit() as visit:
        assert await validate_usernames(visit) == ()
    assert username(site) != taken
    await site.kit.apply()
    async with site.kit.visit() as visit:
        asked = len(site.kit.door.asked)
        assert await validate_usernames(visit) == ()
    assert len(site.kit.door.asked) <= asked + 1


async def test_a_port_whose_fresh_usernames_are_all_taken_is_found_before_the_visit(
    new_site: NewSite,
) -> None:
    site = new_site(ONE)

    def taken(asked: Asked) -> None:
        if asked.path.endswith("/validate-sip-username"):
            take_username(site)

    site.kit.door.before = taken
    async with site.kit.visit() as visit:
        (finding,) = await validate_usernames(visit)
    assert finding.code == "username-taken"


async def test_an_own_username_that_is_taken_is_found_before_the_visit(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0),), source=CredentialSource.OWN))
    own(site)
    take_username(site)
    async with site.kit.visit() as visit:
        (finding,) = await validate_usernames(visit)
    assert (finding.code, finding.fxs_port) == ("username-taken", 1)
