"""What stands on a label, and what must not."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from installer.domain.gateway import GatewayPlace
from installer.domain.job import PortPlan
from installer.outputs.label_content import DO_NOT_MOVE, LIFE_SAFETY, Label, device_label, port_label
from tests.outputs.jobs import USES, gateway, plans, site_job

BOX = gateway("GW-1", 24, Random(1))
PLANS = plans(BOX, Random(2))


def labelled(plan: PortPlan) -> Label:
    return port_label(plan, BOX, USES.get(plan.draft.use) if plan.draft else None)


def test_a_device_label_says_where_what_and_which_hardware() -> None:
    job = site_job(8)
    box = job.gateways[0]
    assert device_label(job, box) == Label(
        box.label_id,
        "GW-1",
        ("Riverside Medical Plaza", f"MAC {box.mac}", "8 FXS ports · Vega 3000G, 8 FXS", DO_NOT_MOVE),
    )


def test_a_device_label_before_the_scan_says_that_nothing_is_bound() -> None:
    job = site_job(8, 8)
    assert "MAC not bound yet" in device_label(job, job.gateways[1]).lines


def test_a_port_label_holds_line_number_use_whereabouts_and_pair() -> None:
    label = labelled(PLANS[0])
    assert label.id == PLANS[0].label_id
    assert label.title == "FXS 01 · GW-1"
    assert label.lines == (
        "Elevator car 1",
        "(260) 468-0001 · ELEV",
        "jack A-12 · Machine room 2, north tower",
        "RJ21 A pair 1 white-blue",
    )
    assert label.banner == LIFE_SAFETY == "LIFE SAFETY \N{EN DASH} DO NOT UNPLUG"


def test_a_use_that_is_not_life_safety_has_no_banner() -> None:
    label = labelled(PLANS[4])
    assert label.banner is None
    assert label.lines == ("Front desk fax", "(260) 468-0005 · FAX", "Reception", "RJ21 A pair 5 white-slate")


def test_a_use_nobody_named_counts_as_life_safety() -> None:
    label = labelled(PLANS[5])
    assert label.banner == LIFE_SAFETY
    assert label.lines == ("Gate house", "(260) 468-0006 · use not named", "RJ21 A pair 6 red-blue")


def test_a_spare_port_says_so_and_where_it_is() -> None:
    label = labelled(PLANS[22])
    assert (label.lines, label.banner) == (("SPARE", "RJ21 A pair 23 violet-green"), None)


def test_a_jack_of_an_unproven_layout_asks_to_be_checked() -> None:
    box = gateway("GW-5", 50, Random(1))
    plan = plans(box, Random(2))[29]
    assert port_label(plan, box, None).lines[-1] == "RJ21 B pair 5 white-slate (check)"


def test_a_modular_jack_goes_by_what_is_printed_at_it() -> None:
    box = gateway("GW-8", 8, Random(1))
    assert port_label(plans(box, Random(2))[2], box, None).lines[-1] == "RJ11 3"


@pytest.mark.parametrize("field", ["name", "location", "jack"])
def test_hostile_words_lose_what_a_printer_or_reader_could_act_on(field: str) -> None:
    draft = PLANS[0].draft
    assert draft is not None
    plan = replace(PLANS[0], draft=replace(draft, **{field: "\x1b[2J\u202eevil\n" + "x" * 5000}))  # type: ignore[arg-type]
    text = "\n".join(port_label(plan, BOX, None).lines)
    assert "evil" in text
    assert not {"\x1b", "\u202e"} & set(text)
    assert len(text) < 500


def test_a_place_keeps_its_number_in_front_so_that_cutting_never_takes_it() -> None:
    place = GatewayPlace("B2-closet behind the north elevator")
    plan = replace(PLANS[6], port=replace(PLANS[6].port, gateway=place))
    assert port_label(plan, BOX, None).title.startswith("FXS 07 · B2-closet")
