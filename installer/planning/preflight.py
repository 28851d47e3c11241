"""What is wrong or worth knowing before the first write: pure findings from a job and a snapshot."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from installer.domain.finding import Acceptable, Finding, Severity
from installer.domain.gateway import Gateway, GatewayPlace
from installer.domain.job import PortPlan, SiteJob
from installer.domain.line import Account, LineDraft, LineUse
from installer.domain.numbers import TelephoneNumber
from installer.planning.snapshot import Snapshot
from installer.text import safe


def preflight(job: SiteJob, snapshot: Snapshot, uses: Mapping[str, LineUse]) -> tuple[Finding, ...]:
    """Every finding on the job as a whole; what blocks a single port is the planner's."""
    return (
        *_account(snapshot.account),
        *(finding for gateway in job.gateways for finding in _gateway(job, gateway, snapshot)),
        *_numbers(job, snapshot),
        *_numbers_missing(job, snapshot),
        *_numbers_routed_twice(job),
        *_callbacks(job, snapshot, uses),
        *_uses(job, uses),
    )


def is_life_safety(draft: LineDraft, uses: Mapping[str, LineUse]) -> bool:
    """Whether lives may hang on the line; a blank or unknown use counts as if they did."""
    use = uses.get(draft.use)
    return use is None or use.life_safety


def gateway_obstacle(gateway: Gateway, snapshot: Snapshot) -> tuple[str, str] | None:
    """Code and sentence of what keeps every new line off the hardware, None where nothing does."""
    if gateway.mac is None:
        return None
    others = snapshot.elsewhere.get(gateway.mac, ())
    if others:
        names = ", ".join(f"“{safe(account.name, 60)}” ({safe(account.number, 30)})" for account in others)
        look = f"`punchdown lines list {shlex.quote(safe(others[0].number or others[0].id, 30))}`"
        return "mac-on-other-account", f"{gateway.mac} is already in use on account {names}: {look}"
    for line in snapshot.on(gateway.mac):
        if line.device_type != gateway.model.device_type:
            found = safe(line.device_type or "no model", 40)
            return (
                "model-mismatch",
                f"the platform has {gateway.mac} as {found}, the job plans {gateway.model.device_type}",
            )
    return None


def _account(account: Account) -> Iterator[Finding]:
    if not account.is_active:
        yield Finding(
            Severity.WARNING,
            Acceptable.ACCOUNT_NOT_ACTIVE,
            f"account “{safe(account.name, 60)}” is {safe(account.status, 30)}",
            "ask the office before lines are made on it",
        )


def _gateway(job: SiteJob, gateway: Gateway, snapshot: Snapshot) -> Iterator[Finding]:
    if not gateway.model.confirmed:
        yield Finding(
            Severity.INFO,
            "jacks-unconfirmed",
            f"the jacks of the {gateway.model.name} are not confirmed: tone one pair before punching down",
            gateway=gateway.place,
        )
    if gateway.mac is None:
        return
    if not gateway.mac.is_sangoma:
        yield Finding(
            Severity.WARNING,
            Acceptable.MAC_VENDOR,
            f"{gateway.mac} is not of Sangoma's block 00:50:58",
            "compare it with the label on the gateway",
            value=str(gateway.mac),
            gateway=gateway.place,
        )
    planned = {plan.port.number for plan, _ in job.drafts() if plan.port.gateway == gateway.place}
    for line in snapshot.on(gateway.mac):
        if line.fxs_port not in planned:
            yield Finding(
                Severity.WARNING,
                Acceptable.LINE_ON_UNPLANNED_PORT,
                f"“{safe(line.name, 60)}” stands on port {line.fxs_port}, which this job keeps free",
                gateway=gateway.place,
                fxs_port=line.fxs_port,
            )


def _numbers(job: SiteJob, snapshot: Snapshot) -> Iterator[Finding]:
    wanted = sorted({number for _, draft in job.drafts() for number in draft.numbers})
    for number in wanted:
        held = snapshot.number(number)
        if held is not None and not held.is_active:
            yield Finding(
                Severity.WARNING,
                Acceptable.NUMBER_NOT_ACTIVE,
                f"{number.national} is {safe(held.carrier_status, 40)} with the carrier",
                "calls may not work until it is ACTIVE",
                value=str(number),
            )


def _numbers_missing(job: SiteJob, snapshot: Snapshot) -> Iterator[Finding]:
    """Each number that the account lacks, by the cell that names it; its line is left for later."""
    for plan, draft in job.drafts():
        cells = (
            ("caller_id", draft.caller_id),
            ("e911_callback", draft.e911_callback),
            *(("inbound_number", number) for number in dict.fromkeys(draft.inbound_numbers)),
        )
        for column, number in cells:
            if snapshot.number(number) is None:
                yield Finding(
                    Severity.INFO,
                    "number-not-on-account",
                    f"{column} of {plan.port}: {number.national} is not on the account",
                    "check the digits, or order it or port it in",
                    column=column,
                    value=str(number),
                    gateway=plan.port.gateway,
                    fxs_port=plan.port.number,
                )


def _numbers_routed_twice(job: SiteJob) -> Iterator[Finding]:
    first: dict[TelephoneNumber, PortPlan] = {}
    for plan, draft in job.drafts():
        for number in dict.fromkeys(draft.inbound_numbers):
            if number in first:
                yield Finding(
                    Severity.ERROR,
                    "number-routed-twice",
                    f"{number.national} is to ring {first[number].port} and {plan.port}",
                    "a number rings one line",
                    column="inbound_number",
                    value=str(number),
                    gateway=plan.port.gateway,
                    fxs_port=plan.port.number,
                )
            first.setdefault(number, plan)


def _callbacks(job: SiteJob, snapshot: Snapshot, uses: Mapping[str, LineUse]) -> Iterator[Finding]:
    """One location hangs on a callback number, so lines at two places need two (RAY BAUM'S Act, s. 506)."""
    groups: dict[TelephoneNumber, list[tuple[PortPlan, LineDraft]]] = {}
    for plan, draft in job.drafts():
        groups.setdefault(draft.e911_callback, []).append((plan, draft))
    for number, lines in sorted(groups.items()):
        held = snapshot.number(number)
        if held is None:
            continue
        life_safety = any(is_life_safety(draft, uses) for _, draft in lines)
        address = safe(held.address)
        if not address:
            yield Finding(
                Severity.WARNING,
                Acceptable.CALLBACK_WITHOUT_ADDRESS,
                f"no address stands behind callback number {number.national}",
                "911 would not know where to go: have the address set before the line is used",
                value=str(number),
                life_safety=life_safety,
            )
        places = sorted({_place(plan, draft) for plan, draft in lines}, key=str.casefold)
        if len({place.casefold() for place in places}) > 1:
            yield Finding(
                Severity.WARNING,
                Acceptable.SHARED_CALLBACK,
                f"{', '.join(places)} share callback number {number.national}: "
                f"911 is sent to {address or 'nowhere'}",
                "give each place its own number, or accept that they share one",
                value=str(number),
                life_safety=life_safety,
            )


def _place(plan: PortPlan, draft: LineDraft) -> str:
    return safe(draft.location or plan.port.gateway.name, 60)


def _uses(job: SiteJob, uses: Mapping[str, LineUse]) -> Iterator[Finding]:
    blank: dict[GatewayPlace, list[int]] = {}
    for plan, draft in job.drafts():
        if draft.use not in uses:
            blank.setdefault(plan.port.gateway, []).append(plan.port.number)
    for place, numbers in blank.items():
        ports = ", ".join(str(number) for number in numbers)
        yield Finding(
            Severity.INFO,
            "use-not-said",
            f"{place} port {ports}: no line use, treated as life-safety",
            "name the use in line_use",
            column="line_use",
            gateway=place,
        )
