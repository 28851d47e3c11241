"""Lines that stand: each act writes once, and journal, sheet and platform agree afterwards."""

from contextlib import suppress

import pytest

from installer.domain.job import PortState
from installer.domain.line import LineChanges
from installer.domain.numbers import TelephoneNumber
from installer.errors import AnswerNeeded, Busy, Conflict, UsageFault
from installer.planning.outcome import OutcomeKind
from installer.rehearsal import seed
from installer.rehearsal.faults import Kind
from installer.session import Answers
from installer.session.line_changes import Change
from tests.session.office import MACS, TOWER, YES, Technician, Town, fxs, number, read_back, row, rows
from tests.session.standing import Act, act, agrees, loose_line, slot, tn


async def test_a_listing_names_job_and_port_of_the_lines_that_jobs_hold(ada: Technician, town: Town) -> None:
    (run,) = await ada.apply(rows(2))
    loose_line(town)
    async with ada.session() as session:
        lines = await session.lines.list(TOWER)
    named = {each.line.name: (each.job and each.job.job.id, each.port) for each in lines}
    job = run.record.job.id
    assert named == {
        "Elevator 1": (job, fxs(1)),
        "Elevator 2": (job, fxs(2)),
        "Old alarm": (None, None),
    }


async def test_a_line_is_named_by_id_or_by_a_name_that_only_it_bears(ada: Technician, town: Town) -> None:
    one, two = loose_line(town, port=1), loose_line(town, port=2)
    async with ada.session() as session:
        assert (await session.lines.show(TOWER, two.id)).line.id == two.id
        with pytest.raises(UsageFault, match="several lines") as several:
            await session.lines.show(TOWER, "Old alarm")
        assert one.id in several.value.remedy
        with pytest.raises(UsageFault, match="no line"):
            await session.lines.show(TOWER, "Old")
        with pytest.raises(UsageFault) as unknown:
            await session.lines.list("Nobody")
    assert unknown.value.code == "account-not-found"


async def test_a_job_line_is_set_by_one_put_and_the_job_wants_it_so(ada: Technician, town: Town) -> None:
    await ada.apply(rows())
    changes = LineChanges(name="Freight", caller_id=tn(20))
    run = await act(ada, lambda session: session.lines.set(TOWER, "Elevator 2", changes, YES))
    assert run.error is None
    assert [each.kind for each in run.outcomes] == [OutcomeKind.DONE]
    assert len(town.writes()) == 9
    assert (town.at(2).name, town.at(2).caller_id) == ("Freight", number(20))
    await agrees(ada, town)


async def test_setting_one_line_makes_no_other_line_of_the_job(ada: Technician, town: Town) -> None:
    await ada.apply(rows(1))
    await ada.prepare(rows(3))
    run = await act(ada, lambda s: s.lines.set(TOWER, "Elevator 1", LineChanges(name="Main"), YES))
    assert run.error is None
    assert [line.name for line in town.lines] == ["Main"]


async def test_what_was_not_agreed_to_is_not_kept(ada: Technician, town: Town) -> None:
    (before,) = await ada.apply(rows())

    async def no(_question: str) -> bool:
        return False

    def acts(answers: Answers) -> tuple[Act, ...]:
        return (
            lambda s: s.lines.set(TOWER, "Elevator 2", LineChanges(name="Freight"), answers),
            lambda s: s.lines.delete(TOWER, "Elevator 2", answers),
            lambda s: s.lines.reissue(TOWER, "Elevator 2", answers),
        )

    for answers in (Answers(), Answers(ask=no)):
        for change in acts(answers):
            async with ada.session() as session:
                try:
                    await change(session)
                    (run,) = session.visits.runs
                    error: Exception | None = run.error
                except AnswerNeeded as raised:
                    error = raised
            assert isinstance(error, AnswerNeeded)
            assert error.option == "--yes"
    assert (await ada.record()).job == before.record.job
    assert len(town.writes()) == 8


async def test_a_number_that_is_not_on_the_account_changes_nothing(ada: Technician, town: Town) -> None:
    (before,) = await ada.apply(rows(1))
    changes = LineChanges(caller_id=TelephoneNumber("12125550100"))
    run = await act(ada, lambda session: session.lines.set(TOWER, "Elevator 1", changes, YES))
    assert isinstance(run.error, Conflict)
    assert run.error.code == "number-not-on-account"
    assert run.record.job == before.record.job
    assert len(town.writes()) == 2


async def test_a_callback_shared_between_two_places_needs_its_code_to_be_accepted(
    ada: Technician, town: Town
) -> None:
    await ada.apply([row(1, location="East"), row(2, location="West")])
    changes = LineChanges(e911_callback=tn(1))
    run = await act(ada, lambda session: session.lines.set(TOWER, "Elevator 1", changes, YES))
    assert isinstance(run.error, AnswerNeeded)
    assert run.error.option == "--accept shared-callback"
    accepted = Answers(yes=True, accept=frozenset({"shared-callback"}))
    run = await act(ada, lambda session: session.lines.set(TOWER, "Elevator 1", changes, accepted))
    assert run.error is None
    assert town.at(1).e911_callback_number == number(1)
    await agrees(ada, town)


async def test_a_refused_change_leaves_the_job_as_it_was(ada: Technician, town: Town) -> None:
    (before,) = await ada.apply(rows(1))
    town.fault(Kind.STATUS, "PUT", status=422, code="InvalidName", count=None)
    run = await act(ada, lambda s: s.lines.set(TOWER, "Elevator 1", LineChanges(name="Main"), YES))
    assert [each.kind for each in run.outcomes] == [OutcomeKind.REFUSED]
    town.heal()
    assert run.record.job == before.record.job
    await agrees(ada, town)


async def test_a_line_in_service_is_deleted_only_by_its_name(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2))
    run = await act(ada, lambda session: session.lines.delete(TOWER, "Elevator 2", YES))
    assert isinstance(run.error, AnswerNeeded)
    assert run.error.option == "--confirm 'Elevator 2'"
    assert len(town.writes()) == 4
    typed = Answers(yes=True, confirm=frozenset({"Elevator 2"}))
    run = await act(ada, lambda session: session.lines.delete(TOWER, "Elevator 2", typed))
    assert [each.kind for each in run.outcomes] == [OutcomeKind.DONE] * 2
    assert [entry.operation for entry in town.writes()[4:]] == ["patch-number", "delete-line"]
    assert town.rings(number(1)) is None
    assert run.record.job.port(fxs(2)).state is PortState.SPARE
    await agrees(ada, town)


async def test_a_refused_deletion_leaves_the_line_wanted(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2, inbound_number=""))
    town.fault(Kind.STATUS, "DELETE", status=400, count=None)
    run = await act(ada, lambda session: session.lines.delete(TOWER, "Elevator 2", YES))
    town.heal()
    assert [each.kind for each in run.outcomes] == [OutcomeKind.REFUSED]
    assert run.record.job.port(fxs(2)).state is PortState.USE
    await agrees(ada, town)


async def test_a_job_line_gets_a_new_password_and_the_sheet_carries_it(ada: Technician, town: Town) -> None:
    (first,) = await ada.apply(rows(1))
    old = town.at(1)
    run = await act(ada, lambda session: session.lines.reissue(TOWER, "Elevator 1", YES))
    assert run.error is None
    now = town.at(1)
    assert now.sip_username == old.sip_username
    assert now.sip_password != old.sip_password
    assert read_back(ada.exported(run))[fxs(1)].written["sheet_revision"] == "2"
    assert len(town.writes()) == 3
    await agrees(ada, town)
    assert ada.exported(first).exists()


async def test_a_line_on_hardware_that_another_run_holds_is_busy(ada: Technician, town: Town) -> None:
    (run,) = await ada.apply(rows(1))
    loose_line(town, port=3, mac=MACS[0])
    async with ada.session() as holder:
        await holder.rooms.platform()
        with holder.rooms.hold_gateways(run.record.job):
            acts: tuple[Act, ...] = (
                lambda s: s.lines.set(TOWER, "Old alarm", LineChanges(name="New"), YES),
                lambda s: s.lines.set(TOWER, "Elevator 1", LineChanges(name="New"), YES),
            )
            for change in acts:
                assert isinstance((await act(ada, change)).error, Busy)
    assert len(town.writes()) == 2


async def test_another_users_act_on_a_job_line_is_asked_for(ada: Technician, town: Town) -> None:
    await ada.apply(rows(1, inbound_number=""))
    ada.user = 1
    run = await act(ada, lambda session: session.lines.delete(TOWER, "Elevator 1", YES))
    assert isinstance(run.error, AnswerNeeded)
    assert run.error.option == "--accept other-user"
    taken = Answers(yes=True, accept=frozenset({"other-user"}))
    run = await act(ada, lambda session: session.lines.delete(TOWER, "Elevator 1", taken))
    assert run.error is None
    assert run.record.user == seed.USERS[1].username
    assert not town.lines


async def test_a_change_is_shown_before_it_is_agreed_to(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2))
    loose_line(town)
    shown: dict[str, Change] = {}

    async def no(_question: str) -> bool:
        return False

    async def asked(work: Act) -> None:
        async with ada.session() as session:
            session.lines.show_change = lambda found, change: shown.update({found.line.name: change})
            with suppress(AnswerNeeded):
                await work(session)

    wanted = LineChanges(name="Freight", caller_id=tn(0), e911_callback=tn(1))
    answers = Answers(ask=no)
    await asked(lambda s: s.lines.set(TOWER, "Elevator 2", wanted, answers))
    before, after = tn(1).national, tn(0).national
    assert shown["Elevator 2"] == (("name", "Elevator 2", "Freight"), ("caller id", before, after))
    await asked(lambda s: s.lines.move(TOWER, "Elevator 1", fxs(4), answers))
    assert shown["Elevator 1"] == (
        ("port", "GW-1:1", "GW-1:4"),
        ("hardware", f"{MACS[0]} port 1", f"{MACS[0]} port 4"),
        ("SIP credential", "that of GW-1:1", "that of GW-1:4"),
    )
    await asked(lambda s: s.lines.move(TOWER, "Old alarm", slot(3), answers))
    assert shown["Old alarm"] == (("hardware", f"{MACS[5]} port 1", f"{MACS[5]} port 3"),)
    loose = LineChanges(calling_plan_ids=("planB", "planA"), caller_id=tn(40))
    await asked(lambda s: s.lines.set(TOWER, "Old alarm", loose, answers))
    assert shown["Old alarm"] == (("calling plans", "planSpecialtyUnlim0001", "planA, planB"),)
    assert len(town.writes()) == 4
