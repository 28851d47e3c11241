import pytest

from installer.domain.mac import parse_mac
from installer.errors import Conflict, InvalidValue, UsageFault
from installer.sheets import editing, filling
from installer.sheets.draft import Draft, read_draft
from tests.sheets.drafts import EMPTY, MODELS, draft, with_line
from tests.sheets.samples import profiles

MAC = parse_mac("00:50:58:12:34:56")


def places(made: Draft) -> list[str]:
    return [each.place for each in made.gateways]


def test_a_gateway_comes_with_every_port_of_its_model_spare() -> None:
    made = draft("8")
    assert [row["fxs_port"] for row in made.rows] == [str(number) for number in range(1, 9)]
    (job,) = read_draft(made, profiles()).grouped()
    assert [row.draft for row in job.gateways[0].ports] == [None] * 8


def test_unnamed_places_take_the_first_free_name() -> None:
    made = editing.add_gateway(draft("4"), MODELS["4"], "gw-2")
    assert places(editing.add_gateway(made, MODELS["4"])) == ["GW-1", "gw-2", "GW-3"]


@pytest.mark.parametrize("name", ["a:b", "x" * 41, "two  blanks", "\x1b[1m"])
def test_what_names_no_place_is_refused(name: str) -> None:
    with pytest.raises(InvalidValue):
        editing.add_gateway(EMPTY, MODELS["4"], name)
    with pytest.raises(InvalidValue):
        editing.rename_gateway(draft("4"), "GW-1", name)


def test_a_place_is_named_once() -> None:
    made = draft("4", "4")
    with pytest.raises(UsageFault, match="GW-2 already"):
        editing.rename_gateway(made, "GW-1", "GW-2")
    with pytest.raises(UsageFault, match="gw-1 already"):
        editing.add_gateway(made, MODELS["4"], "gw-1")
    assert places(editing.rename_gateway(made, "GW-1", "gw-1")) == ["gw-1", "GW-2"]


def test_a_larger_model_adds_ports_where_the_gateway_stands() -> None:
    made = with_line(editing.bind_gateway(draft("4", "4"), "GW-1", MAC, "SN1"), 3)
    grown = editing.change_model(made, "GW-1", MODELS["8"])
    assert [(row["gateway"], row["fxs_port"]) for row in grown.rows] == [
        *(("GW-1", str(number)) for number in range(1, 9)),
        *(("GW-2", str(number)) for number in range(1, 5)),
    ]
    assert {(row["mac"], row["serial"], row["model"]) for row in grown.rows[:8]} == {(str(MAC), "SN1", "8")}
    assert grown.rows[3]["line_name"] == "Elevator 1"
    assert editing.change_model(grown, "GW-1", MODELS["4"]) == made


@pytest.mark.parametrize("column", ["line_name", "caller_id", "location", "jack", "notes"])
def test_a_smaller_model_cuts_off_no_port_that_says_something(column: str) -> None:
    made = filling.set_cell(draft("8"), 6, column, "x")
    with pytest.raises(UsageFault, match="FXS 7") as raised:
        editing.change_model(made, "GW-1", MODELS["4"])
    assert raised.value.code == "ports-in-use"


def test_a_smaller_model_cuts_off_ports_that_are_spare_or_off() -> None:
    made = filling.set_cell(draft("8"), 6, "port_state", "off")
    assert editing.change_model(made, "GW-1", MODELS["4"]) == draft("4")


def test_a_gateway_goes_only_without_lines() -> None:
    made = with_line(draft("4", "8"), 5)
    with pytest.raises(UsageFault, match="GW-2 has lines on FXS 2"):
        editing.remove_gateway(made, "GW-2")
    assert editing.remove_gateway(filling.clear(made, [5]), "GW-2") == draft("4")
    assert editing.remove_gateway(draft("4"), "GW-1") == EMPTY


def test_hardware_stands_in_every_row_of_its_gateway_and_nowhere_else() -> None:
    made = editing.bind_gateway(draft("4", "4"), "gw-2", MAC, "SN1")
    assert [row["mac"] for row in made.rows] == [""] * 4 + [str(MAC)] * 4
    assert made.gateways[1].serial == "SN1"
    assert editing.bind_gateway(made, "GW-2", MAC, "SN1") == made
    with pytest.raises(Conflict, match="bound to GW-2"):
        editing.bind_gateway(made, "GW-1", MAC)
    freed = editing.bind_gateway(made, "GW-2", None)
    assert editing.bind_gateway(freed, "GW-1", MAC).gateways[0].mac == str(MAC)


def test_a_copy_leaves_hardware_and_numbers() -> None:
    made = editing.bind_gateway(with_line(draft("4", "8"), 0), "GW-1", MAC)
    made = filling.set_cell(made, 4, "caller_id", "503-555-0199")
    made = filling.set_cell(made, 1, "port_state", "off")
    copied = editing.copy_gateway(made, "GW-1", "GW-2")
    assert (copied.rows[4]["line_name"], copied.rows[4]["caller_id"]) == ("Elevator 1", "503-555-0199")
    assert (copied.rows[5]["port_state"], copied.rows[4]["mac"], copied.rows[4]["model"]) == ("off", "", "8")
    assert copied.rows[:4] == made.rows[:4]
    assert copied.rows[8:] == made.rows[8:]
    with pytest.raises(UsageFault, match="GW-1 has 4 FXS ports, GW-2 8"):
        editing.copy_gateway(made, "GW-2", "GW-1")


def test_a_place_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageFault, match="no gateway GW-1"):
        editing.remove_gateway(EMPTY, "GW-1")
