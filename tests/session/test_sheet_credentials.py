"""SIP credentials that a sheet brings, and those that the platform makes."""

import pytest

from installer.domain.credential import CredentialSource
from installer.errors import SheetFaults
from tests.session.office import Technician, Town, codes, faults_of, fxs, read_back, row, rows


async def test_credentials_of_the_sheet_replace_generated_ones_only_before_a_create(
    ada: Technician, town: Town
) -> None:
    own = {"sip_username": "building-7-a", "sip_password": "a-long-enough-one-0"}
    await ada.prepare(rows(1))
    await ada.prepare(rows(1, **own))
    await ada.apply(None)
    assert (town.at(1).sip_username, town.at(1).sip_password) == tuple(own.values())
    await ada.apply(rows(1, **own))
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
