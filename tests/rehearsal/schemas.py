"""The published types as JSON Schema, written by hand from the guides for these tests."""

import jsonschema

TEXT: dict[str, object] = {"type": "string", "minLength": 1}
PHONE: dict[str, object] = {"type": "string", "pattern": "^1[2-9][0-9]{9}$"}
BOOLEAN: dict[str, object] = {"type": "boolean"}


def closed(required: dict[str, object], **optional: object) -> dict[str, object]:
    """An object with these fields and no other."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def nullable(kind: str) -> dict[str, object]:
    return {"type": [kind, "null"]}


LINE = closed(
    {
        "id": TEXT,
        "accountId": TEXT,
        "partitionId": TEXT,
        "name": TEXT,
        "linkedPhoneNumbers": {"type": ["array", "null"], "items": PHONE, "minItems": 1},
        "callerId": PHONE,
        "e911CallbackNumber": PHONE,
        "callingPlanIds": {"type": "array", "items": TEXT, "minItems": 1},
        "deviceType": nullable("string"),
        "deviceId": nullable("string"),
        "macAddress": {"type": ["string", "null"], "pattern": "^[0-9a-f]{12}$"},
        "portNumber": nullable("integer"),
        "sipUsername": {"type": "string", "minLength": 8, "maxLength": 36},
        "sipPassword": {"type": "string", "minLength": 6},
    }
)
_DIRECTION = {"enum": ["", "N", "NE", "E", "SE", "S", "SW", "W", "NW"]}
_STREET: dict[str, object] = {
    "businessName": TEXT,
    "streetNumber": TEXT,
    "preDirectional": _DIRECTION,
    "streetName": TEXT,
    "streetSuffix": TEXT,
    "postDirectional": _DIRECTION,
    "city": TEXT,
    "state": {"type": "string", "pattern": "^[A-Z]{2}$"},
    "country": {"enum": ["USA", "CAN"]},
    "postalCode": TEXT,
    "secondaryLocationDescription": {"type": "string"},
    "unit": {"type": "string", "maxLength": 10},
    "customerType": {"enum": ["BUSINESS", "RESIDENTIAL"]},
}
NUMBER = closed(
    {
        "phoneNumber": PHONE,
        "id": PHONE,
        "functionType": {"enum": ["ELS", "TollFree", "TemporaryNumber", "SPTN"]},
        "servicePackageType": TEXT,
        "accountId": TEXT,
        "partitionId": TEXT,
        "customerServiceRecord": closed(_STREET),
        "carrierStatus": {"enum": ["ACTIVE", "ACTIVATION_ON_HOLD", "PORT_PENDING"]},
        "orderVersion": TEXT,
        "directoryListing": closed({"listed": BOOLEAN, "type": TEXT}),
        "assignAsCallerId": BOOLEAN,
        "tollFree": BOOLEAN,
    },
    referenceType={"enum": ["SPECIALTY_LINE", "END_USER"]},
    referenceId=TEXT,
    e911Address=closed({**_STREET, "latitude": TEXT, "longitude": TEXT, "language": nullable("string")}),
)
PLAN = closed(
    {
        "id": TEXT,
        "name": TEXT,
        "planMinutes": {"type": "integer"},
        "unlimitedDisplay": BOOLEAN,
        "allowOverage": BOOLEAN,
        "preventForwarding": BOOLEAN,
        "defaultPlan": BOOLEAN,
        "callRateFor411": {"type": "number"},
        "allow411": BOOLEAN,
        "rateTypeFor411": {"enum": ["PER_CALL", "PER_MINUTE"]},
        "callRateForOperator": {"type": "number"},
        "allowOperator": BOOLEAN,
        "rateTypeForOperator": {"enum": ["PER_CALL", "PER_MINUTE"]},
        "partitionId": TEXT,
        "allowUnlimitedLocal": BOOLEAN,
        "rateIntraPartitionAsFree": BOOLEAN,
    }
)
LOGIN = closed(
    {
        "authToken": TEXT,
        "userId": TEXT,
        "userType": {"enum": ["AccountUser", "EndUser", "ManagementUser", "AlianzaUser", "BusinessLines"]},
        "username": TEXT,
        "firstName": TEXT,
        "lastName": TEXT,
        "emailAddress": TEXT,
        "partitionId": TEXT,
        "partitionName": TEXT,
        "permissions": {
            "type": "object",
            "additionalProperties": {"enum": ["READ", "EDIT", "CREATE", "DELETE"]},
        },
        "mustChangePassword": BOOLEAN,
        "mustAddEmail": BOOLEAN,
        "subPartitionIds": {"type": "array"},
        "maxLifeInHours": {"const": 8},
        "pwdHash": TEXT,
    }
)
ACCOUNT_VIEW = closed(
    {
        "partitionId": TEXT,
        "id": TEXT,
        "accountNumber": TEXT,
        "accountName": TEXT,
        "type": {"enum": ["SIMPLE", "ADVANCED"]},
        "accountStatus": {"enum": ["ACTIVE", "SUSPENDED"]},
        "platformType": {"enum": ["V2_0", "V2_1", "CPE1", "CPE2"]},
        "matches": {"type": "object", "minProperties": 1, "additionalProperties": TEXT},
    }
)
ACCOUNT = closed(
    {
        "id": TEXT,
        "partitionId": TEXT,
        "accountNumber": TEXT,
        "accountName": TEXT,
        "billingCycleDay": {"type": "integer", "minimum": 1, "maximum": 28},
        "status": {"enum": ["ACTIVE", "SUSPENDED"]},
        "timeZone": {"const": "US/Pacific"},
        "languageTag": TEXT,
        "accountType": {"enum": ["SIMPLE", "ADVANCED"]},
        "platformType": {"enum": ["V2_0", "V2_1", "CPE1", "CPE2"]},
        "inboundRatePlanProductId": TEXT,
        "extensionLength": {"type": "integer", "minimum": 3, "maximum": 6},
        "dialingBehaviorType": {"const": "TEN_DIGIT"},
        "regulatoryType": {"enum": ["RESIDENTIAL", "COMMERCIAL", "GOVERNMENT"]},
        "endUserCount": {"type": "integer"},
    }
)
DEVICE = closed(
    {
        "macAddress": TEXT,
        "deviceType": TEXT,
        "lineCount": {"type": "integer"},
        "hasFaxEnabledLine": BOOLEAN,
        "lines": {
            "type": "array",
            "items": closed(
                {
                    "macAddress": TEXT,
                    "lineNumber": {"type": "integer"},
                    "displayName": TEXT,
                    "sipUsername": TEXT,
                    "sipPassword": TEXT,
                    "server": TEXT,
                    "serverPort": {"type": "string", "pattern": "^[0-9]+$"},
                    "emergencyNumber": {"const": "911"},
                    "enabled": BOOLEAN,
                    "faxEnabled": BOOLEAN,
                }
            ),
        },
    }
)
REGISTRATION = closed({"registered": BOOLEAN})
ERROR_PLATFORM = closed(
    {
        "status": {"type": "integer"},
        "messages": {"type": "array", "items": TEXT, "minItems": 1},
        "data": {"type": "object"},
    }
)
ERROR_LINE = closed({"errorCode": TEXT, "message": TEXT, "traceId": TEXT})
ERROR_SINGLE = closed({"code": {"type": "integer"}, "message": TEXT})
ERROR_LIST = closed({"errors": {"type": "array", "items": TEXT, "minItems": 1}})


def list_of(schema: dict[str, object]) -> dict[str, object]:
    return {"type": "array", "items": schema}


def check(value: object, schema: dict[str, object]) -> None:
    jsonschema.validate(value, schema)
