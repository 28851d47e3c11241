"""Every kind of fault at every call of a run: once it is gone, one further apply makes the job whole.

Whether the platform holds usernames and ports unique alternates from cell to cell; with PUNCHDOWN_TEST_MATRIX
set to anything, each cell is run both ways.
"""

import os
from dataclasses import dataclass, field

import pytest

from installer.errors import PlatformFailure
from installer.rehearsal.faults import Kind
from tests.provisioning.auditor import Auditor
from tests.provisioning.conftest import NewSite
from tests.provisioning.site import LOOSE, Site


@dataclass(frozen=True)
class Fault:
    """A kind of fault and its particulars."""

    name: str
    kind: Kind
    how: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Position:
    """A call of the run: the `first`-th that matches, or `count` from there on."""

    name: str
    method: str
    path: str
    first: int = 1
    count: int | None = 1
    after_lost_route: bool = False
    """The call is only made where a route's outcome is not known."""


def _status(status: int, **how: object) -> Fault:
    name = f"{status}-after-commit" if how.get("after_commit") else str(status)
    return Fault(name, Kind.STATUS, {"status": status, **how})


AT_EVERY_CALL = (
    Fault("drop-before-commit", Kind.DROP_BEFORE_COMMIT),
    _status(400),
    _status(401),
    _status(403),
    _status(404),
    _status(409),
    _status(429, retry_after="7"),
    _status(500),
    _status(503, retry_after="3"),
    Fault("expire-token", Kind.EXPIRE_TOKEN),
    Fault("portal-200", Kind.PORTAL),
    Fault("slow", Kind.SLOW, {"seconds": 40.0}),
    Fault("body-empty", Kind.BODY, {"body": "empty"}),
    Fault("body-other-fields", Kind.BODY, {"body": "other-fields"}),
)
AT_WRITES = (
    Fault("drop-after-commit", Kind.DROP_AFTER_COMMIT),
    Fault("late-commit", Kind.LATE_COMMIT, {"seconds": 5.0}),
    Fault("late-commit-504", Kind.LATE_COMMIT, {"seconds": 25.0, "status": 504}),
    _status(500, after_commit=True),
    _status(503, after_commit=True),
)
"""To a read they are what the ones above are."""
AT_CREATES = (Fault("list-lag", Kind.LIST_LAG, {"seconds": 20.0, "listings": 2}),)
ON_THE_WIRE = (
    Fault("truncated", Kind.TRUNCATED),
    Fault("truncated-last", Kind.TRUNCATED, {"at": "last"}),
    Fault("reset-after", Kind.DROP_AFTER_COMMIT),
    Fault("dripping", Kind.DRIPPING, {"seconds": 1.0}),
)
_LINES, _NUMBERS = "*/specialty-line", "*/telephonenumber"
POSITIONS = (
    Position("sign-in", "POST", "/v2/authorize"),
    Position("list-lines", "GET", _LINES),
    Position("list-lines-before-writing", "GET", _LINES, first=2),
    Position("list-lines-before-routing", "GET", _LINES, first=3),
    Position("list-lines-closing", "GET", _LINES, first=4),
    Position("list-numbers", "GET", _NUMBERS),
    Position("list-numbers-before-routing", "GET", _NUMBERS, first=2),
    Position("plans", "GET", "*/callingplanproduct"),
    Position("search", "GET", "*/account/search"),
    Position("validate-first", "POST", "*/validate-sip-username"),
    Position("validate-all", "POST", "*/validate-sip-username", count=None),
    Position("create-first", "POST", _LINES),
    Position("create-last", "POST", _LINES, first=4),
    Position("create-all", "POST", _LINES, count=None),
    Position("route-first", "PATCH", "*"),
    Position("route-last", "PATCH", "*", first=4),
    Position("route-all", "PATCH", "*", count=None),
    Position("read-back", "GET", f"{_NUMBERS}/*", after_lost_route=True),
)


async def _survives(site: Site, fault: Fault, position: Position) -> None:
    auditor = Auditor(site)
    if position.after_lost_route:
        site.fault(Kind.DROP_AFTER_COMMIT, "PATCH")
    site.fault(
        fault.kind, position.method, position.path, first=position.first, count=position.count, **fault.how
    )
    try:
        await site.kit.apply()
    except PlatformFailure:
        assert not site.kit.record.finished
    assert auditor.breaches() == []
    site.heal()
    site.kit.reopen()
    await site.kit.apply()
    assert auditor.finished(site.kit) == []


def _applies(fault: Fault, position: Position) -> bool:
    if fault in AT_EVERY_CALL:
        return True
    return position.name.startswith("create" if fault in AT_CREATES else ("create", "route"))


CELLS = tuple(
    pytest.param(
        fault, position, unique, id=f"{fault.name}-{position.name}-{'unique' if unique else 'loose'}"
    )
    for row, fault in enumerate(AT_EVERY_CALL + AT_WRITES + AT_CREATES)
    for column, position in enumerate(POSITIONS)
    for unique in (True, False)
    if unique is bool((row + column) % 2) or "PUNCHDOWN_TEST_MATRIX" in os.environ
    if _applies(fault, position)
)


@pytest.mark.parametrize("fault,position,unique", CELLS)
async def test_a_fault_in_one_call_costs_at_most_one_resume(
    new_site: NewSite, fault: Fault, position: Position, unique: bool
) -> None:
    await _survives(new_site(rules=None if unique else LOOSE), fault, position)


@pytest.mark.parametrize(
    "position",
    [
        each
        for each in POSITIONS
        if each.name in {"sign-in", "list-lines", "create-all", "route-all", "read-back"}
    ],
    ids=lambda position: position.name,
)
@pytest.mark.parametrize("fault", ON_THE_WIRE, ids=lambda fault: fault.name)
async def test_a_fault_below_http_costs_at_most_one_resume(
    new_site: NewSite, fault: Fault, position: Position
) -> None:
    site = new_site()
    async with site.over_sockets():
        await _survives(site, fault, position)
