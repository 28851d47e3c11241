"""Model, hardware and place of a gateway, as sheets change them before and after the first write."""

from collections.abc import Sequence

import pytest

from installer.domain.finding import Finding
from installer.domain.gateway import GatewayPlace
from installer.domain.mac import parse_mac
from installer.errors import SheetFaults
from installer.session import Answers
from tests.session.office import MACS, Cells, Technician, Town, codes, faults_of, row, rows


async def scan(who: Technician, mac: str, place: str = "GW-1", serial: str = "") -> None:
    async with who.session() as session:
        session.visits.bind(None, GatewayPlace(place), parse_mac(mac), serial, "a spare from the van")


async def faults(who: Technician, cells: Sequence[Cells]) -> list[Finding]:
    with pytest.raises(SheetFaults) as raised:
        await who.prepare(list(cells))
    return faults_of(raised.value)


async def found(who: Technician, cells: Sequence[Cells]) -> list[Finding]:
    async with who.session() as session:
        await session.visits.prepare(who.sheet(list(cells)), Answers())
        return session.visits.findings


async def macs(who: Technician) -> list[str]:
    return [str(each.mac) for each in (await who.record()).job.gateways]


async def test_a_sheet_does_not_undo_what_somebody_scanned(ada: Technician, town: Town) -> None:
    await ada.prepare(rows(2))
    await scan(ada, MACS[1])
    for cells in (rows(2), rows(2, mac=MACS[2])):
        (fault,) = await faults(ada, cells)
        assert (fault.code, fault.row, fault.column, fault.value) == (
            "mac-differs",
            2,
            "mac",
            cells[0]["mac"],
        )
        assert cells[0]["mac"] in fault.message
        assert f"{MACS[1]} was bound to GW-1 on 2026-03-02 09:00 UTC (a spare from the van)" in fault.message
    assert await macs(ada) == [MACS[1]]
    with pytest.raises(SheetFaults):
        await ada.apply(rows(2))
    assert not town.requests
    (run,) = await ada.apply(rows(2, mac=""))
    assert run.record.finished
    assert {line.mac_address for line in town.lines} == {MACS[1].replace(":", "")}
    (fault,) = await faults(ada, rows(2))
    assert fault.code == "swap-needed"


async def test_a_serial_number_is_kept_whenever_it_is_scanned(ada: Technician, town: Town) -> None:
    async def serials() -> list[tuple[str, str]]:
        (gateway,) = (await ada.record()).job.gateways
        return [(str(each.mac), each.serial) for each in gateway.bindings]

    await ada.prepare(rows(1))
    for serial in ("", " ", "SN-1", "SN-1", ""):
        await scan(ada, MACS[0], serial=serial)
    assert await serials() == [(MACS[0], ""), (MACS[0], "SN-1")]
    (run,) = await ada.apply(None)
    await scan(ada, MACS[0], serial="SN-2")
    assert (await serials())[2:] == [(MACS[0], "SN-2")]
    assert run.record.finished
    assert len(town.writes()) == 2


async def test_the_credential_sheet_written_after_a_scan_says_what_was_scanned(
    ada: Technician, bob: Technician
) -> None:
    await ada.prepare(rows(2))
    await scan(ada, MACS[1])
    (run,) = await ada.prepare(rows(2, mac=""))
    exported = ada.exported(run)
    await bob.prepare(exported)
    await ada.prepare(exported)
    assert await macs(ada) == await macs(bob) == [MACS[1]]


async def test_hardware_of_an_earlier_sheet_gives_way_and_is_named(ada: Technician) -> None:
    await ada.prepare(rows(2))
    (said,) = [each for each in await found(ada, rows(2, mac=MACS[1])) if each.code == "mac-replaced"]
    assert (said.severity, said.row, said.column) == ("info", 2, "mac")
    assert said.message == f"GW-1 has {MACS[1]} from this sheet on, no more {MACS[0]} of an earlier one"
    assert not [each for each in await found(ada, rows(2, mac=MACS[1])) if each.code == "mac-replaced"]


async def test_what_was_scanned_at_a_place_left_out_stands_at_no_other(ada: Technician) -> None:
    await ada.prepare([row(1), row(2, gateway="GW-2", mac="")])
    await scan(ada, MACS[1])
    trade = [row(1), row(2, gateway="GW-2", mac=MACS[1])]
    assert codes(await faults(ada, trade)) == ["mac-differs", "mac-bound"]
    await ada.prepare(trade, Answers(partial=True))
    assert await macs(ada) == [MACS[1], "None"]


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
