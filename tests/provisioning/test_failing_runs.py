"""Runs that the platform, the disk or a person stops: what is said, skipped, and made whole by the next."""

import asyncio
from collections import Counter
from contextlib import suppress

import pytest

from installer.errors import DiskUnusable, SignInFailure
from installer.journal import events
from installer.planning.outcome import OutcomeKind, StepState
from installer.planning.steps import Action
from installer.provisioning.apply import apply
from installer.rehearsal.faults import Kind
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.kit import (
    CREATE,
    MACS,
    NUMBER,
    NUMBERS,
    ONE,
    Wanted,
    agreed,
    draft,
    kinds,
    of,
    port,
)
from tests.provisioning.site import Site


async def test_one_refused_line_of_twenty_leaves_nineteen(new_site: NewSite) -> None:
    site = new_site(Wanted("24", tuple(draft(index) for index in range(20))))
    site.fault(Kind.STATUS, "POST", CREATE, status=400, code="InvalidCallerId", first=7)
    visit, found = await site.kit.apply()
    assert len(site.lines) == 19
    (refused,) = [each for each in visit.outcomes if each.kind is OutcomeKind.REFUSED]
    assert refused.code == "InvalidCallerId"
    assert Counter(finding.code for finding in found) == {"line-missing": 1, "number-not-routed": 1}
    site.heal()
    sent = len(site.writes)
    auditor = Auditor(site)
    await site.kit.apply()
    assert (len(site.writes) - sent, auditor.finished(site.kit)) == (2, [])


async def test_a_403_stops_every_further_line(new_site: NewSite) -> None:
    site = new_site(Wanted("24", tuple(draft(index) for index in range(24))))
    site.fault(Kind.STATUS, "POST", CREATE, status=403, count=None)
    visit, _ = await site.kit.apply()
    assert len(site.writes) <= visit.at_once
    assert visit.halted
    assert kinds(visit)[OutcomeKind.SKIPPED] >= 2 * 24 - visit.at_once


async def test_after_a_halt_the_next_gateway_is_skipped(new_site: NewSite) -> None:
    site = new_site(ONE, Wanted(drafts=(draft(1),), mac=MACS[1], place="GW-2"))
    site.fault(Kind.STATUS, "POST", CREATE, status=403)
    visit, _ = await site.kit.apply()
    assert site.lines == ()
    assert [each.kind for each in visit.outcomes if each.subject == port(1, "GW-2")] == [
        OutcomeKind.SKIPPED
    ] * 2


async def test_a_403_while_routing_skips_the_other_numbers_of_the_port(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0, inbound_numbers=NUMBERS[:3]),)))
    site.fault(Kind.STATUS, "PATCH", NUMBER, status=403)
    visit, _ = await site.kit.apply()
    routes = of(visit, Action.ROUTE_NUMBER)
    assert [each.kind for each in routes] == [OutcomeKind.REFUSED, OutcomeKind.SKIPPED, OutcomeKind.SKIPPED]


async def test_a_token_that_lapses_mid_run_costs_one_sign_in(site: Site) -> None:
    auditor = Auditor(site)
    site.fault(Kind.EXPIRE_TOKEN, "POST", CREATE, first=2)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []
    assert sum(asked.path == "/v2/authorize" for asked in site.kit.door.asked) == 2
    assert len(site.commits()) == 8


async def test_a_second_401_stops_the_run(site: Site) -> None:
    site.fault(Kind.STATUS, "POST", CREATE, status=401, count=None)
    visit, _ = await site.kit.apply()
    assert visit.halted
    assert isinstance(visit.failures[0], SignInFailure)
    assert site.lines == ()


async def test_a_throttled_create_waits_as_told_and_is_sent_once_more(new_site: NewSite) -> None:
    site = new_site(ONE)
    site.fault(Kind.STATUS, "POST", CREATE, status=429, retry_after="60")
    await site.kit.apply()
    assert site.clock.monotonic() >= 60.0
    assert len(site.commits("create-line")) == 1
    assert Auditor(site).breaches() == []


async def test_a_full_disk_at_the_intent_sends_nothing(site: Site) -> None:
    pages = site.kit.journal._connection.execute("PRAGMA page_count").fetchone()[0]
    site.kit.journal._connection.execute(f"PRAGMA max_page_count = {pages}")
    with suppress(DiskUnusable):
        while True:
            site.kit.note(events.Noted("x"))
    with pytest.raises(DiskUnusable):
        await site.kit.apply()
    assert list(site.writes) == []
    site.kit.reopen()
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []


async def test_a_cancelled_run_marks_what_was_under_way_and_says_which(site: Site) -> None:
    site.fault(Kind.SLOW, "POST", CREATE, seconds=10.0, count=None)
    auditor = Auditor(site)
    async with site.kit.visit() as visit:
        running = asyncio.ensure_future(apply(visit, agreed))
        await asyncio.sleep(5.0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    states = Counter(step.state for step in site.kit.record.steps.values())
    assert states == {StepState.UNKNOWN: 4}
    assert {outcome.code for outcome in visit.outcomes} == {"cancelled"}
    site.heal()
    await site.kit.apply()
    assert auditor.finished(site.kit) == []
    assert len(site.commits("create-line")) == 4


async def test_of_acts_at_once_the_first_failure_ends_the_others(site: Site) -> None:
    ended: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            ended.append("waits")
            raise

    async def fails() -> None:
        raise KeyError

    async with site.kit.visit() as visit:
        with pytest.raises(KeyError):
            await visit.together([waits(), fails()])
    assert ended == ["waits"]


@pytest.mark.parametrize("status", [400, 422])
async def test_a_username_that_cannot_be_asked_about_costs_its_own_port_only(
    new_site: NewSite, status: int
) -> None:
    site = new_site(Wanted(drafts=tuple(draft(index) for index in range(3))))
    site.fault(Kind.STATUS, "POST", "*/validate-sip-username", status=status, first=2)
    visit, found = await site.kit.apply()
    assert len(site.lines) == 2
    assert visit.halted is None
    assert [each.kind for each in of(visit, Action.CREATE_LINE)].count(OutcomeKind.SKIPPED) == 1
    assert Counter(finding.code for finding in found) == {"line-missing": 1, "number-not-routed": 1}
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []


@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE_COMMIT, Kind.PORTAL])
async def test_usernames_that_no_network_carries_stop_the_run_before_any_write(
    new_site: NewSite, kind: Kind
) -> None:
    site = new_site(Wanted("24", tuple(draft(index) for index in range(24))))
    site.fault(kind, "POST", "*/validate-sip-username", count=None)
    visit, found = await site.kit.apply()
    assert (list(site.writes), found) == ([], ())
    assert visit.halted
    assert {each.kind for each in visit.outcomes} == {OutcomeKind.SKIPPED}
    asked = sum(each.path.endswith("/validate-sip-username") for each in site.kit.door.asked)
    assert asked <= 3 * visit.at_once
    site.heal()
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []


async def test_a_line_whose_username_was_being_asked_about_when_the_run_stopped_is_not_sent(
    new_site: NewSite,
) -> None:
    site = new_site(Wanted(drafts=(draft(0), draft(1))))
    site.fault(Kind.SLOW, "POST", "*/validate-sip-username", seconds=5.0, first=2)
    site.fault(Kind.STATUS, "POST", CREATE, status=403)
    visit, _ = await site.kit.apply()
    assert len(site.writes) == 1
    assert [each.code for each in of(visit, Action.CREATE_LINE)][1] == "halted"
