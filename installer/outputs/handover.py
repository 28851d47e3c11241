"""The note that goes with the credential sheet to the provisioning partner: what to load where, and when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from installer.domain.gateway import FxsPort, Gateway
from installer.domain.job import RowState, SiteJob
from installer.outputs.visit import stamp, wrapped
from installer.outputs.written import WrittenFile, leave_text
from installer.text import safe

_MEANING = {
    RowState.PREPARED: "load it, but do not enable registration yet: the lines do not exist",
    RowState.DRAFT: "some lines are not settled yet; a final sheet follows",
    RowState.FINAL: "every line exists as written: load it, enable registration",
}
_WIDTH = 76
"""Letters of a line: a mail quotes it, and a window of 80 columns shows it beside a scroll bar."""


@dataclass(frozen=True, slots=True)
class SheetSent:
    """The sheet that the note goes with: how far it is, as of when, and whether it says where to register.

    `taken_back` are ports whose lines are not wanted any more: nobody is to load them.
    """

    file: WrittenFile
    state: RowState
    at: datetime
    has_registrar: bool = True
    taken_back: frozenset[FxsPort] = frozenset()


def write_handover(job: SiteJob, sheet: SheetSent, directory: Path) -> WrittenFile:
    """The note in `directory`, named by the job. Raises DiskUnusable."""
    return leave_text("handover", directory / f"handover-{job.id}.txt", render_handover(job, sheet))


def render_handover(job: SiteJob, sheet: SheetSent) -> str:
    """Which hardware stands where and which sheet goes with it, as plain text without any credential."""
    return "".join(f"{line}\n" for each in _lines(job, sheet) for line in wrapped(each, _WIDTH))


def _lines(job: SiteJob, sheet: SheetSent) -> Iterator[str]:
    yield f"Gateways to load: {safe(job.site, 80)}"
    yield ""
    yield f"account  {safe(job.account.name, 60)} ({safe(job.account.number, 20)})"
    yield f"as of    {stamp(sheet.at)}"
    yield f"sheet    {safe(sheet.file.path.name, 120)}"
    yield f"sha256   {sheet.file.sha256}"
    yield f"state    {sheet.state}: {_meaning(job, sheet)}"
    if not sheet.has_registrar:
        yield "missing  registrar and SIP domain are not in the sheet: ask whoever sent it, before loading"
    for gateway in job.gateways:
        yield ""
        yield from _gateway(gateway, job, sheet.taken_back)
    yield ""
    yield "Compare the sha256 before loading. The credentials are in the sheet alone, not in this note."


def _meaning(job: SiteJob, sheet: SheetSent) -> str:
    used = {plan.port for plan, _ in job.drafts()}
    if used and used <= sheet.taken_back:
        return "every line was taken back: do not load it"
    but = "; what was taken back is not to be loaded" if used & sheet.taken_back else ""
    return f"{_MEANING[sheet.state]}{but}"


def _gateway(gateway: Gateway, job: SiteJob, taken_back: frozenset[FxsPort]) -> Iterator[str]:
    mine = [plan.port for plan, _ in job.drafts() if plan.port.gateway == gateway.place]
    used = [port.number for port in mine if port not in taken_back]
    gone = [port.number for port in mine if port in taken_back]
    yield safe(gateway.place.name)
    yield f"  MAC          {gateway.mac or 'not bound yet: a new sheet follows once it is'}"
    if gateway.binding is not None and gateway.binding.serial:
        yield f"  serial       {safe(gateway.binding.serial, 40)}"
    yield f"  model        {safe(gateway.model.name, 60)} ({safe(gateway.model.device_type, 60)})"
    yield f"  FXS in use   {len(used)} of {gateway.model.fxs_ports}: {_ranges(used) or 'none'}"
    if gone:
        yield f"  taken back   {_ranges(gone)}: not to be loaded"


def _ranges(numbers: list[int]) -> str:
    """1-4, 7 for 1, 2, 3, 4, 7."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in spans)
