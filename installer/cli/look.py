"""Verbs that look: jobs, status, watch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from installer.cli.exits import Exit
from installer.cli.options import BOTH, JOB, NOTHING, ONLY, Act, option, verb
from installer.cli.visit import place_of
from installer.domain.job import PortState

if TYPE_CHECKING:
    from installer.cli.turn import Turn
    from installer.domain.gateway import FxsPort
    from installer.planning.record import JobRecord
    from installer.provisioning.watch import Sighting
    from installer.session.status import LineStatus

_PATIENCE = 600.0
FOR = option(
    "--for",
    "seconds",
    type=click.FloatRange(min=0.0),
    default=_PATIENCE,
    show_default=True,
    metavar="S",
    help="Seconds to watch at most.",
)


@verb(
    NOTHING,
    examples="""
punchdown jobs
punchdown --platform rehearsal jobs --json""",
)
def jobs() -> Act:
    """The jobs of this home, oldest first."""

    async def act(turn: Turn) -> None:
        records = turn.session.rooms.dry_records().all()
        turn.voice.jobs(records)
        turn.counts["jobs"] = len(records)
        if not records:
            turn.say("no-job", "this home has no job yet")

    return act


@verb(
    NOTHING,
    JOB,
    ONLY,
    examples="""
punchdown status
punchdown status J2K7 --json""",
)
def status(job: str | None, gateway: str | None) -> Act:
    """Each port as the journal knows it, without asking the platform. Registration is of the last watch."""

    async def act(turn: Turn) -> None:
        from installer.session.jobs import find_job, with_gateway
        from installer.session.status import line_statuses

        records = turn.session.rooms.dry_records()
        record = find_job(records, job)
        only = with_gateway(records, (record.job.id,), place_of(gateway))[record.job.id]
        statuses = [each for each in line_statuses(record) if only in {None, each.port.gateway}]
        turn.voice.lines(statuses)
        turn.tally(record).counts.update(line_counts(statuses))

    return act


@verb(
    BOTH,
    JOB,
    ONLY,
    FOR,
    examples="""
punchdown --platform production watch
punchdown --platform production watch J2K7 --gateway GW-1 --for 120""",
)
def watch(job: str | None, gateway: str | None, seconds: float) -> Act:
    """Poll registration until every line of the job registers, or the time is up: then it ends with 11."""

    async def act(turn: Turn) -> None:
        await watch_lines(turn, job, gateway, seconds)

    return act


async def watch_lines(turn: Turn, job: str | None, gateway: str | None, seconds: float) -> None:
    """Watch, say what changes, and in the end add 11 where a line of the job is not registered."""
    from installer.session.jobs import known_place

    looks = Looks(turn)
    only = place_of(gateway)
    await turn.session.visits.watch(job, only, seconds, looks)
    record = turn.session.visits.runs[-1].record
    only = known_place(only, record) if only else None
    tally = turn.tally(record)
    tally.counts.update(line_counts(looks.told.values()))
    wanted = [plan.port for plan, _ in record.job.drafts() if only in {None, plan.port.gateway}]
    if not all(port in looks.told and looks.told[port].registered for port in wanted):
        tally.exits.append(Exit.LEFT_OVER)


class Looks:
    """Told of every look: says each port at the first look and whenever it changed."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self.told: dict[FxsPort, LineStatus] = {}

    def __call__(self, record: JobRecord, sightings: tuple[Sighting, ...]) -> None:
        """Take in one look at a job's ports."""
        from installer.session.status import sighted

        changed = []
        for each in sorted(sighted(record, sightings), key=lambda each: each.port):
            known = self.told.get(each.port)
            if known is None or known.registered is not each.registered:
                changed.append(each)
            self.told[each.port] = each
        self._turn.voice.lines(changed)
        registered = sum(each.registered is True for each in self.told.values())
        self._turn.console.progress(f"{registered} of {len(sightings)} registered")


def line_counts(statuses: Iterable[LineStatus]) -> dict[str, int]:
    """How many ports carry lines, and how far those are."""
    used = [each for each in statuses if each.state is PortState.USE]
    return {
        "lines": len(used),
        "created": sum(each.created is True for each in used),
        "routed": sum(each.routed is True for each in used),
        "registered": sum(each.registered is True for each in used),
    }
