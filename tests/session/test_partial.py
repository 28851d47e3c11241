"""--partial, from the command to the platform's ledger: a gateway with faults waits, the others do not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.kit import HEADER, NUMBERS, Ran, Site, served, sheet_at

MACS = {"GW-1": "00:50:58:aa:bb:01", "GW-2": "00:50:58:aa:bb:02"}
SHEET_HEADER = HEADER.strip() + ",calling_plan\n"


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    with served(folder) as made:
        yield made


def line(place: str, port: int, *, callback: str = NUMBERS[0], plan: str = "") -> str:
    own = NUMBERS[port - 1 if place == "GW-1" else port + 1]
    name = f"{place} line {port}"
    return f"Harbor Point Tower,,{place},{MACS[place]},4,{port},{name},voice,{own},{callback},{own},{plan}\n"


def whole(folder: Path, odd: str) -> Path:
    """Two lines on each of two gateways; `odd` is the row of port 2 of the second."""
    rows = (line("GW-1", 1), line("GW-1", 2), line("GW-2", 1), odd)
    return sheet_at(folder, SHEET_HEADER + "".join(rows))


def lines_on(site: Site, place: str) -> set[str]:
    mac = MACS[place].replace(":", "")
    return {line.name for line in site.thread.call(site.platform.lines) if line.mac_address == mac}


def ringing(site: Site) -> int:
    numbers = site.platform.desk.world.numbers
    return site.thread.call(
        lambda: sum(numbers[f"1{digits}"].get("referenceId") is not None for digits in NUMBERS)
    )


def faults(ran: Ran) -> list[tuple[str, str, int]]:
    """What is wrong with a cell of the sheet."""
    found = (each for each in ran.of("finding") if each["severity"] == "error" and each["column"])
    return [(each["code"], each["gateway"], each["row"]) for each in found]


def names(ran: Ran) -> set[str | None]:
    """The gateways of which anything is told as an error."""
    return {each["gateway"] for each in ran.of("finding") if each["severity"] == "error"}


SOUND = line("GW-2", 2)
FAULTY = {
    "invalid-number": line("GW-2", 2, callback="not a number"),
    "calling-plan": line("GW-2", 2, plan="No such plan"),
}


@pytest.mark.parametrize("code", FAULTY)
@pytest.mark.parametrize("first", ["apply", "prepare"])
def test_the_sound_gateway_is_applied_and_the_other_once_it_is_mended(
    site: Site, folder: Path, code: str, first: str
) -> None:
    if first == "prepare":
        prepared = site.run("prepare", whole(folder, FAULTY[code]), "--partial")
        assert (prepared.code, faults(prepared)) == (2, [(code, "GW-2", 5)])
        assert site.writes == 0
    ran = site.run("apply", whole(folder, FAULTY[code]), "--partial", "--yes")
    assert ran.code == 2
    assert (faults(ran), names(ran)) == ([(code, "GW-2", 5)], {"GW-2"})
    assert lines_on(site, "GW-1") == {"GW-1 line 1", "GW-1 line 2"}
    assert lines_on(site, "GW-2") == set()
    assert (site.writes, ringing(site)) == (4, 2)
    again = site.run("apply", whole(folder, FAULTY[code]), "--partial", "--yes")
    assert (again.code, site.writes) == (2, 4)
    mended = site.run("apply", whole(folder, SOUND), "--yes")
    assert (mended.code, faults(mended)) == (0, [])
    assert lines_on(site, "GW-2") == {"GW-2 line 1", "GW-2 line 2"}
    assert (site.writes, ringing(site)) == (8, 4)
    assert (site.run("apply", whole(folder, SOUND), "--yes").code, site.writes) == (0, 8)


@pytest.mark.parametrize("code", FAULTY)
def test_a_plan_lists_the_steps_of_the_sound_gateway_alone(site: Site, folder: Path, code: str) -> None:
    ran = site.run("plan", whole(folder, FAULTY[code]), "--partial")
    assert (ran.code, faults(ran)) == (2, [(code, "GW-2", 5)])
    steps = [(each["gateway"], each["action"], each["fxs_port"]) for each in ran.of("step") if each["write"]]
    assert sorted(steps) == [
        ("GW-1", action, port) for action in ("create-line", "route-number") for port in (1, 2)
    ]
    assert site.writes == 0


@pytest.mark.parametrize("verb", ["plan", "prepare", "apply"])
@pytest.mark.parametrize("code", FAULTY)
def test_without_partial_a_fault_stops_the_whole_sheet(
    site: Site, folder: Path, code: str, verb: str
) -> None:
    ran = site.run(verb, whole(folder, FAULTY[code]), *(["--yes"] if verb == "apply" else []))
    assert (ran.code, faults(ran), site.writes) == (2, [(code, "GW-2", 5)], 0)


def test_a_swap_that_a_sheet_asks_for_stops_its_gateway_only(site: Site, folder: Path) -> None:
    assert site.run("apply", whole(folder, SOUND), "--yes").code == 0
    text = whole(folder, SOUND).read_text().replace("GW-1 line 1", "GW-1 renamed")
    swapped = sheet_at(folder, text.replace(MACS["GW-2"], "00:50:58:aa:bb:03").replace("GW-2 line", "Other"))
    ran = site.run("apply", swapped, "--partial", "--yes")
    assert (ran.code, [code for code, _, _ in faults(ran)]) == (2, ["swap-needed"])
    assert lines_on(site, "GW-1") == {"GW-1 renamed", "GW-1 line 2"}
    assert lines_on(site, "GW-2") == {"GW-2 line 1", "GW-2 line 2"}
    assert site.writes == 9
    mended = sheet_at(folder, text)
    assert (site.run("apply", mended, "--yes").code, site.writes) == (0, 9)


def test_where_no_gateway_is_sound_nothing_is_kept(site: Site, folder: Path) -> None:
    rows = line("GW-1", 1, plan="No such plan"), line("GW-2", 1, plan="No such plan")
    ran = site.run("apply", sheet_at(folder, SHEET_HEADER + "".join(rows)), "--partial", "--yes")
    assert (ran.code, names(ran)) == (2, {"GW-1", "GW-2", None})
    assert (site.run("jobs").of("job"), site.writes) == ([], 0)
