"""Runs of apply, by what the platform's ledger shows afterwards."""

import asyncio
import random
from collections import Counter
from contextlib import suppress

import pytest

from installer.domain.credential import CredentialSource, Secret, SipUsername
from installer.domain.finding import Severity
from installer.domain.gateway import GatewayPlace
from installer.domain.mac import MacAddress
from installer.errors import AnswerNeeded, DiskUnusable, PlatformFailure, SignInFailure
from installer.journal import events
from installer.journal.store import Entry
from installer.planning.outcome import Outcome, OutcomeKind, StepState
from installer.planning.steps import Action, Plan
from installer.provisioning.apply import apply, preview
from installer.provisioning.audit import audit
from installer.provisioning.prepare import validate_usernames
from installer.provisioning.visit import Happening, Moment, Visit
from installer.rehearsal.faults import Kind
from installer.rehearsal.world import Rules
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.door import Asked
from tests.provisioning.kit import JOB, MACS, NUMBERS, Killed, Kit, Wanted, agreed, draft, port
from tests.provisioning.site import LOOSE, SOMEBODY, Site

ONE = Wanted(drafts=(draft(0),))
CREATE, ROUTE = "*/specialty-line", "*/telephonenumber/*"


def of(visit: Visit, action: Action) -> list[Outcome]:
    return [outcome for outcome in visit.outcomes if outcome.action is action]


def kinds(visit: Visit) -> Counter[OutcomeKind]:
    return Counter(outcome.kind for outcome in visit.outcomes)


@pytest.mark.parametrize("ports", [1, 4, 8, 24])
async def test_a_clean_job_makes_one_create_a_line_and_one_patch_a_number(
    new_site: NewSite, ports: int
) -> None:
    model = {1: "4"}.get(ports, str(ports))
    site = new_site(Wanted(model, tuple(draft(index) for index in range(ports))))
    auditor = Auditor(site)
    visit, found = await site.kit.apply()
    assert (len(site.commits("create-line")), len(site.commits("patch-number"))) == (ports, ports)
    assert len(site.writes) == 2 * ports
    assert (auditor.finished(site.kit), found) == ([], ())
    assert kinds(visit) == {OutcomeKind.DONE: 2 * ports}


async def test_a_finished_job_is_not_written_again(site: Site) -> None:
    await site.kit.apply()
    sent, rows = len(site.writes), site.kit.journal.verify()
    visit, found = await site.kit.apply()
    assert (len(site.writes), site.kit.journal.verify(), found) == (sent, rows, ())
    assert kinds(visit) == {OutcomeKind.ALREADY_DONE: 4}


async def test_two_gateways_are_written_one_after_the_other(new_site: NewSite) -> None:
    second = Wanted(drafts=(draft(1), draft(2)), mac=MACS[1], place="GW-2")
    site = new_site(ONE, second)
    await site.kit.apply()
    ports = [str(step.key.subject) for step in site.kit.record.steps.values()]
    assert ports[:2] == ["GW-1:1", "GW-1:1"]
    assert set(ports[2:]) == {"GW-2:1", "GW-2:2"}


async def test_only_one_gateway_can_be_applied_and_the_job_stays_open(new_site: NewSite) -> None:
    site = new_site(ONE, Wanted(drafts=(draft(1),), mac=MACS[1], place="GW-2"))
    await site.kit.apply("GW-2")
    assert [line.mac_address for line in site.lines] == [MACS[1].bare]
    assert not site.kit.record.finished


async def test_a_preview_writes_nothing_and_counts_what_apply_does(site: Site) -> None:
    rows = site.kit.journal.verify()
    async with site.kit.visit() as visit:
        plan = await preview(visit)
    assert (plan.writes, site.kit.journal.verify(), list(site.writes)) == (8, rows, [])


async def test_a_plan_that_nobody_agrees_to_writes_nothing(site: Site) -> None:
    async def refuse(_plan: Plan) -> None:
        raise AnswerNeeded("no terminal", code="plan", option="--yes")

    async with site.kit.visit() as visit:
        with pytest.raises(AnswerNeeded):
            await apply(visit, refuse)
    assert list(site.writes) == []


async def test_a_left_out_gateway_is_not_written(new_site: NewSite) -> None:
    site = new_site(ONE, Wanted(drafts=(draft(1),), mac=MACS[1], place="GW-2"))
    async with site.kit.visit() as visit:
        visit.left_out.add(GatewayPlace("GW-2"))
        await apply(visit, agreed)
    assert [line.mac_address for line in site.lines] == [MACS[0].bare]


async def test_an_unbound_gateway_and_a_missing_number_are_deferred_while_the_rest_goes_on(
    new_site: NewSite,
) -> None:
    missing = draft(1, caller_id=NUMBERS[50])
    site = new_site(Wanted(drafts=(draft(0), missing)), Wanted(drafts=(draft(2),), mac=None, place="GW-2"))
    visit, found = await site.kit.apply()
    assert {(each.code, str(each.subject)) for each in visit.outcomes if each.code} == {
        ("number-not-on-account", "GW-1:2"),
        ("gateway-unbound", "GW-2:1"),
    }
    assert len(site.lines) == 1
    assert not site.kit.record.finished
    assert len(found) == 2


async def test_a_line_that_stands_with_our_username_is_adopted_without_a_write(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0, inbound_numbers=()),)))
    credential = site.kit.logbook.credential(port(1))
    assert credential is not None
    line = site.foreign_line(
        MACS[0],
        1,
        name="Elevator 1",
        caller_id=NUMBERS[0].digits,
        e911_callback_number=NUMBERS[0].digits,
        sip_username=credential.username.text,
        sip_password=credential.password.reveal(),
    )
    await site.kit.apply()
    assert list(site.writes) == []
    assert site.kit.record.lines[port(1)].line_id == line.id
    assert not site.kit.record.lines[port(1)].made_here
    await site.kit.undo()
    assert site.lines == (line,)


async def test_a_port_taken_by_somebody_is_a_conflict_and_left_alone(site: Site) -> None:
    taken = site.foreign_line(MACS[0], 2)
    visit, found = await site.kit.apply()
    (conflict,) = [each for each in visit.outcomes if each.kind is OutcomeKind.CONFLICT]
    assert (conflict.code, conflict.line_id) == ("port-taken", taken.id)
    assert len(site.lines) == 4
    assert "port-taken" in {finding.code for finding in found}
    assert Auditor(site).breaches() == []


async def test_a_number_that_rings_somebody_is_not_taken(new_site: NewSite) -> None:
    site = new_site(ONE)
    other = site.foreign_line(MACS[5], 1)
    site.route(NUMBERS[0], other.id)
    visit, _ = await site.kit.apply()
    assert site.rings(NUMBERS[0]) == other.id
    assert of(visit, Action.ROUTE_NUMBER)[0].code == "number-routed-elsewhere"


async def test_a_number_that_a_colleague_routed_meanwhile_is_not_taken(new_site: NewSite) -> None:
    site = new_site(ONE)
    other = site.foreign_line(MACS[5], 1)

    def meanwhile(asked: Asked) -> None:
        if asked.method == "POST" and asked.path.endswith("/specialty-line"):
            site.route(NUMBERS[0], other.id)

    site.kit.door.before = meanwhile
    visit, _ = await site.kit.apply()
    assert site.rings(NUMBERS[0]) == other.id
    assert of(visit, Action.ROUTE_NUMBER)[0].kind is OutcomeKind.CONFLICT
    assert site.commits("patch-number") == []


async def test_a_number_that_came_to_ring_our_line_meanwhile_is_already_done(new_site: NewSite) -> None:
    site = new_site(ONE)
    listings = 0

    def meanwhile(asked: Asked) -> None:
        nonlocal listings
        listings += asked.path.endswith("/specialty-line") and asked.method == "GET"
        if listings == 3 and site.lines:
            site.route(NUMBERS[0], site.lines[0].id)

    site.kit.door.before = meanwhile
    visit, _ = await site.kit.apply()
    assert of(visit, Action.ROUTE_NUMBER)[0].kind is OutcomeKind.ALREADY_DONE


async def test_what_moved_between_plan_and_write_is_planned_and_agreed_to_again(site: Site) -> None:
    plans: list[Plan] = []

    async def agree(plan: Plan) -> None:
        plans.append(plan)
        if len(plans) == 1:
            site.foreign_line(MACS[0], 3)

    async with site.kit.visit() as visit:
        await apply(visit, agree)
    assert [plan.writes for plan in plans] == [8, 6]
    assert "port-taken" in {outcome.code for outcome in visit.outcomes}
    assert len(site.lines) == 4


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
    site.fault(Kind.STATUS, "PATCH", ROUTE, status=403)
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
    assert [(each.kind, each.code) for each in visit.outcomes] == [(OutcomeKind.CONFLICT, "username-taken")]
    assert list(site.writes) == []


async def test_an_own_username_that_is_taken_is_a_conflict(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0),), source=CredentialSource.OWN))
    own(site)
    before = take_username(site)
    visit, _ = await site.kit.apply()
    assert [(each.kind, each.code) for each in visit.outcomes] == [(OutcomeKind.CONFLICT, "username-taken")]
    assert site.kit.record.credentials[port(1)].username == SipUsername(before)


async def test_a_port_without_a_credential_is_refused(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0),), source=CredentialSource.OWN))
    visit, _ = await site.kit.apply()
    assert [(each.kind, each.code) for each in visit.outcomes] == [
        (OutcomeKind.REFUSED, "credential-missing")
    ]


async def test_a_platform_generated_credential_is_kept_sealed(new_site: NewSite) -> None:
    site = new_site(Wanted(drafts=(draft(0), draft(1)), source=CredentialSource.PLATFORM))
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []
    await site.kit.apply()
    assert len(site.writes) == 4


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
    assert visit.outcomes[-1].code == "taken-elsewhere"
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


async def test_a_journal_that_another_run_wrote_to_is_caught_up_with(site: Site) -> None:
    site.kit.journal.append(JOB, Entry(events.Acknowledged("shared-callback", "so it is")))
    site.kit.records.catch_up()
    assert ("shared-callback", "so it is") in site.kit.record.acknowledged
    assert [record.job.id for record in site.kit.records.all()] == [JOB]


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


def username(site: Site) -> str:
    made = site.kit.record.credentials[port(1)].username
    assert made is not None
    return made.text


def take_username(site: Site) -> str:
    """Somebody on another account has the port's username; which it was."""
    taken = username(site)
    site.foreign_line(None, 0, sip_username=taken, account_id="CedarRidgeMedical00001")
    return taken


def own(site: Site) -> None:
    """A credential that the sheet gave."""
    made = events.CredentialMade(port(1), SipUsername("ownname0001"), CredentialSource.OWN)
    site.kit.records.append(JOB, Entry(made, Secret("own-password-0001")))
