"""The report of a visit, written: as plain text for a ticket or a mail, as HTML for print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from installer.domain.gateway import Gateway
from installer.domain.job import PortState
from installer.outputs.report_html import render_html
from installer.outputs.visit import (
    Owner,
    PortFacts,
    VisitSummary,
    checked,
    numbers,
    said,
    span,
    stamp,
    wrapped,
)
from installer.outputs.written import WrittenFile, leave_text
from installer.text import safe

_WIDTH = 80
_DEEPER = "    "
_COLUMNS = (("FXS", 4), ("line", 26), ("rings on", 19), ("created", 8), ("routed", 7))


def write_report(summary: VisitSummary, directory: Path) -> tuple[WrittenFile, ...]:
    """The summary as text and as a page in `directory`, named by the job. Raises DiskUnusable."""
    name = f"report-{summary.job.id}"
    return (
        leave_text("report", directory / f"{name}.txt", render_text(summary)),
        leave_text("report", directory / f"{name}.html", render_html(summary)),
    )


def render_text(summary: VisitSummary) -> str:
    """The summary as plain text, 80 columns wide."""
    return "".join(f"{line.rstrip()}\n" for each in _lines(summary) for line in wrapped(each))


def _lines(summary: VisitSummary) -> Iterator[str]:
    job = summary.job
    yield f"Visit summary: {safe(job.site, 80)}"
    yield "=" * _WIDTH
    yield f"account    {safe(job.account.name, 60)} ({safe(job.account.number, 20)})"
    yield f"platform   {safe(job.platform.profile, 60)}"
    yield f"job        {safe(job.id, 60)}"
    yield f"operator   {safe(summary.operator, 60)}"
    yield f"as of      {stamp(summary.at)}"
    yield f"counts     {', '.join(f'{safe(name, 30)} {count}' for name, count in summary.counts.items())}"
    yield from _open(summary)
    for gateway in job.gateways:
        yield from _gateway(gateway, summary)
    yield from _acknowledged(summary)
    yield from _files(summary)


def _open(summary: VisitSummary) -> Iterator[str]:
    yield from _heading(f"Open: {len(summary.open_items)}" if summary.open_items else "Nothing is open")
    for owner in Owner:
        for item in summary.open_for(owner):
            where = f"{safe(str(item.port), 50)}: " if item.port else ""
            yield f"{owner:<12} {where}{safe(item.what)}"


def _gateway(gateway: Gateway, summary: VisitSummary) -> Iterator[str]:
    rows = summary.gateway_rows(gateway)
    mac = f"MAC {gateway.mac}" if gateway.mac else "no hardware bound yet"
    yield from _heading(f"{safe(gateway.place.name, 40)}: {safe(gateway.model.name, 40)}, {mac}")
    yield "".join(name.ljust(width) for name, width in _COLUMNS) + "registered"
    for row in rows:
        cells = (str(row.port.number), *_cells(row))
        yield "".join(
            cell.ljust(width) for cell, (_, width) in zip(cells, _COLUMNS, strict=True)
        ) + _registered(row, summary)
    yield f"Registration last looked at: {checked(rows)}. ! life-safety, ? not known."


def _cells(row: PortFacts) -> tuple[str, ...]:
    if row.state is not PortState.USE:
        return (f"({row.state})", "", "", "")
    mark = "! " if row.life_safety else ""
    routed = _short(row.routed) if row.inbound else "-"
    return (mark + safe(row.line_name, 25 - len(mark)), numbers(row), _short(row.created), routed)


def _registered(row: PortFacts, summary: VisitSummary) -> str:
    if row.state is not PortState.USE:
        return ""
    since = row.registered_since if row.registered is not None else None
    return _short(row.registered) + (f", {span(summary.at - since)}" if since else "")


def _short(fact: bool | None) -> str:  # noqa: FBT001 - the fact is the value shown
    return "?" if fact is None else said(fact)


def _acknowledged(summary: VisitSummary) -> Iterator[str]:
    if summary.acknowledged:
        yield from _heading(f"Acknowledged: {len(summary.acknowledged)}")
    for finding in summary.acknowledged:
        yield f"{safe(finding.code, 40)}: {safe(finding.message)}"


def _files(summary: VisitSummary) -> Iterator[str]:
    if summary.artifacts:
        yield from _heading(f"Files: {len(summary.artifacts)}")
    for file in summary.artifacts:
        yield f"{safe(file.kind, 20)}: {safe(file.path.name, 120)}"
        yield f"    sha256 {file.sha256}"


def _heading(text: str) -> tuple[str, str, str]:
    return ("", text, "-" * _WIDTH)
