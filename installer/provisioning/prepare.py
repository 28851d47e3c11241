"""Before the visit: every port of a job has its credential, and every username is known to be free."""

from __future__ import annotations

from collections.abc import Mapping

from installer.domain.credential import CredentialSource, SipCredential, generate_credential
from installer.domain.finding import Finding, Severity
from installer.domain.gateway import FxsPort
from installer.journal.events import CredentialMade
from installer.journal.store import Entry
from installer.planning.record import PortCredential
from installer.provisioning.visit import Visit

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
    waiting = {
        plan.port: visit.record.credentials[plan.port]
        for plan, _ in visit.record.job.drafts()
        if plan.port in visit.record.credentials
        and plan.port not in visit.record.lines
        and not visit.record.create_was_sent(plan.port)
    }
    await visit.together(_validate(visit, port, waiting, findings) for port in waiting)
    return tuple(sorted(findings, key=lambda finding: (str(finding.gateway), finding.fxs_port or 0)))


async def _validate(
    visit: Visit, port: FxsPort, waiting: Mapping[FxsPort, PortCredential], findings: list[Finding]
) -> None:
    known = waiting[port]
    username = known.username
    for _ in range(_FRESH_NAMES):
        if username is None or await visit.platform.lines.username_free(username):
            return
        if known.source is not CredentialSource.GENERATED:
            break
        username = fresh_credential(visit, port).username
    findings.append(
        Finding(
            Severity.ERROR,
            "username-taken",
            f"SIP username {username} is in use on the platform",
            "leave both cells blank, or give another",
            column="sip_username",
            gateway=port.gateway,
            fxs_port=port.number,
        )
    )


def fresh_credential(visit: Visit, port: FxsPort) -> SipCredential:
    """Another credential for a port no create was ever sent for (contract §3), durable before it is used."""
    fresh = generate_credential(visit.randbelow)
    made = CredentialMade(port, fresh.username, CredentialSource.GENERATED)
    visit.logbook.note(Entry(made, fresh.password))
    return fresh
