"""Creates of unknown outcome: adopted, sent again with the same bytes, in conflict, or left unknown."""

import pytest

from installer.domain.credential import CredentialSource
from installer.domain.mac import MacAddress
from installer.planning.outcome import OutcomeKind, StepState
from installer.planning.steps import Action, Plan
from installer.provisioning.apply import apply
from installer.provisioning.visit import Happening, Moment
from installer.rehearsal.faults import Kind
from installer.rehearsal.world import Rules
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.kit import CREATE, MACS, NUMBER, NUMBERS, ONE, Wanted, at, draft, of, port
from tests.provisioning.site import LOOSE, SOMEBODY, take_username, username


@pytest.mark.parametrize("rules", [None, LOOSE], ids=["unique", "loose"])
async def test_a_late_commit_within_the_window_is_adopted(new_site: NewSite, rules: Rules | None) -> None:
    site = new_site(ONE, rules=rules)
    auditor = Auditor(site)
    site.fault(Kind.LATE_COMMIT, "POST", CREATE, seconds=20.0)
    visit, _ = await site.kit.apply()
    assert auditor.finished(site.kit) == []
    assert len(site.commits("create-line")) == 1
    assert of(visit, Action.CREATE_LINE)[-1].kind is OutcomeKind.ALREADY_DONE


async def test_a_commit_later_than_the_window_meets_our_own_username(new_site: NewSite) -> None:
    site = new_site(ONE)
    auditor = Auditor(site)
    site.fault(Kind.LATE_COMMIT, "POST", CREATE, seconds=40.0, count=2)
    await site.kit.apply()
    site.platform.advance(600)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []
    assert len(site.commits("create-line")) == 1


async def test_a_create_that_was_lost_goes_out_again_with_the_same_bytes(new_site: NewSite) -> None:
    site = new_site(ONE)
    site.fault(Kind.DROP_BEFORE_COMMIT, "POST", CREATE)
    await site.kit.apply()
    bodies = [asked.body for asked in site.kit.door.asked if asked.method == "POST" and asked.writes]
    assert len(bodies) == 2
    assert len(set(bodies)) == 1
    assert site.clock.monotonic() >= 30.0
    (create,) = site.kit.record.generations(port(1), Action.CREATE_LINE)
    assert (create.attempts, create.state) == (2, StepState.DONE)


async def test_nothing_goes_out_again_before_the_window_is_over(new_site: NewSite) -> None:
    site = new_site(ONE)
    site.kit.quiet_window = 500.0
    site.fault(Kind.DROP_BEFORE_COMMIT, "POST", CREATE)
    waits: list[float] = []
    site.kit.watcher = lambda each: waits.append(each.seconds) if each.moment is Moment.WAITING else None
    await site.kit.apply()
    first, second = [entry.at for entry in site.writes if entry.operation == "create-line"]
    assert second - first >= 500.0
    assert waits
    assert max(waits) <= 500.0


async def test_a_listing_without_a_line_that_is_done_proves_nothing(new_site: NewSite) -> None:
    site = new_site(ONE, Wanted(drafts=(draft(1),), mac=MACS[1], place="GW-2"))
    await site.kit.apply("GW-1")
    site.delete(site.line_of(site.kit, 1))
    site.fault(Kind.DROP_BEFORE_COMMIT, "POST", CREATE)
    await site.kit.apply("GW-2")
    assert site.kit.record.latest(port(1, "GW-2"), Action.CREATE_LINE).state is StepState.UNKNOWN  # type: ignore[union-attr]
    assert site.lines == ()


@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE_COMMIT, Kind.DROP_AFTER_COMMIT])
async def test_an_unknown_platform_generated_line_is_matched_by_port(new_site: NewSite, kind: Kind) -> None:
    site = new_site(Wanted(drafts=(draft(0),), source=CredentialSource.PLATFORM))
    site.fault(kind, "POST", CREATE)
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []
    assert len(site.commits("create-line")) == 1


async def test_a_409_is_settled_by_looking(new_site: NewSite) -> None:
    site = new_site(ONE)
    site.fault(Kind.STATUS, "POST", CREATE, status=409)
    visit, _ = await site.kit.apply()
    assert [each.code for each in visit.outcomes] == ["Injected409", "no-line", "taken-elsewhere"]
    assert len(site.writes) == 1


@pytest.mark.parametrize("mac", [MACS[0], None], ids=["port-taken", "username-elsewhere"])
async def test_an_unknown_create_in_whose_place_something_else_stands_is_a_conflict(
    new_site: NewSite, mac: MacAddress | None
) -> None:
    site = new_site(ONE)
    name = username(site)
    site.fault(Kind.DROP_BEFORE_COMMIT, "POST", CREATE)

    def meanwhile(happening: Happening) -> None:
        if happening.moment is Moment.ANSWERED and not site.lines:
            site.foreign_line(mac, 1, sip_username=SOMEBODY if mac else name)

    site.kit.watcher = meanwhile
    visit, _ = await site.kit.apply()
    assert visit.outcomes[-1].kind is OutcomeKind.CONFLICT
    assert len(site.commits("create-line")) == 0
    assert len(site.writes) == 1


async def test_a_username_that_is_not_free_keeps_an_unseen_create_unknown(new_site: NewSite) -> None:
    site = new_site(ONE)
    site.fault(Kind.DROP_BEFORE_COMMIT, "POST", CREATE)

    def meanwhile(happening: Happening) -> None:
        if happening.moment is Moment.ANSWERED:
            take_username(site)

    site.kit.watcher = meanwhile
    await site.kit.apply()
    assert [step.state for step in site.kit.record.steps.values()] == [StepState.UNKNOWN]
    assert len(site.writes) == 1


async def test_a_username_that_nobody_can_ask_about_keeps_the_create_unknown(new_site: NewSite) -> None:
    site = new_site(ONE)
    site.fault(Kind.DROP_BEFORE_COMMIT, "POST", CREATE)
    site.fault(Kind.STATUS, "POST", "*/validate-sip-username", status=500, first=2, count=None)
    await site.kit.apply()
    assert len(site.writes) == 1
    site.heal()
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []


async def test_what_comes_back_otherwise_than_sent_is_said(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0, inbound_numbers=()),)))
    site.fault(Kind.DROP_AFTER_COMMIT, "POST", CREATE)

    def meanwhile(happening: Happening) -> None:
        if happening.moment is Moment.ANSWERED:
            site.edit(site.line_of(site.kit, 1), name="Colleague's")

    site.kit.watcher = meanwhile
    visit, _ = await site.kit.apply()
    assert "name" in of(visit, Action.CREATE_LINE)[1].message


async def test_a_run_that_lasted_longer_than_the_window_waits_no_further(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0), draft(1))))
    site.fault(Kind.DROP_BEFORE_COMMIT, "POST", CREATE, count=None)
    await site.kit.killed(site.kit.apply, at(Moment.ANSWERED))
    site.heal()
    waits: list[float] = []
    site.kit.watcher = lambda each: waits.append(each.seconds) if each.moment is Moment.WAITING else None
    async with site.kit.visit() as visit:

        async def late(_plan: Plan) -> None:
            await site.clock.sleep(visit.quiet_window + 1)

        auditor = Auditor(site)
        await apply(visit, late)
    assert waits == []
    assert [step.state for step in site.kit.record.unknown_steps()] == []
    assert len(auditor.ours()) == 2


async def test_a_run_waits_for_one_window_at_most(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0), draft(1))))
    site.fault(Kind.DROP_BEFORE_COMMIT, "POST", CREATE, first=2, count=None)
    site.fault(Kind.DROP_BEFORE_COMMIT, "PATCH", NUMBER, count=3)
    waits: list[float] = []
    site.kit.watcher = lambda each: waits.append(each.seconds) if each.moment is Moment.WAITING else None
    visit, _ = await site.kit.apply()
    assert len(waits) == 1
    assert waits[0] <= visit.quiet_window
    (unknown,) = site.kit.record.unknown_steps()
    assert (unknown.key.action, unknown.attempts) == (Action.CREATE_LINE, 2)
    assert site.rings(NUMBERS[0]) or site.rings(NUMBERS[1])
    site.heal()
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []
