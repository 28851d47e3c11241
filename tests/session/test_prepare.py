"""Before the visit: everything checked and kept, nothing written; and what a lost laptop costs."""

import shutil

import pytest

from installer.domain.credential import SipCredential
from installer.domain.gateway import FxsPort, GatewayPlace
from installer.domain.mac import parse_mac
from installer.errors import Conflict, SheetFaults, UsageFault
from installer.session import Answers
from installer.sheets.port_row import PortRow
from tests.session.office import MACS, YES, Technician, Town, codes, fxs, number, read_back, row, rows


def credentials(sheet: dict[FxsPort, PortRow]) -> dict[FxsPort, SipCredential | None]:
    return {port: said.credential for port, said in sheet.items()}


async def test_prepare_writes_nothing_to_the_platform_and_keeps_credentials(
    ada: Technician, town: Town
) -> None:
    (run,) = await ada.prepare(rows(3, mac=""))
    assert run.error is None
    assert not town.requests
    sheet = read_back(ada.exported(run))
    made = credentials(sheet)
    assert [made[fxs(port)] is not None for port in range(1, 5)] == [True, True, True, False]
    assert {said.written["row_state"] for said in sheet.values()} == {"prepared"}
    handover = ada.exported(run).with_name(f"handover-{run.record.job.id}.txt").read_text()
    assert "do not enable registration yet" in handover
    assert "not bound yet" in handover


async def test_prepare_again_changes_nothing(ada: Technician, town: Town) -> None:
    (first,) = await ada.prepare(rows(3))
    kept, sheet = await ada.rows(), ada.exported(first).read_bytes()
    (again,) = await ada.prepare(rows(3))
    assert await ada.rows() == kept
    assert ada.exported(again).read_bytes() == sheet
    (own,) = await ada.prepare(ada.exported(again))
    assert own.record.job.id == first.record.job.id
    assert await ada.rows() == kept
    assert not town.requests


async def test_prepare_then_bind_then_apply_makes_the_lines_with_the_prepared_credentials(
    ada: Technician, town: Town
) -> None:
    (prepared,) = await ada.prepare(rows(2, mac=""))
    async with ada.session() as session:
        session.visits.bind(None, GatewayPlace("GW-1"), parse_mac(MACS[0]), "SN1", "scan")
    (run,) = await ada.apply(None)
    assert run.record.finished
    made = credentials(read_back(ada.exported(prepared)))
    for port in (1, 2):
        known = made[fxs(port)]
        assert known is not None
        assert (town.at(port).sip_username, town.at(port).sip_password) == (
            known.username.text,
            known.password.reveal(),
        )
    final = read_back(ada.exported(run))
    assert credentials(final) == made
    assert {said.written["row_state"] for said in final.values()} == {"final"}
    assert final[fxs(1)].written["sheet_revision"] == "2"


async def test_a_taken_generated_username_is_replaced_and_a_taken_own_one_is_found(
    ada: Technician, bob: Technician, town: Town
) -> None:
    own = {"sip_username": "building-7-a", "sip_password": "a-long-enough-one-0"}
    await ada.apply(rows(1, **own))
    (run,) = await bob.prepare(rows(1, mac=MACS[1], **own))
    assert codes(run.findings) == ["username-taken", "registrar-not-set"]
    assert len(town.lines) == 1


async def test_binding_names_what_is_wrong(ada: Technician, town: Town) -> None:
    await ada.prepare([row(1), row(2, gateway="GW-2", mac=MACS[1])])
    async with ada.session() as session:
        bind = session.visits.bind
        with pytest.raises(UsageFault, match="no gateway"):
            bind(None, GatewayPlace("GW-9"), parse_mac(MACS[2]), "", "scan")
        with pytest.raises(Conflict) as taken:
            bind(None, GatewayPlace("GW-2"), parse_mac(MACS[0]), "", "scan")
        assert taken.value.code == "mac-bound"
        bind(None, GatewayPlace("GW-1"), parse_mac(MACS[0]), "", "scan")
        assert (
            len(
                bind(None, GatewayPlace("GW-1"), parse_mac("001122334455"), "", "scan")
                .job.gateways[0]
                .bindings
            )
            == 2
        )
        assert codes(session.visits.findings) == ["mac-replaced", "sheet-stale", "mac-vendor"]
        bind(None, GatewayPlace("GW-1"), parse_mac(MACS[2]), "", "scan")
    await ada.apply(None)
    async with ada.session() as session:
        with pytest.raises(Conflict) as swap:
            session.visits.bind(None, GatewayPlace("GW-1"), parse_mac(MACS[3]), "", "scan")
    assert swap.value.code == "swap-needed"
    assert len(town.lines) == 2


@pytest.mark.parametrize("after", ["prepare", "apply"])
async def test_a_lost_home_costs_nothing_where_the_sheet_was_kept(
    ada: Technician, bob: Technician, town: Town, after: str
) -> None:
    (run,) = await (ada.prepare(rows(3)) if after == "prepare" else ada.apply(rows(3)))
    sheet = ada.folder / "kept.xlsx"
    shutil.copyfile(ada.exported(run), sheet)
    shutil.rmtree(ada.home)
    before = len(town.writes())
    (again,) = await bob.apply(sheet)
    assert again.error is None
    assert again.record.finished
    assert again.record.job.id == run.record.job.id
    assert len(town.writes()) == 6
    assert before in {0, 6}
    assert credentials(read_back(bob.exported(again))) == credentials(read_back(sheet))
    assert [said.label_id for said in read_back(bob.exported(again)).values()] == [
        said.label_id for said in read_back(sheet).values()
    ]
    (once_more,) = await bob.apply(sheet)
    assert len(town.writes()) == 6
    assert once_more.record.finished


async def test_hardware_of_adopted_lines_is_not_bound_anew(ada: Technician, bob: Technician) -> None:
    (run,) = await ada.apply(rows(1))
    await bob.apply(ada.exported(run))
    async with bob.session() as session:
        with pytest.raises(Conflict) as swap:
            session.visits.bind(None, GatewayPlace("GW-1"), parse_mac(MACS[3]), "", "scan")
    assert swap.value.code == "swap-needed"


async def test_a_sheet_without_credentials_on_another_laptop_meets_the_lines_that_stand(
    ada: Technician, bob: Technician, town: Town
) -> None:
    await ada.apply(rows(2))
    (run,) = await bob.apply(rows(2))
    assert [each.code for each in run.outcomes] == ["port-taken"] * 2
    assert len(town.writes()) == 4


async def test_prepare_waits_for_no_run_that_holds_the_job(ada: Technician) -> None:
    (run,) = await ada.prepare(rows(1))
    async with ada.session() as holder:
        await holder.rooms.platform()
        with holder.rooms.hold_gateways(run.record.job):
            (busy,) = await ada.prepare(rows(1))
    assert busy.error is not None
    assert busy.error.code == "busy"


async def test_every_fault_of_sheet_and_plan_is_told_before_anything_is_kept(ada: Technician) -> None:
    with pytest.raises(SheetFaults) as raised:
        await ada.prepare([row(1, calling_plan="No such plan"), row(2, inbound_number=number(0)), row(3)])
    found = {(each.code, each.row, each.column) for each in raised.value.findings}  # type: ignore[attr-defined]
    assert found == {("calling-plan", 2, "calling_plan"), ("number-routed-twice", 3, "inbound_number")}
    async with ada.session() as session:
        assert not session.rooms.records.all()


async def test_with_partial_a_plan_fault_leaves_its_gateway_out(ada: Technician, town: Town) -> None:
    cells = [row(1, calling_plan="No such plan"), row(2, gateway="GW-2", mac=MACS[1])]
    with pytest.raises(SheetFaults):
        await ada.apply(cells)
    assert not town.requests
    (run,) = await ada.apply(cells, Answers(yes=True, partial=True))
    assert [line.name for line in town.lines] == ["Elevator 2"]
    assert [gateway.place.name for gateway in run.record.job.gateways] == ["GW-2"]
    (later,) = await ada.apply([row(1, calling_plan="Specialty Unlimited"), cells[1]], YES)
    assert later.record.finished
    assert len(town.lines) == 2
