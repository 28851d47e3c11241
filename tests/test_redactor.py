import base64
import hashlib
import json
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from installer.redactor import Redactor
from installer.text import MASK

SECRETS = st.text(st.characters(codec="utf-8"), min_size=6, max_size=40).filter(
    lambda text: text.strip(" ") == text and len(set(text)) > 3 and MASK not in text
)


def forms(secret: str) -> dict[str, str]:
    """The secret as it may travel, each from the standard library by its own way."""
    octets = secret.encode()
    found = {
        "raw": secret,
        "json": json.dumps({"password": secret}),
        "json unescaped": json.dumps({"password": secret}, ensure_ascii=False),
        "url": "a=" + quote(secret),
        "url strict": "a=" + quote(secret, safe=""),
        "form": "a=" + quote_plus(secret),
        "hex": octets.hex(),
        "hex upper": octets.hex().upper(),
        "utf-16": secret.encode("utf-16").decode("latin-1"),
        "utf-16 hex": secret.encode("utf-16-le").hex(),
        "basic": base64.b64encode(f"user:{secret}".encode()).decode(),
    }
    for lead in range(3):
        found[f"base64 {lead}"] = base64.b64encode(b"x" * lead + octets + b"tail").decode()
        found[f"base64url {lead}"] = base64.urlsafe_b64encode(b"x" * lead + octets).decode()
    return found


@given(SECRETS)
def test_a_planted_secret_survives_in_no_form(secret: str) -> None:
    redact = Redactor([secret])
    for name, form in forms(secret).items():
        shown = redact(f"<<{form}>>")
        assert MASK in shown, name
        assert form not in shown, name
        assert secret not in shown, name


@given(SECRETS, st.text(max_size=30), st.text(max_size=30))
def test_text_around_a_secret_stays(secret: str, before: str, after: str) -> None:
    redact = Redactor()
    text = f"{before}{secret}{after}"
    assert redact(text) == text
    redact.add(secret)
    assert secret not in redact(text)


def test_a_base64_form_leaves_nothing_that_decodes_to_the_secret() -> None:
    redact = Redactor(["planted-secret-42"])
    for lead in range(3):
        shown = redact(base64.b64encode(b"x" * lead + b"planted-secret-42" + b"yz").decode())
        before, after = shown.split(MASK)
        assert len(before) <= 3  # what stood before the secret, and one character that holds bits of both
        assert len(after) <= 6  # the same behind it, "yz" and padding


def test_a_derived_digest_is_taken_out_too() -> None:
    ha1 = hashlib.md5(b"user:realm:planted-secret", usedforsecurity=False).hexdigest()
    redact = Redactor()
    redact.add("planted-secret", ha1)
    for text in (ha1, f'response="{ha1}"', base64.b64encode(ha1.encode()).decode()):
        assert MASK in redact(text)
        assert ha1 not in redact(text)


def test_very_short_values_are_not_searched_for() -> None:
    assert Redactor(["abc"])("abcabc") == "abcabc"


def test_the_longer_of_two_secrets_goes_first() -> None:
    assert Redactor(["planted", "planted-secret"])("my planted-secret") == f"my {MASK}"
