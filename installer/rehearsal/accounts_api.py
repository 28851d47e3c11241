"""Accounts, calling plans, devices: search, look-up, validate, registration status, provisioning view."""

from __future__ import annotations

from collections.abc import Callable

from installer.rehearsal.answers import Answer, Call, Handler, Problem, Shape, ok
from installer.rehearsal.storage import JsonObject
from installer.rehearsal.things import PORTS_BY_TYPE, Account, Line, Plan, parse_mac
from installer.rehearsal.world import World


def list_plans(call: Call) -> Answer:
    archived = call.query.get("includeArchived", "").lower() == "true"
    return ok([_plan(plan, call) for plan in call.world.plans.values() if archived or not plan.archived])


def _plan(plan: Plan, call: Call) -> JsonObject:
    return {
        "id": plan.id,
        "name": plan.name,
        "planMinutes": plan.minutes,
        "unlimitedDisplay": False,
        "allowOverage": False,
        "preventForwarding": True,
        "defaultPlan": plan.default,
        "callRateFor411": 0,
        "allow411": False,
        "rateTypeFor411": "PER_CALL",
        "callRateForOperator": 0,
        "allowOperator": False,
        "rateTypeForOperator": "PER_CALL",
        "partitionId": call.params["partition"],
        "allowUnlimitedLocal": False,
        "rateIntraPartitionAsFree": False,
    }


def search_accounts(call: Call) -> Answer:
    """Accounts whose number, name, phone number or device MAC matches `q`; which, is under `matches`."""
    wanted = call.query.get("q", "").strip()
    if not wanted:
        raise Problem(400, "InvalidRequest")
    accounts = call.world.accounts_in(call.params["partition"])
    found = ((account, _matches(account, wanted, call.world)) for account in accounts)
    return ok([_account_view(account, matches) for account, matches in found if matches])


def _account_view(account: Account, matches: dict[str, str]) -> JsonObject:
    return {
        "partitionId": account.partition_id,
        "id": account.id,
        "accountNumber": account.number,
        "accountName": account.name,
        "type": "ADVANCED",
        "accountStatus": account.status,
        "platformType": "V2_1",
        "matches": dict(matches),
    }


def _matches(account: Account, wanted: str, world: World) -> dict[str, str]:
    matches: dict[str, str] = {}
    if wanted in account.number:
        matches["accountNumber"] = account.number
    if wanted.lower() in account.name.lower():
        matches["accountName"] = account.name
    if wanted.isdigit() and len(wanted) >= 4:
        for number in world.numbers_of(account.id):
            if wanted in str(number["phoneNumber"]):
                matches["phoneNumber"] = str(number["phoneNumber"])
                break
    mac = parse_mac(wanted)
    if mac is not None and any(line.account_id == account.id for line in world.lines_of_mac(mac)):
        matches["macAddress"] = mac
    return matches


def get_account(call: Call) -> Answer:
    kind = call.query.get("accountIdType", "Id")
    find = _LOOK_UPS.get(kind)
    if find is None:
        raise Problem(400, "InvalidAccountIdType", "accountIdType is not known", Shape.SINGLE)
    account_id = find(call.world, call.params["account"])
    account = None if account_id is None else call.world.accounts[account_id]
    if account is None or account.partition_id != call.params["partition"]:
        raise Problem(404, "EntityNotFound")
    return ok(_account(account))


def _by_id(world: World, value: str) -> str | None:
    return value if value in world.accounts else None


def _by_number(world: World, value: str) -> str | None:
    return next((account.id for account in world.accounts.values() if account.number == value), None)


def _by_phone(world: World, value: str) -> str | None:
    number = world.numbers.get(value)
    return None if number is None else str(number["accountId"])


def _by_mac(world: World, value: str) -> str | None:
    mac = parse_mac(value)
    return None if mac is None else next((line.account_id for line in world.lines_of_mac(mac)), None)


_LOOK_UPS: dict[str, Callable[[World, str], str | None]] = {
    "Id": _by_id,
    "AccountNumber": _by_number,
    "PhoneNumber": _by_phone,
    "MacAddress": _by_mac,
}


def _account(account: Account) -> JsonObject:
    return {
        "id": account.id,
        "partitionId": account.partition_id,
        "accountNumber": account.number,
        "accountName": account.name,
        "billingCycleDay": 1,
        "status": account.status,
        "timeZone": "US/Pacific",
        "languageTag": "en-US",
        "accountType": "ADVANCED",
        "platformType": "V2_1",
        "inboundRatePlanProductId": "rehearsalInboundRate01",
        "extensionLength": 4,
        "dialingBehaviorType": "TEN_DIGIT",
        "regulatoryType": "COMMERCIAL",
        "endUserCount": 0,
    }


def validate_properties(call: Call) -> Answer:
    """`true`, or 400 with why not; over all partitions, one parameter a call."""
    given = {
        key: value
        for key, value in call.query.items()
        if key in {"macaddress", "sipusername", "accountnumber"}
    }
    if len(given) != 1:
        raise Problem(400, "InvalidRequest")
    ((kind, value),) = given.items()
    if kind == "macaddress":
        mac = parse_mac(value)
        if mac is None:
            raise Problem(400, "InvalidMacAddress")
        _refuse_if(call.world.lines_of_mac(mac), "MacAddressInUse")
    elif kind == "sipusername":
        _refuse_if(call.world.lines_with_username(value), "SipUsernameInUse")
    else:
        _refuse_if(_by_number(call.world, value), "AccountNumberInUse")
    return ok(value=True)


def _refuse_if(taken: object, code: str) -> None:
    if taken:
        raise Problem(400, code)


def registration_status(registered: Callable[[str], bool]) -> Handler:
    """The handler; `registered` tells of a SIP username whether the registrar holds a live binding."""

    def answer(call: Call) -> Answer:
        line = _device(call)
        return ok({"registered": registered(line.sip_username)})

    return answer


def device_provisioning(registrar: Callable[[], tuple[str, int]]) -> Handler:
    """The handler; `registrar` gives the host and port that devices register with."""

    def answer(call: Call) -> Answer:
        line = _device(call)
        host, port = registrar()
        lines = call.world.lines_of_mac(line.mac_address or "")
        return ok(
            {
                "macAddress": line.mac_address,
                "deviceType": line.device_type,
                "lineCount": PORTS_BY_TYPE[line.device_type or ""],
                "hasFaxEnabledLine": False,
                "lines": [_device_line(each, host, port) for each in lines],
            }
        )

    return answer


def _device_line(line: Line, host: str, port: int) -> JsonObject:
    return {
        "macAddress": line.mac_address,
        "lineNumber": line.port_number,
        "displayName": line.name,
        "sipUsername": line.sip_username,
        "sipPassword": line.sip_password,
        "server": host,
        "serverPort": str(port),
        "emergencyNumber": "911",
        "enabled": True,
        "faxEnabled": False,
    }


def _device(call: Call) -> Line:
    account = call.account()
    line = call.world.line_of_device(call.params["device"])
    visible_from = 0.0 if line is None else line.created_at + call.world.rules.device_404_for
    if line is None or line.account_id != account.id or call.now < visible_from:
        raise Problem(404, "EntityNotFound")
    return line
