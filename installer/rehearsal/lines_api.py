"""Specialty lines: add, list, get, update, delete, validate a SIP username (Specialty Lines guide).

Codes without a published name (all but InvalidMacAddress, InvalidLineNumber, SipUsernameInUse) are ours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from installer.rehearsal.answers import TEXT, Answer, Call, Problem
from installer.rehearsal.storage import JsonObject
from installer.rehearsal.things import PORTS_BY_TYPE, Account, Line, parse_mac
from installer.rehearsal.world import World

USERNAME_LENGTH = range(8, 37)
PASSWORD_MIN = 6


def create_line(call: Call) -> Answer:
    account = call.account(missing=403)
    wanted = _parse(call.json(), account, call.world)
    _check_free(wanted, call.world, but=None)
    username, password = wanted.credential or call.world.new_credential()
    has_device = wanted.device_type is not None
    line = Line(
        id=call.world.new_uuid(),
        account_id=account.id,
        partition_id=account.partition_id,
        name=wanted.name,
        caller_id=wanted.caller_id,
        e911_callback_number=wanted.e911_callback_number,
        calling_plan_ids=wanted.calling_plan_ids,
        device_type=wanted.device_type,
        device_id=call.world.new_uuid() if has_device else None,
        mac_address=wanted.mac_address,
        port_number=wanted.port_number,
        sip_username=username,
        sip_password=password,
        created_at=call.now,
    )
    call.world.create_line(line, call.lag, call.now)
    return Answer(201, call.world.encoded_line(line), objects=(line.id,))


def list_lines(call: Call) -> Answer:
    return Answer(200, call.world.listed_lines(call.account(missing=403).id, call.now))


def get_line(call: Call) -> Answer:
    return Answer(200, call.world.encoded_line(_line(call)))


def update_line(call: Call) -> Answer:
    """Replace by the full object; what is read-only in it is not looked at."""
    line = _line(call)
    wanted = _parse(call.json(), call.account(missing=403), call.world)
    _check_free(wanted, call.world, but=line.id)
    username, password = wanted.credential or (line.sip_username, line.sip_password)
    device_id = None
    if wanted.device_type is not None:
        device_id = line.device_id or call.world.new_uuid()
    changed = replace(
        line,
        name=wanted.name,
        caller_id=wanted.caller_id,
        e911_callback_number=wanted.e911_callback_number,
        calling_plan_ids=wanted.calling_plan_ids,
        device_type=wanted.device_type,
        device_id=device_id,
        mac_address=wanted.mac_address,
        port_number=wanted.port_number,
        sip_username=username,
        sip_password=password,
    )
    call.world.replace_line(changed)
    return Answer(200, call.world.encoded_line(changed), objects=(line.id,))


def delete_line(call: Call) -> Answer:
    line = _line(call)
    if call.world.linked(line.id):
        raise Problem(400, "LineHasPhoneNumbers", "route its numbers elsewhere first")
    call.world.delete_line(line, call.lag, call.now)
    return Answer(204, objects=(line.id,))


def validate_sip_username(call: Call) -> Answer:
    """The body decides: `true` is free, `false` is taken, both with 200."""
    username = call.json().get("username")
    if not isinstance(username, str) or len(username) not in USERNAME_LENGTH:
        raise Problem(400, "InvalidSipUsername", "8 to 36 characters")
    free = not call.world.lines_with_username(username)
    return Answer(200, b"true" if free else b"false", TEXT)


def _line(call: Call) -> Line:
    account = call.account(missing=403)
    line = call.world.lines.get(call.params["line"])
    if line is None or line.account_id != account.id:
        raise Problem(404, "EntityNotFound", "line not found")
    return line


@dataclass(frozen=True, slots=True)
class _Wanted:
    name: str
    caller_id: str
    e911_callback_number: str
    calling_plan_ids: tuple[str, ...]
    device_type: str | None
    mac_address: str | None
    port_number: int | None
    credential: tuple[str, str] | None


def _parse(body: JsonObject, account: Account, world: World) -> _Wanted:
    device_type, mac, port = _device(body)
    return _Wanted(
        name=_text(body, "name", "InvalidName"),
        caller_id=_caller_id(body, account, world),
        e911_callback_number=_callback(body, world),
        calling_plan_ids=_plans(body, world),
        device_type=device_type,
        mac_address=mac,
        port_number=port,
        credential=_credential(body),
    )


def _text(body: JsonObject, key: str, code: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Problem(400, code, f"{key} is wanted")
    return value


def _caller_id(body: JsonObject, account: Account, world: World) -> str:
    value = _text(body, "callerId", "InvalidCallerId")
    if world.numbers.get(value, {}).get("accountId") != account.id:
        raise Problem(400, "InvalidCallerId", "not a number of this account")
    return value


def _callback(body: JsonObject, world: World) -> str:
    value = _text(body, "e911CallbackNumber", "InvalidE911CallbackNumber")
    if value not in world.numbers:
        raise Problem(400, "InvalidE911CallbackNumber", "not provisioned through the platform")
    return value


def _plans(body: JsonObject, world: World) -> tuple[str, ...]:
    value = body.get("callingPlanIds")
    if not isinstance(value, list) or not value:
        raise Problem(400, "InvalidCallingPlan", "callingPlanIds is wanted")
    for plan_id in value:
        plan = world.plans.get(plan_id) if isinstance(plan_id, str) else None
        if plan is None or plan.archived:
            raise Problem(400, "InvalidCallingPlan", "no such calling plan")
    return tuple(value)


def _device(body: JsonObject) -> tuple[str | None, str | None, int | None]:
    kind, mac, port = body.get("deviceType"), body.get("macAddress"), body.get("portNumber")
    if kind is None and mac is None and port is None:
        return None, None, None
    if not isinstance(kind, str) or kind not in PORTS_BY_TYPE:
        raise Problem(400, "InvalidDeviceType", "no such device type")
    parsed = parse_mac(mac) if isinstance(mac, str) else None
    if parsed is None:
        raise Problem(400, "InvalidMacAddress", "12 hex digits, with colons or none")
    if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= PORTS_BY_TYPE[kind]:
        raise Problem(400, "InvalidLineNumber", "the device has no such port")
    return kind, parsed, port


def _credential(body: JsonObject) -> tuple[str, str] | None:
    username, password = body.get("sipUsername"), body.get("sipPassword")
    if username is None and password is None:
        return None
    if not isinstance(username, str) or len(username) not in USERNAME_LENGTH:
        raise Problem(400, "InvalidSipUsername", "8 to 36 characters")
    if not isinstance(password, str) or len(password) < PASSWORD_MIN:
        raise Problem(400, "InvalidSipPassword", "6 characters or more")
    return username, password


def _check_free(wanted: _Wanted, world: World, *, but: str | None) -> None:
    if world.rules.unique_ports and wanted.mac_address is not None and wanted.port_number is not None:
        standing = world.lines_at((wanted.mac_address, wanted.port_number))
        if any(line.id != but for line in standing):
            raise Problem(409, "DevicePortInUse", "a line stands on this MAC address and port")
    if world.rules.unique_usernames and wanted.credential is not None:
        holders = world.lines_with_username(wanted.credential[0])
        if any(line.id != but for line in holders):
            raise Problem(409, "SipUsernameInUse", "the SIP username is taken")
