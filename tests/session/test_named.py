"""What a scan or a typed word names in a visit that is still being written."""

import pytest

from installer.domain.mac import parse_mac
from installer.session.kept import named_in
from installer.sheets import editing, filling
from tests.sheets.drafts import draft, with_line

DRAFT = with_line(with_line(draft("4", "8"), 0, "Fax 1"), 5, "Fire panel", "503-555-0101")
DRAFT = editing.rename_gateway(DRAFT, "GW-2", "B2 closet")
DRAFT = editing.bind_gateway(DRAFT, "B2 closet", parse_mac("00:50:58:12:34:01"), "SN-1234")
DRAFT = filling.set_cell(DRAFT, 6, "inbound_number", "(503) 555-0108; 1 503 555 0109")


@pytest.mark.parametrize(
    "text, cells",
    [
        ("fax 1", ((0, "line_name"),)),
        ("FIRE", ((5, "line_name"),)),
        ("gw-1", ((0, "line_name"),)),
        ("b2 closet", ((4, "line_name"),)),
        ("GW-1:3", ((2, "line_name"),)),
        ("B2 closet:3", ((6, "line_name"),)),
        ("0050.5812.3401", ((4, "line_name"),)),
        ("sn-1234", ((4, "line_name"),)),
        ("15035550101", ((5, "caller_id"),)),
        ("503-555-0109", ((6, "inbound_number"),)),
        ("+1 503 555 0108", ((6, "inbound_number"),)),
        ("5550108", ()),
        ("--", ()),
        (" ", ()),
        ("nobody", ()),
    ],
)
def test_a_word_names_cells(text: str, cells: tuple[tuple[int, str], ...]) -> None:
    assert named_in(DRAFT, text) == cells
