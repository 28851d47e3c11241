"""A burst is a scan whatever ends it; typing stays typing; nothing is lost and nothing changes its order."""

from hypothesis import given
from hypothesis import strategies as st

from tui.wedge import LULL, SHORTEST, Burst, Pressed, Struck, Typed, Wedge

MAC = "005058102024"


def struck(keys: list[tuple[str, float]], *, quiet: bool = True) -> list[Struck]:
    """What the keys mean, each struck `gap` seconds after the one before it."""
    wedge, at, found = Wedge(), 100.0, []
    for key, gap in keys:
        at += gap
        found += wedge.strike(key, key if len(key) == 1 else None, at)
    return found + (wedge.silence(at + 2 * LULL) if quiet else [])


def burst(text: str, *ends: str) -> list[tuple[str, float]]:
    return [(char, 0.001) for char in text] + [(end, 0.001) for end in ends]


def typed(text: str) -> list[tuple[str, float]]:
    return [(char, 0.12) for char in text]


def test_each_terminator_ends_a_code() -> None:
    for end in ("enter", "tab", "ctrl+j"):
        assert struck(burst(MAC, end)) == [Burst(MAC, end)]


def test_a_scanner_that_ends_with_two_keys_ends_one_code() -> None:
    assert struck(burst(MAC, "enter", "ctrl+j")) == [Burst(MAC, "enter")]


def test_two_codes_in_one_burst_are_two() -> None:
    assert struck(burst(MAC, "tab") + burst("VEGA00017", "enter")) == [
        Burst(MAC, "tab"),
        Burst("VEGA00017", "enter"),
    ]


def test_a_scanner_without_a_terminator_is_ended_by_silence() -> None:
    assert struck(burst(MAC)) == [Burst(MAC, None)]
    assert struck(burst(MAC), quiet=False) == []


def test_typing_is_typing_and_its_enter_is_pressed() -> None:
    assert struck([*typed("ab"), ("enter", 0.2)]) == [Typed("a"), Typed("b"), Pressed("enter")]
    assert struck(typed("elevator")) == [Typed(char) for char in "elevator"]


def test_rolled_over_keys_are_typing() -> None:
    assert struck(burst("lift", "enter")) == [Typed("lift"), Pressed("enter")]


def test_a_key_that_is_held_down_is_no_code() -> None:
    assert struck(burst("aaaaaaaaaa", "enter")) == [Typed("aaaaaaaaaa"), Pressed("enter")]


def test_a_scan_whose_first_keys_came_before_the_others_is_one() -> None:
    assert struck([("0", 0.2), ("0", 0.001), (MAC[2], 0.08), *burst(MAC[3:], "enter")]) == [
        Burst(MAC, "enter")
    ]


def test_a_scan_in_the_midst_of_which_the_machine_stood_still_is_one() -> None:
    assert struck([*burst(MAC[:SHORTEST]), (MAC[SHORTEST], 0.2), *burst(MAC[SHORTEST + 1 :], "enter")]) == [
        Burst(MAC, "enter")
    ]


def test_a_backspace_within_a_burst_takes_the_character_back() -> None:
    assert struck(burst("9", "backspace") + burst(MAC, "enter")) == [Burst(MAC, "enter")]


def test_a_backspace_of_its_own_is_pressed() -> None:
    assert struck([("backspace", 0.2)]) == [Pressed("backspace")]


def test_what_was_typed_before_a_code_is_told_before_it() -> None:
    assert struck([*typed("x"), (MAC[0], 0.3), *burst(MAC[1:], "enter")]) == [
        Typed("x"),
        Burst(MAC, "enter"),
    ]


def test_a_late_enter_is_pressed_after_its_code() -> None:
    assert struck([*burst(MAC), ("enter", 0.4)]) == [Burst(MAC, None), Pressed("enter")]


def test_an_enter_right_behind_a_pasted_code_is_the_codes() -> None:
    wedge = Wedge()
    assert wedge.strike("x", "x", 9.99) == []
    assert wedge.pasted(10.0, is_code=True) == [Typed("x")]
    assert wedge.strike("enter", None, 10.02) == []
    assert wedge.strike("enter", None, 10.4) == [Pressed("enter")]
    assert wedge.pasted(11.0, is_code=False) == []
    assert wedge.strike("enter", None, 11.02) == [Pressed("enter")]


KEYS = st.lists(
    st.tuples(
        st.sampled_from([*"abc019", "enter", "tab", "ctrl+j", "backspace", "f1", "up"]),
        st.sampled_from([0.001, 0.03, 0.05, 0.3]),
    ),
    max_size=60,
)


@given(KEYS)
def test_characters_are_neither_lost_nor_reordered(keys: list[tuple[str, float]]) -> None:
    keys = [(key, gap) for key, gap in keys if key != "backspace"]
    found = struck(keys)
    told = "".join(each.text for each in found if not isinstance(each, Pressed))
    assert told == "".join(key for key, _ in keys if len(key) == 1)
    others = [key for key, _ in keys if key in {"f1", "up"}]
    assert [each.key for each in found if isinstance(each, Pressed) and each.key in {"f1", "up"}] == others


@given(KEYS)
def test_a_burst_is_long_and_no_slow_key_belongs_to_one(keys: list[tuple[str, float]]) -> None:
    for each in struck(keys):
        if isinstance(each, Burst):
            assert len(each.text) >= SHORTEST
    slow = [(key, 0.2) for key, _ in keys]
    assert not any(isinstance(each, Burst) for each in struck(slow))


@given(st.lists(st.text("0123456789abcdefVEGA", min_size=SHORTEST, max_size=30), min_size=1, max_size=5))
def test_any_codes_one_after_the_other_are_each_one_burst(codes: list[str]) -> None:
    codes = [code for code in codes if len(set(code)) > 1]
    keys = [key for code in codes for key in burst(code, "enter")]
    assert struck(keys) == [Burst(code, "enter") for code in codes]
