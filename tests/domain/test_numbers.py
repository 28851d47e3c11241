import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.domain.numbers import AccountNumber, Reference, TelephoneNumber, parse_number, shown_number
from installer.errors import InvalidValue
from tests.domain.attempts import attempt

NATIONAL = st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True)


@given(NATIONAL)
def test_every_usual_spelling_is_the_same_number(digits: str) -> None:
    a, b, c = digits[:3], digits[3:6], digits[6:]
    for text in (
        digits, f"1{digits}", f"+1{digits}", f"({a}) {b}-{c}", f"1 ({a}) {b}-{c}",
        f"{a}.{b}.{c}", f"{a}/{b} {c}",
        f"+1-{a}-{b}-{c}", f"  {a} {b} {c}\r\n",
    ):  # fmt: skip
        assert parse_number(text) == TelephoneNumber(f"1{digits}")


@given(NATIONAL)
def test_a_number_prints_for_the_platform_and_for_people(digits: str) -> None:
    number = parse_number(digits)
    assert str(number) == f"1{digits}"
    assert parse_number(number.national) == number


@given(st.text(max_size=40) | st.text("0123456789+-() .", max_size=20))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    read = attempt(parse_number, text)
    if isinstance(read, TelephoneNumber):
        assert len(read.digits) == 11
        assert read.digits.isascii()
        assert read.digits[0] == "1"
    else:
        assert read.code == "invalid-number"


@pytest.mark.parametrize(
    "text",
    [
        "", "911", "4683252", "260468325", "126046832521", "+2604683252", "+442604683252", "1604683252",
        "2601683252", "22604683252", "260468325x", "2604683252 ext 5", "\uff12604683252",
        "2.604683252E9", "--2604683252", "2604683252;",
    ],
)  # fmt: skip
def test_what_is_no_number_of_the_plan_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_number(text)


def test_a_held_number_says_whether_it_serves_and_whom_it_rings() -> None:
    ringing = AccountNumber(parse_number("2604683252"), "ACTIVE", Reference("SPECIALTY_LINE", "x"), "")
    assert ringing.is_active
    assert ringing.rings("x")
    assert not ringing.rings("y")
    idle = AccountNumber(parse_number("2604683252"), "PENDING", None, "")
    assert not idle.is_active
    assert not idle.rings("x")
    assert not AccountNumber(idle.number, "ACTIVE", Reference("USER", "x"), "").rings("x")


@pytest.mark.parametrize(
    "text, shown",
    [("15035550107", "(503) 555-0107"), ("911\x1b", "911\ufffd"), ("", "none"), (None, "none")],
)
def test_a_number_of_the_platform_is_shown_whatever_it_is(text: str | None, shown: str) -> None:
    assert shown_number(text) == shown
