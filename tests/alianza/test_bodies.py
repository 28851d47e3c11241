from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from installer.alianza.bodies import (
    AccountDocument,
    AccountHit,
    LineDocument,
    LoginReply,
    LoginRequest,
    NewLineRequest,
    NumberDocument,
    PlanDocument,
    RegistrationReply,
    as_json,
    replies_as,
    reply_as,
)
from installer.alianza.reply import Reply, decode
from installer.errors import NetworkFailure

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
OPTIONAL = st.none() | WORDS
UNKNOWN = st.dictionaries(
    WORDS | st.sampled_from(["account_id", "model_config", "__class__", "linked_phone_numbers", "self"]),
    JSON,
    max_size=4,
)
LINES = st.fixed_dictionaries(
    {"id": st.just("l-1"), "accountId": st.just("a1"), "name": WORDS},
    optional={
        "callerId": OPTIONAL,
        "callingPlanIds": st.none() | st.lists(WORDS, max_size=2),
        "deviceType": OPTIONAL,
        "deviceId": st.none() | st.just("d-1"),
        "macAddress": OPTIONAL,
        "portNumber": st.none() | st.integers(),
        "sipUsername": OPTIONAL,
        "sipPassword": OPTIONAL,
        "linkedPhoneNumbers": st.none() | st.lists(WORDS, max_size=2),
    },
)
NUMBERS = st.fixed_dictionaries(
    {"accountId": st.just("a1"), "phoneNumber": WORDS},
    optional={
        "carrierStatus": OPTIONAL,
        "referenceType": OPTIONAL,
        "referenceId": OPTIONAL,
        "orderVersion": JSON,
        "e911Address": JSON,
        "customerServiceRecord": JSON,
        "directoryListing": JSON,
    },
)
MODELS = [
    LineDocument,
    NumberDocument,
    AccountDocument,
    AccountHit,
    PlanDocument,
    RegistrationReply,
    LoginReply,
]


def reply(value: object) -> Reply:
    return Reply(200, "application/json", json.dumps(value).encode())


@given(UNKNOWN, LINES)
def test_a_line_read_and_sent_back_is_the_same_object(
    unknown: dict[str, object], line: dict[str, object]
) -> None:
    document = {**unknown, **line}
    assert decode(as_json(reply_as(LineDocument, reply(document)).members)) == document


@given(UNKNOWN, NUMBERS)
def test_a_number_read_and_sent_back_is_the_same_object(
    unknown: dict[str, object], number: dict[str, object]
) -> None:
    document = {**unknown, **number}
    assert decode(as_json(reply_as(NumberDocument, reply(document)).members)) == document


@given(st.sampled_from(MODELS), JSON | st.lists(LINES, max_size=2) | LINES | NUMBERS)
def test_any_document_is_a_reply_or_a_network_failure(model: type[LineDocument], value: object) -> None:
    for read in (reply_as, replies_as):
        with contextlib.suppress(NetworkFailure):
            read(model, reply(value))


def test_a_misfit_names_fields_and_never_values() -> None:
    with pytest.raises(NetworkFailure) as caught:
        reply_as(LineDocument, reply({"id": "l", "name": ["hunter2"], "sipPassword": 7, "x": "hunter2"}))
    failure = caught.value
    assert "accountId (missing)" in failure.message
    assert "name (string_type)" in failure.message
    assert "hunter2" not in failure.message
    assert failure.__cause__ is None
    assert failure.__context__ is None


def test_a_request_takes_nothing_the_guide_does_not_name() -> None:
    with pytest.raises(ValidationError):
        NewLineRequest.model_validate(
            {"name": "n", "caller_id": "1", "e911_callback_number": "1", "calling_plan_ids": [], "extra": 1}
        )


def test_a_request_that_cannot_be_made_does_not_say_with_what() -> None:
    with pytest.raises(ValidationError) as raised:
        LoginRequest.model_validate({"username": "ada", "password": ["hunter2"]})
    assert "password" in str(raised.value)
    assert "hunter2" not in str(raised.value)
    assert "hunter2" not in repr(LoginRequest(username="ada", password="hunter2"))
