"""Where every request is received, judged by the fault script, carried out and written down."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import Response

from installer.rehearsal import seed, spoiled, wire
from installer.rehearsal.answers import Answer, Call, Handler, Problem, Shape, error
from installer.rehearsal.faults import FaultScript, Kind, Rule
from installer.rehearsal.ledger import Entry, Ledger, entry_from_json
from installer.rehearsal.sessions import Sessions
from installer.rehearsal.storage import Storage, fields_of
from installer.rehearsal.things import User
from installer.rehearsal.timeline import Timeline
from installer.rehearsal.world import World

BODY_CAP = 1024 * 1024
_PARTITIONS = frozenset({seed.PARTITION, seed.OTHER_PARTITION})
_NOBODY = User("", "", "", "")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the guides."""

    name: str
    method: str
    path: str
    handler: Handler
    shape: Shape = Shape.PLATFORM
    write: bool = False
    open: bool = False
    """Needs no token."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to an operation, read off the wire."""

    operation: Operation
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes = field(repr=False)
    token: str = field(repr=False)


class Desk:
    """Carries out attempts one at a time; `refuse` makes the listener refuse for some seconds."""

    def __init__(self, world: World, storage: Storage, timeline: Timeline, latency: float = 0.0) -> None:
        self.world = world
        self.timeline = timeline
        self.latency = latency
        """Seconds before each answer."""
        self.faults = FaultScript()
        self.ledger = Ledger()
        self.sessions = Sessions()
        self.refuse: Callable[[float], None] = lambda seconds: None  # noqa: ARG005 - no listener, nothing to refuse
        self._storage = storage
        self._late: list[tuple[float, Attempt, User | None]] = []
        for record in storage.replay():
            world.replay(record["changes"])  # type: ignore[arg-type] # our own file
            self.ledger.entries.append(entry_from_json(record["entry"]))  # type: ignore[arg-type] # the same

    async def serve(self, operation: Operation, request: Request) -> Response:
        if self.latency:
            await self.timeline.sleep(self.latency)
        attempt = await _read(operation, request)
        self.settle()
        rule = self.faults.match(request.method, attempt.path)
        if rule is None:
            return self.plain(self._carry_out(attempt))
        if (before := self._instead(rule, attempt)) is not None:
            return before
        lag = (rule.seconds, rule.listings) if rule.kind is Kind.LIST_LAG else None
        answer = self._carry_out(attempt, rule.kind, lag)
        return await self._spoil(rule, attempt, answer)

    def settle(self) -> None:
        """Carry out what was to be committed late and is due."""
        now = self.timeline.now()
        due = [(attempt, user) for at, attempt, user in self._late if at <= now]
        self._late = [accepted for accepted in self._late if accepted[0] > now]
        for attempt, user in due:
            self._carry_out(attempt, Kind.LATE_COMMIT, accepted_of=user)

    def close(self) -> None:
        """Forget what was still to be committed, and let the directory go."""
        self._late.clear()
        self._storage.close()

    def reset(self) -> None:
        """Back to the seed: no line, no ledger, no fault, nobody signed in."""
        self._storage.clear()
        self.world.clear()
        self.ledger.entries.clear()
        self.ledger.reads.clear()
        self.faults.load(())
        self.sessions.expire_all()
        self._late.clear()

    def plain(self, answer: Answer) -> Response:
        dated = self._dated(answer)
        return Response(dated.body, dated.status, dict(dated.headers), dated.media)

    def nowhere(self, status: int) -> Response:
        """For a path or method that is no operation."""
        code = "NotFound" if status == 404 else "MethodNotAllowed"
        return self.plain(error(Problem(status, code), Shape.PLATFORM, ""))

    def _dated(self, answer: Answer) -> Answer:
        """The answer with the platform's time in its head, as every server with a clock has it (RFC 9110)."""
        date = formatdate(self.timeline.now(), usegmt=True)
        return replace(answer, headers=(*answer.headers, ("date", date)))

    def _instead(self, rule: Rule, attempt: Attempt) -> Response | None:
        """The answer of a fault that keeps the request from being carried out now, if it is one."""
        match rule.kind:
            case Kind.DROP_BEFORE_COMMIT | Kind.REFUSE:
                self._write_down(attempt, None, None, (), rule.kind)
                if rule.kind is Kind.REFUSE:
                    self.refuse(rule.seconds)
                return wire.reset()
            case Kind.LATE_COMMIT:
                return self._accept(rule, attempt)
            case Kind.STATUS if not rule.after_commit:
                self._write_down(attempt, None, rule.status, (), rule.kind)
                return self.plain(self._status(rule, attempt))
            case Kind.PORTAL:
                self._write_down(attempt, None, None, (), rule.kind)
                return self.plain(spoiled.portal(rule.status))
            case Kind.EXPIRE_TOKEN:
                self.sessions.expire_all()
                return None
            case _:
                return None

    def _accept(self, rule: Rule, attempt: Attempt) -> Response:
        """Take it on for later. Whose it is, is asked now: who signs out meanwhile does not call it back."""
        try:
            user = self._user_of(attempt)
        except Problem:
            return self.plain(self._carry_out(attempt, rule.kind))
        self._write_down(attempt, user, None, (), rule.kind)
        self._late.append((self.timeline.now() + rule.seconds, attempt, user))
        self._settle_after(rule.seconds)
        return self.plain(self._status(rule, attempt)) if rule.status else wire.reset()

    def _settle_after(self, seconds: float) -> None:
        """A commit comes at its time, also when nobody asks; by a virtual clock, with the next request."""
        asyncio.get_running_loop().call_later(seconds + 0.001, self.settle)

    async def _spoil(self, rule: Rule, attempt: Attempt, answer: Answer) -> Response:
        match rule.kind:
            case Kind.DROP_AFTER_COMMIT:
                return wire.reset()
            case Kind.SLOW:
                await self.timeline.sleep(rule.seconds)
                return self.plain(answer)
            case Kind.TRUNCATED:
                return wire.truncated(self._dated(answer), spoiled.sent_part(rule.at, len(answer.body)))
            case Kind.DRIPPING:
                return wire.dripping(self._dated(answer), rule.seconds)
            case Kind.BODY:
                return self.plain(spoiled.spoil(answer, rule.body))
            case Kind.STATUS:
                return self.plain(self._status(rule, attempt))
            case _:
                return self.plain(answer)

    def _status(self, rule: Rule, attempt: Attempt) -> Answer:
        problem = Problem(rule.status, rule.code or f"Injected{rule.status}", shape=rule.shape)
        made = error(problem, attempt.operation.shape, self.world.new_uuid())
        return replace(made, headers=(("retry-after", rule.retry_after),) if rule.retry_after else ())

    def _user_of(self, attempt: Attempt) -> User | None:
        """Whose token it carries, None where it needs none; Problem 401."""
        return None if attempt.operation.open else self.sessions.use(attempt.token, self.timeline.now())

    def _carry_out(
        self,
        attempt: Attempt,
        fault: Kind | None = None,
        lag: tuple[float, int] | None = None,
        accepted_of: User | None = None,
    ) -> Answer:
        now = self.timeline.now()
        user = accepted_of
        rules = self.world.rules
        try:
            user = user or self._user_of(attempt)
            _check_partition(attempt)
            answer = attempt.operation.handler(
                Call(
                    world=self.world,
                    now=now,
                    params=attempt.params,
                    query=attempt.query,
                    body=attempt.body,
                    lag=lag or (rules.list_lag, rules.list_lag_listings),
                    user=user or _NOBODY,
                    token=attempt.token,
                )
            )
        except Problem as problem:
            answer = error(problem, attempt.operation.shape, self.world.new_uuid())
        self._write_down(attempt, user, answer.status, answer.objects, fault)
        return answer

    def _write_down(
        self,
        attempt: Attempt,
        user: User | None,
        status: int | None,
        objects: tuple[str, ...],
        fault: Kind | None,
    ) -> None:
        operation = attempt.operation
        if not operation.write:
            self.ledger.reads[operation.name] += 1
            return
        entry = Entry(
            at=self.timeline.now(),
            user=None if user is None else user.username,
            operation=operation.name,
            method=operation.method,
            path=attempt.path,
            body_sha256=hashlib.sha256(attempt.body).hexdigest(),
            status=status,
            committed=bool(objects),
            objects=objects,
            fault=fault,
        )
        self._storage.append({"entry": fields_of(entry), "changes": self.world.take_changes()})
        self.ledger.entries.append(entry)


async def _read(operation: Operation, request: Request) -> Attempt:
    body = bytearray()
    async for piece in request.stream():
        body += piece[: BODY_CAP + 1 - len(body)]
    return Attempt(
        operation=operation,
        path=request.url.path,
        params=request.path_params,
        query=request.query_params,
        body=bytes(body),
        token=request.headers.get("x-auth-token", ""),
    )


def _check_partition(attempt: Attempt) -> None:
    """Another's partition is 400 NotPermitted; one that is not there 403 for lines, else 404."""
    partition = attempt.params.get("partition", seed.PARTITION)
    if partition == seed.PARTITION:
        return
    if partition in _PARTITIONS:
        raise Problem(400, "NotPermitted", "signed in to another partition")
    missing = 403 if attempt.operation.shape is Shape.LINE else 404
    raise Problem(missing, "EntityNotFound", "partition or account not found")
