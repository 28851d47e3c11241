"""Who signs in: asked for in place, told in the form, and nothing lost where a login is refused later."""

import asyncio

import pytest

from installer.alianza.auth import IDLE_LIMIT
from installer.domain.credential import Secret
from installer.errors import AnswerNeeded, PunchdownError, SignInFailure
from installer.rehearsal import seed
from installer.rehearsal.faults import Kind
from installer.session import Session
from tests.session.office import Technician, Town

ADA = seed.USERS[0]


class Person:
    """Answers what is asked, in order; None walks away."""

    def __init__(self, *answers: tuple[str, Secret] | None) -> None:
        self.answers = list(answers)
        self.told: list[str] = []

    async def __call__(self, failure: PunchdownError) -> tuple[str, Secret] | None:
        self.told.append(failure.code)
        return self.answers.pop(0)


RIGHT = (ADA.username, Secret(ADA.password))
WRONG = (ADA.username, Secret("not the password"))


async def test_nobody_said_who_and_the_call_waits_for_a_person(ada: Technician) -> None:
    person = Person(RIGHT)
    async with ada.session(username=None, password=None) as session:
        session.login.ask_with(person)
        found = await session.customers.search(seed.TOWER.number)
        assert session.login.user == ADA.username
    assert [each.account.id for each in found] == [seed.TOWER.id]
    assert person.told == ["no-login"]


async def test_a_refused_answer_is_asked_for_again_and_walking_away_is_said(ada: Technician) -> None:
    person = Person(WRONG, None)
    async with ada.session(username=None, password=None) as session:
        session.login.ask_with(person)
        with pytest.raises(SignInFailure):
            await session.login.enter()
    assert len(person.told) == 2


async def test_several_who_need_the_platform_at_once_ask_once(ada: Technician) -> None:
    person = Person(RIGHT)
    async with ada.session(username=None, password=None) as session:
        session.login.ask_with(person)
        await asyncio.gather(*(session.login.enter() for _ in range(4)))
    assert len(person.told) == 1


async def test_without_anybody_there_the_option_is_named(ada: Technician) -> None:
    async with ada.session(username=None, password=None) as session:
        with pytest.raises(AnswerNeeded):
            await session.login.enter()


async def expired(session: Session, ada: Technician) -> None:
    """Signed in, idle for so long that the token lapsed, and the password was changed meanwhile."""
    await session.login.enter()
    ada.hours.pass_by(IDLE_LIMIT / 3600 + 1)


async def test_a_login_that_is_refused_later_is_asked_for_and_the_call_goes_on(
    ada: Technician, town: Town
) -> None:
    person = Person(RIGHT)
    async with ada.session() as session:
        session.login.ask_with(person)
        await expired(session, ada)
        town.fault(Kind.STATUS, "POST", "/v2/authorize", status=401, count=1)
        found = await session.customers.search(seed.TOWER.number)
    assert len(found) == 1
    assert len(person.told) == 1


async def test_who_walks_away_is_asked_again_and_no_password_is_tried_twice(
    ada: Technician, town: Town
) -> None:
    person = Person(None, RIGHT)
    async with ada.session() as session:
        session.login.ask_with(person)
        await expired(session, ada)
        town.fault(Kind.STATUS, "POST", "/v2/authorize", status=401, count=1)
        with pytest.raises(SignInFailure):
            await session.customers.search(seed.TOWER.number)
        assert await session.customers.search(seed.TOWER.number)
    assert len(person.told) == 2


async def test_a_wrong_password_in_the_form_leaves_who_is_signed_in(ada: Technician) -> None:
    async with ada.session() as session:
        await session.login.enter()
        with pytest.raises(SignInFailure):
            await session.login.sign_in(*WRONG)
        assert session.login.user == ADA.username
        assert session.rooms.settings.password == RIGHT[1]
