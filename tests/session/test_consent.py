"""Who agreed to what: warnings by code, lives never by a general yes, another login, a job resumed late."""

import ast
import inspect

import pytest

from installer.domain.finding import Acceptable
from installer.errors import AnswerNeeded, PunchdownError
from installer.planning import planner, preflight
from installer.planning.outcome import OutcomeKind
from installer.rehearsal import seed
from installer.rehearsal.faults import Kind
from installer.session import Answers, consent
from tests.session.office import YES, Technician, Town, codes, number, row, rows


def accepting(*codes: str, yes: bool = True) -> Answers:
    return Answers(yes=yes, accept=frozenset(codes))


def wants(error: PunchdownError | None, option: str) -> bool:
    return isinstance(error, AnswerNeeded) and error.option == option


SHARED = [row(1, location="East", e911_callback=number(0)), row(2, location="West", e911_callback=number(0))]


async def test_nothing_is_written_without_a_yes(ada: Technician, town: Town) -> None:
    (run,) = await ada.apply(rows(2), Answers())
    assert wants(run.error, "--yes")
    assert not town.requests


async def test_a_life_safety_warning_is_accepted_by_its_code_alone(ada: Technician, town: Town) -> None:
    (run,) = await ada.apply(SHARED, YES)
    assert wants(run.error, "--accept shared-callback")
    assert not town.requests
    (run,) = await ada.apply(SHARED, accepting("shared-callback"))
    assert run.error is None
    assert len(town.lines) == 2


async def test_a_warning_without_lives_on_it_is_accepted_by_a_general_yes(
    ada: Technician, town: Town
) -> None:
    cells = [{**each, "line_use": "fax"} for each in SHARED]
    (run,) = await ada.apply(cells, accepting(yes=False))
    assert wants(run.error, "--accept shared-callback")
    (run,) = await ada.apply(cells, YES)
    assert run.error is None
    assert len(town.lines) == 2


async def test_an_accepted_warning_stays_accepted_while_it_says_the_same(ada: Technician, town: Town) -> None:
    (run,) = await ada.apply(SHARED, accepting("shared-callback", yes=False))
    assert wants(run.error, "--yes")
    (run,) = await ada.apply(None, YES)
    assert run.error is None
    third = row(3, location="North", e911_callback=number(0))
    (run,) = await ada.apply([*SHARED, third], YES)
    assert wants(run.error, "--accept shared-callback")
    assert len(town.lines) == 2


async def test_a_person_is_asked_each_question_and_may_say_no(ada: Technician, town: Town) -> None:
    asked: list[str] = []

    async def answer(question: str) -> bool:
        asked.append(question)
        return len(asked) < 2

    (run,) = await ada.apply(SHARED, Answers(ask=answer))
    assert isinstance(run.error, AnswerNeeded)
    assert [("share callback" in each, "writes" in each) for each in asked] == [(True, False), (False, True)]
    assert not town.requests


async def test_another_login_takes_a_job_over_only_by_name(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2), only="GW-1")
    cells = [*rows(2), row(3)]
    ada.user = 1
    (run,) = await ada.apply(cells, YES)
    assert wants(run.error, "--accept other-user")
    assert len(town.lines) == 2
    (run,) = await ada.apply(cells, accepting("other-user"))
    assert run.error is None
    assert run.record.user == seed.USERS[1].username
    async with ada.session() as session:
        await session.visits.undo(None, YES, None)
        assert session.visits.runs[0].error is None


async def test_a_login_that_had_a_job_before_is_asked_again(ada: Technician, town: Town) -> None:
    await ada.apply([row(1)])
    for count, user in ((2, 1), (3, 0), (4, 1)):
        ada.user = user
        (run,) = await ada.apply(rows(count), YES)
        assert wants(run.error, "--accept other-user")
        assert len(town.lines) == count - 1
        (run,) = await ada.apply(rows(count), accepting("other-user"))
        assert run.error is None


async def test_another_login_undoes_a_job_only_by_name(ada: Technician, town: Town) -> None:
    await ada.apply(rows(2))
    ada.user = 1
    async with ada.session() as session:
        await session.visits.undo(None, YES, None)
        assert wants(session.visits.runs[0].error, "--accept other-user")
    assert len(town.lines) == 2


async def test_another_login_does_not_send_an_unknown_create_again_unasked(
    ada: Technician, town: Town
) -> None:
    town.fault(Kind.DROP_BEFORE_COMMIT, "POST", "*/specialty-line", count=None)
    (run,) = await ada.apply(rows(1))
    assert [each.kind for each in run.outcomes if each.kind is OutcomeKind.UNKNOWN]
    town.heal()
    ada.user = 1
    (run,) = await ada.apply(None)
    assert wants(run.error, "--accept other-user")
    assert not town.lines
    (run,) = await ada.apply(None, accepting("other-user"))
    assert run.record.finished
    assert len(town.lines) == 1


@pytest.mark.parametrize("hours, late", [(23.9, False), (24.1, True)])
async def test_a_job_resumed_after_a_day_says_so_and_asks(
    ada: Technician, town: Town, hours: float, late: bool
) -> None:
    await ada.apply([row(1), row(2, gateway="GW-2", mac="")])
    ada.hours.pass_by(hours)
    async with ada.session() as session:
        cells = [row(1), row(2, gateway="GW-2", mac="00:50:58:00:00:02")]
        await session.visits.apply(ada.sheet(cells), Answers())
        (run,) = session.visits.runs
    assert wants(run.error, "--accept resumed-late" if late else "--yes")
    assert ("resumed-late" in codes(run.findings)) is late
    (run,) = await ada.apply(None, YES)
    assert run.record.finished
    assert len(town.lines) == 2


async def test_a_job_with_nothing_to_do_asks_nothing(ada: Technician, town: Town) -> None:
    await ada.apply(rows(1))
    ada.hours.pass_by(48)
    ada.user = 1
    (run,) = await ada.apply(None, Answers())
    assert run.error is None
    assert len(town.writes()) == 2


def test_every_warning_of_a_plan_has_a_code_that_accept_takes() -> None:
    found = set()
    for module in (consent, planner, preflight):
        for call in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "Finding":
                severity, code = map(ast.unparse, call.args[:2])
                if severity == "Severity.WARNING":
                    found.add(code)
    found.add("Acceptable.LINE_GONE")  # a deferral that is taken on by its code
    assert found == {f"Acceptable.{each.name}" for each in Acceptable}
