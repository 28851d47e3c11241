"""The owner's way in: ledger, faults, clock and reset, under /_rehearsal, guarded by the control token."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from installer.errors import InvalidValue
from installer.rehearsal.desk import Desk
from installer.rehearsal.faults import rule_from_json

CONTROL_HEADER = "x-control-token"

_Endpoint = Callable[[Request], Awaitable[Response]]


def control_routes(desk: Desk, token: str) -> list[Route]:
    """GET ledger; GET, PUT faults (a list of rules); GET, POST clock ({"advance": s}); POST the rest."""

    async def ledger(request: Request) -> Response:  # noqa: ARG001 - starlette's signature, here and below
        desk.settle()
        return JSONResponse(desk.ledger.to_json())

    async def faults(request: Request) -> Response:
        if request.method == "PUT":
            value = json.loads(await request.body())
            desk.faults.load([rule_from_json(each) for each in value])
        return JSONResponse(desk.faults.to_json())

    async def clock(request: Request) -> Response:
        if request.method == "POST":
            desk.timeline.advance(float(json.loads(await request.body())["advance"]))
            desk.settle()
        return JSONResponse({"now": desk.timeline.now()})

    async def reset(request: Request) -> Response:  # noqa: ARG001
        desk.reset()
        return JSONResponse({})

    async def expire(request: Request) -> Response:  # noqa: ARG001
        desk.sessions.expire_all()
        return JSONResponse({})

    return [
        Route("/_rehearsal/ledger", _guarded(ledger, token), methods=["GET"]),
        Route("/_rehearsal/faults", _guarded(faults, token), methods=["GET", "PUT"]),
        Route("/_rehearsal/clock", _guarded(clock, token), methods=["GET", "POST"]),
        Route("/_rehearsal/reset", _guarded(reset, token), methods=["POST"]),
        Route("/_rehearsal/expire-tokens", _guarded(expire, token), methods=["POST"]),
    ]


def _guarded(endpoint: _Endpoint, token: str) -> _Endpoint:
    async def guarded(request: Request) -> Response:
        given = request.headers.get(CONTROL_HEADER, "")
        if not hmac.compare_digest(given.encode(), token.encode()):
            return JSONResponse({"error": "the control token is wanted"}, status_code=403)
        try:
            return await endpoint(request)
        except (InvalidValue, ValueError, KeyError, TypeError):
            return JSONResponse({"error": "not understood"}, status_code=400)

    return guarded
