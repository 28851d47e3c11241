import csv
import io
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from installer.domain.job import PortState
from installer.domain.numbers import parse_number
from installer.errors import InvalidValue, PunchdownError, UsageFault
from installer.sheets import editing, filling
from installer.sheets.draft import Draft, read_draft
from installer.sheets.series import block, series
from tests.sheets.drafts import MODELS, TEXT, draft, drafts, with_line
from tests.sheets.samples import profiles


@pytest.mark.parametrize(
    "first, second, third",
    [
        ("Elevator 1", "Elevator 2", "Elevator 3"),
        ("Floor 09", "Floor 10", "Floor 11"),
        ("Floor 99", "Floor 100", "Floor 101"),
        ("B2-007", "B2-008", "B2-009"),
        ("(503) 555-0100", "(503) 555-0101", "(503) 555-0102"),
        ("1.503.555.0199", "1.503.555.0200", "1.503.555.0201"),
        ("5035550109", "5035550110", "5035550111"),
        ("503-555-0108;5415550019", "503-555-0109;5415550020", "503-555-0110;5415550021"),
        ("Lobby", "Lobby", "Lobby"),
        ("7A", "7A", "7A"),
        (" Car 1 ", "Car 2", "Car 3"),
        ("", "", ""),
        ("9" * 40, "9" * 40, "9" * 40),
        ("Car ٣", "Car ٣", "Car ٣"),
    ],
)
def test_series_count_up_from_the_number_at_the_end(first: str, second: str, third: str) -> None:
    assert series(first, 3) == (first.strip(), second, third)


def test_telephone_numbers_do_not_leave_their_exchange() -> None:
    assert series("503-555-9998", 2)[1] == "503-555-9999"
    with pytest.raises(InvalidValue) as raised:
        series("503-555-9998", 3)
    assert (raised.value.code, raised.value.wanted) == ("series-ends", "at most 2 ports")


@given(st.text(max_size=8), st.integers(0, 10**6), st.integers(0, 6), st.integers(0, 30))
def test_each_of_a_series_is_one_more_at_the_same_width(
    stem: str, first: int, zeros: int, length: int
) -> None:
    text = f"{stem}-{'0' * zeros}{first}"
    assume(text.strip() == text and ";" not in text)
    made = series(text, length)
    assert len(made) == length
    digits = len(str(first)) + zeros
    assert [int(each[len(stem) + 1 :]) for each in made] == [first + step for step in range(length)]
    assert all(each.startswith(f"{stem}-") and len(each) >= len(stem) + 1 + digits for each in made)


@given(st.integers(2_000_000, 9_999_999), st.integers(0, 60))
def test_telephone_numbers_count_as_the_numbers_they_are(subscriber: int, length: int) -> None:
    first = f"(503) {str(subscriber)[:3]}-{str(subscriber)[3:]}"
    assume(subscriber % 10_000 + length <= 10_000)
    found = [int(parse_number(text).digits) for text in series(first, length)]
    assert found == [int(parse_number(first).digits) + step for step in range(length)]


def test_a_fill_goes_to_the_ports_that_are_chosen_and_puts_them_to_use() -> None:
    made = filling.fill(draft("4"), (0, 2, 3), "line_name", "Elevator 1")
    assert [row["line_name"] for row in made.rows] == ["Elevator 1", "", "Elevator 2", "Elevator 3"]
    assert [made.state(row) is PortState.USE for row in range(4)] == [True, False, True, True]
    chosen = filling.fill(made, (0, 2), "calling_plan", "Plan 1")
    assert {chosen.rows[0]["calling_plan"], chosen.rows[2]["calling_plan"]} == {"Plan 1"}
    assert filling.fill(made, (), "line_name", "x") == made


def test_a_fill_reaches_to_the_last_port_in_use_below_else_to_the_end_of_the_gateway() -> None:
    two = editing.add_gateway(draft("4"), MODELS["4"])
    assert filling.reach(two, 1) == ((1, 2, 3), 3)
    assert filling.reach(two, 5) == ((5, 6, 7), 3)
    used = filling.set_cell(filling.set_cell(two, 2, "line_name", "Fax"), 4, "line_name", "Fax")
    assert filling.reach(used, 0) == ((0, 1, 2, 3), 3)
    assert filling.reach(used, 2) == ((2, 3), 2)
    assert filling.reach(used, 3) == ((3,), 1)


def test_what_a_fill_overwrites_is_counted_and_so_are_spare_ports_that_come_to_use() -> None:
    said = filling.fill(draft("4"), (0, 2), "line_name", "Fax 1")
    said = filling.set_cell(said, 3, "caller_id", "5035550100")
    assert filling.overwritten(said, range(4), "line_name") == (1, 2)
    assert filling.overwritten(said, range(2), "line_name") == (0, 1)
    assert filling.overwritten(said, range(4), "caller_id") == (1, 0)
    assert filling.overwritten(said, range(1, 4), "line_name") == (1, 0)


@given(
    st.lists(
        st.lists(TEXT.filter(lambda text: '"' not in text), min_size=2, max_size=2), min_size=1, max_size=4
    )
)
def test_what_a_spreadsheet_copied_is_pasted_cell_by_cell(cells: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t", lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(cells)
    assume(out.getvalue().strip())
    made = filling.paste(draft("4"), out.getvalue(), range(4), ("location", "notes"))
    assert [[row["location"], row["notes"]] for row in made.rows[: len(cells)]] == cells
    assert made.rows[len(cells) :] == draft("4").rows[len(cells) :]


@pytest.mark.parametrize(
    "text, cells",
    [
        ("a\tb\nc\td", (("a", "b"), ("c", "d"))),
        ("a\tb\r\nc\td\r\n", (("a", "b"), ("c", "d"))),
        ("a\n\nb\n", (("a",), ("",), ("b",))),
        ("\tb", (("", "b"),)),
        ('"two\nlines"\tb', (("two\nlines", "b"),)),
        ('"say ""hi"""', (('say "hi"',),)),
        ('"open\tb\nc', (('"open', "b"), ("c",))),
        ('5" pipe\t"Elevator" lift', (('5" pipe', '"Elevator" lift'),)),
        ("a\t", (("a", ""),)),
    ],
)
def test_blocks_are_read_as_spreadsheets_write_them(text: str, cells: tuple[tuple[str, ...], ...]) -> None:
    assert block(text) == cells


@pytest.mark.parametrize("text", ["", " \t\r\n", "x" * 1_000_001])
def test_nothing_and_too_much_are_no_block(text: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        block(text)
    assert raised.value.code == "invalid-block"


def test_a_block_that_does_not_fit_is_refused_whole_and_says_what_would() -> None:
    made = draft("4")
    with pytest.raises(InvalidValue) as raised:
        filling.paste(made, "a\tb\nc\td\n", (3,), ("line_name", "line_use", "caller_id"))
    assert raised.value.message.startswith("the block is 2 rows of 2 cells")
    assert raised.value.wanted.startswith("at most 1 row of 3 cells")
    with pytest.raises(InvalidValue):
        filling.paste(made, "a\tb", (3,), ("notes",))


def test_a_ragged_block_leaves_the_cells_alone_that_it_has_not() -> None:
    made = filling.set_cell(draft("4"), 1, "line_use", "fax")
    made = filling.paste(made, "Car 1\televator\nCar 2\n", range(4), ("line_name", "line_use"))
    assert [(row["line_name"], row["line_use"]) for row in made.rows[:2]] == [
        ("Car 1", "elevator"),
        ("Car 2", "fax"),
    ]


def test_one_bad_cell_of_a_block_keeps_the_whole_block_out() -> None:
    with pytest.raises(InvalidValue):
        filling.paste(draft("4"), "good\n" + "x" * 10_001, range(4), ("line_name",))


@pytest.mark.parametrize(
    "column", ["account", "site", "gateway", "mac", "model", "fxs_port", "serial", "sip_password"]
)
def test_cells_of_the_gateway_and_credentials_are_not_written_one_by_one(column: str) -> None:
    with pytest.raises(UsageFault) as raised:
        filling.set_cell(draft("4"), 0, column, "x")
    assert raised.value.code == "fixed-column"
    with pytest.raises(UsageFault):
        filling.paste(draft("4"), "a\tb", range(4), ("line_name", column))


def test_a_line_moves_with_all_that_is_its_own_and_leaves_what_is_the_ports() -> None:
    made = with_line(draft("4"), 0)
    for column, text in (("location", "Pit"), ("notes", "n"), ("jack", "7A"), ("calling_plan", "p")):
        made = filling.set_cell(made, 0, column, text)
    made = filling.set_cell(made, 2, "jack", "9B")
    moved = filling.move_line(made, 0, 2)
    there, here = moved.rows[2], moved.rows[0]
    assert (there["line_name"], there["location"], there["notes"], there["calling_plan"]) == (
        "Elevator 1",
        "Pit",
        "n",
        "p",
    )
    assert (there["jack"], here["jack"]) == ("9B", "7A")
    assert (moved.state(0), moved.state(2)) == (PortState.SPARE, PortState.USE)
    assert not any(here[name] for name in ("line_name", "caller_id", "e911_callback", "location", "notes"))
    assert filling.move_line(moved, 2, 0).rows[0]["line_name"] == "Elevator 1"


def test_a_line_moves_onto_no_line_and_onto_no_port_that_is_off() -> None:
    made = with_line(with_line(draft("4"), 0), 1, "Fax")
    with pytest.raises(UsageFault, match="GW-1:2 has a line"):
        filling.move_line(made, 0, 1)
    off = filling.set_cell(made, 2, "port_state", "off")
    with pytest.raises(UsageFault, match="GW-1:3 is switched off"):
        filling.move_line(off, 0, 2)
    with pytest.raises(UsageFault, match="GW-1:4 has no line"):
        filling.move_line(made, 3, 2)


def test_two_lines_swap_and_swapped_again_are_as_they_were() -> None:
    made = with_line(with_line(draft("4"), 0), 1, "Fax", "503-555-0101")
    made = filling.set_cell(made, 1, "port_state", "use")
    swapped = filling.swap_lines(made, 0, 1)
    assert [row["line_name"] for row in swapped.rows[:2]] == ["Fax", "Elevator 1"]
    assert filling.swap_lines(swapped, 0, 1) == made
    with pytest.raises(UsageFault, match="GW-1:3 has no line"):
        filling.swap_lines(made, 0, 2)


def test_a_state_is_set_and_nothing_else_until_a_name_is_written() -> None:
    made = filling.set_cell(with_line(draft("4"), 0), 0, "port_state", "spare")
    assert made.rows[0]["line_name"] == "Elevator 1"
    found = read_draft(made, profiles()).findings
    assert [(each.code, each.column) for each in found] == [("ignored-cells", "line_name")]
    assert filling.set_cell(made, 0, "line_name", "Car 2").state(0) is PortState.USE
    assert filling.set_cell(made, 0, "line_name", " ").state(0) is PortState.SPARE
    off = filling.set_cell(made, 0, "port_state", "off")
    assert filling.set_cell(off, 0, "line_name", "Car 2").state(0) is PortState.OFF


def test_a_pasted_state_stands_over_the_name_beside_it() -> None:
    spare = filling.set_cell(draft("4"), 0, "port_state", "spare")
    made = filling.paste(spare, "spare\tCar 1", (0,), ("port_state", "line_name"))
    assert made.state(0) is PortState.SPARE


def test_a_cleared_port_is_spare_and_keeps_what_is_the_ports() -> None:
    made = filling.set_cell(with_line(draft("4"), 0), 0, "jack", "7A")
    cleared = filling.clear(made, [0])
    assert cleared.rows[0]["jack"] == "7A"
    assert not editing.has_line(cleared, 0)
    assert not read_draft(cleared, profiles()).findings


@st.composite
def edited(make: st.DrawFn) -> tuple[Draft, Draft]:
    """A draft and what any edit of its ports made of it."""
    made = make(drafts().filter(lambda each: each.rows))
    row = st.integers(0, len(made.rows) - 1)
    rows, column = make(st.lists(row, max_size=6)), make(st.sampled_from(made.editable))
    one, other, text = make(row), make(row), make(TEXT)
    acts: tuple[Callable[[], Draft], ...] = (
        lambda: filling.set_cell(made, one, column, text),
        lambda: filling.fill(made, rows, column, text),
        lambda: filling.paste(made, text, rows, made.editable),
        lambda: filling.move_line(made, one, other),
        lambda: filling.swap_lines(made, one, other),
        lambda: filling.set_cell(made, one, "port_state", make(st.sampled_from(PortState))),
        lambda: filling.clear(made, rows),
        lambda: editing.copy_gateway(made, made.gateways[0].place, made.gateways[-1].place),
        lambda: editing.rename_gateway(made, made.gateways[0].place, text),
        lambda: editing.change_model(made, made.gateways[0].place, MODELS["24"]),
        lambda: editing.add_gateway(made, MODELS["4"], text),
    )
    try:
        return made, make(st.sampled_from(acts))()
    except PunchdownError:
        return made, made


@given(edited())
def test_no_edit_loses_a_row_or_a_column_and_none_comes_twice(both: tuple[Draft, Draft]) -> None:
    before, after = both
    assert (after.id, after.account, after.site, after.columns) == (
        before.id,
        before.account,
        before.site,
        before.columns,
    )
    assert all(row.keys() == set(after.columns) for row in after.rows)
    ports = [(row["gateway"], row["fxs_port"]) for row in after.rows]
    assert len(set(ports)) == len(ports) >= len(before.rows)
    counted = [len(each.rows) for each in after.gateways]
    assert all(now >= len(each.rows) for now, each in zip(counted, before.gateways, strict=False))


@given(drafts().filter(lambda each: each.rows), st.data())
def test_a_move_loses_no_text_of_a_line(made: Draft, data: st.DataObject) -> None:
    row = st.integers(0, len(made.rows) - 1)
    one, other = data.draw(row), data.draw(row)
    try:
        moved = filling.move_line(made, one, other)
    except UsageFault:
        return
    names = ("line_name", "caller_id", "e911_callback", "line_use", "calling_plan", "inbound_number")
    assert [moved.rows[other][name] for name in names] == [made.rows[one][name] for name in names]
