"""Before the visit: every port of a job has its credential, and every username is known to be free."""

from __future__ import annotations

from installer.domain.credential import (
    CredentialSource,
    SipCredential,
    SipUsername,
    generate_credential,
)
from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort
from installer.journal.events import CredentialMade
from installer.journal.store import Entry
from installer.provisioning.visit import Visit

USERNAME_TAKEN = "username-taken"
_FRESH_NAMES = 3


def mint_credentials(visit: Visit) -> None:
    """Give each used port without a credential one, all in one durable transaction."""
    held = visit.record.credentials
    entries = [
        Entry(CredentialMade(plan.port, fresh.username, plan.source), fresh.password)
        for plan, _ in visit.record.job.drafts()
        if plan.port not in held and plan.source is CredentialSource.GENERATED
        for fresh in (generate_credential(visit.randbelow),)
    ]
    if entries:
        visit.logbook.note(*entries)


async def validate_usernames(visit: Visit) -> tuple[Finding, ...]:
    """Ask about every username no create was sent for; a taken one is replaced if generated, else found."""
    findings: list[Finding] = []
    record = visit.record
    waiting = [
        plan.port
        for plan, _ in record.job.drafts()
        if plan.port in record.credentials and not record.keeps_credential(plan.port)
    ]
    await visit.together(_validate(visit, port, findings) for port in waiting)
    return tuple(sorted(findings, key=lambda finding: (str(finding.gateway), finding.fxs_port or 0)))


async def _validate(visit: Visit, port: FxsPort, findings: list[Finding]) -> None:
    taken = await taken_username(visit, port)
    if taken is None:
        return
    findings.append(
        Finding(
            Severity.ERROR,
            USERNAME_TAKEN,
            f"SIP username {taken} is in use on the platform",
            "leave both cells blank, or give another",
            column="sip_username",
            gateway=port.gateway,
            fxs_port=port.number,
        )
    )


async def taken_username(visit: Visit, port: FxsPort) -> SipUsername | None:
    """The port's username where somebody else has it; None once it is free, or not ours to choose.

    A generated one that no create was sent with is replaced instead, a few times. Raises PlatformFailure.
    """
    asked = 0
    while True:
        known = visit.record.credentials[port]
        if known.username is None or await visit.platform.lines.username_free(known.username):
            return None
        asked += 1
        ours_to_choose = known.source is CredentialSource.GENERATED and not visit.record.create_was_sent(port)
        if asked == _FRESH_NAMES or not ours_to_choose:
            return known.username
        fresh_credential(visit, port)


def fresh_credential(visit: Visit, port: FxsPort) -> SipCredential:
    """Another credential for a port no create was ever sent for (contract §3), durable before it is used."""
    fresh = generate_credential(visit.randbelow)
    made = CredentialMade(port, fresh.username, CredentialSource.GENERATED)
    visit.logbook.note(Entry(made, fresh.password))
    return fresh
