"""Two kits on one gateway, uniqueness off: one line a port, and none in service is taken off."""

import asyncio
import random

import pytest

from installer.errors import PlatformFailure
from installer.planning.outcome import OutcomeKind
from installer.planning.steps import Action
from installer.provisioning.visit import Happening, Moment
from installer.rehearsal.things import Line
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.kit import (
    MACS,
    NUMBERS,
    ONE,
    Killed,
    Kit,
    Wanted,
    draft,
    of,
)
from tests.provisioning.site import LOOSE


@pytest.mark.parametrize("seed", range(40))
async def test_of_two_technicians_at_once_one_at_most_keeps_the_port(new_site: NewSite, seed: int) -> None:
    """Uniqueness off, both sent out for the same hardware; one of them may be killed on the way."""
    chance = random.Random(seed)
    wanted = Wanted(drafts=(draft(0, inbound_numbers=()), draft(1, inbound_numbers=())))
    site = new_site(wanted, rules=LOOSE, latency=0.05 + chance.random() / 10, chance=seed)
    other = site.another("Bob", wanted)
    auditor = Auditor(site)
    end = chance.randrange(1, 25)
    passed = 0

    def watcher(_: Happening) -> None:
        nonlocal passed
        passed += 1
        if passed == end and seed % 2:
            other.kill()

    other.watcher = watcher
    second = asyncio.ensure_future(late(other, chance.random()))
    await site.kit.apply()
    await asyncio.wait([second])
    if isinstance(second.exception(), Killed):
        other.revive()
    other.watcher = lambda _: None
    for kit in (other, site.kit):
        try:
            await kit.apply()
        except PlatformFailure:
            pytest.fail("the platform is well")
    assert auditor.breaches() == []
    assert len(site.lines) <= 2


async def late(kit: Kit, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await kit.apply()


async def test_a_double_that_is_registered_stays_and_is_shown(new_site: NewSite) -> None:
    site = new_site(ONE, rules=LOOSE)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.register(line)
    site.foreign_line(MACS[0], 1)
    _, found = await site.kit.apply()
    assert "port-doubled" in {finding.code for finding in found}
    assert line in site.lines
    assert len(site.lines) == 2


async def test_a_double_that_comes_up_during_the_run_stays_where_ours_is_in_service(
    new_site: NewSite,
) -> None:
    site = new_site(ONE, rules=LOOSE)

    def meanwhile(happening: Happening) -> None:
        if happening.moment is Moment.SETTLED and len(site.lines) == 1:
            site.register(site.lines[0])
            site.foreign_line(MACS[0], 1)

    site.kit.watcher = meanwhile
    _, found = await site.kit.apply()
    assert len(site.lines) == 2
    assert "port-doubled" in {finding.code for finding in found}
    assert Auditor(site).breaches() == []


async def test_a_double_at_a_gateway_that_is_not_applied_is_left_to_its_own_run(new_site: NewSite) -> None:
    site = new_site(ONE, Wanted(drafts=(draft(1),), mac=MACS[1], place="GW-2"), rules=LOOSE)
    await site.kit.apply("GW-1")
    site.route(NUMBERS[0], None)
    site.foreign_line(MACS[0], 1)
    await site.kit.apply("GW-2")
    assert len(site.lines) == 3


async def test_a_port_that_is_taken_again_and_again_is_left_after_three_rounds(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0, inbound_numbers=()),)), rules=LOOSE)
    theirs: list[Line] = []

    def meanwhile(happening: Happening) -> None:
        if happening.outcome is None or happening.outcome.action is not Action.CREATE_LINE:
            return
        if happening.outcome.kind is OutcomeKind.DONE:
            theirs.append(site.foreign_line(MACS[0], 1))
        elif happening.outcome.kind is OutcomeKind.UNDONE:
            site.delete(theirs[-1])

    site.kit.watcher = meanwhile
    visit, _ = await site.kit.apply()
    kinds = [each.kind for each in of(visit, Action.CREATE_LINE)]
    assert kinds == [OutcomeKind.DONE, OutcomeKind.UNDONE] * 3
    assert site.lines == ()
    assert not site.kit.record.finished
