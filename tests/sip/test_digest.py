"""Digest authentication against the RFCs' own examples."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.sip.digest import Algorithm, Challenge, Credentials, answer, choose, parse_credentials
from installer.sip.fields import NotSip
from installer.sip.message import Response

RFC_2617 = Credentials(
    username="Mufasa",
    realm="testrealm@host.com",
    nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
    uri="/dir/index.html",
    response="6629fae49393a05397450978507c4ef1",
    count="00000001",
    cnonce="0a4f113b",
    opaque="5ccc069c403ebaf9f0171e9517f40e41",
)
RFC_7616_MD5 = Credentials(
    username="Mufasa",
    realm="http-auth@example.org",
    nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    uri="/dir/index.html",
    response="8ca523f5e9506fed4657c9700eebdbec",
    count="00000001",
    cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
)
RFC_7616_SHA256 = replace(
    RFC_7616_MD5,
    algorithm=Algorithm.SHA256,
    response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
)
# RFC 2069 with erratum 749: the form without qop.
RFC_2069 = Credentials(
    username="Mufasa",
    realm="testrealm@host.com",
    nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",
    uri="/dir/index.html",
    response="1949323746fe6a43ef61f9606e7febea",
)


@pytest.mark.parametrize(
    "given_credentials,password",
    [
        (RFC_2617, "Circle Of Life"),
        (RFC_7616_MD5, "Circle of Life"),
        (RFC_7616_SHA256, "Circle of Life"),
        (RFC_2069, "CircleOfLife"),
    ],
)
def test_the_examples_of_the_rfcs_are_proven_and_made(given_credentials: Credentials, password: str) -> None:
    assert given_credentials.proves(password, "GET")
    assert not given_credentials.proves(password + "!", "GET")
    assert not given_credentials.proves(password, "POST")
    challenge = Challenge(
        realm=given_credentials.realm,
        nonce=given_credentials.nonce,
        algorithm=given_credentials.algorithm,
        qop=given_credentials.count is not None,
        opaque=given_credentials.opaque,
    )
    cnonce = given_credentials.cnonce or "unused"
    assert answer(challenge, "Mufasa", password, "GET", "/dir/index.html", cnonce) == given_credentials


TEXT = st.text(st.characters(codec="utf-8", blacklist_characters="\r\n"), min_size=1, max_size=20)


@given(TEXT, TEXT, TEXT, st.sampled_from(Algorithm), st.booleans(), st.none() | TEXT)
def test_what_a_client_answers_a_server_reads_and_believes(
    username: str, password: str, realm: str, algorithm: Algorithm, qop: bool, opaque: str | None
) -> None:
    challenge = Challenge(realm, "n0nce", algorithm, qop=qop, opaque=opaque)
    response = Response(status=401, reason="", headers=(("WWW-Authenticate", str(challenge)),))
    read = choose(response)
    assert read == challenge
    credentials = answer(challenge, username, password, "REGISTER", "sip:h", "c")
    again = parse_credentials(str(credentials))
    assert again == credentials
    assert again.proves(password, "REGISTER")


def _response(*challenges: str, status: int = 401) -> Response:
    name = "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"
    return Response(status=status, reason="", headers=tuple((name, each) for each in challenges))


def test_the_topmost_challenge_we_can_answer_is_taken() -> None:
    chosen = choose(
        _response(
            "Basic realm=x",
            'Digest realm="r", nonce="1", algorithm=SHA-512-256',
            'Digest realm="r", nonce="2", algorithm=SHA-256, qop="auth,auth-int", stale=TRUE',
            'Digest realm="r", nonce="3"',
        )
    )
    assert chosen == Challenge("r", "2", Algorithm.SHA256, qop=True, stale=True)


@pytest.mark.parametrize(
    "text",
    ['Digest nonce="1"', 'Digest realm="r"', 'Digest realm="r", nonce="1", qop="auth-int"', "Bearer x"],
)
def test_challenges_that_cannot_be_answered_are_passed_over(text: str) -> None:
    assert choose(_response(text)) is None


def test_a_proxys_challenge_is_known_as_one() -> None:
    chosen = choose(_response('Digest realm="r", nonce="1"', status=407))
    assert chosen == Challenge("r", "1", qop=False, proxy=True)


def test_a_stale_challenge_says_so() -> None:
    assert "stale=true" in str(Challenge("r", "n", stale=True))


@pytest.mark.parametrize(
    "text",
    [
        "Basic abc",
        'Digest username="u", realm="r", nonce="n", uri="x"',
        'Digest username="u", realm="r", nonce="n", uri="x", response="y", qop=auth',
        'Digest username="u", realm="r", nonce="n", uri="x", response="y", qop=auth-int, nc=1, cnonce="c"',
        'Digest username="u", realm="r", nonce="n", uri="x", response="y", algorithm=AKAv1-MD5',
    ],
)
def test_credentials_that_are_not_supported_are_refused(text: str) -> None:
    with pytest.raises(NotSip):
        parse_credentials(text)
