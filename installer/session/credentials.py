"""The chapter of credentials: one for each port in use, chosen before its create is sent, then kept."""

from __future__ import annotations

from dataclasses import dataclass

from installer.domain.credential import (
    CredentialSource,
    SipCredential,
    SipUsername,
    generate_credential,
)
from installer.domain.gateway import FxsPort
from installer.domain.job import PortPlan
from installer.errors import Conflict, UsageFault
from installer.journal.events import CredentialMade, PortPlanned
from installer.journal.store import Entry
from installer.planning.record import JobRecord
from installer.provisioning.logbook import Logbook
from installer.session.jobs import held_job, known_port
from installer.session.rooms import Rooms


@dataclass(frozen=True, slots=True)
class PortAccess:
    """What a port in use registers with, as far as it is no secret.

    `username` None while there is none; `has_password` whether this home knows it; `is_fixed` once nobody
    chooses it any more; `line_id` None while no line stands.
    """

    port: FxsPort
    line_name: str
    source: CredentialSource
    username: SipUsername | None
    has_password: bool
    is_fixed: bool
    line_id: str | None


class Credentials:
    """Shows and chooses. A secret goes from here to whoever asked for it, and to the vault."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    def ports(self, record: JobRecord) -> tuple[PortAccess, ...]:
        """Every port in use, in order; read without the vault."""
        found = []
        for plan, draft in record.job.drafts():
            held, line = record.credentials.get(plan.port), record.lines.get(plan.port)
            found.append(
                PortAccess(
                    plan.port,
                    draft.name,
                    held.source if held else plan.source,
                    held.username if held else None,
                    held is not None and held.password_row is not None,
                    record.keeps_credential(plan.port),
                    line.line_id if line else None,
                )
            )
        return tuple(found)

    def reveal(self, job_id: str, port: FxsPort) -> SipCredential | None:
        """The port's credential, None where either half is not known here. Raises VaultUnusable."""
        record = held_job(self._rooms, job_id)
        return Logbook(self._rooms.records, record.job.id).credential(port)

    async def is_free(self, username: SipUsername) -> bool:
        """Whether nobody on the platform has it. Raises PlatformFailure."""
        return await (await self._rooms.platform()).lines.username_free(username)

    def own(self, job_id: str, port: FxsPort, credential: SipCredential) -> None:
        """The port takes that credential, sealed. Raises Conflict, UsageFault, VaultUnusable, Busy."""
        self._choose(job_id, port, CredentialSource.OWN, credential)

    def generated(self, job_id: str, port: FxsPort) -> None:
        """The port takes a fresh credential of the kit's. Raises as `own`."""
        fresh = generate_credential(self._rooms.randbelow)
        self._choose(job_id, port, CredentialSource.GENERATED, fresh)

    def by_platform(self, job_id: str, port: FxsPort) -> None:
        """The platform makes the port's credential with its line. Raises as `own`."""
        self._choose(job_id, port, CredentialSource.PLATFORM, None)

    def _choose(
        self, job_id: str, port: FxsPort, source: CredentialSource, credential: SipCredential | None
    ) -> None:
        record = held_job(self._rooms, job_id)
        with self._rooms.hold_gateways(record.job):
            record = self._rooms.records.record(record.job.id)
            plan = _in_use(record, known_port(record, port))
            username = credential.username if credential else None
            made = CredentialMade(plan.port, username, source)
            self._rooms.records.append(
                record.job.id,
                Entry(PortPlanned(plan.port, plan.state, plan.label_id, plan.draft, source, plan.extra)),
                Entry(made, credential.password if credential else None),
            )


def _in_use(record: JobRecord, port: FxsPort) -> PortPlan:
    plan = record.job.by_port[port]
    if plan.draft is None:
        raise UsageFault(f"{port} is not in use", code="port-not-in-use", remedy="plan a line on it first")
    if record.keeps_credential(port):
        raise Conflict(
            f"the credential of {port} is kept: a create carrying it was sent",
            code="credential-fixed",
            remedy="a line that stands gets a new password by reissue",
        )
    return plan
