import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from installer.domain.mac import MacAddress, parse_mac
from installer.errors import InvalidValue
from tests.domain.attempts import attempt

DIGITS = st.text("0123456789abcdef", min_size=12, max_size=12).filter(
    lambda text: int(text[1], 16) % 2 == 0 and set(text) != {"0"}
)
PREFIXES = st.sampled_from(["", "MAC:", "mac ", "MAC ADDRESS: ", "Mac-Addr=", "MAC ID #", "MACID:"])
ENDS = st.sampled_from(["", "\r", "\n", "\r\n", "\t", " "])


@given(DIGITS, st.sampled_from([2, 4, 6]), st.sampled_from(":.- "), PREFIXES, ENDS, st.booleans())
def test_every_spelling_of_an_address_is_the_same_address(
    digits: str, size: int, mark: str, prefix: str, end: str, upper: bool
) -> None:
    assume(mark != " " or not digits.isdecimal())
    text = mark.join(digits[i : i + size] for i in range(0, 12, size))
    assert parse_mac(prefix + (text.upper() if upper else text) + end) == MacAddress(digits)
    assert parse_mac(digits) == MacAddress(digits)


@given(DIGITS)
def test_an_address_prints_with_colons_and_reads_back(digits: str) -> None:
    mac = MacAddress(digits)
    assert str(mac).replace(":", "") == digits
    assert parse_mac(str(mac)) == mac


@given(st.text(max_size=80) | st.text("0123456789abcdefABCDEF:.- \r\nMAC", max_size=30))
def test_any_text_is_an_address_or_a_reasoned_refusal(text: str) -> None:
    read = attempt(parse_mac, text)
    if isinstance(read, MacAddress):
        assert len(read.bare) == 12
        assert int(read.bare[1], 16) % 2 == 0
    else:
        assert (read.code, "12 hexadecimal digits" in read.wanted) == ("invalid-mac", True)


@pytest.mark.parametrize(
    "text,reason",
    [
        ("00505812345", "11 digits"),
        ("0050581234567", "13 digits"),
        ("0050581234567890", "16 digits"),
        ("00 50 58 12 34 56", "serial number"),
        ("005058 123456", "serial number"),
        ("005058123456 7", "serial number"),
        ("01:00:5e:00:00:01", "multicast"),
        ("ff:ff:ff:ff:ff:ff", "broadcast"),
        ("00:00:00:00:00:00", "all zeros"),
        ("00:50-58:12:34:56", "separators"),
        ("0:050581:23456", "separators"),
        ("00::5058123456", "separators"),
        ("00:50:58:12:34:5g", "not hexadecimal"),
        ("\uff10\uff105058123456", "not hexadecimal"),
        ("\u0660\u06605058123456", "not hexadecimal"),
        ("00:50:58:12:34:56\r\n00:50:58:12:34:57", "not hexadecimal"),
        ("", "0 digits"),
        ("MAC:", "0 digits"),
        ("\x1b[31m005058123456", "not hexadecimal"),
        ("5.05812E+11", "not hexadecimal"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason) as raised:
        parse_mac(text)
    assert "\x1b" not in raised.value.message


def test_sangomas_block_is_known() -> None:
    assert parse_mac("00:50:58:12:34:56").is_sangoma
    assert parse_mac("00:50:58:12:34:56").oui == "005058"
    assert not parse_mac("00:50:59:12:34:56").is_sangoma
