"""SIP credentials that a sheet brings, and those that the platform makes."""

import pytest

from installer.domain.credential import CredentialSource
from installer.errors import Conflict, SheetFaults
from tests.session.office import Technician, Town, codes, faults_of, fxs, read_back, row, rows

OWN = {"sip_username": "building-7-a", "sip_password": "a-long-enough-one-0"}


async def test_credentials_of_the_sheet_replace_generated_ones_only_before_a_create(
    ada: Technician, town: Town
) -> None:
    await ada.prepare(rows(1))
    await ada.prepare(rows(1, **OWN))
    await ada.apply(None)
    assert (town.at(1).sip_username, town.at(1).sip_password) == tuple(OWN.values())
    await ada.apply(rows(1, **OWN))
    with pytest.raises(SheetFaults) as raised:
        await ada.apply(rows(1, sip_username="building-7-b", sip_password="a-long-enough-one-0"))
    assert codes(faults_of(raised.value)) == ["credential-differs"]
    assert len(town.writes()) == 2


async def test_platform_as_username_takes_the_place_of_a_credential_only_before_a_create(
    ada: Technician, town: Town
) -> None:
    await ada.prepare(rows(1))
    made = (await ada.record()).credentials[fxs(1)].username
    assert made is not None
    await ada.prepare(rows(1, sip_username="platform"))
    record = await ada.record()
    assert record.credentials[fxs(1)].source is CredentialSource.PLATFORM
    assert record.job.by_port[fxs(1)].source is CredentialSource.PLATFORM
    await ada.apply(None)
    assert town.at(1).sip_username not in {None, made.text}
    (other,) = await ada.apply(rows(2))
    assert other.error is None
    with pytest.raises(SheetFaults) as raised:
        await ada.apply([*rows(1), row(2, sip_username="platform")])
    assert codes(faults_of(raised.value)) == ["credential-differs"]


async def test_platform_made_credentials_come_back_in_the_sheet(ada: Technician, town: Town) -> None:
    (first,) = await ada.apply(rows(1, sip_username="platform"))
    made = read_back(ada.exported(first))[fxs(1)].credential
    assert made is not None
    assert (made.username.text, made.password.reveal()) == (town.at(1).sip_username, town.at(1).sip_password)
    await ada.apply(ada.exported(first))
    await ada.apply(rows(1, sip_username="platform"))
    assert len(town.writes()) == 2


async def test_a_choice_that_is_read_again_changes_nothing(ada: Technician) -> None:
    await ada.prepare(rows(1))
    for cells in ({"sip_username": "platform"}, OWN, {"sip_username": "platform"}, {}, OWN, {}):
        await ada.prepare(rows(1, **cells))
        record, before = await ada.record(), await ada.rows()
        assert record.job.by_port[fxs(1)].source is record.credentials[fxs(1)].source
        await ada.prepare(rows(1, **cells))
        assert await ada.rows() == {**before, "ArtifactWritten": (await ada.rows())["ArtifactWritten"]}
    async with ada.session() as session:
        held = session.credentials.reveal((await ada.record()).job.id, fxs(1))
    assert held is not None
    assert (held.username.text, held.password.reveal()) == tuple(OWN.values())


async def test_sheet_and_screen_leave_a_credential_alone_at_the_same_moment(
    ada: Technician, bob: Technician
) -> None:
    """A line that was found, and that no create of this home carried, is one that stands."""
    (first,) = await ada.prepare(rows(1, **OWN))
    await ada.apply(None)
    sheet = ada.exported(first)
    (found,) = await bob.apply(sheet)
    job_id = found.record.job.id
    assert found.record.lines
    assert not found.record.create_was_sent(fxs(1))
    for cells in ({"sip_username": "platform"}, {**OWN, "sip_username": "building-7-b"}):
        with pytest.raises(SheetFaults) as raised:
            await bob.apply(rows(1, **cells))
        assert codes(faults_of(raised.value)) == ["credential-differs"]
    async with bob.session() as session:
        with pytest.raises(Conflict):
            session.credentials.by_platform(job_id, fxs(1))
        assert session.credentials.ports(session.kept.record(job_id))[0].is_fixed
    await bob.prepare(rows(1, **{**OWN, "sip_password": "issued-anew-elsewhere"}))
    async with bob.session() as session:
        held = session.credentials.reveal(job_id, fxs(1))
    assert held is not None
    assert held.password.reveal() == "issued-anew-elsewhere"
