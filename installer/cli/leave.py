"""Verbs that leave files: sheet, labels, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from installer.cli.next_step import all_registered, next_step
from installer.cli.options import JOB, VAULT, Act, option, verb

if TYPE_CHECKING:
    from installer.cli.turn import Turn
    from installer.planning.record import JobRecord
    from installer.session.outputs import SheetFormat


@verb(
    VAULT,
    JOB,
    option("--format", type=click.Choice(["xlsx", "csv"]), default="xlsx", show_default=True),
    examples="""
punchdown sheet
punchdown sheet J2K7 --format csv --out for-the-partner""",
)
def sheet(job: str | None, format: SheetFormat) -> Act:  # noqa: A002 - the option's name
    """Write the credential sheet for the provisioning partner, and the note that goes with it."""

    async def act(turn: Turn) -> None:
        record = _job(turn, job)
        turn.left(record, await turn.session.outputs.sheet(record, format))
        turn.findings(turn.session.outputs.lacking())
        lines, ports = len(record.job.drafts()), len(record.job.ports)
        turn.remarks.append(f"{_counted(lines, 'line')} on {_counted(ports, 'port')}{_next(record)}")

    return act


@verb(
    VAULT,
    JOB,
    option("--stock", default="avery-5160", show_default=True, metavar="NAME", help="The label stock."),
    option(
        "--start-cell",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        metavar="N",
        help="The first free label of the first sheet, by rows.",
    ),
    examples="""
punchdown labels
punchdown labels J2K7 --stock avery-l7160 --start-cell 5""",
)
def labels(job: str | None, stock: str, start_cell: int) -> Act:
    """Write labels for gateways and ports: a PDF to print, and a picture of each."""

    async def act(turn: Turn) -> None:
        record = _job(turn, job)
        written = await turn.session.outputs.labels(record, stock, start_cell)
        turn.left(record, written)
        turn.findings(turn.session.outputs.unprintable(record))
        count = sum(each.kind == "label" for each in written)
        places = len(record.job.gateways)
        told = f"{_counted(places, 'gateway')}, {_counted(count - places, 'port')}"
        turn.remarks.append(f"{_counted(count, 'label')} ({told}): print at 100 %, not fitted to the page")
        turn.remarks.append(f"next: punchdown report {record.job.id}")

    return act


@verb(
    VAULT,
    JOB,
    examples="""
punchdown report
punchdown report J2K7 --out visit""",
)
def report(job: str | None) -> Act:
    """Write one page on the visit, as text and as a web page: what stands, what is open, and for whom."""

    async def act(turn: Turn) -> None:
        record = _job(turn, job)
        turn.left(record, await turn.session.outputs.report(record))
        registered = sum(each.registered for each in record.registrations.values())
        lines = _counted(len(record.job.drafts()), "line")
        turn.remarks.append(f"{registered} of {lines} seen registered{_next(record)}")

    return act


def _next(record: JobRecord) -> str:
    """The next step as the end of a sentence; nothing where every line registers."""
    said = "" if record.lines and all_registered(record) and not record.is_unfinished else next_step(record)
    return f"; next: {said}" if said else ""


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _job(turn: Turn, text: str | None) -> JobRecord:
    from installer.session.jobs import held_job

    return held_job(turn.session.rooms, text)
