"""A plan for people: neighbouring ports that get the same share a row, whatever differs has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from installer.cli.tables import unbroken
from installer.domain.finding import Severity
from installer.domain.gateway import FxsPort
from installer.domain.job import SiteJob
from installer.planning.steps import (
    Action,
    Blocked,
    CreateLine,
    Deferral,
    Plan,
    RouteNumber,
    Step,
    UpdateLine,
)
from installer.text import safe

Row = tuple[str, str, str]
STEPS = {
    Action.VALIDATE_USERNAME: "username check",
    Action.CREATE_LINE: "new line",
    Action.UPDATE_LINE: "line change",
    Action.ROUTE_NUMBER: "number route",
    Action.UNROUTE_NUMBER: "route removal",
    Action.DELETE_LINE: "line removal",
}
"""What people call the steps."""
_ORDER = (CreateLine, UpdateLine, RouteNumber)
_Item = TypeVar("_Item", bound=Step | Deferral | Blocked)
_Left = TypeVar("_Left", Deferral, Blocked)


def plan_rows(plan: Plan) -> list[Row]:
    """Port, step and what it is about: gateway by gateway, lines before the numbers that ring them."""
    warned = _warned(plan)
    rows: list[Row] = []
    for mine in _by(plan.steps, lambda step: step.port.gateway):
        for kind in _ORDER:
            same = [step for step in mine if isinstance(step, kind)]
            runs = _runs(same, lambda step: _is_plain(step) and step.port not in warned)
            rows += [_together(run) if len(run) > 1 else _alone(run[0], warned) for run in runs]
    return [*rows, *_left("… later", plan.deferred), *_left("✗ blocked", plan.blocked)]


def _left(word: str, ports: Iterable[_Left]) -> Iterator[Row]:
    for alike in _by(ports, lambda each: (each.port.gateway, each.message)):
        for run in _runs(alike, lambda _: True):
            yield _span(run), word, safe(run[0].message)


def gateway_rows(job: SiteJob, plan: Plan) -> list[Row]:
    """Place, model and MAC of each gateway that the plan is about: a wrong box is noticed here."""
    told = (*plan.steps, *plan.standing, *plan.deferred, *plan.blocked)
    places = {each.port.gateway for each in told}
    return [
        (
            safe(gateway.place.name, 40),
            safe(gateway.model.name, 40),
            f"MAC {gateway.mac}" if gateway.mac else "not bound",
        )
        for gateway in job.gateways
        if gateway.place in places
    ]


def about(step: Step) -> str:
    """What one step does, with everything in it that a person has to recognise."""
    if isinstance(step, CreateLine):
        return safe(step.draft.name, 60)
    if isinstance(step, RouteNumber):
        taken = "; it rings another line of this job today" if step.prior else ""
        return f"{step.number.national} rings this line{taken}"
    return "; ".join(safe(f"{was} becomes {will}") for was, will in zip(step.before, step.after, strict=True))


def _by(items: Iterable[_Item], key: Callable[[_Item], object]) -> Iterable[list[_Item]]:
    """The items in groups of equal `key`, in the order in which those first came."""
    groups: dict[object, list[_Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups.values()


def _runs(items: Iterable[_Item], joins: Callable[[_Item], bool]) -> list[list[_Item]]:
    """The items of one gateway by neighbouring ports; one that does not join stays by itself."""
    runs: list[list[_Item]] = []
    for item in sorted(items, key=lambda item: item.port):
        last = runs[-1][-1] if runs else None
        is_next = last is not None and item.port.number - last.port.number <= 1
        if last is not None and is_next and joins(item) and joins(last):
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def _is_plain(step: Step) -> bool:
    """Whether it is one of many alike: neither changes what stands, nor takes a number from a line."""
    return isinstance(step, CreateLine) or (isinstance(step, RouteNumber) and step.prior is None)


def _together(run: Sequence[Step]) -> Row:
    what = "lines" if isinstance(run[0], CreateLine) else "numbers"
    each = (unbroken(f"{step.port.number} {_name(step)}") for step in run)
    return _span(run), STEPS[run[0].action], f"{len(run)} {what}: {', '.join(each)}"


def _name(step: Step) -> str:
    return step.number.national if isinstance(step, RouteNumber) else about(step)


def _alone(step: Step, warned: Mapping[FxsPort, str]) -> Row:
    code = warned.get(step.port) if isinstance(step, CreateLine) else None
    return str(step.port), STEPS[step.action], about(step) + (f" (! {code})" if code else "")


def _span(run: Sequence[Step | Deferral | Blocked]) -> str:
    first, last = run[0].port, run[-1].port
    return str(first) if first == last else f"{first}-{last.number}"


def _warned(plan: Plan) -> dict[FxsPort, str]:
    """Ports that a finding is about, or on whose callback number lives hang, with the finding's code."""
    found = [each for each in plan.findings if each.severity is not Severity.INFO]
    warned = {
        FxsPort(each.gateway, each.fxs_port): each.code for each in found if each.gateway and each.fxs_port
    }
    callbacks = {each.value: each.code for each in found if each.life_safety and each.value}
    for step in plan.steps:
        code = callbacks.get(str(step.draft.e911_callback)) if isinstance(step, CreateLine) else None
        if code is not None:
            warned.setdefault(step.port, code)
    return warned
