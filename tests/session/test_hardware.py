"""Model, hardware and place of a gateway, as sheets change them before and after the first write."""

import pytest

from installer.errors import SheetFaults
from tests.session.office import MACS, Technician, Town, codes, faults_of, row, rows


async def test_the_model_may_change_before_the_first_write_and_not_after(ada: Technician, town: Town) -> None:
    (first,) = await ada.prepare(rows(2))
    (bigger,) = await ada.prepare(rows(2, model="8"))
    assert bigger.record.job.gateways[0].model.id == "8"
    assert bigger.record.job.gateways[0].label_id == first.record.job.gateways[0].label_id
    assert [p.label_id for p in bigger.record.job.ports][:4] == [p.label_id for p in first.record.job.ports]
    await ada.apply(None)
    assert {line.device_type for line in town.lines} == {"SIP_8_Port_MTA"}
    with pytest.raises(SheetFaults) as raised:
        await ada.apply(rows(2, model="4"))
    assert [(each.code, each.row, each.column) for each in faults_of(raised.value)] == [
        ("model-changed", 2, "model")
    ]
    assert len(town.writes()) == 4


async def test_hardware_may_change_before_the_first_write_and_not_after(ada: Technician, town: Town) -> None:
    await ada.prepare(rows(2, mac=""))
    await ada.prepare(rows(2))
    (again,) = await ada.prepare(rows(2, mac=MACS[1]))
    assert [str(each.mac) for each in again.record.job.gateways[0].bindings] == [MACS[0], MACS[1]]
    await ada.apply(None)
    with pytest.raises(SheetFaults) as raised:
        await ada.apply(rows(2, mac=MACS[2]))
    assert [(each.code, each.value) for each in faults_of(raised.value)] == [("swap-needed", MACS[2])]
    assert {line.mac_address for line in town.lines} == {MACS[1].replace(":", "")}


async def test_hardware_that_stands_at_another_place_of_the_job_is_a_fault(ada: Technician) -> None:
    await ada.prepare(rows(2))
    with pytest.raises(SheetFaults) as raised:
        await ada.prepare(rows(2, gateway="GW-2"))
    assert codes(faults_of(raised.value)) == ["mac-bound"]
    assert (await ada.record()).job.gateways[0].place.name == "GW-1"


async def test_two_gateways_may_trade_their_hardware_before_the_first_write(ada: Technician) -> None:
    def sheet(one: str, two: str) -> list[dict[str, str]]:
        return [row(1, mac=one), row(2, gateway="GW-2", mac=two)]

    await ada.prepare(sheet(MACS[0], MACS[1]))
    (again,) = await ada.prepare(sheet(MACS[1], MACS[0]))
    assert [str(each.mac) for each in again.record.job.gateways] == [MACS[1], MACS[0]]


async def test_a_place_spelled_in_other_letters_is_the_same_place(ada: Technician) -> None:
    await ada.prepare(rows(2))
    (again,) = await ada.prepare(rows(2, gateway="gw-1"))
    assert [each.place.name for each in again.record.job.gateways] == ["GW-1"]


async def test_a_gateway_keeps_its_label_on_another_laptop(ada: Technician, bob: Technician) -> None:
    (first,) = await ada.apply([row(1), row(2, gateway="GW-2", mac=MACS[1])])
    (again,) = await bob.apply(ada.exported(first))
    assert [each.label_id for each in again.record.job.gateways] == [
        each.label_id for each in first.record.job.gateways
    ]
    assert bob.exported(again).read_bytes() == ada.exported(first).read_bytes()
