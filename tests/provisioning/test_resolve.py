"""A person decides on a create that nobody can settle by looking."""

from collections.abc import Awaitable, Callable

import pytest

from installer.domain.credential import CredentialSource
from installer.domain.gateway import FxsPort
from installer.errors import Conflict, UsageFault
from installer.planning.outcome import StepState
from installer.provisioning.resolve import abandon, adopt
from installer.provisioning.visit import Visit
from installer.rehearsal.faults import Kind
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.kit import CREATE, MACS, ONE, Wanted, draft, port
from tests.provisioning.site import LOOSE, Site, username


@pytest.mark.parametrize("source", [CredentialSource.GENERATED, CredentialSource.PLATFORM])
async def test_a_person_adopts_the_line_that_stands_there(
    new_site: NewSite, source: CredentialSource
) -> None:
    site = new_site(Wanted(drafts=(draft(0, inbound_numbers=()),), source=source))
    site.fault(Kind.DROP_BEFORE_COMMIT, "POST", CREATE, count=None)
    await site.kit.apply()
    site.heal()
    async with site.kit.visit() as visit:
        with pytest.raises(Conflict, match="no lines"):
            await adopt(visit, port(1))
        credential = visit.logbook.credential(port(1))
        name = credential.username.text if credential else "made-by-platform"
        line = site.foreign_line(MACS[0], 1, sip_username=name)
        await adopt(visit, port(1))
    assert site.kit.record.lines[port(1)].line_id == line.id


async def test_a_person_gives_a_create_up_and_the_next_plan_starts_anew(new_site: NewSite) -> None:
    site = new_site(ONE)
    site.fault(Kind.DROP_BEFORE_COMMIT, "POST", CREATE)
    site.fault(Kind.STATUS, "POST", "*/validate-sip-username", status=500, first=2, count=None)
    await site.kit.apply()
    site.heal()
    async with site.kit.visit() as visit:
        await abandon(visit, port(1))
        with pytest.raises(UsageFault):
            await abandon(visit, port(1))
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []


async def lost(new_site: NewSite) -> Site:
    """A create of unknown outcome that never took effect, on a platform that allows doubles."""
    site = new_site(Wanted(drafts=(draft(0, inbound_numbers=()),)), rules=LOOSE)
    site.fault(Kind.DROP_BEFORE_COMMIT, "POST", CREATE, count=None)
    await site.kit.apply()
    site.heal()
    return site


@pytest.mark.parametrize("count,code", [(0, "nothing-to-adopt"), (1, "port-taken"), (2, "port-doubled")])
async def test_only_one_line_of_ours_can_be_adopted(new_site: NewSite, count: int, code: str) -> None:
    site = await lost(new_site)
    for _ in range(count):
        site.foreign_line(MACS[0], 1)
    async with site.kit.visit() as visit:
        with pytest.raises(Conflict) as caught:
            await adopt(visit, port(1))
    assert caught.value.code == code
    assert [step.state for step in site.kit.record.steps.values()] == [StepState.UNKNOWN]
    assert len(site.lines) == count


async def test_a_create_is_not_given_up_while_a_line_stands_there(new_site: NewSite) -> None:
    site = await lost(new_site)
    site.foreign_line(MACS[0], 1, sip_username=username(site))
    async with site.kit.visit() as visit:
        with pytest.raises(Conflict) as caught:
            await abandon(visit, port(1))
        assert caught.value.code == "line-stands"
        await adopt(visit, port(1))
    assert port(1) in site.kit.record.lines


@pytest.mark.parametrize("decide", [adopt, abandon])
async def test_what_is_not_unknown_is_not_for_people_to_decide(
    new_site: NewSite, decide: Callable[[Visit, FxsPort], Awaitable[None]]
) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    async with site.kit.visit() as visit:
        for number in (1, 2):
            with pytest.raises(UsageFault) as caught:
                await decide(visit, port(number))
            assert caught.value.code == "not-unknown"
    assert port(1) in site.kit.record.lines
