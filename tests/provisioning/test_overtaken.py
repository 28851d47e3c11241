"""Somebody else changes what our unanswered call was about: it is left as it is, and said."""

from installer.domain.line import LineChanges
from installer.planning.outcome import OutcomeKind, StepState
from installer.planning.steps import Action
from installer.provisioning.changing import update
from installer.provisioning.visit import Happening, Moment
from installer.rehearsal.faults import Kind
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.kit import LINE, MACS, NUMBER, NUMBERS, ONE, of, port


async def test_a_number_that_somebody_took_while_our_call_was_lost_is_theirs(new_site: NewSite) -> None:
    site = new_site(ONE)
    other = site.foreign_line(MACS[5], 1)
    auditor = Auditor(site)
    site.fault(Kind.DROP_BEFORE_COMMIT, "PATCH", NUMBER)

    def meanwhile(happening: Happening) -> None:
        asked = happening.key is not None and happening.key.action is Action.ROUTE_NUMBER
        if asked and happening.moment is Moment.ANSWERED:
            auditor.disturbed.add(NUMBERS[0].digits)
            site.route(NUMBERS[0], other.id)

    site.kit.watcher = meanwhile
    visit, found = await site.kit.apply()
    first = of(visit, Action.ROUTE_NUMBER)[0]
    assert (first.kind, first.code) == (OutcomeKind.CONFLICT, "changed-since")
    assert "number-routed-elsewhere" in {finding.code for finding in found}
    assert site.rings(NUMBERS[0]) == other.id
    assert sum(entry.operation == "patch-number" for entry in site.writes) == 1
    assert auditor.breaches() == []


async def test_a_field_that_somebody_set_while_our_update_was_lost_stays_as_they_set_it(
    new_site: NewSite,
) -> None:
    site = new_site(ONE)
    await site.kit.apply()
    line = site.line_of(site.kit, 1)
    site.fault(Kind.DROP_BEFORE_COMMIT, "PUT", LINE)

    def meanwhile(happening: Happening) -> None:
        if happening.moment is Moment.ANSWERED:
            site.edit(line, name="Colleague's")

    site.kit.watcher = meanwhile
    async with site.kit.visit() as visit:
        outcome = await update(visit, port(1), line.id, LineChanges(name="Renamed"), None)
    assert (outcome.kind, outcome.code) == (OutcomeKind.CONFLICT, "changed-since")
    assert site.line_of(site.kit, 1).name == "Colleague's"
    assert site.commits("update-line") == []
    (step,) = site.kit.record.generations(port(1), Action.UPDATE_LINE)
    assert step.state is StepState.CONFLICT
