"""Requests and replies as the platform spells them: camelCase JSON, pydantic on both ways.

Requests hold nothing that the guide does not name. Replies may hold what we do not know, and a document that
is sent back keeps the whole object as it came, so that GET then PUT changes only what was meant.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Annotated, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ModelWrapValidatorHandler,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from installer.alianza.failures import bad_reply
from installer.alianza.paths import is_segment
from installer.alianza.reply import Reply
from installer.text import safe

M = TypeVar("M", bound="_Reply")


class _Body(BaseModel):
    """Prints without its values: some of them are secrets, known or not."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class _Request(_Body):
    model_config = ConfigDict(
        alias_generator=to_camel,
        defer_build=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )


class _Reply(_Body):
    model_config = ConfigDict(
        alias_generator=to_camel,
        defer_build=True,
        extra="ignore",
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
    )


def _speakable(text: str) -> str:
    if not is_segment(text):
        raise ValueError("cannot stand in a path")
    return text


Id = Annotated[str, AfterValidator(_speakable)]
"""Opaque: no format is promised, but it must be able to stand in a path."""


class LoginRequest(_Request):
    """POST /v2/authorize."""

    username: str
    password: str


class LoginReply(_Reply):
    """What is kept of a sign-in; the rest, a password hash among it, is dropped."""

    auth_token: str = Field(min_length=1)
    partition_id: Id
    partition_name: str | None = None
    username: str | None = None
    user_type: str | None = None
    must_change_password: bool | None = None


class NewLineRequest(_Request):
    """POST specialty-line."""

    name: str
    caller_id: str
    e911_callback_number: str
    calling_plan_ids: list[str]
    device_type: str | None = None
    mac_address: str | None = None
    port_number: int | None = None
    sip_username: str | None = None
    sip_password: str | None = None


class UsernameRequest(_Request):
    """POST validate-sip-username."""

    username: str


class ReferenceRequest(_Request):
    """PATCH telephonenumber: both fields or none."""

    reference_id: str | None
    reference_type: str | None


class _Document(_Reply):
    """A reply that is sent back: beside the fields it knows, the object itself.

    pydantic's extra="allow" would do but for an unknown key that is spelled like one of our attributes.
    """

    _members: dict[str, object] = PrivateAttr(default_factory=dict)

    @property
    def members(self) -> dict[str, object]:
        """Every member the platform sent, and no other."""
        return self._members

    @model_validator(mode="wrap")
    @classmethod
    def _keep(cls, value: dict[str, object], handler: ModelWrapValidatorHandler[Self]) -> Self:
        made = handler(value)
        made._members = value  # noqa: SLF001 - its own, filled at birth
        return made


class LineDocument(_Document):
    """A specialty line as it came, unknown and absent fields included."""

    id: Id
    account_id: Id
    name: str
    caller_id: str | None = None
    e911_callback_number: str | None = None
    calling_plan_ids: list[str] | None = None
    device_type: str | None = None
    device_id: Id | None = None
    mac_address: str | None = None
    port_number: int | None = None
    sip_username: str | None = None
    sip_password: str | None = None
    linked_phone_numbers: list[str] | None = None


class NumberDocument(_Document):
    """A telephone number as it came, unknown and absent fields included."""

    account_id: Id
    phone_number: str
    carrier_status: str | None = None
    reference_type: str | None = None
    reference_id: str | None = None
    e911_address: JsonValue = None
    customer_service_record: JsonValue = None


class AccountHit(_Reply):
    """One account of a search."""

    id: Id
    account_number: str | None = None
    account_name: str | None = None
    account_status: str | None = None


class AccountDocument(_Reply):
    """An account, looked up."""

    id: Id
    account_number: str | None = None
    account_name: str | None = None
    status: str | None = None


class PlanDocument(_Reply):
    """A calling plan of the partition."""

    id: str = Field(min_length=1)
    name: str | None = None
    default_plan: bool | None = None


class RegistrationReply(_Reply):
    """Whether a device is registered; the platform says no more."""

    registered: bool


def encoded(request: _Request) -> bytes:
    """The request's JSON, without the fields that were not set."""
    return as_json(request.model_dump(by_alias=True, exclude_unset=True))


def as_json(members: dict[str, object]) -> bytes:
    """Compact JSON in ASCII."""
    return json.dumps(members, separators=(",", ":"), allow_nan=False).encode()


def reply_as(model: type[M], reply: Reply) -> M:
    """The object in an answer. Raises NetworkFailure, which names fields and never values."""
    document = reply.document()
    try:
        return model.model_validate(document)
    except ValidationError as error:
        what = _misfits(error)
    raise bad_reply(what, reply.status)


def replies_as(model: type[M], reply: Reply) -> list[M]:
    """The array of objects in an answer, whole or not at all. Raises NetworkFailure."""
    document = reply.document()
    try:
        return _array(model).validate_python(document, strict=True)
    except ValidationError as error:
        what = _misfits(error)
    raise bad_reply(what, reply.status)


@cache
def _array(model: type[M]) -> TypeAdapter[list[M]]:
    """Made once for each kind: making one costs as much as a short listing."""
    return TypeAdapter(list[model])  # type: ignore[valid-type]


def _misfits(error: ValidationError) -> str:
    """Where the answer does not fit and in what way; pydantic's own text can hold a password."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    places = [
        f"{'.'.join(str(part) for part in fault['loc']) or 'answer'} ({fault['type']})" for fault in faults
    ]
    return safe(", ".join(places[:5]))
