"""The report of a visit as one HTML file: nothing is loaded, nothing runs, 8 ports print on one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from installer.domain.gateway import Gateway
from installer.domain.job import PortState
from installer.outputs.visit import (
    Owner,
    PortFacts,
    VisitSummary,
    checked,
    numbers,
    registration,
    routing,
    said,
    stamp,
)
from installer.text import safe

_STYLE = """
@page { margin: 12mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 196mm; padding: 6mm; background: #fff; color: #16202a;
  font: 10pt/1.35 system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
header { display: flex; justify-content: space-between; align-items: flex-end; gap: 8mm;
  border-bottom: 2.5pt solid #16202a; padding-bottom: 2.5mm; }
h1 { margin: 0; font-size: 18pt; line-height: 1.15; overflow-wrap: anywhere; }
h2 { margin: 5mm 0 1.5mm; font-size: 11.5pt; overflow-wrap: anywhere; break-after: avoid; }
h2 small { font-weight: 400; color: #4a5763; font-size: 9.5pt; margin-left: 2mm; }
header p { margin: 0; color: #4a5763; font-size: 9pt; overflow-wrap: anywhere; }
header > p { text-align: right; white-space: nowrap; }
.counts { display: flex; flex-wrap: wrap; gap: 2mm; margin: 3.5mm 0 0; padding: 0; list-style: none; }
.counts li { border: .6pt solid #c3ccd4; border-radius: 1.5mm; padding: 1mm 3mm; font-size: 9pt;
  color: #4a5763; }
.counts b { font-size: 14pt; color: #16202a; margin-right: 1.5mm; font-variant-numeric: tabular-nums; }
.open { margin: 4mm 0 0; border: 1pt solid #16202a; border-left-width: 4pt; border-radius: 1mm;
  padding: 2mm 3.5mm; break-inside: avoid; }
.open h2 { margin: 0; }
.open.none { border-color: #1d6b3a; }
dl { margin: 1mm 0 0; display: grid; grid-template-columns: max-content 1fr; gap: .6mm 4mm; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: 8.8pt; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 1mm 1.4mm; border-bottom: .5pt solid #d5dce2; vertical-align: top; }
th { font-size: 8pt; color: #4a5763; border-bottom: 1pt solid #16202a; white-space: nowrap; }
td { overflow-wrap: anywhere; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
td.fact { white-space: nowrap; }
th:nth-child(2) { width: 30%; }
@media print { body { padding: 0; max-width: none; } }
.yes { color: #1d6b3a; } .yes::before { content: "\\2713\\00a0"; }
.no { color: #a3201d; font-weight: 600; } .no::before { content: "\\2717\\00a0"; }
.unknown, .idle td { color: #5d6975; }
.life { display: inline-block; background: #16202a; color: #fff; border-radius: .8mm; padding: 0 1.2mm;
  font-size: 6.5pt; font-weight: 700; white-space: nowrap; vertical-align: .4pt;
  -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.note { margin: 1mm 0 0; font-size: 8pt; color: #4a5763; }
ul.plain { margin: 0; padding: 0; list-style: none; font-size: 9pt; }
code { font: 7.5pt ui-monospace, Consolas, Menlo, monospace; color: #4a5763; overflow-wrap: anywhere; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_COLUMNS = ("FXS", "Line", "Use", "Rings on", "Created", "Routed", "Registered")


def render_html(summary: VisitSummary) -> str:
    """The summary as a self-contained page, dark on white."""
    body = [
        _header(summary),
        _counts(summary),
        _open(summary),
        *(_gateway(gateway, summary) for gateway in summary.job.gateways),
        *_acknowledged(summary),
        *_files(summary),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Visit summary: {_shown(summary.job.site)}</title>\n<style>{_STYLE}</style>\n"
        "</head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def _shown(text: str, width: int = 200) -> str:
    """Text from outside, made safe to show and to stand in markup."""
    return escape(safe(text, width))


def _header(summary: VisitSummary) -> str:
    job = summary.job
    return (
        f"<header><div><p>Visit summary</p><h1>{_shown(job.site, 100)}</h1>"
        f"<p>{_shown(job.account.name, 100)} ({_shown(job.account.number, 40)}) on"
        f" {_shown(job.platform.profile, 60)}</p></div>"
        f"<p>{stamp(summary.at)}<br>by {_shown(summary.operator, 60)}<br>"
        f"job {_shown(job.id, 60)}</p></header>"
    )


def _counts(summary: VisitSummary) -> str:
    tiles = (f"<li><b>{count}</b>{_shown(name, 30)}</li>" for name, count in summary.counts.items())
    return f'<ul class="counts">{"".join(tiles)}</ul>'


def _open(summary: VisitSummary) -> str:
    if not summary.open_items:
        return '<section class="open none"><h2>Nothing is open</h2></section>'
    items = []
    for owner in Owner:
        for item in summary.open_for(owner):
            where = f"<b>{_shown(str(item.port), 50)}</b> " if item.port else ""
            items.append(f"<dt>{owner}</dt><dd>{where}{_shown(item.what)}</dd>")
    return f'<section class="open"><h2>Open: {len(items)}</h2><dl>{"".join(items)}</dl></section>'


def _gateway(gateway: Gateway, summary: VisitSummary) -> str:
    rows = summary.gateway_rows(gateway)
    mac = f"MAC {gateway.mac}" if gateway.mac else "no hardware bound yet"
    head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
    body = "\n".join(_row(row, summary) for row in rows)
    return (
        f"<h2>{_shown(gateway.place.name)} <small>{_shown(gateway.model.name, 80)} · {mac}</small></h2>\n"
        f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"
        f'<p class="note">Registration last looked at: {checked(rows)}</p>'
    )


def _row(row: PortFacts, summary: VisitSummary) -> str:
    if row.state is not PortState.USE:
        return f'<tr class="idle"><td>{row.port.number}</td><td colspan="6">{row.state}</td></tr>'
    life = ' <span class="life">LIFE SAFETY</span>' if row.life_safety else ""
    use = _shown(row.use, 60) or "not named"
    return (
        f"<tr><td>{row.port.number}</td><td>{_shown(row.line_name, 100)}{life}</td><td>{use}</td>"
        f'<td class="fact">{numbers(row)}</td>'
        + _fact(row.created, said(row.created))
        + _fact(row.routed if row.inbound else None, routing(row))
        + _fact(row.registered, registration(row, summary.at))
        + "</tr>"
    )


def _fact(fact: bool | None, words: str) -> str:  # noqa: FBT001 - the fact is the value shown
    mark = "unknown" if fact is None else "yes" if fact else "no"
    return f'<td class="fact"><span class="{mark}">{words}</span></td>'


def _acknowledged(summary: VisitSummary) -> Iterator[str]:
    yield from _list(
        "Acknowledged",
        (f"<b>{_shown(finding.code, 60)}</b> {_shown(finding.message)}" for finding in summary.acknowledged),
    )


def _files(summary: VisitSummary) -> Iterator[str]:
    yield from _list(
        "Files",
        (
            f"{_shown(file.kind, 40)}: <b>{_shown(file.path.name, 120)}</b><br>"
            f"<code>sha256 {file.sha256}</code>"
            for file in summary.artifacts
        ),
    )


def _list(title: str, items: Iterable[str]) -> Iterator[str]:
    entries = "".join(f"<li>{item}</li>" for item in items)
    if entries:
        yield f'<h2>{title}</h2><ul class="plain">{entries}</ul>'
