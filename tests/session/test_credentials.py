"""Credentials of a job's ports: chosen before their create, kept after it, shown only to who asks."""

import pytest

from installer.domain.credential import CredentialSource, SipCredential, parse_password, parse_username
from installer.errors import Conflict, UsageFault
from installer.rehearsal import seed
from tests.session.office import YES, Technician, Town, fxs, rows

OWN = SipCredential(parse_username("lobby.east-1"), parse_password("correct-horse-7"))


async def prepared(ada: Technician) -> str:
    """The id of a job with two lines whose credentials were made."""
    (run,) = await ada.prepare(rows(2))
    return run.record.job.id


async def test_each_port_in_use_says_whose_its_credential_is(ada: Technician) -> None:
    job_id = await prepared(ada)
    async with ada.session() as session:
        first, second = session.credentials.ports(session.kept.record(job_id))
        assert (first.port, first.line_name) == (fxs(1), "Elevator 1")
        assert {first.source, second.source} == {CredentialSource.GENERATED}
        assert first.has_password
        assert not first.is_fixed
        assert first.username != second.username


async def test_an_own_credential_is_sealed_shown_and_sent(ada: Technician, town: Town) -> None:
    job_id = await prepared(ada)
    async with ada.session() as session:
        assert await session.credentials.is_free(OWN.username)
        session.credentials.own(job_id, fxs(1), OWN)
        assert session.credentials.reveal(job_id, fxs(1)) == OWN
    assert OWN.password.reveal().encode() not in (ada.home / "journal.sqlite3").read_bytes()
    await ada.apply(None)
    assert town.at(1).sip_username == OWN.username.text
    async with ada.session() as session:
        assert not await session.credentials.is_free(OWN.username)


async def test_the_platform_makes_it_where_it_was_asked_to(ada: Technician, town: Town) -> None:
    job_id = await prepared(ada)
    async with ada.session() as session:
        session.credentials.by_platform(job_id, fxs(1))
        assert session.credentials.reveal(job_id, fxs(1)) is None
        assert session.credentials.ports(session.kept.record(job_id))[0].username is None
    (run,) = await ada.apply(None)
    assert run.error is None
    async with ada.session() as session:
        held = session.credentials.reveal(job_id, fxs(1))
    assert held is not None
    assert held.username.text == town.at(1).sip_username


async def test_a_choice_can_be_taken_back_before_anything_is_sent(ada: Technician) -> None:
    job_id = await prepared(ada)
    async with ada.session() as session:
        session.credentials.own(job_id, fxs(1), OWN)
        session.credentials.generated(job_id, fxs(1))
        held = session.credentials.reveal(job_id, fxs(1))
        assert held is not None
        assert held.username != OWN.username
        assert session.credentials.ports(session.kept.record(job_id))[0].source is CredentialSource.GENERATED


async def test_a_sheet_read_again_keeps_an_own_credential(ada: Technician) -> None:
    job_id = await prepared(ada)
    async with ada.session() as session:
        session.credentials.own(job_id, fxs(1), OWN)
    await ada.prepare(rows(2))
    async with ada.session() as session:
        assert session.credentials.reveal(job_id, fxs(1)) == OWN


async def test_once_a_create_was_sent_the_credential_stays(ada: Technician) -> None:
    job_id = await prepared(ada)
    await ada.apply(None)
    async with ada.session() as session:
        before = session.credentials.reveal(job_id, fxs(1))
        with pytest.raises(Conflict):
            session.credentials.own(job_id, fxs(1), OWN)
        assert session.credentials.reveal(job_id, fxs(1)) == before
        assert session.credentials.ports(session.kept.record(job_id))[0].is_fixed


async def test_a_spare_port_has_none(ada: Technician) -> None:
    job_id = await prepared(ada)
    async with ada.session() as session:
        with pytest.raises(UsageFault):
            session.credentials.generated(job_id, fxs(3))


async def test_a_standing_line_is_issued_anew_under_its_name(ada: Technician) -> None:
    job_id = await prepared(ada)
    await ada.apply(None)
    async with ada.session() as session:
        before = session.credentials.reveal(job_id, fxs(1))
        (port, _) = session.credentials.ports(session.kept.record(job_id))
        await session.lines.reissue(seed.TOWER.id, port.line_id or "", YES)
        assert session.visits.runs[0].error is None
        after = session.credentials.reveal(job_id, fxs(1))
    assert before is not None
    assert after is not None
    assert before.username == after.username
    assert before.password != after.password
