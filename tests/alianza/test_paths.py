from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.alianza.paths import ACCOUNT, Path, is_segment, quoted
from installer.errors import InvalidValue


def test_prints_the_template_with_its_values_in_order() -> None:
    assert (
        str(Path(f"{ACCOUNT}/specialty-line", ("1", "a-_b"))) == "/v2/partition/1/account/a-_b/specialty-line"
    )


@given(st.text(min_size=1, max_size=30))
def test_a_value_is_quoted_back_to_itself_or_refused(value: str) -> None:
    if is_segment(value):
        segment = quoted((value,))[1:]
        assert unquote(segment) == value
        assert not set(segment) & set("/\\?#% ") - {"%"}
    else:
        with pytest.raises(InvalidValue, match="address on the platform"):
            quoted((value,))


@pytest.mark.parametrize(
    "value", ["", ".", "..", "../../x", "a/b", "a\\b", "a\r\nX: y", "\x00", "\ud800", "\u202e"]
)
def test_what_would_leave_its_place_in_the_path_is_refused(value: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        str(Path(ACCOUNT, ("p", value)))
    assert caught.value.code == "invalid-path-segment"


def test_query_and_fragment_signs_stay_inside_the_segment() -> None:
    assert quoted(("x?y=1#z%2e",)) == "/x%3Fy%3D1%23z%252e"
