"""Acts on jobs: which job is meant, what is left for later, and taking it all back."""

import pytest

from installer.domain.gateway import GatewayPlace
from installer.errors import AnswerNeeded, UsageFault
from installer.planning.outcome import OutcomeKind
from installer.session import Answers
from tests.session.office import MACS, YES, Technician, Town, number, read_back, row, rows


async def test_a_plan_is_what_an_apply_does_and_keeps_nothing(ada: Technician, town: Town) -> None:
    async with ada.session() as session:
        await session.visits.plan(ada.sheet(rows(2)), Answers(), None)
        (run,) = session.visits.runs
        assert run.plan is not None
        assert [(str(step.action), step.port.number) for step in run.plan.steps] == [
            ("create-line", 1),
            ("route-number", 1),
            ("create-line", 2),
            ("route-number", 2),
        ]
        assert not session.rooms.records.all()
    assert not town.requests


async def test_a_number_not_on_the_account_defers_its_line_alone(ada: Technician, town: Town) -> None:
    away = "12125550100"
    (run,) = await ada.apply([row(1), row(2, inbound_number=away)])
    assert [(each.kind, each.code) for each in run.outcomes if each.kind is OutcomeKind.DEFERRED] == [
        (OutcomeKind.DEFERRED, "number-not-on-account")
    ]
    assert [line.name for line in town.lines] == ["Elevator 1"]
    assert not run.record.finished
    states = {port.number: said.written["row_state"] for port, said in read_back(ada.exported(run)).items()}
    assert (states[1], states[2]) == ("final", "prepared")


async def test_an_unbound_gateway_is_left_out_and_named(ada: Technician, town: Town) -> None:
    (run,) = await ada.apply([row(1), row(2, gateway="GW-2", mac="")])
    assert [each.code for each in run.outcomes if each.kind is OutcomeKind.DEFERRED] == ["gateway-unbound"]
    assert len(town.lines) == 1
    async with ada.session() as session:
        assert await session.visits.resume(None, YES)
    assert len(town.writes()) == 2


async def test_only_one_gateway_is_written_where_it_is_named(ada: Technician, town: Town) -> None:
    cells = [row(1), row(2, gateway="GW-2", mac=MACS[1])]
    (run,) = await ada.apply(cells, only="GW-2")
    assert [line.name for line in town.lines] == ["Elevator 2"]
    assert not run.record.finished
    (run,) = await ada.apply(None)
    assert run.record.finished


async def test_a_line_deleted_behind_our_back_is_made_anew_only_by_consent(
    ada: Technician, town: Town
) -> None:
    await ada.apply(rows(2))
    credential = town.at(2).sip_username
    town.delete(town.at(2))
    (run,) = await ada.apply("Tower")
    assert "line-gone" in [each.code for each in run.outcomes]
    assert len(town.lines) == 1
    (run,) = await ada.apply(None, Answers(yes=True, accept=frozenset({"line-gone"})))
    assert run.record.finished
    assert town.at(2).sip_username == credential
    assert town.rings(number(1)) == town.at(2).id


async def test_a_run_names_what_a_person_has_to_give(ada: Technician) -> None:
    async with ada.session(base_url=None) as session:
        with pytest.raises(UsageFault) as nowhere:
            await session.visits.plan(ada.sheet(rows(1)), YES, None)
    async with ada.session(username=None) as session:
        with pytest.raises(AnswerNeeded) as nobody:
            await session.visits.plan(ada.sheet(rows(1)), YES, None)
    async with ada.session(platform="nowhere", base_url=None) as session:
        with pytest.raises(UsageFault, match="nowhere"):
            await session.visits.plan(ada.sheet(rows(1)), YES, None)
    assert (nowhere.value.code, nobody.value.code) == ("no-platform", "no-login")


async def test_a_job_is_found_by_id_prefix_or_site_and_several_are_listed(ada: Technician) -> None:
    async with ada.session() as session:
        with pytest.raises(UsageFault) as none:
            await session.visits.apply(None, YES)
        assert not await session.visits.resume(None, YES)
    tower, garage = await ada.prepare([row(1), row(2, site="Garage", mac=MACS[1])])
    job = tower.record.job.id
    for text in (job, job.lower(), job[:5], "tower", " Tower "):
        assert (await ada.record(text)).job.id == job
    for none_or_several in (None, "J", "nothing", ""):
        with pytest.raises(UsageFault) as several:
            await ada.record(none_or_several)
        assert several.value.code == "which-job"
        assert garage.record.job.id in several.value.message
    assert none.value.code == "no-job"
    await ada.apply("Tower")
    assert (await ada.record()).job.site == "Garage"
    await ada.apply("Garage")
    async with ada.session() as session:
        assert not await session.visits.resume(None, YES)


async def test_a_gateway_that_no_job_has_is_named_before_anything_is_done(
    ada: Technician, town: Town
) -> None:
    await ada.apply(rows(1))
    before, nowhere = town.requests, GatewayPlace("GW-7")
    async with ada.session() as session:
        visits, sheet = session.visits, ada.sheet(rows(2))
        acts = (
            visits.plan(sheet, YES, nowhere),
            visits.apply(sheet, YES, nowhere),
            visits.apply(None, YES, nowhere),
            visits.resume("Tower", YES, nowhere),
            visits.undo(None, YES, nowhere),
            visits.audit(None, YES, nowhere),
            visits.watch(None, nowhere, 0.0, lambda _record, _seen: None),
        )
        for act in acts:
            with pytest.raises(UsageFault) as raised:
                await act
            assert raised.value.code == "no-gateway"
    assert town.requests == before


async def test_undo_takes_everything_back_and_an_apply_makes_it_again(ada: Technician, town: Town) -> None:
    (first,) = await ada.apply(rows(2))
    usernames = {line.sip_username for line in town.lines}
    async with ada.session() as session:
        await session.visits.undo(None, YES, None)
        (run,) = session.visits.runs
    assert run.error is None
    assert {each.kind for each in run.outcomes} == {OutcomeKind.UNDONE}
    assert not town.lines
    assert town.rings(number(0)) is None
    sheet = read_back(ada.exported(run))
    assert {said.written["row_state"] for said in sheet.values()} == {"draft"}
    (again,) = await ada.apply(None)
    assert again.record.finished
    assert {line.sip_username for line in town.lines} == usernames
    assert again.record.job.id == first.record.job.id


async def test_undo_of_one_gateway_leaves_the_others(ada: Technician, town: Town) -> None:
    await ada.apply([row(1), row(2, gateway="GW-2", mac=MACS[1])])
    async with ada.session() as session:
        await session.visits.undo(None, YES, GatewayPlace("GW-2"))
    assert [line.name for line in town.lines] == ["Elevator 1"]
