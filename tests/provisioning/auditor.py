"""The invariants of the protocol, read off the platform's own ledger and the journals, never off outcomes.

Each rule yields a sentence per breach; `breaches` gathers them all.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator

from installer.domain.credential import CredentialSource
from installer.domain.gateway import FxsPort
from installer.errors import JournalUnusable
from installer.journal.fold import fold
from installer.planning.outcome import StepState
from installer.planning.steps import Action
from installer.rehearsal.ledger import Entry
from installer.rehearsal.things import Line
from tests.provisioning.door import Asked
from tests.provisioning.kit import PROFILES, Kit
from tests.provisioning.site import Site

_WITHOUT_EFFECT = {StepState.REFUSED, StepState.CONFLICT, StepState.UNDONE}


class Auditor:
    """Compares what stands with how it stood when the auditor was made.

    `disturbed` takes the ids of lines and numbers that a colleague changed directly in the Admin Portal.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.lines, self.numbers = site.stands()
        self.disturbed: set[str] = set()

    def breaches(self, *, doubles: bool = False) -> list[str]:
        """Every breach of what holds at any moment; `doubles` while two technicians have yet to yield."""
        return [
            *(() if doubles else self.doubled()),
            *self.credentials(),
            *self.unannounced(),
            *self.invented(),
            *self.foreign(),
            *self.bodies(),
            *self.journals(),
        ]

    def finished(self, kit: Kit) -> list[str]:
        """Every breach once the kit's job has been carried out: nothing lost, nothing doubled."""
        return [*self.breaches(), *self.lost(kit)]

    def doubled(self) -> Iterator[str]:
        """I1: at most one line per hardware port made by us."""
        places = Counter(line.device_port for line in self.ours() if line.device_port)
        yield from (f"{count} lines of ours on {place}" for place, count in places.items() if count > 1)

    def credentials(self) -> Iterator[str]:
        """I2: a line of ours has a username that the journal has, with the same password."""
        known = {name: password for kit in self.site.kits for name, password in _credentials(kit)}
        unsettled = any(
            step.is_open and _port(step.key.subject) not in kit.record.credentials
            for kit in self.site.kits
            for step in kit.record.steps.values()
            if step.key.action is Action.CREATE_LINE
        )
        for line in self.ours():
            if line.sip_username not in known:
                if not unsettled:
                    yield f"no journal has the username of {line.name}"
            elif known[line.sip_username] not in {None, line.sip_password} and line.id not in self.disturbed:
                yield f"the journal has another password for {line.name}"

    def unannounced(self) -> Iterator[str]:
        """I3: no writing call left before its intent, body and credentials were durable."""
        for kit in self.site.kits:
            yield from (f"{each.method} {each.path} before its intent" for each in kit.door.unannounced)

    def invented(self) -> Iterator[str]:
        """I5: what is done is on the platform, unless somebody else took it away."""
        for kit in self.site.kits:
            rung: dict[str, str] = {}
            for step in kit.record.steps.values():
                if step.state is not StepState.DONE or step.line_id is None:
                    continue
                number = step.key.number.digits if step.key.number else ""
                if step.key.action is Action.CREATE_LINE and step.line_id not in self.standing():
                    if step.line_id not in self.touched_by_others():
                        yield f"{step.key.subject} is done, and not on the platform"
                elif step.key.action is Action.ROUTE_NUMBER:
                    rung[number] = step.line_id
            for number, line_id in rung.items():
                held = self.site.platform.desk.world.numbers[number]
                if held.get("referenceId") != line_id and number not in self.touched_by_others():
                    yield f"{number} is done, and does not ring its line"

    def foreign(self) -> Iterator[str]:
        """I6: our logins changed nothing but our lines and the numbers that the jobs name, and stole none."""
        made = self.made()
        named = {
            number.digits
            for kit in self.site.kits
            for _, draft in kit.record.job.drafts()
            for number in draft.inbound_numbers
        }
        wanted = named | self.disturbed
        for entry in self._by_us():
            for touched in entry.objects:
                if touched not in made | self.adopted() and touched not in wanted:
                    yield f"{entry.operation} changed {touched}, which is not ours"
        for number, (kind, line_id) in self.numbers.items():
            held = self.site.platform.desk.world.numbers[number]
            now = held.get("referenceType"), held.get("referenceId")
            if kind is not None and now != (kind, line_id) and number not in self.touched_by_others():
                yield f"{number} was taken from {kind} {line_id}"
        for line_id, line in self.lines.items():
            if line_id not in made | self.touched_by_others() | self.adopted() and (
                self.standing().get(line_id) != line
            ):
                yield f"foreign line {line.name} is not as it was"

    def bodies(self) -> Iterator[str]:
        """I7 and R2: all attempts of a step have one body, and a port one username, whatever came between."""
        for kit in self.site.kits:
            frozen = {
                kit.logbook.body(step): step.state
                for step in kit.record.steps.values()
                if step.key.action is Action.CREATE_LINE
            }
            live: defaultdict[str, set[bytes]] = defaultdict(set)
            names: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
            for asked in _creates(kit):
                sent = json.loads(asked.body)
                if asked.body not in frozen:
                    yield f"a create was sent with a body that {kit.name}'s journal does not hold"
                elif "sipUsername" in sent:
                    names[sent["macAddress"], sent["portNumber"]].add(sent["sipUsername"])
                    if frozen[asked.body] not in _WITHOUT_EFFECT:
                        live[sent["sipUsername"]].add(asked.body)
            yield from (f"{name} was sent in two bodies" for name, each in live.items() if len(each) > 1)
            yield from (f"{place} was sent two usernames" for place, each in names.items() if len(each) > 1)

    def journals(self) -> Iterator[str]:
        """I9: every journal verifies and folds."""
        for kit in self.site.kits:
            try:
                rows = kit.journal.verify()
                fold((row for row in kit.journal.rows()), PROFILES.gateways)
            except JournalUnusable as fault:
                yield f"{kit.name}'s journal: {fault.message}"
            else:
                if not rows:
                    yield f"{kit.name}'s journal is empty"

    def lost(self, kit: Kit) -> Iterator[str]:
        """R8: every planned port has exactly one line, ours, as planned, with its numbers."""
        for plan, draft in kit.record.job.drafts():
            mac = kit.record.job.mac_of(plan.port)
            assert mac is not None
            here = [line for line in self.site.lines if line.device_port == (mac.bare, plan.port.number)]
            credential = kit.logbook.credential(plan.port)
            if len(here) != 1:
                yield f"{plan.port} has {len(here)} lines"
                continue
            if credential is None or here[0].sip_username != credential.username.text:
                yield f"{plan.port} has a line that is not ours"
            elif here[0].sip_password != credential.password.reveal():
                yield f"{plan.port} has another password"
            if (here[0].name, here[0].caller_id) != (draft.name, draft.caller_id.digits):
                yield f"{plan.port} is not as planned"
            for number in draft.inbound_numbers:
                if self.site.rings(number) != here[0].id:
                    yield f"{number} does not ring {plan.port}"
        if not kit.record.finished:
            yield f"{kit.name}'s job is not finished"

    def ours(self) -> tuple[Line, ...]:
        """The lines that stand and that our logins made."""
        made = self.made()
        return tuple(line for line in self.site.lines if line.id in made)

    def made(self) -> set[str]:
        return {
            touched
            for entry in self._by_us()
            if entry.operation == "create-line"
            for touched in entry.objects
        }

    def adopted(self) -> set[str]:
        return {line.line_id for kit in self.site.kits for line in kit.record.lines.values()}

    def touched_by_others(self) -> set[str]:
        """What a colleague changed; of two kits each is the other's colleague, for numbers and deletions."""
        deletions = {
            touched
            for entry in self.site.commits("delete-line") + self.site.commits("patch-number")
            for touched in entry.objects
            if len(self.site.kits) > 1
        }
        return self.disturbed | deletions

    def standing(self) -> dict[str, Line]:
        return {line.id: line for line in self.site.lines}

    def _by_us(self) -> list[Entry]:
        users = {kit.user.username for kit in self.site.kits}
        return [entry for entry in self.site.commits() if entry.user in users]


def _creates(kit: Kit) -> list[Asked]:
    return [
        each for each in kit.door.asked if each.method == "POST" and each.path.endswith("/specialty-line")
    ]


def _credentials(kit: Kit) -> Iterator[tuple[str, str | None]]:
    """Username and password of each port; None for a password that the platform made and hides."""
    for port, made in kit.record.credentials.items():
        credential = kit.logbook.credential(port)
        if made.username is not None:
            hidden = made.source is CredentialSource.PLATFORM
            password = credential.password.reveal() if credential else None
            yield made.username.text, password if password or hidden else ""


def _port(subject: object) -> FxsPort:
    assert isinstance(subject, FxsPort)
    return subject
