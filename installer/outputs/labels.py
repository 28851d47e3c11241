"""The labels of a job, written: sheets to print at once, and each label on its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from installer.domain.finding import Finding, Severity
from installer.domain.gateway import Gateway, GatewayPlace
from installer.domain.job import PortPlan, PortState, SiteJob
from installer.domain.label import LabelSheet
from installer.domain.line import LineUse
from installer.outputs.label_content import Label, device_label, port_label
from installer.outputs.label_font import lacks, printable
from installer.outputs.label_pdf import check_start_cell, write_pdf
from installer.outputs.label_png import write_png
from installer.outputs.written import WrittenFile, leave
from installer.text import safe, slug


def write_labels(
    job: SiteJob, uses: Mapping[str, LineUse], sheet: LabelSheet, start_cell: int, directory: Path
) -> Iterator[WrittenFile]:
    """Files left in `directory`, each as it is asked for: labels.pdf on `sheet` stock, and a PNG per label.

    Each gateway's own label comes first, then its FXS ports in use and spare; one that is off has none.
    `uses` are the profiles by id; a line whose use is not among them is labelled as life-safety.
    Raises InvalidValue for a start cell that the sheet does not have, DiskUnusable.
    """
    check_start_cell(sheet, start_cell)
    named = tuple(job_labels(job, uses))
    pdf = partial(write_pdf, tuple(label for _, label in named), sheet, start_cell)
    yield leave("labels", directory / "labels.pdf", pdf)
    for name, label in named:
        yield leave("label", directory / f"{name}.png", partial(write_png, label, sheet.cell))


def job_labels(job: SiteJob, uses: Mapping[str, LineUse]) -> Iterator[tuple[str, Label]]:
    """Every label of the job in printing order, each with the stem of its file name."""
    plans: dict[str, list[PortPlan]] = {}
    for plan in job.ports:
        if plan.state is not PortState.OFF:
            plans.setdefault(plan.port.gateway.name, []).append(plan)
    for gateway in job.gateways:
        yield f"{_stem(gateway)}-device-{gateway.label_id}", device_label(job, gateway)
        for plan in plans.get(gateway.place.name, ()):
            use = uses.get(plan.draft.use) if plan.draft else None
            yield f"{_stem(gateway)}-p{plan.port.number:02d}-{plan.label_id}", port_label(plan, gateway, use)


def unprintable(job: SiteJob) -> Iterator[Finding]:
    """Each text of a label with letters that the labels' font lacks: a lozenge is printed in their place."""
    if lacks(safe(job.site)):
        yield _lozenges(job.site, "the site")
    for gateway in job.gateways:
        if lacks(safe(gateway.place.name)):
            yield _lozenges(gateway.place.name, "the gateway", gateway=gateway.place)
    for plan, draft in job.drafts():
        for text, what in ((draft.name, "the line"), (draft.location, "the place"), (draft.jack, "the jack")):
            if lacks(safe(text)):
                yield _lozenges(text, what, gateway=plan.port.gateway, fxs_port=plan.port.number)


def _lozenges(
    text: str, what: str, gateway: GatewayPlace | None = None, fxs_port: int | None = None
) -> Finding:
    message = (
        f"labels print {what} “{safe(text, 40)}” as “{printable(safe(text, 40))}”: their font lacks letters"
    )
    remedy = "spell it in Latin letters, or write it on the label by hand"
    return Finding(Severity.WARNING, "label-letters", message, remedy, gateway=gateway, fxs_port=fxs_port)


def _stem(gateway: Gateway) -> str:
    return slug(gateway.place.name, "gateway")
