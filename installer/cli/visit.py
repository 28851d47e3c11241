"""Verbs of the visit itself: prepare, bind, plan, apply, resume, resolve, undo, audit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from installer.cli.exits import Exit, of_plan
from installer.cli.next_step import next_step
from installer.cli.options import (
    ACCEPT,
    BOTH,
    CONFIRM,
    GOING_ON,
    JOB,
    ONLY,
    PARTIAL,
    SIGN_IN,
    SOURCE,
    VAULT,
    YES,
    Act,
    Given,
    option,
    verb,
)
from installer.domain.gateway import FxsPort, GatewayPlace, parse_place
from installer.errors import InvalidValue
from installer.text import safe

if TYPE_CHECKING:
    from installer.cli.turn import Turn
    from installer.planning.record import JobRecord

_UNBOUND = "gateway-unbound"


def source_of(text: str | None) -> Path | str | None:
    """A sheet where `text` is a file or is named like one, else what a job is called; None as it is."""
    if text is None:
        return None
    path = Path(text)
    return path if path.is_file() or path.suffix.lower() in {".csv", ".xlsx"} else text


def place_of(text: str | None) -> GatewayPlace | None:
    """The gateway named by --gateway. Raises InvalidValue."""
    return None if text is None else parse_place(text)


def port_of(text: str) -> FxsPort:
    """GATEWAY:PORT. Raises InvalidValue."""
    place, _, number = text.rpartition(":")
    if not place or not number.isascii() or not number.isdigit() or len(number) > 3:
        raise InvalidValue("that names no port", code="invalid-port", wanted="GATEWAY:PORT, such as GW-1:5")
    return FxsPort(parse_place(place), int(number))


@verb(
    BOTH,
    click.argument("sheet", type=click.Path(dir_okay=False, path_type=Path)),
    ACCEPT,
    PARTIAL,
    examples="""
punchdown --platform production prepare site.csv
punchdown --platform production prepare site.xlsx --out ready""",
)
def prepare(sheet: Path, given: Given) -> Act:
    """Check a line sheet whole, make and keep its credentials, write the sheet for the partner.

    Nothing is written to the platform; run again, it changes nothing.
    """

    async def act(turn: Turn) -> None:
        visits = turn.session.visits
        await visits.prepare(sheet, turn.answers(given))
        for run in visits.runs:
            if run.plan is not None:
                turn.voice.plan(run.record, run.plan)
                bound = [each for each in run.plan.deferred if each.code != _UNBOUND]
                checked = replace(run.plan, deferred=tuple(bound))  # hardware comes later, that is no fault
                turn.tally(run.record).exits += of_plan(checked, run.record.acknowledged, given.accept)

    return act


@verb(
    VAULT,
    click.argument("job"),
    click.argument("gateway"),
    click.argument("mac"),
    option("--serial", default="", metavar="TEXT", help="The hardware's serial number."),
    option("--why", default="scanned", show_default=True, metavar="TEXT", help="Kept with the binding."),
    examples="""
punchdown bind "Harbor Point Tower" GW-1 00:50:58:10:20:08
punchdown bind J2K7 B2-closet 005058102024 --serial V123""",
)
def bind(job: str, gateway: str, mac: str, serial: str, why: str) -> Act:
    """Bind scanned hardware to a gateway's place. After the first write there that is a swap, and refused."""

    async def act(turn: Turn) -> None:
        from installer.domain.mac import parse_mac

        place, address = parse_place(gateway), parse_mac(mac)
        record = turn.session.visits.bind(job, place, address, safe(serial, 60), safe(why, 120))
        turn.say("bound", f"{address} stands at {place} of {safe(record.job.site, 60)}")

    return act


@verb(
    SIGN_IN,
    SOURCE,
    ONLY,
    PARTIAL,
    ACCEPT,
    examples="""
punchdown --platform production plan site.csv
punchdown --platform rehearsal plan "Harbor Point Tower" --json""",
)
def plan(source: str | None, gateway: str | None, given: Given) -> Act:
    """What an apply would do. Nothing is kept, nothing is written; ends as the apply would."""

    async def act(turn: Turn) -> None:
        visits = turn.session.visits
        await visits.plan(source_of(source), turn.answers(given), place_of(gateway))
        for run in visits.runs:
            if run.plan is not None:
                turn.voice.plan(run.record, run.plan)
                tally = turn.tally(run.record)
                tally.exits += of_plan(run.plan, run.record.acknowledged, given.accept)
                tally.counts["steps"] += len(run.plan.steps)

    return act


@verb(
    BOTH,
    SOURCE,
    *GOING_ON,
    examples="""
punchdown --platform production apply site.csv
punchdown --platform production apply site.csv --accept shared-callback
punchdown --platform production apply "Harbor Point Tower" --gateway GW-1""",
)
def apply(source: str | None, gateway: str | None, given: Given) -> Act:
    """Bring the platform to what the sheet or the job says, after showing what that takes."""

    async def act(turn: Turn) -> None:
        _show_plans(turn)
        await turn.session.visits.apply(source_of(source), turn.answers(given), place_of(gateway))
        _say_next(turn)

    return act


@verb(
    replace(BOTH, open_job=True),
    JOB,
    *GOING_ON,
    examples="""
punchdown --platform production resume
punchdown --platform production resume J2K7 --yes""",
)
def resume(job: str | None, gateway: str | None, given: Given) -> Act:
    """Go on where a run stopped: what is not known is looked up first, never sent a second time blindly."""

    async def act(turn: Turn) -> None:
        _show_plans(turn)
        if not await turn.session.visits.resume(job, turn.answers(given), place_of(gateway)):
            turn.say("nothing-to-resume", "no job is unfinished: nothing to resume")
        _say_next(turn)

    return act


@verb(
    BOTH,
    click.argument("job"),
    click.argument("port", metavar="GATEWAY:PORT"),
    click.argument("verdict", type=click.Choice(["adopt", "abandon"])),
    examples="""
punchdown --platform production resolve J2K7 GW-1:5 adopt
punchdown --platform production resolve J2K7 GW-1:5 abandon""",
)
def resolve(job: str, port: str, verdict: Literal["adopt", "abandon"]) -> Act:
    """Decide on a line whose outcome stayed unknown: adopt what stands there, or abandon the attempt."""

    async def act(turn: Turn) -> None:
        await turn.session.visits.resolve(job, port_of(port), verdict)

    return act


@verb(
    BOTH,
    JOB,
    ONLY,
    YES,
    ACCEPT,
    CONFIRM,
    examples="""
punchdown --platform production undo J2K7
punchdown --platform production undo J2K7 --yes --confirm "Elevator 1\"""",
)
def undo(job: str | None, gateway: str | None, given: Given) -> Act:
    """Take back what the job did, newest first. A line in service stays unless its name is confirmed."""

    async def act(turn: Turn) -> None:
        visits = turn.session.visits
        if not turn.options.json:
            visits.show_undo = lambda steps: turn.voice.undo(visits.runs[-1].record, steps)
        await visits.undo(job, turn.answers(given), place_of(gateway))
        (run,) = visits.runs
        if run.error is None and not run.outcomes:
            turn.say("nothing-to-undo", "nothing of this job is left to take back")

    return act


@verb(
    BOTH,
    click.argument("source", metavar="[JOB|SHEET]", required=False),
    ONLY,
    PARTIAL,
    examples="""
punchdown --platform production audit
punchdown --platform production audit site.csv""",
)
def audit(source: str | None, gateway: str | None, given: Given) -> Act:
    """What differs between sheet, journal and platform. Nothing is written to the platform."""

    async def act(turn: Turn) -> None:
        turn.fault = Exit.LEFT_OVER
        text = source_of(source) if source is not None else None
        visits = turn.session.visits
        await visits.audit(text, turn.answers(given), place_of(gateway))
        for run in visits.runs:
            if run.error is None and not run.differences:
                turn.say("nothing-differs", _looked_at(run.record, place_of(gateway)))

    return act


def _looked_at(record: JobRecord, only: GatewayPlace | None) -> str:
    from installer.session.jobs import known_place

    place = known_place(only, record) if only else None
    where = f"{safe(record.job.site, 60)}{f' at {place}' if place else ''}"
    wanted = record.wanted & {place} if place else record.wanted
    if not wanted:
        return f"{where}: taken back; nothing of it is wanted on the platform"
    lines = sum(port.gateway in wanted for port in record.lines)
    numbers = sum(
        len(draft.inbound_numbers) for plan, draft in record.job.drafts() if plan.port.gateway in wanted
    )
    return (
        f"{where}: {lines} lines and {numbers} routed numbers were looked up; "
        "the platform has them as the job does"
    )


def _say_next(turn: Turn) -> None:
    """For people, the command that takes each job further."""
    for run in turn.session.visits.runs:
        if run.error is None and (said := next_step(run.record)):
            turn.remarks.append(f"next: {said}")


def _show_plans(turn: Turn) -> None:
    """For people, each plan before it is agreed to; programs ask `plan` for it."""
    visits = turn.session.visits
    if not turn.options.json:
        visits.show_plan = lambda plan: turn.voice.plan(visits.runs[-1].record, plan)
