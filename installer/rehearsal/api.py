"""The platform's operations and the application that answers them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from installer.rehearsal import accounts_api, lines_api, numbers_api
from installer.rehearsal.answers import Shape
from installer.rehearsal.control import control_routes
from installer.rehearsal.desk import Desk, Operation
from installer.rehearsal.sessions import Sessions

_P = "/v2/partition/{partition}"
_A = _P + "/account/{account}"
_LINES = _A + "/specialty-line"
_LINE = _LINES + "/{line}"
_NUMBERS = _A + "/telephonenumber"
_NUMBER = _NUMBERS + "/{number}"


# Starlette takes the first path that fits: fixed ones come before those with a name in their place.
_OF_LINES = (
    Operation(
        "validate-username",
        "POST",
        "/v2/rpc/specialty-line/validate-sip-username",
        lines_api.validate_sip_username,
        Shape.LINE,
    ),
    Operation("create-line", "POST", _LINES, lines_api.create_line, Shape.LINE, write=True),
    Operation("list-lines", "GET", _LINES, lines_api.list_lines, Shape.LINE),
    Operation("get-line", "GET", _LINE, lines_api.get_line, Shape.LINE),
    Operation("update-line", "PUT", _LINE, lines_api.update_line, Shape.LINE, write=True),
    Operation("delete-line", "DELETE", _LINE, lines_api.delete_line, Shape.LINE, write=True),
)
_OF_NUMBERS = (
    Operation("list-numbers", "GET", _NUMBERS, numbers_api.list_numbers),
    Operation("get-number", "GET", _NUMBER, numbers_api.get_number),
    Operation("patch-number", "PATCH", _NUMBER, numbers_api.patch_number, write=True),
    Operation("put-number", "PUT", _NUMBER, numbers_api.put_number, write=True),
)
_OF_ACCOUNTS = (
    Operation("list-plans", "GET", _P + "/callingplanproduct", accounts_api.list_plans),
    Operation("search-accounts", "GET", _P + "/account/search", accounts_api.search_accounts),
    Operation(
        "validate-properties", "GET", _P + "/account/validateproperties", accounts_api.validate_properties
    ),
    Operation("get-account", "GET", _A, accounts_api.get_account),
)


def operations(
    desk: Desk, registered: Callable[[str], bool], registrar: Callable[[], tuple[str, int]]
) -> tuple[Operation, ...]:
    """Every operation, by what it is about."""
    return (
        *_of_sessions(desk.sessions),
        *_OF_LINES,
        *_OF_NUMBERS,
        *_OF_ACCOUNTS,
        *_of_devices(registered, registrar),
    )


def _of_sessions(sessions: Sessions) -> tuple[Operation, ...]:
    return (
        Operation("authorize", "POST", "/v2/authorize", sessions.authorize, open=True),
        Operation("userinfo", "GET", "/v2/authorize/userinfo", sessions.userinfo),
        Operation("logout", "PUT", "/v2/authorize/logout", sessions.logout),
    )


def _of_devices(
    registered: Callable[[str], bool], registrar: Callable[[], tuple[str, int]]
) -> tuple[Operation, ...]:
    return (
        Operation(
            "registration-status",
            "GET",
            _A + "/deviceline/{device}/registrationstatus",
            accounts_api.registration_status(registered),
        ),
        Operation(
            "device-provisioning",
            "GET",
            _P + "/deviceprovisioning/account/{account}/device/{device}",
            accounts_api.device_provisioning(registrar),
        ),
    )


def application(desk: Desk, served: tuple[Operation, ...], control_token: str) -> Starlette:
    """The ASGI application, usable behind a socket or in-process."""
    routes = [
        Route(operation.path, _endpoint(desk, operation), methods=[operation.method]) for operation in served
    ]
    return Starlette(
        routes=[*routes, *control_routes(desk, control_token)],
        exception_handlers={HTTPException: _nowhere(desk), ClientDisconnect: _nobody},
    )


def _endpoint(desk: Desk, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await desk.serve(operation, request)

    return endpoint


def _nowhere(desk: Desk) -> Callable[[Request, Exception], Response]:
    def nowhere(request: Request, error: Exception) -> Response:  # noqa: ARG001 - starlette's signature
        return desk.nowhere(error.status_code if isinstance(error, HTTPException) else 500)

    return nowhere


def _nobody(request: Request, error: Exception) -> Response:  # noqa: ARG001 - starlette's signature
    """For whoever left before the request was whole: it was not carried out, and nobody reads this."""
    return Response(status_code=400)
