"""Telephone numbers of an account: list, get, and where one rings (PATCH, or PUT of the whole object)."""

from __future__ import annotations

from dataclasses import dataclass

from installer.alianza.auth import Auth
from installer.alianza.bodies import (
    NumberDocument,
    ReferenceRequest,
    as_json,
    encoded,
    replies_as,
    reply_as,
)
from installer.alianza.exchange import Request
from installer.alianza.failures import bad_reply
from installer.alianza.paths import ACCOUNT, Path
from installer.alianza.reply import Reply
from installer.alianza.retry import CallKind
from installer.domain.numbers import AccountNumber, Reference, TelephoneNumber, parse_number
from installer.errors import InvalidValue
from installer.text import safe

_NUMBERS = f"{ACCOUNT}/telephonenumber"
_NUMBER = f"{_NUMBERS}/{{number}}"
_STREET = (
    "streetNumber",
    "streetNumberSuffix",
    "preDirectional",
    "streetName",
    "streetSuffix",
    "postDirectional",
)


@dataclass(frozen=True, slots=True)
class FetchedNumber:
    """A number just read, and the document a PUT starts from."""

    number: AccountNumber
    document: NumberDocument


class TelephoneNumbers:
    """The telephone numbers of the partition's accounts. Every call raises PlatformFailure."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth

    def number_path(self, account_id: str, number: TelephoneNumber) -> str:
        """Where a number is read, patched and replaced."""
        return str(self._number(account_id, number))

    async def list(self, account_id: str) -> tuple[AccountNumber, ...]:
        """Every number of the account that is of the North American plan; no other can be on a line."""
        path = Path(_NUMBERS, (self._auth.signed_in.partition_id, account_id))
        return await self._auth.call(
            Request("GET", path, CallKind.READ), lambda reply: _listed(reply, account_id)
        )

    async def get(self, account_id: str, number: TelephoneNumber) -> FetchedNumber:
        """The number as it is now."""
        request = Request("GET", self._number(account_id, number), CallKind.READ)
        return await self._auth.call(request, lambda reply: _fetched(reply, account_id, number))

    def encode_reference(self, reference: Reference | None) -> bytes:
        """The body of a PATCH: where the number shall ring; None takes the route away, both fields null."""
        return encoded(
            ReferenceRequest(
                reference_id=None if reference is None else reference.id,
                reference_type=None if reference is None else reference.kind,
            )
        )

    async def patch(self, account_id: str, number: TelephoneNumber, body: bytes) -> AccountNumber:
        """The number as the platform now has it."""
        request = Request("PATCH", self._number(account_id, number), CallKind.VALUE_WRITE, body)
        return await self._auth.call(request, lambda reply: _fetched(reply, account_id, number).number)

    def encode_whole(self, fetched: FetchedNumber, reference: Reference | None) -> bytes:
        """The body of a PUT: everything as it was read, `orderVersion` too, but for where it rings."""
        return as_json(
            fetched.document.members
            | {
                "referenceId": None if reference is None else reference.id,
                "referenceType": None if reference is None else reference.kind,
            }
        )

    async def replace(self, account_id: str, number: TelephoneNumber, body: bytes) -> AccountNumber:
        """The number as the platform now has it."""
        request = Request("PUT", self._number(account_id, number), CallKind.VALUE_WRITE, body)
        return await self._auth.call(request, lambda reply: _fetched(reply, account_id, number).number)

    def _number(self, account_id: str, number: TelephoneNumber) -> Path:
        return Path(_NUMBER, (self._auth.signed_in.partition_id, account_id, number.digits))


def _fetched(reply: Reply, account_id: str, number: TelephoneNumber) -> FetchedNumber:
    document = reply_as(NumberDocument, reply)
    _check_account(document, account_id, reply)
    found = _parsed(document)
    if found is None or found.number != number:
        raise bad_reply("it is another number", reply.status)
    return FetchedNumber(found, document)


def _listed(reply: Reply, account_id: str) -> tuple[AccountNumber, ...]:
    documents = replies_as(NumberDocument, reply)
    for document in documents:
        _check_account(document, account_id, reply)
    return tuple(found for found in map(_parsed, documents) if found is not None)


def _check_account(document: NumberDocument, account_id: str, reply: Reply) -> None:
    if document.account_id != account_id:
        raise bad_reply("a number belongs to another account", reply.status)


def _parsed(document: NumberDocument) -> AccountNumber | None:
    """The number, None for one outside the North American plan."""
    try:
        number = parse_number(document.phone_number)
    except InvalidValue:
        return None
    kind, target = document.reference_type, document.reference_id
    return AccountNumber(
        number=number,
        carrier_status=safe(document.carrier_status or "", 40),
        reference=Reference(kind or "", target or "") if kind or target else None,
        address=_one_line(document.e911_address) or _one_line(document.customer_service_record),
    )


def _one_line(address: object) -> str:
    """An address in one line, from the flat shape or the one nested under `address`; "" for none."""
    if not isinstance(address, dict):
        return ""
    parts = address.get("address", address)
    if not isinstance(parts, dict):
        return ""

    def joined(*keys: str) -> str:
        words = (safe(word).strip() for key in keys if isinstance(word := parts.get(key), str))
        return " ".join(word for word in words if word)

    pieces = (
        joined(*_STREET),
        joined("secondaryLocationDescription", "unit"),
        joined("city"),
        joined("state", "postalCode"),
    )
    return safe(", ".join(piece for piece in pieces if piece))
