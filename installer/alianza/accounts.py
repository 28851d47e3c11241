"""Accounts of the partition: search and look-up; and the partition's calling plans."""

from __future__ import annotations

from typing import Literal

from installer.alianza.auth import Auth
from installer.alianza.bodies import AccountDocument, AccountHit, PlanDocument, replies_as, reply_as
from installer.alianza.exchange import Request
from installer.alianza.failures import bad_reply
from installer.alianza.paths import ACCOUNT, Path, is_segment
from installer.alianza.reply import Reply
from installer.alianza.retry import CallKind
from installer.domain.line import Account, CallingPlan
from installer.errors import Rejected

_SEARCH = "/v2/partition/{partition}/account/search"
_PLANS = "/v2/partition/{partition}/callingplanproduct"

AccountKey = Literal["Id", "AccountNumber", "PhoneNumber", "MacAddress"]


class Accounts:
    """The partition's accounts, words as the platform wrote them. Every call raises PlatformFailure."""

    def __init__(self, auth: Auth) -> None:
        self._auth = auth

    async def search(self, q: str) -> tuple[Account, ...]:
        """Accounts of which a number, the name, an e-mail, a phone number or a device's MAC matches `q`."""
        path = Path(_SEARCH, (self._auth.signed_in.partition_id,))
        return await self._auth.call(Request("GET", path, CallKind.READ, query=(("q", q),)), _hits)

    async def look_up(self, value: str, kind: AccountKey) -> Account | None:
        """The account that `value` names as `kind`, None where there is none."""
        if not is_segment(value):
            return None
        path = Path(ACCOUNT, (self._auth.signed_in.partition_id, value))
        request = Request("GET", path, CallKind.READ, query=(("accountIdType", kind),))
        try:
            found = await self._auth.call(
                request, lambda reply: _account(reply, value if kind == "Id" else None)
            )
        except Rejected as failure:
            if failure.status != 404:
                raise
            return None
        return found

    async def calling_plans(self) -> tuple[CallingPlan, ...]:
        """The plans a new line can have: archived ones are not asked for."""
        path = Path(_PLANS, (self._auth.signed_in.partition_id,))
        request = Request("GET", path, CallKind.READ, query=(("includeArchived", "false"),))
        return await self._auth.call(request, _plans)


def _hits(reply: Reply) -> tuple[Account, ...]:
    return tuple(
        Account(hit.id, hit.account_number or "", hit.account_name or "", hit.account_status or "")
        for hit in replies_as(AccountHit, reply)
    )


def _account(reply: Reply, account_id: str | None) -> Account:
    found = reply_as(AccountDocument, reply)
    if account_id is not None and found.id != account_id:
        raise bad_reply("it is another account", reply.status)
    return Account(found.id, found.account_number or "", found.account_name or "", found.status or "")


def _plans(reply: Reply) -> tuple[CallingPlan, ...]:
    return tuple(
        CallingPlan(plan.id, plan.name or "", default=bool(plan.default_plan))
        for plan in replies_as(PlanDocument, reply)
    )
