"""The fault script: which requests go wrong, and how.

A rule matches by method and path pattern; `first` and `count` say which of the matching requests it hits.
Of several rules that hit, the first in the script is used; all of them count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from fnmatch import fnmatchcase

from installer.errors import InvalidValue
from installer.rehearsal.answers import Shape
from installer.rehearsal.spoiled import BODIES
from installer.rehearsal.storage import JsonObject


class Kind(StrEnum):
    """What goes wrong. Those in the second group act on the answer of a request that was carried out."""

    DROP_BEFORE_COMMIT = "drop-before-commit"
    """Nothing is done, the connection is reset without an answer."""
    LATE_COMMIT = "late-commit"
    """Carried out `seconds` later by the platform's clock; now `status`, or a reset where it is 0."""
    STATUS = "status"
    """An error `status` with `code`, `shape`, `retry_after`; `after_commit`: the work was done anyway."""
    PORTAL = "portal"
    """A sign-in page in the way: 200 with HTML, 302 to another host, or 511, by `status`."""
    EXPIRE_TOKEN = "expire-token"  # noqa: S105 - the name of a fault
    """Every token is forgotten just before this request."""
    REFUSE = "refuse"
    """The request is dropped, and for `seconds` (of the machine's clock) connections are refused."""

    DROP_AFTER_COMMIT = "drop-after-commit"
    """Carried out, then the connection is reset without an answer."""
    SLOW = "slow"
    """The answer comes `seconds` later."""
    TRUNCATED = "truncated"
    """The right Content-Length, but only `at` octets come: a number, `half` or `last` (all but one)."""
    DRIPPING = "dripping"
    """The body comes one byte every `seconds`."""
    BODY = "body"
    """The status is good and the body is not, by `body`: see `spoiled.py`."""
    LIST_LAG = "list-lag"
    """The line created or deleted shows in listings only after `seconds` and `listings`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One fault and the requests it hits; each kind says which of the other fields it reads."""

    kind: Kind
    method: str = "*"
    path: str = "*"
    """Shell pattern over the whole path: `*/specialty-line`."""
    first: int = 1
    count: int | None = 1
    """How many in a row are hit; None is all that follow."""
    status: int = 0
    seconds: float = 0.0
    listings: int = 0
    after_commit: bool = False
    at: str = "half"
    body: str = "empty"
    code: str = ""
    shape: Shape | None = None
    """None: the shape that the operation has."""
    retry_after: str = ""
    """The header's value: seconds or an HTTP date."""

    def __post_init__(self) -> None:
        if self.at not in {"half", "last"} and not self.at.isdecimal():
            raise ValueError("at is a number, half or last")
        if self.body not in BODIES:
            raise ValueError(f"body is one of {', '.join(BODIES)}")
        if self.kind is Kind.STATUS and not 100 <= self.status <= 599:
            raise ValueError("status is an HTTP status")

    def hits(self, occurrence: int) -> bool:
        return occurrence >= self.first and (self.count is None or occurrence < self.first + self.count)


class FaultScript:
    """Rules and how often each has matched."""

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self.load(rules)

    def load(self, rules: Sequence[Rule]) -> None:
        """Put these in place of what was there, counting anew."""
        self.rules = tuple(rules)
        self._seen = [0] * len(self.rules)

    def match(self, method: str, path: str) -> Rule | None:
        """The fault for this request, counted."""
        hit: Rule | None = None
        for index, rule in enumerate(self.rules):
            if rule.method in {"*", method} and fnmatchcase(path, rule.path):
                self._seen[index] += 1
                if hit is None and rule.hits(self._seen[index]):
                    hit = rule
        return hit

    def to_json(self) -> list[JsonObject]:
        return [{**asdict(rule), "matched": seen} for rule, seen in zip(self.rules, self._seen, strict=True)]


_FIELDS = {field.name for field in fields(Rule)}


def rule_from_json(value: object) -> Rule:
    """A rule from a JSON object with the fields of `Rule`; anything else is an InvalidValue."""
    wanted = "an object with kind and the fields of a fault rule"
    if not isinstance(value, dict) or not set(value) <= _FIELDS:
        raise InvalidValue("not a fault rule", code="bad-fault", wanted=wanted)
    try:
        shape = value.get("shape")
        return Rule(**{**value, "kind": Kind(value["kind"]), "shape": shape and Shape(shape)})
    except (KeyError, ValueError, TypeError) as fault:
        raise InvalidValue("not a fault rule", code="bad-fault", wanted=wanted) from fault
