"""What a handler takes and gives, and the error bodies in the five shapes the platform is known to use."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from installer.rehearsal.storage import JsonObject
from installer.rehearsal.things import Account, User
from installer.rehearsal.world import World

JSON = "application/json"
TEXT = "text/plain"
HTML = "text/html"


class Shape(StrEnum):
    """Which body an error has."""

    PLATFORM = "platform"
    """{status, messages, data}: nearly everywhere."""
    LINE = "line"
    """{errorCode, message, traceId}: specialty-line and validate-sip-username."""
    SINGLE = "single"
    """{code, message}: account look-up with a bad id type."""
    ERRORS = "errors"
    """{errors: […]}."""
    TEXT = "text"
    """The code as plain text."""


class Problem(Exception):
    """A request refused; `shape` overrides that of the operation."""

    def __init__(self, status: int, code: str, message: str = "", shape: Shape | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message or code
        self.shape = shape


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, before any fault got at it."""

    status: int
    body: bytes = b""
    media: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    objects: tuple[str, ...] = ()
    """Ids of what the request changed."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to an operation, signed in unless the operation is open to anybody."""

    world: World
    now: float
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    lag: tuple[float, int]
    """Seconds and listings for which a line that this call creates or deletes lags behind in listings."""
    user: User = field(repr=False)
    token: str = field(repr=False)

    def json(self) -> JsonObject:
        try:
            value = json.loads(self.body)
        except ValueError as error:
            raise Problem(400, "InvalidRequest", "the body is not JSON") from error
        if not isinstance(value, dict):
            raise Problem(400, "InvalidRequest", "the body is not an object")
        return value

    def account(self, missing: int = 404) -> Account:
        """The path's account; `missing` is the status for one that is not there."""
        account = self.world.accounts.get(self.params["account"])
        if account is None or account.partition_id != self.params["partition"]:
            raise Problem(missing, "EntityNotFound", "partition or account not found")
        return account


Handler = Callable[[Call], Answer]


def ok(value: object, *objects: str) -> Answer:
    return Answer(200, json.dumps(value, separators=(",", ":")).encode(), objects=objects)


def error(problem: Problem, shape: Shape, trace_id: str) -> Answer:
    """The problem in its shape; never anything of the request in it."""
    shape = problem.shape or shape
    if shape is Shape.TEXT:
        return Answer(problem.status, problem.code.encode(), TEXT)
    bodies: dict[Shape, JsonObject] = {
        Shape.PLATFORM: {"status": problem.status, "messages": [problem.code], "data": {}},
        Shape.LINE: {"errorCode": problem.code, "message": problem.message, "traceId": trace_id},
        Shape.SINGLE: {"code": problem.status, "message": problem.message},
        Shape.ERRORS: {"errors": [problem.code]},
    }
    return Answer(problem.status, json.dumps(bodies[shape], separators=(",", ":")).encode())
