"""Telephone numbers on an account: list, get, route (PATCH, PUT). Errors are {status, messages, data}."""

from __future__ import annotations

from installer.rehearsal.answers import Answer, Call, Problem, ok
from installer.rehearsal.storage import JsonObject

REFERENCE_TYPES = frozenset(
    {
        "SIP_TRUNK", "END_USER", "IVR", "LINE_APPEARANCE", "LINE_HUNTGROUP", "TELEPHONE", "VFAX",
        "BUSINESS_LINE", "BUSINESS_LINE_HUNT_GROUP", "CALL_GROUP", "CALL_QUEUE", "AUTO_ATTENDANT",
        "SPECIALTY_LINE", "CONTACT_CENTER",
    }
)  # fmt: skip
_LIMITED = ("phoneNumber", "id", "accountId", "partitionId", "carrierStatus", "functionType", "referenceType")
_FIXED = ("id", "phoneNumber", "accountId", "partitionId", "carrierStatus")
_PATCHABLE = frozenset(
    {
        "referenceId",
        "referenceType",
        "assignAsCallerId",
        "e911Address",
        "customerServiceRecord",
        "directoryListing",
    }
)


def list_numbers(call: Call) -> Answer:
    account = call.account()
    if call.query.get("limitedData", "").lower() != "true":
        return Answer(200, call.world.listed_numbers(account.id))
    numbers = call.world.numbers_of(account.id)
    return ok([{key: number[key] for key in _LIMITED if key in number} for number in numbers])


def get_number(call: Call) -> Answer:
    number = _number(call)
    return Answer(200, call.world.encoded_number(call.params["account"], str(number["phoneNumber"])))


def patch_number(call: Call) -> Answer:
    """Change the given fields; both reference fields null takes the route away."""
    number, body = _number(call), call.json()
    if unknown := sorted(set(body) - _PATCHABLE):
        raise Problem(400, "InvalidRequest", f"{unknown[0]} cannot be patched")
    if ("referenceId" in body) != ("referenceType" in body):
        raise Problem(400, "InvalidReference", "referenceId and referenceType go together")
    return _keep(call, {**number, **body})


def put_number(call: Call) -> Answer:
    """Replace by the full object: same number, same owner, the orderVersion as it was read."""
    number, body = _number(call), call.json()
    for key in _FIXED:
        if body.get(key) != number[key]:
            raise Problem(400, "InvalidRequest", f"{key} cannot change")
    if body.get("orderVersion") != number["orderVersion"]:
        raise Problem(400, "OrderVersionMismatch", "the number has changed since it was read")
    return _keep(call, body)


def _keep(call: Call, wanted: JsonObject) -> Answer:
    reference = wanted.get("referenceType"), wanted.get("referenceId")
    if reference == (None, None):
        wanted = {key: value for key, value in wanted.items() if key not in {"referenceType", "referenceId"}}
    else:
        _check_reference(call, *reference)
    phone = str(wanted["phoneNumber"])
    call.world.replace_number(wanted)
    return Answer(200, call.world.encoded_number(call.params["account"], phone), objects=(phone,))


def _check_reference(call: Call, kind: object, reference_id: object) -> None:
    if kind not in REFERENCE_TYPES or not isinstance(reference_id, str) or not reference_id:
        raise Problem(400, "InvalidReference", "referenceId and referenceType go together")
    if kind == "SPECIALTY_LINE":
        line = call.world.lines.get(reference_id)
        if line is None or line.account_id != call.params["account"]:
            raise Problem(400, "InvalidReference", "no such specialty line on this account")


def _number(call: Call) -> JsonObject:
    account = call.account()
    number = call.world.numbers.get(call.params["number"])
    if number is None or number["accountId"] != account.id:
        raise Problem(404, "EntityNotFound")
    return number
