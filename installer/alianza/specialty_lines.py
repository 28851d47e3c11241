"""Specialty lines: add, list, get, update, delete; whether a username is free, whether a device registered.

Specialty Lines guide. Provisioning encodes a body once, keeps it, then sends those bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

from installer.alianza.auth import Auth
from installer.alianza.bodies import (
    LineDocument,
    NewLineRequest,
    RegistrationReply,
    UsernameRequest,
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
from installer.domain.credential import Secret, SipUsername
from installer.domain.line import LineChanges, NewLine, SpecialtyLine
from installer.domain.mac import MacAddress, parse_mac
from installer.errors import Certainty, Conflict, InvalidValue, NetworkFailure, Rejected
from installer.text import safe

_LINES = f"{ACCOUNT}/specialty-line"
_LINE = f"{_LINES}/{{line}}"
_VALIDATE = "/v2/rpc/specialty-line/validate-sip-username"
_REGISTRATION = f"{ACCOUNT}/deviceline/{{device}}/registrationstatus"
_MASKS = frozenset("*•●∙·")


@dataclass(frozen=True, slots=True)
class FetchedLine:
    """A line just read, and the document an update starts from."""

    line: SpecialtyLine
    document: LineDocument


class SpecialtyLines:
    """The specialty lines of the partition's accounts. Every call raises PlatformFailure."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth

    def create_path(self, account_id: str) -> str:
        """Where a new line is posted to."""
        return str(self._lines(account_id))

    def line_path(self, account_id: str, line_id: str) -> str:
        """Where a line is read, replaced and deleted."""
        return str(self._line(account_id, line_id))

    def encode_new(self, line: NewLine) -> bytes:
        """The body of a create; hardware all or none, credential both or none."""
        slot, credential = line.slot, line.credential
        device = (
            {}
            if slot is None
            else {"device_type": slot.device_type, "mac_address": slot.mac.bare, "port_number": slot.fxs_port}
        )
        sip = (
            {}
            if credential is None
            else {"sip_username": credential.username.text, "sip_password": credential.password.reveal()}
        )
        return encoded(
            NewLineRequest.model_validate(
                {
                    "name": line.name,
                    "caller_id": line.caller_id.digits,
                    "e911_callback_number": line.e911_callback.digits,
                    "calling_plan_ids": list(line.calling_plan_ids),
                    **device,
                    **sip,
                }
            )
        )

    async def create(self, account_id: str, body: bytes) -> SpecialtyLine:
        """The new line. Its outcome is unknown after any failure that does not say otherwise."""
        request = Request("POST", self._lines(account_id), CallKind.CREATE, body)
        return await self._auth.call(request, lambda reply: _fetched(reply, account_id).line)

    async def list(self, account_id: str) -> tuple[SpecialtyLine, ...]:
        """Every line of the account, or a failure: never a part."""
        request = Request("GET", self._lines(account_id), CallKind.READ)
        return await self._auth.call(request, lambda reply: _listed(reply, account_id))

    async def get(self, account_id: str, line_id: str) -> FetchedLine:
        """The line as it is now."""
        request = Request("GET", self._line(account_id, line_id), CallKind.READ)
        return await self._auth.call(request, lambda reply: _fetched(reply, account_id, line_id))

    def encode_changed(self, fetched: FetchedLine, changes: LineChanges, password: Secret | None) -> bytes:
        """The whole object with `changes` in it; `password` is our own, for where the platform masks it.

        A mask is never sent back: Raises Conflict `password-masked` where there is one and we know no better.
        """
        members = fetched.document.members | _changed(changes)
        if members.get("sipUsername") and _is_masked(members.get("sipPassword")):
            if password is None:
                raise Conflict(
                    f"the platform hides the SIP password of “{safe(fetched.line.name, 60)}”, and this kit "
                    "does not know it: an update would replace it",
                    code="password-masked",
                    remedy="give the line a new credential, or change it in the Admin Portal",
                )
            members["sipPassword"] = password.reveal()
        return as_json(members)

    async def replace(self, account_id: str, line_id: str, body: bytes) -> SpecialtyLine:
        """The line as the platform now has it."""
        request = Request("PUT", self._line(account_id, line_id), CallKind.VALUE_WRITE, body)
        return await self._auth.call(request, lambda reply: _fetched(reply, account_id, line_id).line)

    async def delete(self, account_id: str, line_id: str) -> None:
        """Remove the line; that it is not there is as good."""
        request = Request("DELETE", self._line(account_id, line_id), CallKind.DELETE)
        try:
            await self._auth.call(request, _nothing)
        except Rejected as failure:
            if failure.status != 404:
                raise

    async def username_free(self, username: SipUsername) -> bool:
        """Whether nobody on the platform has that SIP username. The body decides, a 200 does not.

        Raises NetworkFailure `no-verdict` for anything but an explicit true or false.
        """
        body = encoded(UsernameRequest(username=username.text))
        return await self._auth.call(Request("POST", Path(_VALIDATE), CallKind.READ, body), _verdict)

    async def registered(self, account_id: str, device_id: str) -> bool | None:
        """Whether the device is registered; None where the platform does not know the device (yet)."""
        path = Path(_REGISTRATION, (self._partition, account_id, device_id))
        try:
            reply = await self._auth.call(
                Request("GET", path, CallKind.READ), lambda reply: reply_as(RegistrationReply, reply)
            )
        except Rejected as failure:
            if failure.status != 404:
                raise
            return None
        return reply.registered

    @property
    def _partition(self) -> str:
        return self._auth.signed_in.partition_id

    def _lines(self, account_id: str) -> Path:
        return Path(_LINES, (self._partition, account_id))

    def _line(self, account_id: str, line_id: str) -> Path:
        return Path(_LINE, (self._partition, account_id, line_id))


def _fetched(reply: Reply, account_id: str, line_id: str | None = None) -> FetchedLine:
    document = reply_as(LineDocument, reply)
    if document.account_id != account_id:
        raise bad_reply("the line belongs to another account", reply.status)
    if line_id is not None and document.id != line_id:
        raise bad_reply("it is another line", reply.status)
    return FetchedLine(_line(document), document)


def _listed(reply: Reply, account_id: str) -> tuple[SpecialtyLine, ...]:
    documents = replies_as(LineDocument, reply)
    if any(document.account_id != account_id for document in documents):
        raise bad_reply("a line belongs to another account", reply.status)
    return tuple(_line(document) for document in documents)


def _line(document: LineDocument) -> SpecialtyLine:
    password = document.sip_password
    return SpecialtyLine(
        id=document.id,
        account_id=document.account_id,
        name=document.name,
        caller_id=document.caller_id,
        e911_callback=document.e911_callback_number,
        calling_plan_ids=tuple(document.calling_plan_ids or ()),
        device_type=document.device_type,
        device_id=document.device_id,
        mac=_mac(document.mac_address),
        fxs_port=document.port_number,
        sip_username=SipUsername(document.sip_username) if document.sip_username else None,
        sip_password=None if password is None or _is_masked(password) else Secret(password),
        linked_numbers=tuple(document.linked_phone_numbers or ()),
    )


def _mac(text: str | None) -> MacAddress | None:
    """A foreign line's impossible MAC cannot be one of ours: it must not hide the other lines."""
    try:
        return None if text is None else parse_mac(text)
    except InvalidValue:
        return None


def _is_masked(password: object) -> bool:
    return not isinstance(password, str) or not set(password) - _MASKS


def _changed(changes: LineChanges) -> dict[str, object]:
    """The members that `changes` sets, as the platform spells them."""
    members: dict[str, object] = {
        "name": changes.name,
        "callerId": changes.caller_id and changes.caller_id.digits,
        "e911CallbackNumber": changes.e911_callback and changes.e911_callback.digits,
        "callingPlanIds": None if changes.calling_plan_ids is None else list(changes.calling_plan_ids),
    }
    if changes.slot is not None:
        members["deviceType"] = changes.slot.device_type
        members["macAddress"] = changes.slot.mac.bare
        members["portNumber"] = changes.slot.fxs_port
    if changes.credential is not None:
        members["sipUsername"] = changes.credential.username.text
        members["sipPassword"] = changes.credential.password.reveal()
    return {key: value for key, value in members.items() if value is not None}


def _verdict(reply: Reply) -> bool:
    match reply.body.strip().lower():
        case b"true":
            return True
        case b"false":
            return False
    raise NetworkFailure(
        "the platform did not say whether the SIP username is free",
        code="no-verdict",
        certainty=Certainty.UNKNOWN,
        status=reply.status,
    )


def _nothing(_: Reply) -> None:
    """A deletion's answer says nothing but its status."""
