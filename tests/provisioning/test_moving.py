"""A line that moves to another port of its job, or gets a new password: made once, whatever comes between."""

import pytest

from installer.domain.credential import Secret, SipCredential, generate_credential
from installer.domain.gateway import FxsPort
from installer.domain.job import PortState
from installer.domain.line import LineChanges
from installer.journal import events
from installer.journal.store import Entry
from installer.planning.outcome import Outcome, OutcomeKind, StepState
from installer.planning.steps import Action
from installer.provisioning.changing import update
from installer.provisioning.visit import Moment
from installer.rehearsal.faults import Kind
from installer.rehearsal.world import Rules
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.kit import LINE, MACS, ONE, Kit, at, port
from tests.provisioning.site import Site


def move(kit: Kit, here: FxsPort, there: FxsPort) -> None:
    """What `lines move` writes to the journal before its call."""
    job, held = kit.record.job, kit.record.lines[here]
    old, new = job.port(here), job.port(there)
    fresh = generate_credential(kit.chance.randrange)
    kit.logbook.note(
        Entry(events.PortPlanned(there, PortState.USE, new.label_id, old.draft, old.source)),
        Entry(events.PortPlanned(here, PortState.SPARE, old.label_id, None, old.source)),
        Entry(events.LineLost(here, held.line_id)),
        Entry(events.LineAdopted(there, held.line_id, held.device_id)),
        Entry(events.CredentialMade(there, fresh.username, old.source), fresh.password),
    )


async def reissue(site: Site) -> Outcome:
    """A new password for the line on the first port, under its username."""
    line = site.line_of(site.kit, 1)
    async with site.kit.visit() as visit:
        credential = visit.logbook.credential(port(1))
        assert credential is not None
        fresh = SipCredential(credential.username, Secret("a-fresh-password-0001"))
        return await update(visit, port(1), line.id, LineChanges(credential=fresh), None)


@pytest.mark.parametrize("rules", [Rules(), Rules(mask_passwords=True)], ids=["shown", "masked"])
async def test_a_moved_line_is_updated_once_and_takes_the_port_s_credential(
    new_site: NewSite, rules: Rules
) -> None:
    site = new_site(ONE, rules=rules)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    move(site.kit, port(1), port(2))
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []
    assert site.line_at(MACS[0], 2).id == line.id
    assert len(site.commits("update-line")) == 1
    assert len(site.commits("create-line")) == 1


@pytest.mark.parametrize("kind", [None, Kind.DROP_BEFORE_COMMIT, Kind.DROP_AFTER_COMMIT])
@pytest.mark.parametrize("moment", [Moment.BEGUN, Moment.INTENDED, Moment.ANSWERED, Moment.SETTLED])
async def test_a_move_that_was_killed_is_finished_by_the_next_run(
    new_site: NewSite, moment: Moment, kind: Kind | None
) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    move(site.kit, port(1), port(2))
    if kind is not None:
        site.fault(kind, "PUT", LINE)
    await site.kit.killed(site.kit.apply, at(moment))
    auditor = Auditor(site)
    await site.kit.apply()
    assert auditor.finished(site.kit) == []
    assert site.line_at(MACS[0], 2).id == line.id


async def test_a_replaced_credential_cannot_be_restored_and_undo_says_so(new_site: NewSite) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    assert (await reissue(site)).kind is OutcomeKind.DONE
    line = site.line_of(site.kit, 1)
    site.register(line)
    visit = await site.kit.undo()
    assert [(each.action, each.kind, each.code) for each in visit.outcomes if each.code] == [
        (Action.UPDATE_LINE, OutcomeKind.SKIPPED, "cannot-restore"),
        (Action.ROUTE_NUMBER, OutcomeKind.SKIPPED, "line-in-service"),
        (Action.CREATE_LINE, OutcomeKind.SKIPPED, "line-in-service"),
    ]
    assert site.line_of(site.kit, 1) == line
    assert Auditor(site).breaches() == []


async def test_a_new_password_that_only_a_hidden_one_could_prove_stays_unknown_until_set_again(
    new_site: NewSite,
) -> None:
    site = new_site(ONE, rules=Rules(mask_passwords=True))
    await site.kit.apply()
    site.fault(Kind.DROP_AFTER_COMMIT, "PUT", LINE, count=None)
    assert (await reissue(site)).kind is OutcomeKind.UNKNOWN
    site.heal()
    visit, _ = await site.kit.apply()
    assert [each.kind for each in visit.outcomes if each.action is Action.UPDATE_LINE] == [
        OutcomeKind.UNKNOWN
    ]
    assert (await reissue(site)).kind is OutcomeKind.DONE
    states = [step.state for step in site.kit.record.generations(port(1), Action.UPDATE_LINE)]
    assert states == [StepState.REFUSED] * 3 + [StepState.DONE]
    assert Auditor(site).breaches() == []
