"""Lines that stand: each act writes once, and journal, sheet and platform agree afterwards."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from installer.domain.job import PortState
from installer.domain.line import DeviceSlot, LineChanges
from installer.domain.mac import parse_mac
from installer.domain.numbers import TelephoneNumber
from installer.errors import AnswerNeeded, Busy, Conflict, UsageFault
from installer.planning.outcome import OutcomeKind
from installer.planning.steps import Action, LineRef
from installer.provisioning.visit import Moment
from installer.rehearsal import seed
from installer.rehearsal.faults import Kind
from installer.rehearsal.things import Line
from installer.session import Answers, Session
from installer.session.line_changes import Change
from installer.session.run import JobRun
from tests.session.office import (
    MACS,
    TOWER,
    YES,
    Killed,
    Technician,
    Town,
    fxs,
    number,
    read_back,
    row,
    rows,
)

Act = Callable[[Session], Awaitable[None]]


def tn(index: int) -> TelephoneNumber:
    return TelephoneNumber(number(index))


def slot(port: int, mac: str = MACS[5]) -> DeviceSlot:
    return DeviceSlot(parse_mac(mac), port, "SIP_4_Port_MTA")


def loose_line(town: Town, name: str = "Old alarm", port: int | None = 1, mac: str = MACS[5]) -> Line:
    """A line that no job of any home made."""
    desk = town.thread.platform.desk

    def make() -> Line:
        device = port is not None
        line = Line(
            id=desk.world.new_uuid(),
            account_id=seed.TOWER.id,
            partition_id=seed.PARTITION,
            name=name,
            caller_id=number(40),
            e911_callback_number=number(40),
            calling_plan_ids=("planSpecialtyUnlim0001",),
            device_type="SIP_4_Port_MTA" if device else None,
            device_id=desk.world.new_uuid() if device else None,
            mac_address=mac.replace(":", "") if device else None,
            port_number=port,
            sip_username=f"old-alarm-{port or 0}-{mac[-1]}",
            sip_password="set-long-ago-0000",
            created_at=0.0,
        )
        desk.world.create_line(line, (0.0, 0), 0.0)
        return line

    return town.change(make)


async def act(who: Technician, work: Act) -> JobRun:
    """The run that `work` on the lines of the account made, or the failure that came before one."""
    async with who.session() as session:
        await work(session)
        (run,) = session.visits.runs
        return run


async def agrees(who: Technician, town: Town) -> None:
    """Journal, sheet and platform say the same of every line of the job, and an apply has nothing to do."""
    before = town.requests
    (run,) = await who.apply("Tower")
    assert run.error is None
    assert town.requests == before
    assert run.record.finished
    sheet = read_back(who.exported(run))
    platform = {(line.mac_address, line.port_number): line for line in town.lines}
    for port, held in run.record.lines.items():
        mac = run.record.job.mac_of(port)
        assert mac is not None
        line = platform[mac.bare, port.number]
        said = sheet[port]
        assert said.draft is not None
        assert said.credential is not None
        assert (line.id, line.name, line.caller_id) == (
            held.line_id,
            said.draft.name,
            said.draft.caller_id.digits,
        )
        assert (line.sip_username, line.sip_password) == (
            said.credential.username.text,
            said.credential.password.reveal(),
        )


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


async def test_a_move_keeps_credentials_with_ports_and_numbers_with_the_line(
    ada: Technician, town: Town
) -> None:
    (before,) = await ada.apply(rows(2))
    line, old = town.at(2), read_back(ada.exported(before))[fxs(2)].credential
    run = await act(ada, lambda session: session.lines.move(TOWER, "Elevator 2", fxs(4), YES))
    assert run.error is None
    assert [each.action for each in run.outcomes] == [Action.UPDATE_LINE]
    assert [entry.operation for entry in town.writes()[4:]] == ["update-line"]
    moved = town.at(4)
    assert moved.id == line.id
    assert moved.sip_username != line.sip_username
    assert town.rings(number(1)) == line.id
    job = run.record.job
    assert (job.port(fxs(2)).state, job.port(fxs(4)).state) == (PortState.SPARE, PortState.USE)
    assert read_back(ada.exported(run))[fxs(2)].credential == old
    await agrees(ada, town)
    run = await act(ada, lambda session: session.lines.move(TOWER, "Elevator 2", fxs(2), YES))
    assert (town.at(2).id, town.at(2).sip_username) == (line.id, line.sip_username)
    await agrees(ada, town)


async def test_a_move_within_a_job_needs_a_free_port_of_it(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2))
    for target in (fxs(1), fxs(9), fxs(1, "GW-9")):
        async with ada.session() as session:
            with pytest.raises(Conflict) as raised:
                await session.lines.move(TOWER, "Elevator 2", target, YES)
        assert raised.value.code == "port-not-free"
    with pytest.raises(UsageFault) as loose:
        await act(ada, lambda session: session.lines.move(TOWER, "Elevator 2", slot(1), YES))
    assert loose.value.code == "move-in-job"
    assert len(town.writes()) == 4


async def test_a_move_onto_a_port_where_somebody_elses_line_stands_changes_nothing(
    ada: Technician, town: Town
) -> None:
    (before,) = await ada.apply(rows(2))
    loose_line(town, port=4, mac=MACS[0])
    run = await act(ada, lambda session: session.lines.move(TOWER, "Elevator 2", fxs(4), YES))
    assert isinstance(run.error, Conflict)
    assert run.error.code == "port-taken"
    assert run.record.job == before.record.job
    assert len(town.writes()) == 4


async def test_a_moved_line_is_taken_back_by_undo_and_made_again(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2, inbound_number=""))
    await act(ada, lambda session: session.lines.move(TOWER, "Elevator 2", fxs(4), YES))
    async with ada.session() as session:
        await session.visits.undo(None, YES, None)
        (run,) = session.visits.runs
    assert not town.lines
    assert not run.record.lines
    (again,) = await ada.apply(None)
    assert again.record.finished
    assert [line.port_number for line in town.lines] == [1, 4]


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


KILLS = [Moment.BEGUN, Moment.INTENDED, Moment.ANSWERED, Moment.SETTLED]


@pytest.mark.parametrize("moment", KILLS)
@pytest.mark.parametrize("verb", ["set", "move", "delete", "reissue"])
async def test_an_act_that_ends_in_the_middle_is_finished_by_the_next_run(
    ada: Technician, town: Town, verb: str, moment: Moment
) -> None:
    await ada.apply(rows(2))
    typed = Answers(yes=True, confirm=frozenset({"Elevator 2"}))
    acts: dict[str, Act] = {
        "set": lambda s: s.lines.set(TOWER, "Elevator 2", LineChanges(name="Freight"), typed),
        "move": lambda s: s.lines.move(TOWER, "Elevator 2", fxs(4), typed),
        "delete": lambda s: s.lines.delete(TOWER, "Elevator 2", typed),
        "reissue": lambda s: s.lines.reissue(TOWER, "Elevator 2", typed),
    }
    ada.kills = lambda happening: happening.moment is moment
    with pytest.raises(Killed):
        await act(ada, acts[verb])
    ada.kills = lambda _: False
    await ada.apply("Tower")
    if verb == "delete" and any(line.name == "Elevator 2" for line in town.lines):
        await act(ada, acts[verb])
    await agrees(ada, town)
    expected = {
        "set": {"Elevator 1": 1, "Freight": 2},
        "move": {"Elevator 1": 1, "Elevator 2": 4},
        "delete": {"Elevator 1": 1},
        "reissue": {"Elevator 1": 1, "Elevator 2": 2},
    }
    assert {line.name: line.port_number for line in town.lines} == expected[verb]
    assert len(town.writes("create-line")) == 2


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("kind", [Kind.DROP_BEFORE_COMMIT, Kind.DROP_AFTER_COMMIT])
@pytest.mark.parametrize("verb", ["set", "move", "reissue"])
async def test_a_put_of_unknown_outcome_is_read_back(
    ada: Technician, town: Town, verb: str, kind: Kind, masked: bool
) -> None:
    await ada.apply(rows(2))
    world = town.thread.platform.desk.world
    town.change(lambda: setattr(world, "rules", replace(world.rules, mask_passwords=masked)))

    def encode_anew() -> None:
        for line in tuple(world.lines.values()):
            world.replace_line(line)

    town.change(encode_anew)
    town.fault(kind, "PUT")
    acts: dict[str, Act] = {
        "set": lambda s: s.lines.set(TOWER, "Elevator 2", LineChanges(name="Freight"), YES),
        "move": lambda s: s.lines.move(TOWER, "Elevator 2", fxs(4), YES),
        "reissue": lambda s: s.lines.reissue(TOWER, "Elevator 2", YES),
    }
    run = await act(ada, acts[verb])
    assert run.outcomes[-1].kind is OutcomeKind.DONE
    town.heal()
    await agrees(ada, town)


async def test_a_platform_that_stays_silent_leaves_the_change_unknown_and_the_next_run_settles_it(
    ada: Technician, town: Town
) -> None:
    await ada.apply(rows(2, inbound_number=""))
    town.fault(Kind.DROP_AFTER_COMMIT, "DELETE")
    town.fault(Kind.DROP_BEFORE_COMMIT, "GET", "*/specialty-line", first=3, count=None)
    run = await act(ada, lambda session: session.lines.delete(TOWER, "Elevator 2", YES))
    assert run.outcomes[-1].kind is OutcomeKind.UNKNOWN
    town.heal()
    assert [line.name for line in town.lines] == ["Elevator 1"]
    await ada.apply("Tower")
    await agrees(ada, town)


async def test_a_loose_line_is_set_moved_and_deleted_by_itself(ada: Technician, town: Town) -> None:
    line = loose_line(town)
    await act(ada, lambda session: session.lines.set(TOWER, "Old alarm", LineChanges(name="New alarm"), YES))
    run = await act(ada, lambda session: session.lines.move(TOWER, "New alarm", slot(3), YES))
    assert [each.subject for each in run.outcomes] == [LineRef(line.id)]
    now = town.at(3, MACS[5])
    assert (now.id, now.name, now.sip_username) == (line.id, "New alarm", line.sip_username)
    await act(ada, lambda session: session.lines.delete(TOWER, "New alarm", YES))
    assert not town.lines
    assert [entry.operation for entry in town.writes()] == ["update-line", "update-line", "delete-line"]


async def test_a_loose_line_cannot_be_moved_onto_a_jobs_port(ada: Technician, town: Town) -> None:
    loose_line(town)
    with pytest.raises(UsageFault) as raised:
        await act(ada, lambda session: session.lines.move(TOWER, "Old alarm", fxs(1), YES))
    assert raised.value.code == "move-loose"


async def test_loose_lines_are_no_job_that_a_verb_takes_by_itself(ada: Technician, town: Town) -> None:
    (run,) = await ada.apply(rows(1))
    loose_line(town)
    await act(ada, lambda session: session.lines.set(TOWER, "Old alarm", LineChanges(name="New"), YES))
    assert (await ada.record()).job.id == run.record.job.id
    async with ada.session() as session:
        assert not await session.visits.resume(None, YES)


async def test_a_loose_line_gets_a_new_password_on_a_sheet_of_its_own(ada: Technician, town: Town) -> None:
    loose_line(town, port=2)
    run = await act(ada, lambda session: session.lines.reissue(TOWER, "Old alarm", YES))
    (sheet,) = (each.path for each in run.artifacts)
    (port, said) = next((port, said) for port, said in read_back(sheet).items() if said.credential)
    assert port.number == 2
    assert said.credential is not None
    assert said.credential.password.reveal() == town.at(2, MACS[5]).sip_password
    assert sheet.stat().st_mode & 0o777 == 0o600


async def test_a_loose_line_that_no_sheet_can_carry_keeps_its_password(ada: Technician, town: Town) -> None:
    line = loose_line(town, name="Old\talarm")
    run = await act(ada, lambda session: session.lines.reissue(TOWER, line.id, YES))
    assert isinstance(run.error, Conflict)
    assert town.lines == (line,)
    assert not town.requests


async def test_a_refused_new_password_is_on_no_sheet(ada: Technician, town: Town) -> None:
    loose_line(town)
    town.fault(Kind.STATUS, "PUT", status=422, count=None)
    run = await act(ada, lambda session: session.lines.reissue(TOWER, "Old alarm", YES))
    assert run.outcomes[-1].kind is OutcomeKind.REFUSED
    assert not run.artifacts


async def test_a_line_without_device_has_no_credential_to_reissue(ada: Technician, town: Town) -> None:
    loose_line(town, port=None)
    with pytest.raises(Conflict) as raised:
        await act(ada, lambda session: session.lines.reissue(TOWER, "Old alarm", YES))
    assert raised.value.code == "no-credential"


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


async def test_a_move_does_not_warn_of_the_port_that_the_line_leaves(ada: Technician) -> None:
    await ada.apply(rows(2))
    run = await act(ada, lambda session: session.lines.move(TOWER, "Elevator 2", fxs(4), Answers()))
    assert isinstance(run.error, AnswerNeeded)
    assert (run.error.option, run.findings) == ("--yes", [])
